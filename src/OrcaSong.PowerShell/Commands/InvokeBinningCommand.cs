using System.Management.Automation;
using OrcaSong.Images;
using OrcaSong.Running;

namespace OrcaSong.PowerShell.Commands;

/// <summary><c>Invoke-Binning</c>: makes images of the events of files.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Binning", DefaultParameterSetName = FromPath, SupportsShouldProcess = true)]
[OutputType(typeof(RunResult))]
public sealed class InvokeBinningCommand : RunFilesCommand
{
    private const string FromPath = "Path";
    private const string FromLiteralPath = "LiteralPath";
    private const string BinnerWithPath = "BinnerWithPath";
    private const string BinnerWithLiteralPath = "BinnerWithLiteralPath";
    private IReadOnlyList<string>? _inputs;
    private int _binners;

    /// <summary>How the images are made.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromPath)]
    [Parameter(Mandatory = true, ParameterSetName = FromLiteralPath)]
    [Parameter(Mandatory = true, ParameterSetName = BinnerWithPath, ValueFromPipeline = true)]
    [Parameter(Mandatory = true, ParameterSetName = BinnerWithLiteralPath, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public FileBinner[] FileBinner { get; set; } = [];

    /// <summary>Event files; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromPath, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = BinnerWithPath)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Event files; wildcards are taken as they stand.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromLiteralPath, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = BinnerWithLiteralPath)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    private protected override string Activity => "Make images";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName is FromPath or FromLiteralPath)
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
        ParameterSetName is FromPath or BinnerWithPath ? Inputs(Path, literal: false) : Inputs(LiteralPath, literal: true);
}
