using System.Globalization;
using OrcaSong.Labels;

namespace OrcaSong.Running;

/// <summary>Where the detector is to be centred: a target for each coordinate, or <see langword="null"/> to leave it alone.</summary>
/// <param name="X">Target of the x coordinate in m.</param>
/// <param name="Y">Target of the y coordinate in m.</param>
/// <param name="Z">Target of the z coordinate in m.</param>
public sealed record CentreTarget(double? X, double? Y, double? Z)
{
    /// <inheritdoc/>
    public override string ToString() => $"({Text(X)}, {Text(Y)}, {Text(Z)}) m";

    private static string Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "-";
}

/// <summary>
/// What is done to every event, whether it becomes an image or a graph. The defaults are those of the Python tool.
/// </summary>
public sealed record ProcessingOptions
{
    /// <summary>All defaults.</summary>
    public static readonly ProcessingOptions Default = new();

    /// <summary>What fills the labels <c>y</c>; none by default.</summary>
    public ILabelExtractor? Extractor { get; init; }

    /// <summary>Your own code that says which events are left out; none by default.</summary>
    public EventSkipper? EventSkipper { get; init; }

    /// <summary>Path of a .detx file with which hits are calibrated; none by default: hits are taken as they stand.</summary>
    public string? DetectorFile { get; init; }

    /// <summary>Convert times of simulated hits and tracks to the time of the data acquisition (on).</summary>
    public bool CorrectMcTime { get; init; } = true;

    /// <summary>Subtract the time of the first triggered hit from all times (on).</summary>
    public bool CenterTime { get; init; } = true;

    /// <summary>Calibrate hits when there is a detector file (on).</summary>
    public bool CalibrateHits { get; init; } = true;

    /// <summary>Calibrate simulated hits when there is a detector file (on).</summary>
    public bool CalibrateMcHits { get; init; } = true;

    /// <summary>Add t0 to the times of hits. A detector file has it added already (off).</summary>
    public bool AddT0 { get; init; }

    /// <summary>Correct the time slewing of hits, which depends on their time over threshold (on).</summary>
    public bool CorrectTimeSlewing { get; init; } = true;

    /// <summary>Shift positions so that the detector's centre comes to lie here (not at all).</summary>
    public CentreTarget? CenterHitsTo { get; init; }

    /// <summary>
    /// Events in a chunk of the output; <see langword="null"/> lets the size of an event decide, as PyTables does. Images
    /// default to 32, graphs to <see langword="null"/>.
    /// </summary>
    public int? ChunkSize { get; init; }

    /// <summary>Copy the table <c>event_info</c> to the output (off).</summary>
    public bool KeepEventInfo { get; init; }

    /// <summary>Copy the table <c>raw_header</c> to the output, if there is one (on).</summary>
    public bool KeepRawHeader { get; init; } = true;

    /// <summary>DEFLATE level from 0 to 9 (1).</summary>
    public int CompressionLevel { get; init; } = 1;

    /// <summary>Seed of everything random (42).</summary>
    public uint Seed { get; init; } = 42;

    /// <summary>Sort the columns of <c>y</c> by name (on).</summary>
    public bool SortLabels { get; init; } = true;

    /// <summary>Store labels as float64, but for event_id and group_id (on); otherwise with their own types, always sorted.</summary>
    public bool LabelsToFloat64 { get; init; } = true;

    /// <summary>Refuses options that contradict each other.</summary>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentException">Two options contradict each other, or one is out of range.</exception>
    internal ProcessingOptions Checked()
    {
        if (CenterHitsTo is not null && DetectorFile is null)
        {
            throw new ArgumentException("Centring the hits (center hits to) needs a detector file, from which the centre is computed.");
        }

        if (CenterHitsTo is not null && !CalibrateHits)
        {
            throw new ArgumentException("Centring the hits (center hits to) moves calibrated positions, so the hits must be calibrated too.");
        }

        if (CenterHitsTo is { } t && new[] { t.X, t.Y, t.Z }.Any(v => v is { } n && !double.IsFinite(n)))
        {
            throw new ArgumentException($"The hits cannot be centred on {t}: coordinates are finite numbers in m.");
        }

        if (ChunkSize is { } size and (< 1 or > 1_000_000))
        {
            throw new ArgumentException($"The chunk size is a number of events from 1 to 1,000,000; got {size}.");
        }

        return CompressionLevel is >= 0 and <= 9
            ? this
            : throw new ArgumentException($"The compression level goes from 0 (none) to 9 (smallest); got {CompressionLevel}.");
    }
}

/// <summary>What turns the events of a file into samples for a network: immutable, checked when made, good for any number of files.</summary>
public abstract class EventProcessor
{
    private protected EventProcessor(ProcessingOptions options) => Options = options.Checked();

    /// <summary>What is done to every event.</summary>
    public ProcessingOptions Options { get; }
}
