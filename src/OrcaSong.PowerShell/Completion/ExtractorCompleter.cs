using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OrcaSong.Labels;

namespace OrcaSong.PowerShell.Completion;

/// <summary>Completes the names of label extractors.</summary>
public sealed class ExtractorCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completion.Of(LabelExtractors.Names, wordToComplete);
}
