using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OrcaSong.Hdf5;

namespace OrcaSong.PowerShell.Completion;

/// <summary>
/// The event files that a command line is about: those of the parameters <c>-Path</c> and <c>-LiteralPath</c>, and those that are named, or that
/// a variable holds, anywhere in the pipeline.
/// </summary>
internal static class FilesAtHand
{
    /// <summary>What the first file that can be read has.</summary>
    /// <param name="command">The command.</param>
    /// <param name="bound">Its parameters, as far as they are known.</param>
    /// <param name="read">Reads it from a file.</param>
    /// <returns>It, or <see langword="null"/> where there is no such file.</returns>
    internal static IReadOnlyList<string>? Read(CommandAst command, IDictionary bound, Func<string, IEnumerable<string>> read) =>
        Named(command, bound).SelectMany(Existing).Distinct(StringComparer.Ordinal).Select(file => TryRead(file, read)).FirstOrDefault(found => found is not null);

    private static IReadOnlyList<string>? TryRead(string file, Func<string, IEnumerable<string>> read)
    {
        try
        {
            return [.. read(file)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HdfLibraryNotFoundException)
        {
            return null;
        }
    }

    private static IEnumerable<(string Path, bool IsLiteral)> Named(CommandAst command, IDictionary bound)
    {
        foreach (var parameter in (string[])["Path", "LiteralPath"])
        {
            foreach (var path in Paths(bound[parameter]))
            {
                yield return (path, parameter != "Path");
            }
        }

        foreach (var part in (command.Parent ?? command).FindAll(a => a is StringConstantExpressionAst or VariableExpressionAst, searchNestedScriptBlocks: false))
        {
            if (part is StringConstantExpressionAst constant && IsEventFile(constant.Value))
            {
                yield return (constant.Value, false);
            }

            foreach (var path in part is VariableExpressionAst variable ? Paths(ValueOf(variable.VariablePath.UserPath)) : [])
            {
                yield return (path, true);
            }
        }
    }

    private static bool IsEventFile(string path) =>
        path.EndsWith(".h5", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".hdf5", StringComparison.OrdinalIgnoreCase);

    /// <summary>Texts, and the paths of items and results.</summary>
    private static IEnumerable<string> Paths(object? value) => value switch
    {
        null => [],
        string text => [text],
        PSObject { BaseObject: string text } => [text],
        PSObject { BaseObject: IEnumerable list and not IDictionary } => list.Cast<object?>().SelectMany(Paths),
        IEnumerable list and not IDictionary => list.Cast<object?>().SelectMany(Paths),
        _ when PSObject.AsPSObject(value) is var item && (item.Properties["PSPath"] ?? item.Properties["Path"] ?? item.Properties["FullName"])?.Value is string path => [path],
        _ => [],
    };

    private static PSObject? ValueOf(string variable) => variable is "_" or "PSItem" ? null : Invoke("Get-Variable", "Name", variable, "ValueOnly").FirstOrDefault();

    private static IEnumerable<string> Existing((string Path, bool IsLiteral) named) =>
        Invoke("Convert-Path", named.IsLiteral ? "LiteralPath" : "Path", named.Path).Select(path => path.BaseObject).OfType<string>().Where(File.Exists);

    // Completers get no session state of their own, but run in the session's runspace.
    private static List<PSObject> Invoke(string command, string parameter, string argument, string? option = null)
    {
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand(command).AddParameter(parameter, argument).AddParameter("ErrorAction", ActionPreference.Ignore);
        if (option is not null)
        {
            shell.AddParameter(option);
        }

        return [.. shell.Invoke()];
    }
}
