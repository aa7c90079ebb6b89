using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OrcaSong.Configuration;

namespace OrcaSong.PowerShell.Completion;

/// <summary>Completes the names of the configurations that come with the module, and then files.</summary>
public sealed class ConfigurationCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var builtIn = Completion.Of(BuiltInConfigurations.All, wordToComplete);
        return wordToComplete.Trim('\'', '"').StartsWith(BuiltInConfigurations.Prefix, StringComparison.OrdinalIgnoreCase)
            ? builtIn
            : builtIn.Concat(CompletionCompleters.CompleteFilename(wordToComplete));
    }
}
