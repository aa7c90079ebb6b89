using OrcaSong.Training;

namespace OrcaSong.Inspection;

/// <summary>What the check of a file found.</summary>
public sealed record FileCheckReport
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>Whether nothing is wrong with it.</summary>
    public bool IsValid => Problems.Count == 0;

    /// <summary>What kind of file it is.</summary>
    public EventFileKind Kind { get; init; }

    /// <summary>Number of events, if it could be found out.</summary>
    public long? EventCount { get; init; }

    /// <summary>
    /// Whether it says how it was made, which is written last, and what it says agrees with what is in it; <see langword="null"/> where it does not
    /// say: that is no problem, as other programs write no such thing.
    /// </summary>
    public bool? IsComplete { get; init; }

    /// <summary>What is wrong.</summary>
    public ValueList<FileProblem> Problems { get; init; } = new([]);

    /// <summary>Bytes of all rows that were read, before compression.</summary>
    public long BytesRead { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; init; }
}
