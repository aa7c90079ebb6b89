using System.Diagnostics;
using System.Management.Automation;
using OrcaSong.Graphs;
using OrcaSong.Running;
using OrcaSong.Slurm;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Makes graphs of the events of files.</summary>
/// <remarks>Besides its own parameters it has those of <c>New-FileGraph</c>, as dynamic parameters: they are declared once, there.</remarks>
[Cmdlet(VerbsData.ConvertTo, "Graph", DefaultParameterSetName = FromPath, SupportsShouldProcess = true)]
[OutputType(typeof(RunResult), typeof(SlurmJob))]
public sealed class ConvertToGraphCommand : RunFilesCommand, IDynamicParameters
{
    private const string FromPath = "Path";
    private const string FromLiteralPath = "LiteralPath";
    private readonly NewFileGraphCommand _options = new();
    private (string? DetectorFile, FileGraph Graph)? _made;

    /// <summary>Event files (km3pipe HDF5). Wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromPath, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Event files, with wildcards taken as they stand. Files of <c>Get-ChildItem</c> bind to it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromLiteralPath, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>
    /// How the graphs are made: objects of <c>New-FileGraph</c> or <c>Import-OrcaSongConfig</c>, in place of the options. With several of
    /// them each makes an output of each file; give <c>-Suffix</c> as many names.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public FileGraph[]? FileGraph { get; set; }

    /// <inheritdoc/>
    public object GetDynamicParameters() => _options;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (FileGraph is not null && MyInvocation.BoundParameters.Keys.FirstOrDefault(k => !IsOwn(k)) is { } option)
        {
            ThrowTerminatingError(Failures.Record(
                $"-FileGraph says already how graphs are made; give -{option} to New-FileGraph, or leave -FileGraph out.", "FileGraphAndOptions", ErrorCategory.InvalidArgument, null));
        }

        if (FileGraph is null)
        {
            // What is wrong with the options is wrong once, not for each file.
            _ = MakeGraph();
        }

        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var inputs = ParameterSetName == FromPath ? Inputs(Path, literal: false) : Inputs(LiteralPath, literal: true);
        var graphs = FileGraph ?? [MakeGraph()];
        for (var number = 0; number < graphs.Length; number++)
        {
            Start(graphs[number], number, inputs);
        }
    }

    private static bool IsOwn(string parameter) =>
        CommonParameters.Contains(parameter) || OptionalCommonParameters.Contains(parameter)
        || typeof(ConvertToGraphCommand).GetProperty(parameter) is not null;

    /// <summary>The graph that the options describe. Only the detector file may come with each file, through the pipeline.</summary>
    private FileGraph MakeGraph()
    {
        if (_made is { } made && made.DetectorFile == _options.DetectorFile)
        {
            return made.Graph;
        }

        try
        {
            var graph = _options.Make(FileSystemPath);
            _made = (_options.DetectorFile, graph);
            return graph;
        }
        catch (PathException e)
        {
            ThrowTerminatingError(e.Record());
        }
        catch (Exception e) when (e is ArgumentException or IOException)
        {
            ThrowTerminatingError(Failures.Record(e, null));
        }

        throw new UnreachableException();
    }
}
