using System.Management.Automation;

namespace OrcaSong.PowerShell.Completion;

/// <summary>What the completers have in common.</summary>
internal static class Completion
{
    /// <summary>The words that begin with, or else contain, what has been typed; with quotes where they need them.</summary>
    internal static IEnumerable<CompletionResult> Of(IEnumerable<string> words, string typed)
    {
        var wanted = typed.Trim('\'', '"');
        var matching = words.Where(w => w.StartsWith(wanted, StringComparison.OrdinalIgnoreCase)).ToArray();
        return (matching.Length > 0 ? matching : words.Where(w => w.Contains(wanted, StringComparison.OrdinalIgnoreCase)))
            .Select(w => new CompletionResult(w, w, CompletionResultType.ParameterValue, w));
    }
}
