using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace OrcaSong.PowerShell.Completion;

/// <summary>Completes folders, and files of one kind.</summary>
/// <param name="extension">What the names of the files end in.</param>
public abstract class FileCompleter(string extension) : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionCompleters.CompleteFilename(wordToComplete).Where(file =>
            file.ResultType == CompletionResultType.ProviderContainer || file.ListItemText.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Completes folders and configurations.</summary>
public sealed class TomlFileCompleter() : FileCompleter(".toml");

/// <summary>Completes folders and detector files.</summary>
public sealed class DetectorFileCompleter() : FileCompleter(".detx");
