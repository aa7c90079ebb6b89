using System.Management.Automation;
using OrcaSong.Running;

namespace OrcaSong.PowerShell.Commands;

/// <summary><c>Invoke-Binning</c>: makes images, or graphs, of the events of files.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Binning", DefaultParameterSetName = FromPath, SupportsShouldProcess = true)]
[OutputType(typeof(RunResult))]
public sealed class InvokeBinningCommand : RunFilesCommand
{
    private IReadOnlyList<string>? _inputs;
    private int _binners;
    private bool _binnersArePiped;

    /// <summary>How the images are made; graphs (<c>New-FileGraph</c>) are made too.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [Alias("FileGraph")]
    public EventProcessor[] FileBinner { get; set; } = [];

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
            var inputs = Files();
            for (var number = 0; number < FileBinner.Length; number++)
            {
                Start(FileBinner[number], number, inputs);
            }
        }
        else
        {
            // Found once, so that the outputs for one binner do not become inputs for the next.
            _inputs ??= Files();
            foreach (var binner in FileBinner)
            {
                Start(binner, _binners++, _inputs);
            }
        }
    }
}
