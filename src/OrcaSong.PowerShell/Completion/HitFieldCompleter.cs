using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OrcaSong.Calibration;
using OrcaSong.Events;
using OrcaSong.Hdf5;

namespace OrcaSong.PowerShell.Completion;

/// <summary>
/// Completes hit fields: those of the event file that the command line names (as the parameter Path, or anywhere in the pipeline),
/// otherwise the usual ones.
/// </summary>
public sealed class HitFieldCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var fields = Named(commandAst, fakeBoundParameters).SelectMany(Files).Select(FieldsOf).FirstOrDefault(f => f is not null);
        return Completion.Of(fields ?? HitFields.Usual, wordToComplete);
    }

    private static IEnumerable<string> Named(CommandAst command, IDictionary bound)
    {
        foreach (var parameter in (string[])["Path", "LiteralPath"])
        {
            if (bound.Contains(parameter))
            {
                foreach (var path in LanguagePrimitives.ConvertTo<string[]>(bound[parameter]))
                {
                    yield return path;
                }
            }
        }

        var pipeline = command.Parent ?? command;
        foreach (var constant in pipeline.FindAll(a => a is StringConstantExpressionAst, searchNestedScriptBlocks: false).Cast<StringConstantExpressionAst>())
        {
            if (constant.Value.EndsWith(".h5", StringComparison.OrdinalIgnoreCase) || constant.Value.EndsWith(".hdf5", StringComparison.OrdinalIgnoreCase))
            {
                yield return constant.Value;
            }
        }
    }

    private static IEnumerable<string> Files(string path)
    {
        // Completers get no session state of their own, but run in the session's runspace.
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        return [.. shell.AddCommand("Convert-Path").AddParameter("Path", path).AddParameter("ErrorAction", ActionPreference.Ignore)
            .Invoke<string>().Where(File.Exists)];
    }

    private static IReadOnlyList<string>? FieldsOf(string path)
    {
        try
        {
            using var file = EventFile.Open(path);
            return HitFields.Of(file);
        }
        catch (Exception e) when (e is IOException or HdfLibraryNotFoundException)
        {
            return null;
        }
    }
}
