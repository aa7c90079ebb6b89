using OrcaSong.Calibration;
using OrcaSong.Statistics;

namespace OrcaSong.Running;

/// <summary>What became of one input file.</summary>
public sealed record RunResult
{
    /// <summary>Path of the input.</summary>
    public required string Input { get; init; }

    /// <summary>Path of the output.</summary>
    public required string Output { get; init; }

    /// <summary>Whether the output was there already, and was kept; the numbers are those that it tells itself.</summary>
    public bool IsKept { get; init; }

    /// <summary>Why the output was kept, or made again; <see langword="null"/> where there was none, or that was not asked for.</summary>
    public string? ResumeReason { get; init; }

    /// <summary>Events in the input.</summary>
    public required long EventsRead { get; init; }

    /// <summary>Events in the output.</summary>
    public required long EventsWritten { get; init; }

    /// <summary>Events that were left out.</summary>
    public long EventsSkipped => EventsRead - EventsWritten;

    /// <summary>Events that were left out, by reason.</summary>
    public required IReadOnlyDictionary<SkipReason, long> SkippedBy { get; init; }

    /// <summary>Hits of the events in the output, before any selection.</summary>
    public required long Hits { get; init; }

    /// <summary>Image bins with more than a byte can hold; 0 for graphs.</summary>
    public required long Overflows { get; init; }

    /// <summary>Statistics of the binning, if they were asked for.</summary>
    public BinStatistics? BinStatistics { get; init; }

    /// <summary>What is worth knowing about the run.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Events read in a second.</summary>
    public double EventsPerSecond => Elapsed > TimeSpan.Zero ? EventsRead / Elapsed.TotalSeconds : 0;
}

/// <summary>How far a run is. Written by the run, read by whoever shows it.</summary>
public sealed class RunProgress
{
    private long _done;
    private long _total;
    private int _files;

    /// <summary>Events dealt with so far.</summary>
    public long EventsDone => Interlocked.Read(ref _done);

    /// <summary>Events of the files that have been opened.</summary>
    public long EventsTotal => Interlocked.Read(ref _total);

    /// <summary>Files that have been opened.</summary>
    public int FilesOpened => Volatile.Read(ref _files);

    internal void AddFile(long events)
    {
        Interlocked.Add(ref _total, events);
        Interlocked.Increment(ref _files);
    }

    internal void AddDone(long events) => Interlocked.Add(ref _done, events);
}
