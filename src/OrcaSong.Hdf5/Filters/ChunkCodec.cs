using System.Buffers.Binary;

namespace OrcaSong.Hdf5.Filters;

/// <summary>
/// Runs a dataset's filter pipeline over raw chunks, so that chunks can be coded on many threads while the HDF5 library only
/// moves bytes. Immutable and safe to share between threads.
/// </summary>
/// <remarks>
/// Filters run in pipeline order when written, in reverse when read (HDF5 file format specification, IV.A.2.l).
/// PyTables' order is fletcher32, shuffle, deflate: there the checksum's four bytes are appended before the shuffle, which
/// treats them as data or as a tail, depending on the element size. No call allocates, apart from <see cref="Zlib"/>'s streams.
/// </remarks>
public sealed class ChunkCodec
{
    [ThreadStatic]
    private static byte[]? _even;

    [ThreadStatic]
    private static byte[]? _odd;

    private readonly (int Id, int Value)[] _filters;

    /// <summary>Makes the codec of one dataset.</summary>
    /// <param name="filters">Filter ids with their client values, in pipeline order; may be empty.</param>
    /// <param name="chunkBytes">Bytes of one whole chunk before any filter. Chunks at the edge of a dataset are as large.</param>
    /// <exception cref="NotSupportedException"><see cref="Supports"/> is false for <paramref name="filters"/>.</exception>
    public ChunkCodec(IReadOnlyList<H5Filter> filters, int chunkBytes)
    {
        if (!Supports(filters))
        {
            string found = string.Join(", ", filters.Select(filter => $"{filter.Id} ({string.Join(", ", filter.Values)})"));
            throw new NotSupportedException(
                "Expected at most one each of the HDF5 filters deflate (id 1, level 0 to 9), shuffle (id 2, element size) and "
                + $"fletcher32 (id 3), found: {found}. Let the HDF5 library read and write such a dataset.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(chunkBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chunkBytes, Array.MaxLength - Fletcher32.Size);
        ChunkBytes = chunkBytes;
        _filters = [.. filters.Select(filter => (filter.Id, filter.Values.Length > 0 ? (int)filter.Values[0] : 0))];
    }

    /// <summary>Bytes of one chunk before any filter.</summary>
    public int ChunkBytes { get; }

    /// <summary>Whether this class can code chunks of such a pipeline; of any other, the HDF5 library has to.</summary>
    /// <param name="filters">Filter ids with their client values, in pipeline order.</param>
    /// <returns>True for deflate, shuffle and fletcher32, each at most once, in any order, with valid client values.</returns>
    public static bool Supports(IReadOnlyList<H5Filter> filters)
        => filters.Select(filter => filter.Id).Distinct().Count() == filters.Count
        && filters.All(filter => filter.Id switch
        {
            H5Filter.DeflateId => filter.Values is [<= 9],
            H5Filter.ShuffleId => filter.Values is [>= 1 and <= int.MaxValue],
            H5Filter.Fletcher32Id => true,
            _ => false,
        });

    /// <summary>Decodes a stored chunk.</summary>
    /// <param name="stored">The chunk's bytes in the file.</param>
    /// <param name="filterMask">Bit i set: filter i of the pipeline was skipped when this chunk was written.</param>
    /// <param name="destination">
    /// Receives <see cref="ChunkBytes"/> bytes. Four spare bytes after them (their content is lost) save a copy where the shuffle
    /// follows fletcher32.
    /// </param>
    /// <exception cref="ChunkDamagedException">The bytes do not decode to a chunk, or its checksum disagrees.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public void Decode(ReadOnlySpan<byte> stored, uint filterMask, Span<byte> destination)
    {
        if (destination.Length < ChunkBytes)
        {
            throw new ArgumentException(
                $"The destination holds {destination.Length} bytes, but a chunk has {ChunkBytes}.", nameof(destination));
        }

        ReadOnlySpan<byte> current = stored;
        bool inDestination = false;
        int stage = 0;
        for (int i = _filters.Length - 1; i >= 0; i--)
        {
            if (!Runs(i, filterMask))
            {
                continue;
            }

            (int id, int value) = _filters[i];
            if (id == H5Filter.Fletcher32Id)
            {
                current = WithoutChecksum(current);
                continue;
            }

            int length = id == H5Filter.DeflateId ? LengthBefore(i, filterMask) : current.Length;
            inDestination = length <= destination.Length && !MovesBytesBefore(i, filterMask);
            Span<byte> target = inDestination ? destination[..length] : ScratchSpan(stage++, length);
            if (id == H5Filter.DeflateId)
            {
                Inflate(current, target);
            }
            else
            {
                ByteShuffle.Decode(current, target, value);
            }

            current = target;
        }

        if (current.Length != ChunkBytes)
        {
            throw new ChunkDamagedException(
                $"Expected a chunk of {ChunkBytes} bytes, found {current.Length} after undoing the filters "
                + $"(stored bytes {stored.Length}, filter mask 0x{filterMask:x}).");
        }

        if (!inDestination)
        {
            current.CopyTo(destination);
        }
    }

    /// <summary>Encodes a chunk with every filter of the pipeline (filter mask 0).</summary>
    /// <param name="chunk">The chunk's <see cref="ChunkBytes"/> bytes.</param>
    /// <param name="pooledDestination">
    /// An array of the shared pool, or an empty array; exchanged for a larger one if the result does not fit.
    /// </param>
    /// <returns>The number of bytes to store. May exceed the chunk's own size a little where it does not compress.</returns>
    /// <exception cref="ArgumentException"><paramref name="chunk"/> has another length.</exception>
    public int Encode(ReadOnlySpan<byte> chunk, ref byte[] pooledDestination)
    {
        if (chunk.Length != ChunkBytes)
        {
            throw new ArgumentException($"Expected a chunk of {ChunkBytes} bytes, found {chunk.Length}.", nameof(chunk));
        }

        ReadOnlySpan<byte> current = chunk;
        int last = _filters.Length - 1;
        while (last >= 0 && !Runs(last, 0))
        {
            last--;
        }

        int stage = 0;
        for (int i = 0; i < last; i++)
        {
            if (Runs(i, 0))
            {
                ref byte[] scratch = ref Scratch(stage++);
                int length = Apply(i, current, ref scratch);
                current = scratch.AsSpan(0, length);
            }
        }

        if (last >= 0)
        {
            return Apply(last, current, ref pooledDestination);
        }

        PooledBuffer.EnsureLength(ref pooledDestination, chunk.Length);
        chunk.CopyTo(pooledDestination);
        return chunk.Length;
    }

    private int Apply(int index, ReadOnlySpan<byte> source, ref byte[] target)
    {
        (int id, int value) = _filters[index];
        switch (id)
        {
            case H5Filter.DeflateId:
                return Zlib.Deflate(source, value, ref target);
            case H5Filter.ShuffleId:
                PooledBuffer.EnsureLength(ref target, source.Length);
                ByteShuffle.Encode(source, target, value);
                return source.Length;
            default:
                PooledBuffer.EnsureLength(ref target, source.Length + Fletcher32.Size);
                source.CopyTo(target);
                BinaryPrimitives.WriteUInt32LittleEndian(target.AsSpan(source.Length), Fletcher32.Checksum(source));
                return source.Length + Fletcher32.Size;
        }
    }

    private static void Inflate(ReadOnlySpan<byte> source, Span<byte> target)
    {
        try
        {
            Zlib.Inflate(source, target);
        }
        catch (InvalidDataException exception)
        {
            throw new ChunkDamagedException(exception.Message, exception);
        }
    }

    private static ReadOnlySpan<byte> WithoutChecksum(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Fletcher32.Size)
        {
            throw new ChunkDamagedException($"Expected data and a fletcher32 checksum of 4 bytes, found {bytes.Length} bytes in all.");
        }

        ReadOnlySpan<byte> data = bytes[..^Fletcher32.Size];
        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(bytes[data.Length..]);
        uint found = Fletcher32.Checksum(data);
        return expected == found
            ? data
            : throw new ChunkDamagedException(
                $"Expected the fletcher32 checksum 0x{expected:x8} that is stored with the chunk, "
                + $"found 0x{found:x8} over its {data.Length} bytes.");
    }

    /// <summary>Whether filter <paramref name="index"/> does anything to this chunk: a shuffle of single bytes does not.</summary>
    private bool Runs(int index, uint mask)
        => (index >= 32 || (mask >> index & 1) == 0) && _filters[index] is not (H5Filter.ShuffleId, 1);

    private int LengthBefore(int index, uint mask)
    {
        int length = ChunkBytes;
        for (int i = 0; i < index; i++)
        {
            length += _filters[i].Id == H5Filter.Fletcher32Id && Runs(i, mask) ? Fletcher32.Size : 0;
        }

        return length;
    }

    private bool MovesBytesBefore(int index, uint mask)
    {
        for (int i = 0; i < index; i++)
        {
            if (_filters[i].Id != H5Filter.Fletcher32Id && Runs(i, mask))
            {
                return true;
            }
        }

        return false;
    }

    private static Span<byte> ScratchSpan(int stage, int length)
    {
        ref byte[] buffer = ref Scratch(stage);
        PooledBuffer.EnsureLength(ref buffer, length);
        return buffer.AsSpan(0, length);
    }

    // A stage reads one of the two and writes the other.
    private static ref byte[] Scratch(int stage)
    {
        ref byte[]? buffer = ref (stage & 1) == 0 ? ref _even : ref _odd;
        buffer ??= [];
        return ref buffer!;
    }
}
