using OrcaSong.Hdf5;

namespace OrcaSong.Inspection;

/// <summary>The kinds of files that there are.</summary>
public enum EventFileKind
{
    /// <summary>An HDF5 file of another kind.</summary>
    Unknown,

    /// <summary>Events with their hits, as km3pipe converts them.</summary>
    Events,

    /// <summary>Images made from events.</summary>
    Images,

    /// <summary>Graphs made from events: the values of hits, event after event.</summary>
    Graphs,
}

/// <summary>
/// What is in a file, found out without reading the hits but for those of the first event: from names, attributes, types, sizes, the
/// header, and some columns of the tables that have a row for each event. Unknown is <see langword="null"/>.
/// </summary>
public sealed record EventFileSummary
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>What kind of file it is.</summary>
    public EventFileKind Kind { get; init; }

    /// <summary>What it holds, in words.</summary>
    public string Contents { get; init; } = string.Empty;

    /// <summary>Number of events.</summary>
    public long? EventCount { get; init; }

    /// <summary>Number of hits; in graphs, of those that were selected.</summary>
    public long? HitCount { get; init; }

    /// <summary>Number of simulated hits.</summary>
    public long? McHitCount { get; init; }

    /// <summary>The shape of one image, or of one graph of fixed length.</summary>
    public ValueList<long>? SampleShape { get; init; }

    /// <summary>The fields of an image's axes, or the columns of a graph's hits, in order.</summary>
    public ValueList<string>? Fields { get; init; }

    /// <summary>Whether hits have positions and calibrated times. Looked up in the first hits, since some uncalibrated files have positions of zero.</summary>
    public bool? IsCalibrated { get; init; }

    /// <summary>Whether the events are simulated.</summary>
    public bool? IsSimulated { get; init; }

    /// <summary>The programs that simulated them, with versions.</summary>
    public ValueList<string> Generators { get; init; } = new([]);

    /// <summary>Identifiers of the detectors (det_id).</summary>
    public ValueList<long> DetectorIds { get; init; } = new([]);

    /// <summary>The detector file that the header names.</summary>
    public string? DetectorName { get; init; }

    /// <summary>Runs, ascending (run_id).</summary>
    public ValueList<long> RunIds { get; init; } = new([]);

    /// <summary>Whether these are all runs; false for a file so large that only some of its events were looked at.</summary>
    public bool AllRunsKnown { get; init; } = true;

    /// <summary>The labels: columns of <c>/y</c>.</summary>
    public ValueList<string> Labels { get; init; } = new([]);

    /// <summary>Paths of all tables and arrays.</summary>
    public ValueList<string> Tables { get; init; } = new([]);

    /// <summary>The extractors that work for it, tried on its first event.</summary>
    public ValueList<string> Extractors { get; init; } = new([]);

    /// <summary>All extractors, with the reasons why some do not work. Empty where there are no events to make labels of.</summary>
    public ValueList<ExtractorCheck> ExtractorChecks { get; init; } = new([]);

    /// <summary>The version of km3pipe's format.</summary>
    public string? FormatVersion { get; init; }

    /// <summary>The programs that wrote it, with versions.</summary>
    public ValueList<string> WrittenBy { get; init; } = new([]);

    /// <summary>The filters of its largest data, in the order in which data pass them when written.</summary>
    public string? Compression { get; init; }

    /// <summary>The shape of the chunks of its largest data.</summary>
    public ValueList<long>? ChunkShape { get; init; }

    /// <summary>Size of the file, bytes.</summary>
    public long FileSize { get; init; }

    /// <summary>The files that it was merged from, as far as it says so (<c>/used_files</c>).</summary>
    public ValueList<string> UsedFiles { get; init; } = new([]);

    /// <summary>Whether its events are in random order, as its provenance says, or the group_id of its labels.</summary>
    public bool? IsShuffled { get; init; }

    /// <summary>
    /// Whether it was written to its end: no where the lengths of its tables contradict one another, yes where it says how it was
    /// made, since that is written last.
    /// </summary>
    public bool? IsComplete { get; init; }

    /// <summary>How it was made, as it says itself (<c>/provenance_header</c>): JSON.</summary>
    public string? Provenance { get; init; }

    /// <summary>What is wrong or odd with it.</summary>
    public ValueList<string> Problems { get; init; } = new([]);

    /// <summary>Finds out what is in a file.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>What is in it; a file of an unknown kind is no error.</returns>
    /// <exception cref="H5Exception">It is missing, a folder, no HDF5 file, truncated or may not be read.</exception>
    public static EventFileSummary Read(string path) => ReadDetails(path).Summary;

    /// <summary>Finds out what is in a file, table by table.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>What is in it; a file of an unknown kind is no error.</returns>
    /// <exception cref="H5Exception">It is missing, a folder, no HDF5 file, truncated or may not be read.</exception>
    public static EventFileDetails ReadDetails(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var file = H5File.OpenRead(System.IO.Path.GetFullPath(path));
        return new SummaryReader(file).Read();
    }
}

/// <summary>What is in a file, table by table.</summary>
/// <param name="Path">The file.</param>
/// <param name="Summary">What is in it as a whole.</param>
/// <param name="Tables">Its tables and arrays.</param>
public sealed record EventFileDetails(string Path, EventFileSummary Summary, ValueList<StoredTable> Tables);
