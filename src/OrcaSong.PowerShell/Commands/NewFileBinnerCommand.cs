using System.Management.Automation;
using OrcaSong.Images;
using OrcaSong.PowerShell.Arguments;
using OrcaSong.PowerShell.Completion;
using OrcaSong.Running;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Describes how events become images: the axes, and all that is done to events before.</summary>
[Cmdlet(VerbsCommon.New, "FileBinner")]
[OutputType(typeof(FileBinner))]
public sealed class NewFileBinnerCommand : NewProcessorCommand
{
    private readonly List<BinAxis> _axes = [];

    /// <summary>
    /// The axes of the image, in the order of its dimensions: axes of <c>New-BinAxis</c>, the name of a preset (<c>Get-BinAxis</c> lists
    /// them), or an ordered hash table of fields and edges, <c>[ordered]@{ pos_z = 26..198; time = -50, 0, 50 }</c>.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Axes]
    [ArgumentCompleter(typeof(PresetCompleter))]
    public BinAxis[] Axis { get; set; } = [];

    /// <summary>
    /// Leave out the statistics that say how the hits lie on the axes, and how many the limits cut off. <c>Show-BinStats</c> cannot draw
    /// such files.
    /// </summary>
    [Parameter]
    public SwitchParameter NoBinStatistics { get; set; }

    /// <summary>
    /// A hit field whose values are summed in each bin, such as <c>tot</c>, in place of counting hits. Sums are cut to whole numbers.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(HitFieldCompleter))]
    public string? HitWeight { get; set; }

    /// <summary>What becomes of a bin with more than 255 hits, as images are stored as bytes. The result counts such bins.</summary>
    [Parameter]
    public OverflowHandling Overflow { get; set; } = OverflowHandling.Saturate;

    private protected override int? StandardChunkSize => FileBinner.StandardChunkSize;

    /// <inheritdoc/>
    protected override void ProcessRecord() => _axes.AddRange(Axis);

    private protected override EventProcessor Create(ProcessingOptions options) =>
        new FileBinner(_axes, options, !NoBinStatistics, HitWeight, Overflow);
}
