using OrcaSong.Configuration.Toml;
using OrcaSong.Detectors;
using Xunit;

namespace OrcaSong.Tests;

/// <summary>What every refusal has in common.</summary>
internal static class Refusal
{
    /// <summary>
    /// The message of what an action refuses: of a kind that the command reports in a line (a defect would show its stack), in one line, and
    /// with all of the given words.
    /// </summary>
    public static string Of(Action action, params ReadOnlySpan<string> words)
    {
        var error = Record.Exception(action);
        Assert.True(
            error is IOException or UnauthorizedAccessException or ArgumentException or TomlException or DetectorFormatException or InvalidDataException,
            error?.ToString() ?? "nothing was refused");

        // .NET adds a line with the value to these.
        Assert.True(error is ArgumentOutOfRangeException || !error!.Message.Contains('\n', StringComparison.Ordinal), error!.Message);
        foreach (var word in words)
        {
            Assert.Contains(word, error.Message, StringComparison.Ordinal);
        }

        return error.Message;
    }
}
