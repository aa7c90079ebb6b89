using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OrcaSong.Images;

namespace OrcaSong.PowerShell.Completion;

/// <summary>Completes the names of presets of axes.</summary>
public sealed class PresetCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completion.Of(BinAxisPresets.Names, wordToComplete);
}
