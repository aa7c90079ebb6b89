using System.Management.Automation;
using OrcaSong.Images;
using OrcaSong.PowerShell.Arguments;
using OrcaSong.PowerShell.Completion;
using OrcaSong.Running;

namespace OrcaSong.PowerShell.Commands;

/// <summary><c>New-FileBinner</c>: how events become images.</summary>
[Cmdlet(VerbsCommon.New, "FileBinner")]
[OutputType(typeof(FileBinner))]
public sealed class NewFileBinnerCommand : NewProcessorCommand
{
    private readonly List<BinAxis> _axes = [];

    /// <summary>The image's axes, in the order of its dimensions.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Axes]
    [ArgumentCompleter(typeof(PresetCompleter))]
    public BinAxis[] Axis { get; set; } = [];

    /// <summary>Leave the statistics of the binning out.</summary>
    [Parameter]
    public SwitchParameter NoBinStatistics { get; set; }

    /// <summary>Hit field whose values are summed in place of counting hits.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(HitFieldCompleter))]
    public string? HitWeight { get; set; }

    /// <summary>What becomes of a bin that a byte cannot hold.</summary>
    [Parameter]
    public OverflowHandling Overflow { get; set; } = OverflowHandling.Saturate;

    private protected override int? StandardChunkSize => FileBinner.StandardChunkSize;

    /// <inheritdoc/>
    protected override void ProcessRecord() => _axes.AddRange(Axis);

    private protected override EventProcessor Create(ProcessingOptions options) =>
        new FileBinner(_axes, options, !NoBinStatistics, HitWeight, Overflow);
}
