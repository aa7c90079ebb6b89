using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OrcaSong.Calibration;
using OrcaSong.Events;

namespace OrcaSong.PowerShell.Completion;

/// <summary>Completes hit fields: those of the event file at hand, otherwise the usual ones.</summary>
public sealed class HitFieldCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completion.Of(FilesAtHand.Read(commandAst, fakeBoundParameters, FieldsOf) ?? HitFields.Usual, wordToComplete);

    private static IReadOnlyList<string> FieldsOf(string path)
    {
        using var file = EventFile.Open(path);
        return HitFields.Of(file);
    }
}
