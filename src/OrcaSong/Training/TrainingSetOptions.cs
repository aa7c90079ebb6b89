using OrcaSong.Training.Splitting;

namespace OrcaSong.Training;

/// <summary>What decides to which set an event goes.</summary>
public enum SplitBy
{
    /// <summary>
    /// A hash of the numbers that identify it (<see cref="EventSplit"/>): the same event goes to the same set whenever a set is made with the same fractions and split
    /// seed, whatever other events there are. The sets have about the fractions that were asked for.
    /// </summary>
    Event,

    /// <summary>Chance: the sets have the fractions that were asked for, to the event.</summary>
    Random,
}

/// <summary>How files are made into shuffled sets for training, validation and test.</summary>
public sealed record TrainingSetOptions
{
    /// <summary>The sets, and their fractions of all events.</summary>
    public required SetFractions Fractions { get; init; }

    /// <summary>What decides to which set an event goes.</summary>
    public SplitBy SplitBy { get; init; }

    /// <summary>The columns of <c>y</c> that identify an event; run_id and event_id by default.</summary>
    public IReadOnlyList<string>? EventColumns { get; init; }

    /// <summary>Seed of the hash that events are split by; it stays when another shuffle is wanted.</summary>
    public ulong SplitSeed { get; init; }

    /// <summary>The most events in a file; sets with more become several files of about the same size.</summary>
    public int ShardSize { get; init; } = 200_000;

    /// <summary>Seed of the random order.</summary>
    public uint Seed { get; init; } = 42;

    /// <summary>Bytes that events may take in memory; <see langword="null"/> for a quarter of what is granted (<see cref="MemoryGrant"/>).</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>How the files are merged.</summary>
    public MergeOptions Merge { get; init; } = new();
}

/// <summary>A file of a training set.</summary>
/// <param name="Set">The set, such as <c>train</c>.</param>
/// <param name="Shard">Its number among the files of the set, from 0.</param>
/// <param name="Events">Number of events.</param>
/// <param name="Path">Full path.</param>
/// <param name="Length">Bytes of the file.</param>
public sealed record TrainingFile(string Set, int Shard, int Events, string Path, long Length);

/// <summary>What became of the files that a training set was made of.</summary>
public sealed class TrainingSetResult
{
    /// <summary>The files that were made.</summary>
    public required IReadOnlyList<TrainingFile> Files { get; init; }

    /// <summary>Path of the manifest: JSON that says how many events of each input went to each set.</summary>
    public required string Manifest { get; init; }

    /// <summary>Number of events of all sets.</summary>
    public required long Events { get; init; }

    /// <summary>Bytes of all rows, before compression.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes that events were allowed to take in memory.</summary>
    public required long MemoryLimit { get; init; }

    /// <summary>Parts in which events were brought into memory; one means that they all were at once.</summary>
    public required int Parts { get; init; }

    /// <summary>What is wrong with the files that were left out.</summary>
    public required IReadOnlyList<FileProblem> Skipped { get; init; }

    /// <summary>What is worth knowing about the files.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }
}
