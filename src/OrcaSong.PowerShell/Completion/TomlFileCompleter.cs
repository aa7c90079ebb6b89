using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace OrcaSong.PowerShell.Completion;

/// <summary>Completes folders and files whose names end in .toml.</summary>
public sealed class TomlFileCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionCompleters.CompleteFilename(wordToComplete).Where(file =>
            file.ResultType == CompletionResultType.ProviderContainer || file.ListItemText.EndsWith(".toml", StringComparison.OrdinalIgnoreCase));
}
