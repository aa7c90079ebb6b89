namespace OrcaSong.Hdf5.Filters;

/// <summary>
/// How a block of rows, as many as a chunk spans, is cut into chunks: into one, unless the chunk shape divides other axes as well.
/// Chunks at the edge of a dataset reach beyond it (HDF5 file format specification, IV.A.2.i). Immutable.
/// </summary>
public sealed class ChunkGrid
{
    private readonly long[] _shape;
    private readonly int[] _chunk;
    private readonly int[] _counts;
    private readonly int _elementBytes;
    private readonly int _rowBytes;

    /// <summary>The grid of a dataset.</summary>
    /// <param name="shape">The dataset's shape, rows first.</param>
    /// <param name="chunkShape">The shape of its chunks.</param>
    /// <param name="elementBytes">Bytes of an element.</param>
    /// <exception cref="ArgumentException">The shapes have different ranks, or a chunk or a row is larger than 1 GiB.</exception>
    public ChunkGrid(IReadOnlyList<long> shape, IReadOnlyList<long> chunkShape, int elementBytes)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(chunkShape);
        if (shape.Count != chunkShape.Count || shape.Count == 0)
        {
            throw new ArgumentException($"A shape of {shape.Count} axes cannot have chunks of {chunkShape.Count}.", nameof(chunkShape));
        }

        const long largest = 1L << 30;
        Rows = checked((int)Math.Min(chunkShape[0], largest));
        ChunkBytes = Size([.. chunkShape]);
        BlockBytes = Size([chunkShape[0], .. shape.Skip(1)]);
        _shape = [.. shape];
        _chunk = [.. chunkShape.Select(n => (int)n)];
        _counts = [1, .. shape.Zip(chunkShape).Skip(1).Select(p => (int)((p.First + p.Second - 1) / p.Second))];
        _elementBytes = elementBytes;
        _rowBytes = BlockBytes / Rows;
        Count = _counts.Aggregate((product, n) => product * n);
        IsWhole = _shape.AsSpan(1).SequenceEqual([.. chunkShape.Skip(1)]);

        int Size(long[] lengths)
        {
            double bytes = elementBytes;
            foreach (var length in lengths)
            {
                bytes *= length;
            }

            return bytes is >= 1 and <= largest
                ? (int)bytes
                : throw new ArgumentException($"Blocks of ({string.Join(", ", lengths)}) elements of {elementBytes} bytes are {(bytes < 1 ? "empty" : "larger than 1 GiB")}.", nameof(chunkShape));
        }
    }

    /// <summary>Rows of a block.</summary>
    public int Rows { get; }

    /// <summary>Chunks of a block.</summary>
    public int Count { get; }

    /// <summary>Bytes of a chunk before any filter.</summary>
    public int ChunkBytes { get; }

    /// <summary>Bytes of a block's rows.</summary>
    public int BlockBytes { get; }

    /// <summary>Whether a block is one chunk, its rows one after the other.</summary>
    public bool IsWhole { get; }

    /// <summary>The first element of a chunk.</summary>
    /// <param name="firstRow">The first row of its block.</param>
    /// <param name="index">The chunk, from 0 in row-major order.</param>
    /// <returns>Its coordinate, as HDF5 addresses it.</returns>
    public long[] Coordinate(long firstRow, int index)
    {
        var coordinate = new long[_chunk.Length];
        for (var axis = _chunk.Length - 1; axis > 0; axis--)
        {
            coordinate[axis] = (long)(index % _counts[axis]) * _chunk[axis];
            index /= _counts[axis];
        }

        coordinate[0] = firstRow;
        return coordinate;
    }

    /// <summary>Cuts a chunk out of a block; beyond the dataset's edge it is zero.</summary>
    /// <param name="block">The rows of the block.</param>
    /// <param name="index">The chunk.</param>
    /// <param name="chunk">Receives <see cref="ChunkBytes"/> bytes.</param>
    public void Gather(ReadOnlySpan<byte> block, int index, Span<byte> chunk)
    {
        chunk[..ChunkBytes].Clear();
        var run = new Runs(this, index);
        while (run.Next())
        {
            block.Slice(run.InBlock, run.Bytes).CopyTo(chunk[run.InChunk..]);
        }
    }

    /// <summary>Puts a chunk into its place in a block.</summary>
    /// <param name="chunk">The chunk's bytes.</param>
    /// <param name="index">The chunk.</param>
    /// <param name="block">Receives them.</param>
    public void Scatter(ReadOnlySpan<byte> chunk, int index, Span<byte> block)
    {
        var run = new Runs(this, index);
        while (run.Next())
        {
            chunk.Slice(run.InChunk, run.Bytes).CopyTo(block[run.InBlock..]);
        }
    }

    /// <summary>The pieces of a chunk that lie together in its block: runs along the last axis.</summary>
    private ref struct Runs
    {
        private readonly ChunkGrid _grid;
        private readonly long[] _first;
        private readonly int[] _position;
        private bool _started;

        internal Runs(ChunkGrid grid, int index)
        {
            _grid = grid;
            _first = grid.Coordinate(0, index);
            _position = new int[grid._chunk.Length];
            var last = _position.Length - 1;
            Bytes = grid._elementBytes * (last == 0 ? grid._chunk[0] : (int)Math.Min(grid._chunk[last], grid._shape[last] - _first[last]));
        }

        internal int Bytes { get; }

        internal int InBlock { get; private set; }

        internal int InChunk { get; private set; }

        internal bool Next()
        {
            if (_started && !Advance())
            {
                return false;
            }

            _started = true;
            long block = 0;
            long chunk = 0;
            for (var axis = 1; axis < _position.Length; axis++)
            {
                block = (block * _grid._shape[axis]) + _first[axis] + _position[axis];
                chunk = (chunk * _grid._chunk[axis]) + _position[axis];
            }

            InBlock = (int)(((long)_position[0] * _grid._rowBytes) + (block * _grid._elementBytes));
            InChunk = (int)(((long)_position[0] * (_grid.ChunkBytes / _grid.Rows)) + (chunk * _grid._elementBytes));
            return true;
        }

        private readonly bool Advance()
        {
            for (var axis = _position.Length - 2; axis >= 0; axis--)
            {
                var end = axis == 0 ? _grid.Rows : Math.Min(_grid._chunk[axis], _grid._shape[axis] - _first[axis]);
                if (++_position[axis] < end)
                {
                    return true;
                }

                _position[axis] = 0;
            }

            return false;
        }
    }
}
