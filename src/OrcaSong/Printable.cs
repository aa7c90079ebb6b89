namespace OrcaSong;

/// <summary>Names of files may hold anything; messages are one line.</summary>
internal static class Printable
{
    /// <summary>The text with line ends and other control characters as <c>\u000a</c>.</summary>
    internal static string Line(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString())) : text;
}
