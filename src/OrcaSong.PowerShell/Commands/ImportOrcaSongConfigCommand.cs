using System.Management.Automation;
using OrcaSong.Configuration;
using OrcaSong.Configuration.Toml;
using OrcaSong.Graphs;
using OrcaSong.Images;
using OrcaSong.PowerShell.Completion;
using OrcaSong.Running;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Reads configuration files (TOML), ready for the pipeline.</summary>
[Cmdlet(VerbsData.Import, "OrcaSongConfig", DefaultParameterSetName = FromPath)]
[OutputType(typeof(FileBinner), typeof(FileGraph))]
public sealed class ImportOrcaSongConfigCommand : OrcaSongCommand
{
    private const string FromPath = "Path";
    private const string FromLiteralPath = "LiteralPath";

    /// <summary>
    /// Configuration files, or <c>orcasong:NAME.toml</c> for one that comes with the module. Wildcards are allowed for both:
    /// <c>orcasong:*</c> gives all of them.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromPath, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ConfigurationCompleter))]
    public string[] Path { get; set; } = [];

    /// <summary>Configuration files, with wildcards taken as they stand. Files of <c>Get-ChildItem</c> bind to it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromLiteralPath, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>A detector file (.detx) in place of the one that the configuration names (<c>det_file</c>).</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DetectorFileCompleter))]
    public string? DetectorFile { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var literal = ParameterSetName == FromLiteralPath;
        foreach (var path in literal ? LiteralPath : Path)
        {
            foreach (var source in BuiltInConfigurations.IsName(path) ? BuiltIn(path, literal) : Inputs([path], literal, "configuration"))
            {
                Import(source);
            }
        }
    }

    private static string[] BuiltIn(string name, bool literal)
    {
        var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        var found = literal ? [] : BuiltInConfigurations.All.Where(pattern.IsMatch).ToArray();
        return found.Length > 0 ? found : [name];
    }

    private void Import(string source)
    {
        try
        {
            WriteObject(Load(source));
        }
        catch (PathException e)
        {
            WriteError(e.Record());
        }
        catch (FileNotFoundException e)
        {
            WriteError(Failures.Record(e.Message, "ConfigurationNotFound", ErrorCategory.ObjectNotFound, source));
        }
        catch (Exception e) when (e is TomlException or IOException or UnauthorizedAccessException)
        {
            WriteError(Failures.Record(e, source));
        }
    }

    private EventProcessor Load(string source)
    {
        var given = DetectorFile is null ? null : FileSystemPath(DetectorFile);
        var processor = RunConfiguration.Load(source, given).Processor;

        // A relative path is one of the session, as those of all parameters are.
        return given is null && processor.Options.DetectorFile is { } named && !System.IO.Path.IsPathFullyQualified(named)
            ? RunConfiguration.Load(source, FileSystemPath(named)).Processor
            : processor;
    }
}
