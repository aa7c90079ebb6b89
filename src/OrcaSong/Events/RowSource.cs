using System.Buffers;
using OrcaSong.Hdf5;
using OrcaSong.Hdf5.Filters;

namespace OrcaSong.Events;

/// <summary>
/// The rows of one dataset, in blocks: the chunks of a chunked dataset whose filters are coded here (several side by side where
/// chunks divide other axes too), otherwise pieces of about the same size that the HDF5 library reads. Used by one thread; the
/// blocks that it hands out are decoded by any.
/// </summary>
internal sealed class RowSource : IDisposable
{
    private const int LibraryBlockBytes = 256 * 1024;
    private const int KeptBytes = 2 * 1024 * 1024;
    private const long LargestRow = 1 << 30;
    private readonly string _filePath;
    private readonly H5Dataset _dataset;
    private readonly ChunkGrid? _grid;
    private readonly ChunkCodec? _codec;
    private readonly Queue<RowBlock> _recent = new();
    private readonly int _keep;

    internal RowSource(EventFile file, string path)
        : this(file.File, path)
    {
    }

    internal RowSource(H5File file, string path)
    {
        _filePath = file.Path;
        _dataset = file.Root.OpenDataset(path);
        Path = path;
        RowCount = _dataset.Length;
        _dataset.RequireStored();
        RowBytes = (int)_dataset.Shape.Skip(1).Aggregate((long)_dataset.Type.Size, (bytes, n) => n > 0 && bytes > LargestRow / n
            ? throw new EventFileException(_filePath, path, $"has rows of ({string.Join(", ", _dataset.Shape.Skip(1))}) elements; at most {LargestRow} bytes can be read. Is the file damaged?")
            : bytes * n);
        if (_dataset.ChunkShape is { } chunk && _dataset.Type.IsNative && RowBytes > 0 && ChunkCodec.Supports(_dataset.Filters))
        {
            try
            {
                _grid = new ChunkGrid(_dataset.Shape, chunk, _dataset.Type.Size);
            }
            catch (ArgumentException)
            {
                throw new EventFileException(
                    _filePath, path, $"has chunks of ({string.Join(", ", chunk)}) elements of {_dataset.Type.Size} bytes; at most 1 GiB can be read at once.");
            }

            BlockRows = _grid.Rows;
            _codec = new ChunkCodec(_dataset.Filters, _grid.ChunkBytes);
        }
        else
        {
            BlockRows = Math.Max(1, LibraryBlockBytes / Math.Max(1, RowBytes));
        }

        _keep = Math.Clamp(KeptBytes / Math.Max(1, BlockRows * RowBytes), 2, 32);
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

        var stored = new StoredChunk[_grid!.Count];
        for (var i = 0; i < stored.Length; i++)
        {
            stored[i] = ReadStored(_grid.Coordinate(first, i));
        }

        return new RowBlock(this, index, first, rows, stored);
    }

    private StoredChunk ReadStored(long[] coordinate)
    {
        var size = _dataset.ChunkStorageSize(coordinate);
        if (size <= 0)
        {
            // Never written: the fill value, which is zero in every file of km3pipe.
            return new StoredChunk([], 0, 0);
        }

        if (size > (2L * _grid!.ChunkBytes) + 4096)
        {
            throw new EventFileException(
                _filePath, Path, $"has a chunk of {size} bytes at row {coordinate[0]}, more than its {_grid.ChunkBytes} bytes can take; the file is damaged.");
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)size);
        var length = _dataset.ReadChunk(coordinate, buffer, out var mask);
        return new StoredChunk(buffer, length, mask);
    }

    /// <summary>Decodes the stored chunks of a block. Called by the block, on any thread.</summary>
    internal byte[] Decode(StoredChunk[] stored, long firstRow, int rows)
    {
        var data = ArrayPool<byte>.Shared.Rent(_grid!.BlockBytes);
        var chunk = _grid.IsWhole ? data : ArrayPool<byte>.Shared.Rent(_grid.ChunkBytes);
        try
        {
            for (var i = 0; i < stored.Length; i++)
            {
                if (stored[i].Length == 0)
                {
                    chunk.AsSpan(0, _grid.ChunkBytes).Clear();
                }
                else
                {
                    _codec!.Decode(stored[i].Buffer.AsSpan(0, stored[i].Length), stored[i].Mask, chunk);
                }

                if (!_grid.IsWhole)
                {
                    _grid.Scatter(chunk, i, data);
                }
            }

            return data;
        }
        catch (ChunkDamagedException e)
        {
            ArrayPool<byte>.Shared.Return(data);
            throw new EventFileException(
                _filePath, Path, $"the chunk with rows {firstRow} to {firstRow + rows - 1} is damaged ({e.Message}). Copy the file again, or convert the original again.", null, e);
        }
        finally
        {
            if (chunk != data)
            {
                ArrayPool<byte>.Shared.Return(chunk);
            }
        }
    }
}

/// <summary>A chunk as it is stored, in a pooled buffer; empty if it was never written.</summary>
internal readonly record struct StoredChunk(byte[] Buffer, int Length, uint Mask);

/// <summary>
/// A run of rows of one dataset, shared by the batches that it overlaps. It is decoded when first asked for, by whichever
/// thread asks; its memory goes back to the pool when the last owner disposes it.
/// </summary>
internal sealed class RowBlock : IDisposable
{
    private readonly RowSource _source;
    private readonly Lock _lock = new();
    private StoredChunk[]? _stored;
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

    internal RowBlock(RowSource source, long index, long firstRow, int count, StoredChunk[] stored)
    {
        _source = source;
        Index = index;
        FirstRow = firstRow;
        Count = count;
        _stored = stored;
    }

    internal long Index { get; }

    internal long FirstRow { get; }

    /// <summary>Rows that exist in this block.</summary>
    internal int Count { get; }

    /// <summary>Whether the block is one chunk that went through all filters, and is not decoded.</summary>
    internal bool IsWhole => _stored is [{ Length: > 0, Mask: 0 }];

    /// <summary>Whether a chunk of the block was never written, so that it reads as zeros. Ask before it is decoded.</summary>
    internal bool HasHole => _stored is not null && Array.Exists(_stored, c => c.Length == 0);

    /// <summary>The only chunk of the block, as it is stored.</summary>
    internal StoredChunk Stored => _stored![0];

    /// <summary>The bytes of the rows, one after the other; the array may be longer.</summary>
    internal byte[] Rows
    {
        get
        {
            lock (_lock)
            {
                if (_rows is null)
                {
                    _rows = _source.Decode(_stored!, FirstRow, Count);
                    ReturnStored();
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

        ReturnStored();
        if (_rows is not null)
        {
            ArrayPool<byte>.Shared.Return(_rows);
        }
    }

    private void ReturnStored()
    {
        foreach (var chunk in _stored ?? [])
        {
            if (chunk.Buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(chunk.Buffer);
            }
        }

        _stored = null;
    }
}
