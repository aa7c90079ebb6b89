using System.Collections;
using System.Management.Automation;
using OrcaSong.Labels;
using OrcaSong.PowerShell.Arguments;
using OrcaSong.PowerShell.Completion;
using OrcaSong.Running;

namespace OrcaSong.PowerShell.Commands;

/// <summary>What commands have in common that describe how events are processed: the parameters that become <see cref="ProcessingOptions"/>.</summary>
public abstract class NewProcessorCommand : OrcaSongCommand
{
    // No size (Auto) is not the same as none given.
    private bool _hasChunkSize;

    /// <summary>What makes the labels.</summary>
    [Parameter]
    [Extractor]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ExtractorCompleter))]
    public ILabelExtractor? Extractor { get; set; }

    /// <summary>Options of the built-in extractor, by their names in configurations.</summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ExtractorOptionCompleter))]
    public IDictionary? ExtractorOption { get; init; }

    /// <summary>Says which events are left out: a script block.</summary>
    [Parameter]
    [EventSkipper]
    [ValidateNotNull]
    public EventSkipper? EventSkipper { get; set; }

    /// <summary>A .detx file with which hits are calibrated.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DetectorFileCompleter))]
    public string? DetectorFile { get; set; }

    /// <summary>Leave times of simulated hits and tracks as they are.</summary>
    [Parameter]
    public SwitchParameter NoMcTimeCorrection { get; set; }

    /// <summary>Do not subtract the time of the first triggered hit.</summary>
    [Parameter]
    public SwitchParameter NoTimeCentering { get; set; }

    /// <summary>Do not calibrate hits, though there is a detector file.</summary>
    [Parameter]
    public SwitchParameter NoHitCalibration { get; set; }

    /// <summary>Do not calibrate simulated hits, though there is a detector file.</summary>
    [Parameter]
    public SwitchParameter NoMcHitCalibration { get; set; }

    /// <summary>Add the hits' t0 to their time.</summary>
    [Parameter]
    public SwitchParameter AddT0 { get; set; }

    /// <summary>Do not correct the time slewing.</summary>
    [Parameter]
    public SwitchParameter NoTimeSlewingCorrection { get; set; }

    /// <summary>Where the detector's centre is moved to.</summary>
    [Parameter]
    [Centre]
    [ValidateNotNull]
    public CentreTarget? CenterHitsTo { get; set; }

    /// <summary>Events in a chunk of the output.</summary>
    [Parameter]
    [ChunkSize]
    [ArgumentCompleter(typeof(ChunkSizeCompleter))]
    public int? ChunkSize
    {
        get;
        set
        {
            field = value;
            _hasChunkSize = true;
        }
    }

    /// <summary>Copy the table event_info.</summary>
    [Parameter]
    public SwitchParameter KeepEventInfo { get; set; }

    /// <summary>Do not copy the table raw_header.</summary>
    [Parameter]
    public SwitchParameter NoRawHeader { get; set; }

    /// <summary>DEFLATE level.</summary>
    [Parameter]
    [ValidateRange(0, 9)]
    public int CompressionLevel { get; set; } = ProcessingOptions.Default.CompressionLevel;

    /// <summary>Seed of everything random.</summary>
    [Parameter]
    public uint Seed { get; set; } = ProcessingOptions.Default.Seed;

    /// <summary>The types of the labels.</summary>
    [Parameter]
    public LabelType LabelType { get; set; } = LabelType.Float64;

    /// <summary>Leave the labels in the extractor's order.</summary>
    [Parameter]
    public SwitchParameter NoLabelSorting { get; set; }

    /// <summary>The chunk size where none is given.</summary>
    private protected abstract int? StandardChunkSize { get; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            WriteObject(Create(Options(FileSystemPath)));
        }
        catch (PathException e)
        {
            ThrowTerminatingError(e.Record());
        }
        catch (Exception e) when (e is ArgumentException or IOException)
        {
            ThrowTerminatingError(Failures.Record(e, null));
        }
    }

    /// <summary>Makes the object that the command emits.</summary>
    private protected abstract EventProcessor Create(ProcessingOptions options);

    /// <summary>What the parameters say.</summary>
    /// <param name="fullPath">Turns paths of the session into paths of the file system.</param>
    private protected ProcessingOptions Options(Func<string, string> fullPath) => new()
    {
        Extractor = ExtractorOption is null ? Extractor : ExtractorOptions.Apply(Extractor, ExtractorOption),
        EventSkipper = EventSkipper,
        DetectorFile = DetectorFile is null ? null : ExistingFile(fullPath(DetectorFile)),
        CorrectMcTime = !NoMcTimeCorrection,
        CenterTime = !NoTimeCentering,
        CalibrateHits = !NoHitCalibration,
        CalibrateMcHits = !NoMcHitCalibration,
        AddT0 = AddT0,
        CorrectTimeSlewing = !NoTimeSlewingCorrection,
        CenterHitsTo = CenterHitsTo,
        ChunkSize = _hasChunkSize ? ChunkSize : StandardChunkSize,
        KeepEventInfo = KeepEventInfo,
        KeepRawHeader = !NoRawHeader,
        CompressionLevel = CompressionLevel,
        Seed = Seed,
        SortLabels = !NoLabelSorting,
        LabelsToFloat64 = LabelType == LabelType.Float64,
    };

    private static string ExistingFile(string path) => File.Exists(path)
        ? path
        : throw new FileNotFoundException($"The detector file '{path}' {(Directory.Exists(path) ? "is a folder" : "does not exist")}.", path);
}
