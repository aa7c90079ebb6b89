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

    /// <summary>
    /// <para>
    /// What makes the labels (the table <c>y</c>): the name of a built-in extractor (<c>Get-Extractor</c> lists them), a script block that
    /// gets an event and returns a hash table of numbers, or an object of a class of your own (<c>IEventExtractor</c>). Without it there
    /// are no labels.
    /// </para>
    /// <para>
    /// <c>Get-Help about_OrcaSong_Labels</c> says which is for which production.
    /// </para>
    /// </summary>
    [Parameter]
    [Extractor]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ExtractorCompleter))]
    public ILabelExtractor? Extractor { get; set; }

    /// <summary>
    /// Options of the built-in extractor as a hash table, by their names in configurations: <c>@{ inactive_du = 1 }</c>. Options that are
    /// left out have their standard values, which <c>Get-Extractor</c> shows.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ExtractorOptionCompleter))]
    public IDictionary? ExtractorOption { get; init; }

    /// <summary>
    /// A script block that gets each event and returns <c>$true</c> for those to leave out. They still count in the statistics of the bins.
    /// </summary>
    [Parameter]
    [EventSkipper]
    [ValidateNotNull]
    public EventSkipper? EventSkipper { get; set; }

    /// <summary>
    /// A detector file (.detx, version 1 to 5). Hits get positions, directions, t0, detection unit and floor from it, and their times are
    /// corrected. Without it hits are taken as they stand in the file; leave it out for files that are calibrated already.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DetectorFileCompleter))]
    public string? DetectorFile { get; set; }

    /// <summary>
    /// Leave the times of simulated hits and tracks on the clock of the simulation. Normally they are moved to the clock of the hits.
    /// </summary>
    [Parameter]
    public SwitchParameter NoMcTimeCorrection { get; set; }

    /// <summary>
    /// Leave times as they are. Normally the time of the first triggered hit is subtracted from all times of an event, so that this hit is
    /// at 0 ns; events without a triggered hit are left out then.
    /// </summary>
    [Parameter]
    public SwitchParameter NoTimeCentering { get; set; }

    /// <summary>Do not calibrate hits, though there is a detector file.</summary>
    [Parameter]
    public SwitchParameter NoHitCalibration { get; set; }

    /// <summary>Do not calibrate simulated hits, though there is a detector file.</summary>
    [Parameter]
    public SwitchParameter NoMcHitCalibration { get; set; }

    /// <summary>
    /// Add the column t0 of the hits to their time, for files whose hits have positions but raw times. A detector file does so anyway; with
    /// both, t0 is added twice.
    /// </summary>
    [Parameter]
    public SwitchParameter AddT0 { get; set; }

    /// <summary>
    /// Do not correct times for the time slewing (bright hits are seen earlier), which calibration with a detector file does by the time
    /// over threshold.
    /// </summary>
    [Parameter]
    public SwitchParameter NoTimeSlewingCorrection { get; set; }

    /// <summary>
    /// Where the detector's centre is moved to: x, y, z in m; <c>$null</c> leaves a coordinate alone (<c>-CenterHitsTo 0, 0, $null</c>). It
    /// shifts the positions of all hits, so that detectors can be compared. It needs a detector file.
    /// </summary>
    [Parameter]
    [Centre]
    [ValidateNotNull]
    public CentreTarget? CenterHitsTo { get; set; }

    /// <summary>
    /// Events in a chunk of the output, 1 to 1,000,000, or Auto, which lets the size of an event decide. Files are read chunk by chunk:
    /// small ones suit random access, large ones compress better.
    /// </summary>
    /// <value>32 for images, Auto for graphs</value>
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

    /// <summary>Copy the table event_info of the input, for the events that are written.</summary>
    [Parameter]
    public SwitchParameter KeepEventInfo { get; set; }

    /// <summary>Do not copy the table raw_header, in which the parameters of the simulation are.</summary>
    [Parameter]
    public SwitchParameter NoRawHeader { get; set; }

    /// <summary>
    /// How hard the output is compressed: None, Fast (which is the Default), Small, or a level of DEFLATE from 0 to 9. Fast is level 1 with
    /// encoders of our own. Small is level 9: some 5 % smaller, in ten times the time for graphs. Any HDF5 library reads all of them.
    /// </summary>
    /// <value>Default</value>
    [Parameter]
    [Alias("CompressionLevel")]
    [Compression]
    [ArgumentCompleter(typeof(CompressionCompleter))]
    [ValidateRange(0, 9)]
    public int Compression { get; set; } = ProcessingOptions.Default.CompressionLevel;

    /// <summary>
    /// The seed of all that is random: the choice of hits where an event has more than <c>-MaxHits</c>. The same seed gives the same
    /// output.
    /// </summary>
    [Parameter]
    public uint Seed { get; set; } = ProcessingOptions.Default.Seed;

    /// <summary>The types of the labels in the output.</summary>
    [Parameter]
    public LabelType LabelType { get; set; } = LabelType.Float64;

    /// <summary>Leave the labels in the order of the extractor. Normally they are sorted by name.</summary>
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
        CompressionLevel = Compression,
        Seed = Seed,
        SortLabels = !NoLabelSorting,
        LabelsToFloat64 = LabelType == LabelType.Float64,
    };

    private static string ExistingFile(string path) => File.Exists(path)
        ? path
        : throw new FileNotFoundException($"The detector file '{path}' {(Directory.Exists(path) ? "is a folder" : "does not exist")}.", path);
}
