using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OrcaSong.Labels;

namespace OrcaSong.PowerShell.Completion;

/// <summary>Completes the options of the extractor that the command line names, each as a dictionary with its standard value.</summary>
public sealed class ExtractorOptionCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var name = fakeBoundParameters["Extractor"] as string;
        return Completion.OfCode(LabelExtractors.All.FirstOrDefault(e => e.Name == name)?.Options.Select(Dictionary) ?? [], wordToComplete);
    }

    /// <summary>An option as PowerShell writes it: <c>with_mc_index = true</c> is <c>@{ with_mc_index = $true }</c>.</summary>
    private static string Dictionary(string option)
    {
        var (name, value) = option.Split(" = ") is [var n, var v] ? (n, v) : (option, string.Empty);
        var written = value switch
        {
            "true" or "false" => "$" + value,
            "nan" => "[double]::NaN",
            ['[', .. var list, ']'] => list,
            ['(', ..] => "1",
            _ => value,
        };
        return $"@{{ {name} = {written} }}";
    }
}
