using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace OrcaSong.PowerShell.Completion;

/// <summary>Completes a hash table of sets with one to start from.</summary>
public sealed class SetTableCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        if (wordToComplete.Length > 0)
        {
            return [];
        }

        var (text, tip) = parameterName switch
        {
            "Fraction" => ("@{ train = 0.8; validate = 0.1; test = 0.1 }", "The fraction of each set; they sum to 1"),
            "RunRange" => ("@{ train = 100, 199; validate = 200, 209 }", "The first and the last run of each set"),
            _ => ("@{ train = 4 }", "The number of parts of a set; the others have one"),
        };
        return [new CompletionResult(text, text, CompletionResultType.ParameterValue, tip)];
    }
}
