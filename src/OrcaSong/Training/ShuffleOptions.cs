namespace OrcaSong.Training;

/// <summary>In which order a shuffle leaves events.</summary>
public enum ShuffleOrder
{
    /// <summary>Any order is as likely as any other: NumPy's <c>RandomState(seed).shuffle</c> of all events, which is the order of the Python tool's <c>h5shuffle</c>.</summary>
    Uniform,

    /// <summary>
    /// The order of the Python tool's <c>h5shuffle2</c>, which depends on chunk sizes and on the memory that it may use: batches of chunks are
    /// shuffled, in several passes. Only <c>x</c>, <c>y</c> and what belongs to them are kept, and group_id as it is.
    /// </summary>
    Compatible,
}

/// <summary>How a file is shuffled.</summary>
public sealed record ShuffleOptions
{
    /// <summary>Seed of the random numbers: NumPy's <c>RandomState(seed)</c>.</summary>
    public uint Seed { get; init; } = 42;

    /// <summary>Bytes that events may take in memory; <see langword="null"/> for a quarter of what is granted (<see cref="MemoryGrant"/>).</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>In which order events are left.</summary>
    public ShuffleOrder Order { get; init; }

    /// <summary>Passes of the compatible order; <see langword="null"/> for as many as it takes.</summary>
    public int? Iterations { get; init; }

    /// <summary>The datasets to keep; those that index them are kept as well. By default all, of the compatible order x and y.</summary>
    public IReadOnlyList<string>? Datasets { get; init; }

    /// <summary>Keep the checksums (filter fletcher32) of the datasets.</summary>
    public bool KeepChecksum { get; init; }
}

/// <summary>What became of a shuffle.</summary>
public sealed class ShuffleResult
{
    /// <summary>Full path of the file that was shuffled.</summary>
    public required string Input { get; init; }

    /// <summary>Full path of the shuffled file.</summary>
    public required string Output { get; init; }

    /// <summary>Number of events.</summary>
    public required long Events { get; init; }

    /// <summary>Bytes of all rows, before compression.</summary>
    public required long Bytes { get; init; }

    /// <summary>The seed.</summary>
    public required uint Seed { get; init; }

    /// <summary>Bytes that events were allowed to take in memory.</summary>
    public required long MemoryLimit { get; init; }

    /// <summary>Parts in which events were brought into memory; one means that they all were at once.</summary>
    public required int Parts { get; init; }

    /// <summary>Names of the datasets.</summary>
    public required IReadOnlyList<string> Datasets { get; init; }

    /// <summary>What is worth knowing about the file.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Events in a second.</summary>
    public double EventsPerSecond => Elapsed > TimeSpan.Zero ? Events / Elapsed.TotalSeconds : 0;
}
