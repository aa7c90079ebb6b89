namespace OrcaSong.Hdf5;

/// <summary>What a dataset to be made is like.</summary>
/// <remarks>
/// The fill value is the type's default (zero). Space is allocated chunk by chunk as data come, or at the first write to a
/// contiguous dataset, and filled when allocated, as h5py and PyTables do.
/// </remarks>
public sealed record H5DatasetSpec
{
    /// <summary>The type of the elements.</summary>
    public required H5Type Type { get; init; }

    /// <summary>The number of elements along each axis; empty for a scalar.</summary>
    public required long[] Shape { get; init; }

    /// <summary>How far each axis may grow, -1 without limit; <see langword="null"/>: not at all. Growing needs chunks.</summary>
    public long[]? MaxShape { get; init; }

    /// <summary>The shape of a chunk; <see langword="null"/> stores the elements in one piece.</summary>
    public long[]? ChunkShape { get; init; }

    /// <summary>The filter pipeline of the chunks, in the order in which data pass it when written.</summary>
    public IReadOnlyList<H5Filter> Filters { get; init; } = [];

    /// <summary>Whether the time of creation is stored. Off, so that the same data make the same bytes.</summary>
    public bool TrackTimes { get; init; }
}
