using System.Buffers;
using OrcaSong.Hdf5;
using OrcaSong.Hdf5.Filters;

namespace OrcaSong.Events;

/// <summary>
/// The rows of one dataset, in blocks: the chunks of a chunked dataset whose filters are coded here, otherwise pieces of
/// about the same size that the HDF5 library reads. Used by one thread; the blocks that it hands out are decoded by any.
/// </summary>
internal sealed class RowSource : IDisposable
{
    private const int LibraryBlockBytes = 256 * 1024;
    private const int KeptBytes = 2 * 1024 * 1024;
    private const long LargestBlockBytes = 1L << 30;
    private readonly EventFile _file;
    private readonly H5Dataset _dataset;
    private readonly ChunkCodec? _codec;
    private readonly Queue<RowBlock> _recent = new();
    private readonly int _keep;

    internal RowSource(EventFile file, string path)
    {
        _file = file;
        _dataset = file.File.Root.OpenDataset(path);
        Path = path;
        RowBytes = _dataset.Type.Size;
        RowCount = _dataset.Length;
        if (_dataset.ChunkShape is { } chunk && _dataset.Type.IsNative && ChunkCodec.Supports(_dataset.Filters))
        {
            if (chunk[0] <= 0 || chunk[0] > LargestBlockBytes / RowBytes)
            {
                throw new EventFileException(file.Path, path, $"has chunks of {chunk[0]} rows of {RowBytes} bytes; at most 1 GiB can be read at once.");
            }

            BlockRows = (int)chunk[0];
            _codec = new ChunkCodec(_dataset.Filters, BlockRows * RowBytes);
        }
        else
        {
            BlockRows = Math.Max(1, LibraryBlockBytes / RowBytes);
        }

        _keep = Math.Clamp(KeptBytes / (BlockRows * RowBytes), 2, 32);
    }

    internal string Path { get; }

    internal int RowBytes { get; }

    internal long RowCount { get; }

    /// <summary>Rows in a block; the last one of the dataset may hold fewer.</summary>
    internal int BlockRows { get; }

    /// <summary>
    /// Gets a block, not yet decoded; the caller disposes it. The last few are kept, so that one that two batches share, or
    /// that an index has already looked into, is read and decoded once.
    /// </summary>
    /// <param name="index">Which, from 0.</param>
    /// <returns>The block.</returns>
    internal RowBlock Get(long index)
    {
        foreach (var recent in _recent)
        {
            if (recent.Index == index)
            {
                return recent.Share();
            }
        }

        var block = Read(index);
        _recent.Enqueue(block.Share());
        if (_recent.Count > _keep)
        {
            _recent.Dequeue().Dispose();
        }

        return block;
    }

    public void Dispose()
    {
        while (_recent.TryDequeue(out var block))
        {
            block.Dispose();
        }

        _dataset.Dispose();
    }

    private RowBlock Read(long index)
    {
        var first = index * BlockRows;
        var rows = (int)Math.Min(BlockRows, RowCount - first);
        if (_codec is null)
        {
            var plain = ArrayPool<byte>.Shared.Rent(rows * RowBytes);
            _dataset.Read(plain.AsSpan(0, rows * RowBytes), first, rows);
            return new RowBlock(this, index, first, rows, plain);
        }

        Span<long> coordinate = [first];
        var size = _dataset.ChunkStorageSize(coordinate);
        if (size <= 0)
        {
            // Never written: the fill value, which is zero in every file of km3pipe.
            var zeros = ArrayPool<byte>.Shared.Rent(rows * RowBytes);
            zeros.AsSpan(0, rows * RowBytes).Clear();
            return new RowBlock(this, index, first, rows, zeros);
        }

        if (size > (2L * BlockRows * RowBytes) + 4096)
        {
            throw new EventFileException(_file.Path, Path, $"has a chunk of {size} bytes at row {first}, more than its {rows} rows can take; the file is damaged.");
        }

        var stored = ArrayPool<byte>.Shared.Rent((int)size);
        var length = _dataset.ReadChunk(coordinate, stored, out var mask);
        return new RowBlock(this, index, first, rows, stored, length, mask);
    }

    /// <summary>Decodes a stored chunk. Called by the block, on any thread.</summary>
    internal byte[] Decode(byte[] stored, int length, uint mask, long firstRow, int rows)
    {
        var data = ArrayPool<byte>.Shared.Rent(BlockRows * RowBytes);
        try
        {
            _codec!.Decode(stored.AsSpan(0, length), mask, data);
            return data;
        }
        catch (ChunkDamagedException e)
        {
            ArrayPool<byte>.Shared.Return(data);
            throw new EventFileException(
                _file.Path, Path, $"the chunk with rows {firstRow} to {firstRow + rows - 1} is damaged ({e.Message}). Copy the file again, or convert the original again.", null, e);
        }
    }
}

/// <summary>
/// A run of rows of one dataset, shared by the batches that it overlaps. It is decoded when first asked for, by whichever
/// thread asks; its memory goes back to the pool when the last owner disposes it.
/// </summary>
internal sealed class RowBlock : IDisposable
{
    private readonly RowSource _source;
    private readonly Lock _lock = new();
    private readonly uint _mask;
    private readonly int _storedLength;
    private byte[]? _stored;
    private byte[]? _rows;
    private int _owners = 1;

    internal RowBlock(RowSource source, long index, long firstRow, int count, byte[] rows)
    {
        _source = source;
        Index = index;
        FirstRow = firstRow;
        Count = count;
        _rows = rows;
    }

    internal RowBlock(RowSource source, long index, long firstRow, int count, byte[] stored, int storedLength, uint mask)
    {
        _source = source;
        Index = index;
        FirstRow = firstRow;
        Count = count;
        _stored = stored;
        _storedLength = storedLength;
        _mask = mask;
    }

    internal long Index { get; }

    internal long FirstRow { get; }

    /// <summary>Rows that exist in this block.</summary>
    internal int Count { get; }

    /// <summary>The bytes of the rows, one after the other; the array may be longer.</summary>
    internal byte[] Rows
    {
        get
        {
            lock (_lock)
            {
                if (_rows is null)
                {
                    _rows = _source.Decode(_stored!, _storedLength, _mask, FirstRow, Count);
                    ArrayPool<byte>.Shared.Return(_stored!);
                    _stored = null;
                }

                return _rows;
            }
        }
    }

    internal RowBlock Share()
    {
        Interlocked.Increment(ref _owners);
        return this;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _owners) != 0)
        {
            return;
        }

        foreach (var buffer in (ReadOnlySpan<byte[]?>)[_stored, _rows])
        {
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
