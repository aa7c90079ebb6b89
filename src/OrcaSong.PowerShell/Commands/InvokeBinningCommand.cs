using System.Management.Automation;
using OrcaSong.Running;
using OrcaSong.Slurm;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Makes images of the events of files; graphs too.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Binning", DefaultParameterSetName = FromPath, SupportsShouldProcess = true)]
[OutputType(typeof(RunResult), typeof(SlurmJob))]
public sealed class InvokeBinningCommand : RunFilesCommand
{
    private const string FromPath = "Path";
    private const string FromLiteralPath = "LiteralPath";
    private IReadOnlyList<string>? _inputs;
    private int _binners;
    private bool _binnersArePiped;

    /// <summary>
    /// How the images are made: objects of <c>New-FileBinner</c> or <c>Import-OrcaSongConfig</c>. Those of <c>New-FileGraph</c> make
    /// graphs. With several of them each makes an output of each file; give <c>-Suffix</c> as many names.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [Alias("FileGraph")]
    public EventProcessor[] FileBinner { get; set; } = [];

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

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        var written = MyInvocation.BoundParameters;
        _binnersArePiped = !written.ContainsKey(nameof(FileBinner));
        if (_binnersArePiped && !written.ContainsKey(nameof(Path)) && !written.ContainsKey(nameof(LiteralPath)))
        {
            // Both can come through the pipeline, but not at once: a binner would be taken for a path as well.
            ThrowTerminatingError(Failures.Record(
                "Either the binners or the files come from the pipeline: name the others, as -Path or as -FileBinner.", "PathOrFileBinnerMissing", ErrorCategory.InvalidArgument, null));
        }

        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!_binnersArePiped)
        {
            // Binners are few and given once; files come through the pipeline.
            var inputs = FindInputs();
            for (var number = 0; number < FileBinner.Length; number++)
            {
                Start(FileBinner[number], number, inputs);
            }
        }
        else
        {
            // Found once, so that the outputs for one binner do not become inputs for the next.
            _inputs ??= FindInputs();
            foreach (var binner in FileBinner)
            {
                Start(binner, _binners++, _inputs);
            }
        }
    }

    private IReadOnlyList<string> FindInputs() =>
        ParameterSetName == FromPath ? Inputs(Path, literal: false) : Inputs(LiteralPath, literal: true);
}
