namespace OrcaSong.Training;

/// <summary>How files are merged.</summary>
public sealed record MergeOptions
{
    /// <summary>What becomes of columns that not all files have.</summary>
    public ColumnChoice Columns { get; init; }

    /// <summary>Leave out files that cannot be used, instead of writing nothing.</summary>
    public bool SkipInvalid { get; init; }

    /// <summary>Allow the same file several times; its events are in the output as often.</summary>
    public bool AllowDuplicates { get; init; }

    /// <summary>Do not list the files that were merged in the dataset <c>/used_files</c>.</summary>
    public bool NoUsedFiles { get; init; }

    /// <summary>
    /// Keep the checksums (filter fletcher32) of the first file's datasets. The Python tool drops them, and so do we unless asked. Chunks that line up are copied
    /// as they are only where the filters stay.
    /// </summary>
    public bool KeepChecksum { get; init; }
}

/// <summary>What became of a merge.</summary>
public sealed class MergeResult
{
    /// <summary>Full path of the merged file.</summary>
    public required string Output { get; init; }

    /// <summary>The files that were merged, in order.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Number of files that were merged.</summary>
    public int FileCount => Inputs.Count;

    /// <summary>What is wrong with the files that were left out.</summary>
    public required IReadOnlyList<FileProblem> Skipped { get; init; }

    /// <summary>Number of events in the merged file.</summary>
    public required long Events { get; init; }

    /// <summary>Bytes of all rows, before compression.</summary>
    public required long Bytes { get; init; }

    /// <summary>Names of the datasets.</summary>
    public required IReadOnlyList<string> Datasets { get; init; }

    /// <summary>What is worth knowing about the files.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Events in a second.</summary>
    public double EventsPerSecond => Elapsed > TimeSpan.Zero ? Events / Elapsed.TotalSeconds : 0;
}
