using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OrcaSong.Running;

namespace OrcaSong.PowerShell.Completion;

/// <summary>Completes the names of DEFLATE levels.</summary>
public sealed class CompressionCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completion.Of(CompressionLevels.Names.Select(n => n.Name), wordToComplete);
}
