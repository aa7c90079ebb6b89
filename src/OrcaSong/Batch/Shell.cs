using System.Buffers;

namespace OrcaSong.Batch;

/// <summary>Words of POSIX shell scripts. Names of files may hold anything, and none of it may be executed.</summary>
internal static class Shell
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./,:+@=-");

    /// <summary>A text as one word: in single quotes, within which nothing has a meaning but the quote itself.</summary>
    internal static string Word(string text) =>
        text.Length > 0 && !text.AsSpan().ContainsAnyExcept(Plain) ? text : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>A path as one word that no command takes for an option, or for a file with options (<c>@file</c>).</summary>
    internal static string Path(string path) => Word(path.StartsWith('-') || path.StartsWith('@') ? "./" + path : path);
}
