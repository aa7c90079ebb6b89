using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using OrcaSong.Hdf5;
using OrcaSong.Hdf5.Filters;

namespace OrcaSong.Output;

/// <summary>Makes the stored bytes of a chunk.</summary>
/// <param name="chunk">The chunk's own bytes.</param>
/// <param name="pooledDestination">An array of the shared pool; exchanged for a larger one if the result does not fit.</param>
/// <returns>The number of bytes to store.</returns>
internal delegate int ChunkEncoding(ReadOnlySpan<byte> chunk, ref byte[] pooledDestination);

/// <summary>
/// Appends rows to a table or an array, chunk by chunk, with the attributes that PyTables gives it. A row larger than a chunk takes
/// several, each a run of consecutive positions along the second axis.
/// </summary>
internal sealed class RowWriter : IOutputPart
{
    private readonly OutputFile _file;
    private readonly H5Dataset _dataset;
    private readonly int _chunkBytes;
    private readonly ChunkEncoding _encoding;
    private readonly int _bufferRows;
    private readonly int _bufferChunks;
    private readonly bool _isTable;
    private byte[] _buffer = [];
    private int _rowsInBuffer;

    private RowWriter(OutputFile file, H5Dataset dataset, int rowBytes, bool isTable, ChunkEncoding? encoding = null)
    {
        _file = file;
        _dataset = dataset;
        _isTable = isTable;
        RowBytes = rowBytes;
        var chunk = dataset.ChunkShape!;
        _chunkBytes = checked((int)chunk.Aggregate((long)dataset.Type.Size, (bytes, n) => bytes * n));
        _bufferRows = checked((int)chunk[0]);
        _bufferChunks = _chunkBytes >= rowBytes ? 1 : checked((int)((dataset.Shape[1] + chunk[1] - 1) / chunk[1]));
        _encoding = encoding ?? new ChunkCodec(dataset.Filters, _chunkBytes).Encode;
    }

    /// <summary>Bytes of a row.</summary>
    internal int RowBytes { get; }

    /// <summary>Rows appended so far.</summary>
    internal long RowCount { get; private set; }

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

        Text(dataset, "datatype", title);
        dataset.Attributes.Write("NROWS", H5Type.Int64, new byte[sizeof(long)]);
        return new RowWriter(file, dataset, type.Size, isTable: true);
    }

    internal static RowWriter Array(OutputFile file, string path, string title, H5Type type, IReadOnlyList<int> rowShape, int? chunkRows, ChunkEncoding? encoding)
    {
        var chunk = chunkRows is { } rows ? [rows, .. rowShape.Select(n => (long)n)] : PyTablesChunk.ArrayShape(rowShape, type.Size);
        var dataset = Create(file, path, ArraySpec(file, type, rowShape, chunk));
        DescribeArray(dataset, title);
        return new RowWriter(file, dataset, rowShape.Aggregate(type.Size, (bytes, n) => checked(bytes * n)), isTable: false, encoding);
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
            var part = rows[..Math.Min(rows.Length, (_bufferRows - _rowsInBuffer) * RowBytes)];
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

    private Span<byte> Room(int rows)
    {
        if (_rowsInBuffer == _bufferRows)
        {
            Encode();
        }

        if (_buffer.Length == 0)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(_bufferChunks * _chunkBytes);
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

        var (buffer, chunkBytes, encoding, chunksLeft, firstRow) = (_buffer, _chunkBytes, _encoding, _bufferChunks, RowCount - _rowsInBuffer);
        buffer.AsSpan(_rowsInBuffer * RowBytes, (_bufferChunks * chunkBytes) - (_rowsInBuffer * RowBytes)).Clear();

        // From here on the buffer belongs to the workers, also when writing an earlier chunk fails: given back to the pool twice, it
        // would be lent to two runs at once.
        _buffer = [];
        _rowsInBuffer = 0;
        for (var i = 0; i < _bufferChunks; i++)
        {
            var start = i * chunkBytes;
            var coordinate = new long[_dataset.Shape.Count];
            coordinate[0] = firstRow;
            if (i > 0)
            {
                coordinate[1] = i * _dataset.ChunkShape![1];
            }

            _file.Chunks.Add(_dataset, coordinate, RowCount, () =>
            {
                var encoded = ArrayPool<byte>.Shared.Rent(chunkBytes);
                var length = encoding(buffer.AsSpan(start, chunkBytes), ref encoded);
                if (Interlocked.Decrement(ref chunksLeft) == 0)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }

                return new EncodedChunk(encoded, length);
            });
        }
    }
}
