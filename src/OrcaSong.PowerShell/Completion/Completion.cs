using System.Management.Automation;
using System.Management.Automation.Language;

namespace OrcaSong.PowerShell.Completion;

/// <summary>What the completers have in common.</summary>
internal static class Completion
{
    /// <summary>The words that begin with, or else contain, what has been typed; with quotes where they need them.</summary>
    internal static IEnumerable<CompletionResult> Of(IEnumerable<string> words, string typed) => Of(words, typed, Quoted);

    /// <summary>The pieces of code that begin with, or else contain, what has been typed.</summary>
    internal static IEnumerable<CompletionResult> OfCode(IEnumerable<string> pieces, string typed) => Of(pieces, typed, piece => piece);

    private static IEnumerable<CompletionResult> Of(IEnumerable<string> words, string typed, Func<string, string> written)
    {
        var wanted = typed.Trim('\'', '"');
        var matching = words.Where(w => w.StartsWith(wanted, StringComparison.OrdinalIgnoreCase)).ToArray();
        return (matching.Length > 0 ? matching : words.Where(w => w.Contains(wanted, StringComparison.OrdinalIgnoreCase)))
            .Select(w => new CompletionResult(written(w), w, CompletionResultType.ParameterValue, w));
    }

    private static string Quoted(string word) => word.All(c => char.IsAsciiLetterOrDigit(c) || "_-.:/*\\".Contains(c, StringComparison.Ordinal))
        ? word
        : $"'{CodeGeneration.EscapeSingleQuotedStringContent(word)}'";
}
