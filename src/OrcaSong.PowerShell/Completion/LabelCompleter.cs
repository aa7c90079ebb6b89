using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OrcaSong.Inspection;

namespace OrcaSong.PowerShell.Completion;

/// <summary>Completes labels, the columns of y: those of the file for training at hand.</summary>
public sealed class LabelCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completion.Of(FilesAtHand.Read(commandAst, fakeBoundParameters, file => EventFileSummary.Read(file).Labels) ?? [], wordToComplete);
}
