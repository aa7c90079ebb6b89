namespace OrcaSong.Hdf5;

/// <summary>A step of a dataset's filter pipeline, in the order in which data pass it when written.</summary>
/// <param name="Id">The filter's registered number.</param>
/// <param name="Optional">Whether a chunk that the filter fails on is stored without it.</param>
/// <param name="Values">The filter's parameters (cd_values).</param>
public readonly record struct H5Filter(int Id, bool Optional, params uint[] Values)
{
    /// <summary>zlib's DEFLATE; the parameter is the level.</summary>
    public const int DeflateId = 1;

    /// <summary>Byte shuffle; the parameter is the element's size.</summary>
    public const int ShuffleId = 2;

    /// <summary>Fletcher's checksum in 4 bytes after the data.</summary>
    public const int Fletcher32Id = 3;

    /// <summary>SZIP.</summary>
    public const int SzipId = 4;

    /// <summary>Bit packing of odd integers and floats.</summary>
    public const int NBitId = 5;

    /// <summary>Scale and offset.</summary>
    public const int ScaleOffsetId = 6;

    /// <summary>LZF, of h5py.</summary>
    public const int LzfId = 32000;

    /// <summary>Blosc, of PyTables.</summary>
    public const int BloscId = 32001;

    /// <summary>Zstandard.</summary>
    public const int ZstandardId = 32015;

    /// <summary>The shuffle filter, optional as h5py and PyTables make it.</summary>
    /// <param name="elementSize">Bytes of one element; of a whole row for compound types.</param>
    /// <returns>The filter.</returns>
    public static H5Filter Shuffle(int elementSize) => new(ShuffleId, true, (uint)elementSize);

    /// <summary>The DEFLATE filter, optional as h5py and PyTables make it.</summary>
    /// <param name="level">0 to 9.</param>
    /// <returns>The filter.</returns>
    public static H5Filter Deflate(int level)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, 9);
        return new H5Filter(DeflateId, true, (uint)level);
    }

    /// <summary>The Fletcher32 filter, mandatory as h5py and PyTables make it.</summary>
    public static H5Filter Fletcher32 { get; } = new(Fletcher32Id, false);

    /// <summary>Whether id, flag and parameters agree.</summary>
    /// <param name="other">Another filter.</param>
    /// <returns>Whether they do.</returns>
    public bool Equals(H5Filter other) =>
        Id == other.Id && Optional == other.Optional && (Values ?? []).AsSpan().SequenceEqual(other.Values ?? []);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Optional, Values?.Length ?? 0);

    /// <inheritdoc/>
    public override string ToString()
    {
        var name = Id switch
        {
            DeflateId => "deflate",
            ShuffleId => "shuffle",
            Fletcher32Id => "fletcher32",
            SzipId => "szip",
            NBitId => "nbit",
            ScaleOffsetId => "scaleoffset",
            LzfId => "lzf",
            BloscId => "blosc",
            ZstandardId => "zstandard",
            _ => $"filter {Id}",
        };
        return Values is { Length: > 0 } ? $"{name}({string.Join(", ", Values)})" : name;
    }
}
