using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Hdf5.Filters;

namespace OrcaSong.Output;

/// <summary>Makes the stored bytes of a chunk.</summary>
/// <param name="chunk">The chunk's own bytes.</param>
/// <param name="pooledDestination">An array of the shared pool; exchanged for a larger one if the result does not fit.</param>
/// <returns>The number of bytes to store.</returns>
internal delegate int ChunkEncoding(ReadOnlySpan<byte> chunk, ref byte[] pooledDestination);

/// <summary>
/// Appends rows to a table or an array, chunk by chunk, with the attributes that PyTables gives it. Where chunks divide other axes too,
/// rows are cut into several.
/// </summary>
internal sealed class RowWriter : IOutputPart
{
    private readonly OutputFile _file;
    private readonly H5Dataset _dataset;
    private readonly ChunkGrid _grid;
    private readonly ChunkEncoding _encoding;
    private readonly bool _isTable;
    private byte[] _buffer = [];
    private int _rowsInBuffer;

    /// <summary>Writes to a dataset that was made for it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="dataset">An empty dataset in chunks, of a type of fixed size.</param>
    /// <param name="isTable">Whether it has the attribute <c>NROWS</c>, which is to say how many rows there are.</param>
    internal RowWriter(OutputFile file, H5Dataset dataset, bool isTable)
    {
        _file = file;
        _dataset = dataset;
        _isTable = isTable;
        _grid = new ChunkGrid(dataset.Shape, dataset.ChunkShape!, dataset.Type.Size);
        RowBytes = _grid.BlockBytes / _grid.Rows;
        _encoding = ChunkEncodings.For(dataset, _grid.ChunkBytes);
    }

    /// <summary>Bytes of a row.</summary>
    internal int RowBytes { get; }

    /// <inheritdoc/>
    public string Path => _dataset.Path;

    /// <inheritdoc/>
    public long RowCount { get; private set; }

    internal H5Attributes Attributes => _dataset.Attributes;

    internal static RowWriter Table(OutputFile file, string path, string title, IReadOnlyList<(string Name, H5Type Type)> columns, int? chunkRows)
    {
        var type = H5Type.Compound(columns);
        var dataset = Create(file, path, new H5DatasetSpec
        {
            Type = type,
            Shape = [0],
            MaxShape = [-1],
            ChunkShape = [chunkRows ?? PyTablesChunk.TableRows(type.Size)],
            Filters = file.Filters(type.Size),
        });
        Text(dataset, "CLASS", "TABLE");
        Text(dataset, "VERSION", "2.7");
        Text(dataset, "TITLE", title);
        DescribeColumns(dataset);
        Text(dataset, "datatype", title);
        dataset.Attributes.Write("NROWS", H5Type.Int64, new byte[sizeof(long)]);
        return new RowWriter(file, dataset, isTable: true);
    }

    /// <summary>Writes the attributes that PyTables gives to the columns of a table.</summary>
    internal static void DescribeColumns(H5Dataset dataset)
    {
        var columns = dataset.Type.Members;
        for (var i = 0; i < columns.Count; i++)
        {
            Text(dataset, string.Create(CultureInfo.InvariantCulture, $"FIELD_{i}_NAME"), columns[i].Name);
        }

        for (var i = 0; i < columns.Count; i++)
        {
            var fill = string.Create(CultureInfo.InvariantCulture, $"FIELD_{i}_FILL");
            if (columns[i].Type.Class == H5Class.String)
            {
                dataset.Attributes.WriteFixedString(fill, string.Empty, H5Charset.Ascii, nullWhenEmpty: false);
            }
            else
            {
                dataset.Attributes.Write(fill, columns[i].Type, new byte[columns[i].Type.Size]);
            }
        }

    }

    internal static RowWriter Array(OutputFile file, string path, string title, H5Type type, IReadOnlyList<int> rowShape, int? chunkRows)
    {
        var chunk = chunkRows is { } rows ? [rows, .. rowShape.Select(n => (long)n)] : PyTablesChunk.ArrayShape(rowShape, type.Size);
        var dataset = Create(file, path, ArraySpec(file, type, rowShape, chunk));
        DescribeArray(dataset, title);
        return new RowWriter(file, dataset, isTable: false);
    }

    internal static H5DatasetSpec ArraySpec(OutputFile file, H5Type type, IReadOnlyList<int> rowShape, long[] chunk) => new()
    {
        Type = type,
        Shape = [0, .. rowShape.Select(n => (long)n)],
        MaxShape = [-1, .. rowShape.Select(n => (long)n)],
        ChunkShape = chunk,
        Filters = file.Filters(type.Size),
    };

    internal static void DescribeArray(H5Dataset dataset, string title)
    {
        dataset.Attributes.WriteFixedString("CLASS", "EARRAY", H5Charset.Ascii);
        dataset.Attributes.WriteFixedString("VERSION", "1.1", H5Charset.Ascii);
        dataset.Attributes.WriteFixedString("TITLE", title, H5Charset.Ascii);
        dataset.Attributes.Write("EXTDIM", H5Type.Int32, new byte[sizeof(int)]);
    }

    internal static H5Dataset Create(OutputFile file, string path, H5DatasetSpec spec)
    {
        var slash = path.LastIndexOf('/');
        return file.Group(path[..slash]).CreateDataset(path[(slash + 1)..], spec);
    }

    /// <summary>Appends rows.</summary>
    /// <param name="rows">Their bytes, a multiple of <see cref="RowBytes"/>.</param>
    internal void Append(ReadOnlySpan<byte> rows)
    {
        while (rows.Length > 0)
        {
            var part = rows[..Math.Min(rows.Length, (_grid.Rows - _rowsInBuffer) * RowBytes)];
            part.CopyTo(Room(part.Length / RowBytes));
            rows = rows[part.Length..];
        }
    }

    /// <summary>Appends one row, to be filled by the caller before the next call.</summary>
    /// <returns>Its bytes, of undefined contents.</returns>
    internal Span<byte> AppendRow() => Room(1);

    /// <summary>Appends one row of 64-bit integers.</summary>
    internal void AppendRow(params ReadOnlySpan<long> values) => MemoryMarshal.AsBytes(values).CopyTo(AppendRow());

    /// <summary>Hands the last, partly filled chunk to the workers; HDF5 stores it in full size.</summary>
    public void Finish() => Encode();

    /// <inheritdoc/>
    public void Complete()
    {
        if (_isTable)
        {
            Span<byte> count = stackalloc byte[sizeof(long)];
            BitConverter.TryWriteBytes(count, RowCount);
            _dataset.Attributes.Write("NROWS", H5Type.Int64, count);
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }

        _dataset.Dispose();
    }

    private static void Text(H5Dataset dataset, string name, string value) => dataset.Attributes.WriteFixedString(name, value, H5Charset.Utf8);

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
        _file.Chunks.Add(_dataset, _grid.Coordinate(RowCount - rows, 0), RowCount, new EncodedChunk(copy, stored.Length));
    }

    /// <summary>Appends rows up to the end of the chunk, to be filled by the caller before the next call.</summary>
    /// <param name="most">How many rows at most.</param>
    /// <returns>Their bytes, of undefined contents.</returns>
    internal Span<byte> AppendRows(int most) => Room(Math.Min(most, _rowsInBuffer == _grid.Rows ? _grid.Rows : _grid.Rows - _rowsInBuffer));

    private Span<byte> Room(int rows)
    {
        if (_rowsInBuffer == _grid.Rows)
        {
            Encode();
        }

        if (_buffer.Length == 0)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(_grid.BlockBytes);
        }

        var room = _buffer.AsSpan(_rowsInBuffer * RowBytes, rows * RowBytes);
        _rowsInBuffer += rows;
        RowCount += rows;
        return room;
    }

    private void Encode()
    {
        if (_rowsInBuffer == 0)
        {
            return;
        }

        var (buffer, grid, encoding, chunksLeft, firstRow) = (_buffer, _grid, _encoding, _grid.Count, RowCount - _rowsInBuffer);
        buffer.AsSpan(_rowsInBuffer * RowBytes, grid.BlockBytes - (_rowsInBuffer * RowBytes)).Clear();

        // From here on the buffer belongs to the workers, also when writing an earlier chunk fails: given back to the pool twice, it
        // would be lent to two runs at once.
        _buffer = [];
        _rowsInBuffer = 0;
        for (var i = 0; i < grid.Count; i++)
        {
            var index = i;
            _file.Chunks.Add(_dataset, grid.Coordinate(firstRow, index), RowCount, grid.ChunkBytes, () =>
            {
                var encoded = Encode(grid, index, buffer, encoding);
                if (Interlocked.Decrement(ref chunksLeft) == 0)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }

                return encoded;
            });
        }
    }

    private static EncodedChunk Encode(ChunkGrid grid, int index, byte[] block, ChunkEncoding encoding)
    {
        var encoded = ArrayPool<byte>.Shared.Rent(grid.ChunkBytes);
        if (grid.IsWhole)
        {
            var bytes = encoding(block.AsSpan(0, grid.ChunkBytes), ref encoded);
            return new EncodedChunk(encoded, bytes);
        }

        var chunk = ArrayPool<byte>.Shared.Rent(grid.ChunkBytes);
        grid.Gather(block, index, chunk);
        var length = encoding(chunk.AsSpan(0, grid.ChunkBytes), ref encoded);
        ArrayPool<byte>.Shared.Return(chunk);
        return new EncodedChunk(encoded, length);
    }
}
