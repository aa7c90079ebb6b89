using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OrcaSong.PowerShell.Arguments;

namespace OrcaSong.PowerShell.Completion;

/// <summary>Completes chunk sizes that are in use.</summary>
public sealed class ChunkSizeCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completion.Of([ChunkSizeAttribute.Auto, "16", "32", "64", "128"], wordToComplete);
}
