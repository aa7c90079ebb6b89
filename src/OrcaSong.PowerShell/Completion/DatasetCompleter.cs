using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OrcaSong.Inspection;

namespace OrcaSong.PowerShell.Completion;

/// <summary>Completes datasets: those of the file at hand.</summary>
public sealed class DatasetCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completion.Of(
            FilesAtHand.Read(commandAst, fakeBoundParameters, file => EventFileSummary.ReadDetails(file).Tables.Select(t => t.Path.TrimStart('/'))) ?? [], wordToComplete);
}
