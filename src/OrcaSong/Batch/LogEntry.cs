using OrcaSong.Running;
using OrcaSong.Training;

namespace OrcaSong.Batch;

/// <summary>What became of a file.</summary>
public enum LogState
{
    /// <summary>It was made.</summary>
    Done,

    /// <summary>It was there already, and was kept.</summary>
    Kept,

    /// <summary>It could not be made; <see cref="LogEntry.Error"/> says why.</summary>
    Failed,

    /// <summary>It was not made, as the process was told to stop.</summary>
    Stopped,

    /// <summary>It was checked, and is whole.</summary>
    Valid,

    /// <summary>It was checked, and something is wrong with it: <see cref="LogEntry.Problems"/>.</summary>
    Invalid,
}

/// <summary>A line of a job's log: what became of one file. See <see cref="JobLog"/>.</summary>
public sealed record LogEntry
{
    /// <summary>When (UTC).</summary>
    public required DateTime Time { get; init; }

    /// <summary>What became of the file.</summary>
    public required LogState State { get; init; }

    /// <summary>Full path of the input; for a merge, the list of inputs.</summary>
    public string? Input { get; init; }

    /// <summary>Full path of the output: what the line is about.</summary>
    public required string Output { get; init; }

    /// <summary>Bytes of the output.</summary>
    public long? Bytes { get; init; }

    /// <summary>What was wrong.</summary>
    public string? Error { get; init; }

    /// <summary>Images or graphs that were made; without the statistics, which are in the output.</summary>
    public RunResult? Run { get; init; }

    /// <summary>A merge.</summary>
    public MergeResult? Merge { get; init; }

    /// <summary>A shuffle.</summary>
    public ShuffleResult? Shuffle { get; init; }

    /// <summary>A training set; its folder is the output.</summary>
    public TrainingSetResult? TrainingSet { get; init; }

    /// <summary>What a check found wrong.</summary>
    public IReadOnlyList<string>? Problems { get; init; }
}
