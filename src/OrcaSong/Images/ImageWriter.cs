using System.Buffers;
using System.Runtime.InteropServices;
using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Hdf5.Filters;
using OrcaSong.Output;

namespace OrcaSong.Images;

/// <summary>Appends images to <c>/x</c>, straight from their non-zero bins.</summary>
internal sealed class ImageWriter : IOutputPart
{
    private readonly OutputFile _file;
    private readonly H5Dataset _dataset;
    private readonly long[] _chunkShape;
    private readonly int _imageBins;
    private readonly int _chunkBins;
    private readonly bool _deflated;
    private readonly bool _checksum;
    private int[] _positions = [];
    private byte[] _values = [];
    private int _entries;
    private int _rowsInChunk;

    internal ImageWriter(OutputFile file, FileBinner binner)
        : this(file, Create(file, binner))
    {
    }

    /// <summary>Writes to a dataset that was made for it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="dataset">An empty dataset; see <see cref="CanWrite"/>.</param>
    internal ImageWriter(OutputFile file, H5Dataset dataset)
    {
        _file = file;
        _dataset = dataset;
        _chunkShape = [.. dataset.ChunkShape!];
        _imageBins = checked((int)dataset.Shape.Skip(1).Aggregate(1L, (product, n) => product * n));
        _chunkBins = checked((int)_chunkShape.Aggregate(1L, (product, n) => product * n));
        _deflated = dataset.Filters.Any(f => f.Id == H5Filter.DeflateId);
        _checksum = dataset.Filters.Any(f => f.Id == H5Filter.Fletcher32Id);
    }

    /// <inheritdoc/>
    public string Path => _dataset.Path;

    /// <inheritdoc/>
    public long RowCount { get; private set; }

    /// <summary>Bins of an image.</summary>
    internal int ImageBins => _imageBins;

    /// <summary>
    /// Whether images can be written from their non-zero bins: single bytes, deflated with or without a checksum before, in chunks of whole images or of
    /// consecutive bins of one.
    /// </summary>
    internal static bool CanWrite(H5Type type, IReadOnlyList<long> shape, IReadOnlyList<long> chunk, IReadOnlyList<H5Filter> filters)
    {
        var ids = filters.Select(f => f.Id).Where(id => id != H5Filter.ShuffleId).ToArray();
        if (!type.Equals(H5Type.UInt8) || shape.Count < 2 || ids is not ([H5Filter.DeflateId] or [H5Filter.Fletcher32Id, H5Filter.DeflateId]))
        {
            return false;
        }

        // The first axis that is longer than 1 in the chunk may be cut; all that follow are whole, and so are all others if it is the rows' axis.
        var cut = 0;
        while (cut < chunk.Count - 1 && chunk[cut] == 1)
        {
            cut++;
        }

        return Enumerable.Range(cut + 1, chunk.Count - cut - 1).All(axis => chunk[axis] == shape[axis]) && (cut == 0 || chunk[cut] <= shape[cut]);
    }

    /// <summary>Appends one image.</summary>
    /// <param name="positions">Its non-zero bins, ascending.</param>
    /// <param name="values">Their values.</param>
    internal void Append(ReadOnlySpan<int> positions, ReadOnlySpan<byte> values)
    {
        if (_chunkBins < _imageBins)
        {
            AppendInParts(positions, values);
            return;
        }

        if (_rowsInChunk == _chunkShape[0])
        {
            Encode(new long[_chunkShape.Length]);
        }

        Add(positions, values, _rowsInChunk * _imageBins);
        _rowsInChunk++;
        RowCount++;
    }

    /// <summary>
    /// Appends a chunk as it is stored in another dataset of the same type, chunks and filters. The rows line up: a chunk begins here, and they fill it.
    /// </summary>
    /// <param name="stored">The chunk; its buffer remains the caller's.</param>
    /// <param name="rows">Its rows.</param>
    internal void AppendStored(StoredChunk stored, int rows)
    {
        Finish();
        RowCount += rows;
        var copy = ArrayPool<byte>.Shared.Rent(stored.Length);
        stored.Buffer.AsSpan(0, stored.Length).CopyTo(copy);
        var coordinate = new long[_chunkShape.Length];
        coordinate[0] = RowCount - rows;
        _file.Chunks.Add(_dataset, coordinate, RowCount, new EncodedChunk(copy, stored.Length));
    }

    /// <inheritdoc/>
    public void Finish()
    {
        if (_rowsInChunk > 0)
        {
            Encode(new long[_chunkShape.Length]);
        }
    }

    /// <inheritdoc/>
    public void Complete()
    {
    }

    public void Dispose() => _dataset.Dispose();

    /// <summary>
    /// Appends an image larger than a chunk. PyTables gives up axes from the left, so a chunk holds a run of consecutive bins: c
    /// steps along one axis and everything to the right of it.
    /// </summary>
    private void AppendInParts(ReadOnlySpan<int> positions, ReadOnlySpan<byte> values)
    {
        var shape = _dataset.Shape;
        var axis = 1;
        while (_chunkShape[axis] == 1 && axis < _chunkShape.Length - 1)
        {
            axis++;
        }

        var step = _chunkBins / (int)_chunkShape[axis];
        var coordinate = new long[_chunkShape.Length];
        coordinate[0] = RowCount++;
        var done = 0;
        for (var first = 0; first < _imageBins;)
        {
            var along = (int)Math.Min(_chunkShape[axis], shape[axis] - coordinate[axis]);
            var after = first + (along * step);
            var end = done;
            while (end < positions.Length && positions[end] < after)
            {
                end++;
            }

            Add(positions[done..end], values[done..end], -first);
            _rowsInChunk = 1;
            Encode((long[])coordinate.Clone());
            (done, first) = (end, after);
            coordinate[axis] += along;
            for (var a = axis; a > 1 && coordinate[a] == shape[a]; a--)
            {
                coordinate[a] = 0;
                coordinate[a - 1]++;
            }
        }
    }

    private static H5Dataset Create(OutputFile file, FileBinner binner)
    {
        long[] chunk = binner.Options.ChunkSize is { } rows
            ? [rows, .. binner.Shape.Select(n => (long)n)]
            : PyTablesChunk.ArrayShape(binner.Shape, 1);
        var dataset = RowWriter.Create(file, "/x", RowWriter.ArraySpec(file, H5Type.UInt8, binner.Shape, chunk));
        RowWriter.DescribeArray(dataset, string.Join('_', binner.Axes.Select(a => a.Field)) + "_event_images");
        return dataset;
    }

    private void Add(ReadOnlySpan<int> positions, ReadOnlySpan<byte> values, int shift)
    {
        var needed = _entries + positions.Length;
        if (_positions.Length < needed)
        {
            Enlarge(ref _positions, needed);
            Enlarge(ref _values, needed);
        }

        values.CopyTo(_values.AsSpan(_entries));
        foreach (var position in positions)
        {
            _positions[_entries++] = position + shift;
        }
    }

    private void Enlarge<T>(ref T[] array, int length)
    {
        var larger = ArrayPool<T>.Shared.Rent(Math.Max(length, 2 * array.Length));
        array.AsSpan(0, _entries).CopyTo(larger);
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }

    private void Encode(long[] coordinate)
    {
        var (positions, values, entries, bins, deflated, checksum) = (_positions, _values, _entries, _chunkBins, _deflated, _checksum);
        if (_chunkBins >= _imageBins)
        {
            coordinate[0] = RowCount - _rowsInChunk;
        }

        // From here on the arrays belong to a worker, also when writing an earlier chunk fails.
        _positions = [];
        _values = [];
        _entries = 0;
        _rowsInChunk = 0;
        _file.Chunks.Add(_dataset, coordinate, RowCount, deflated ? 5 * entries : bins, () =>
        {
            byte[] encoded = [];
            var length = deflated
                ? SparseImageEncoder.Encode(positions.AsSpan(0, entries), values.AsSpan(0, entries), bins, checksum, ref encoded)
                : Plain(positions.AsSpan(0, entries), values, bins, ref encoded);
            ArrayPool<int>.Shared.Return(positions);
            ArrayPool<byte>.Shared.Return(values);
            return new EncodedChunk(encoded, length);
        });
    }

    /// <summary>A chunk without compression: the image itself, and its checksum.</summary>
    private static int Plain(ReadOnlySpan<int> positions, ReadOnlySpan<byte> values, int bins, ref byte[] encoded)
    {
        PooledBuffer.EnsureLength(ref encoded, bins + sizeof(uint));
        var dense = encoded.AsSpan(0, bins);
        dense.Clear();
        for (var i = 0; i < positions.Length; i++)
        {
            dense[positions[i]] = values[i];
        }

        var checksum = Fletcher32.Checksum(dense);
        MemoryMarshal.Write(encoded.AsSpan(bins), in checksum);
        return bins + sizeof(uint);
    }
}
