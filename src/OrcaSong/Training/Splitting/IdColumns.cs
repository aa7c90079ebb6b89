using System.Globalization;
using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Hdf5.Filters;

namespace OrcaSong.Training.Splitting;

/// <summary>Columns of whole numbers, such as run_id, of a table of labels; read in blocks, whatever the table's length.</summary>
internal sealed class IdColumns
{
    private const int BlockBytes = 1 << 20;
    private const int MostChunkRows = 1 << 16;
    private const double ExactInFloat32 = 1 << 24;
    private const double ExactInFloat64 = 1L << 53;
    private readonly H5Dataset _table;
    private readonly (H5Member Member, NumberType Type)[] _columns;

    internal IdColumns(H5Dataset table, IReadOnlyList<string> columns)
    {
        _table = table;
        if (table.Type.Class != H5Class.Compound || table.Shape.Count != 1)
        {
            throw Error($"expected a table with the columns {string.Join(", ", columns)}, found {table.Type} of shape ({string.Join(", ", table.Shape)}).", EventFileProblem.MissingData);
        }

        _columns = [.. columns.Select(Find)];
    }

    /// <summary>The numbers of all rows, in blocks; a block is good until the next one is asked for.</summary>
    internal IEnumerable<IdBlock> Blocks()
    {
        // The library inflates under its lock, one file after the other; here every thread does so for itself.
        var codec = _table is { ChunkShape: [> 0 and <= MostChunkRows, ..], Type.IsNative: true } && ChunkCodec.Supports(_table.Filters) ? _table.Filters : null;
        var most = codec is not null ? (int)_table.ChunkShape![0] : (int)Math.Clamp(BlockBytes / _table.Type.Size, 1, Math.Max(1, _table.Length));
        var chunk = codec is null ? null : new ChunkReader(_table, new ChunkCodec(codec, checked(most * _table.Type.Size)));
        var bytes = new byte[checked(most * _table.Type.Size)];
        var numbers = new long[most * _columns.Length];
        for (long first = 0; first < _table.Length; first += most)
        {
            var rows = (int)Math.Min(most, _table.Length - first);
            if (chunk is null || !chunk.TryRead(first, bytes))
            {
                _table.Read(bytes.AsSpan(0, rows * _table.Type.Size), first, rows);
            }

            for (var i = 0; i < _columns.Length; i++)
            {
                var (member, type) = _columns[i];
                var column = new Column(bytes, member.Offset, _table.Type.Size, rows, type);
                for (var row = 0; row < rows; row++)
                {
                    numbers[(row * _columns.Length) + i] = Exact(column, row, member.Name, first);
                }
            }

            yield return new IdBlock(numbers, _columns.Length, rows);
        }
    }

    private (H5Member Member, NumberType Type) Find(string name)
    {
        var member = _table.Type.Members.FirstOrDefault(m => m.Name == name)
            ?? throw Error($"there is no column {name}; there are {string.Join(", ", _table.Type.Members.Select(m => m.Name))}. Name the columns that identify an event.", EventFileProblem.MissingData);
        return NumberTypes.Of(member.Type) is { } type
            ? (member, type)
            : throw Error($"column {name} is {member.Type}; expected numbers.", EventFileProblem.InvalidData);
    }

    private long Exact(Column column, int row, string name, long first)
    {
        if (column.Type.IsInteger())
        {
            return column.ToInt64(row);
        }

        var value = column[row];
        var limit = column.Type == NumberType.Float32 ? ExactInFloat32 : ExactInFloat64;
        if (Math.Abs(value) < limit && value == Math.Truncate(value))
        {
            return (long)value;
        }

        var found = value.ToString("R", CultureInfo.InvariantCulture);
        throw Error(
            Math.Abs(value) >= limit && double.IsFinite(value)
                ? $"{name} is {found} in row {first + row}; {(column.Type == NumberType.Float32 ? "float32 is exact below 2^24" : "float64 is exact below 2^53")} only, so that events cannot be told apart. Store {name} as a whole number or as float64."
                : $"{name} is {found} in row {first + row}; expected a whole number.",
            EventFileProblem.InvalidData);
    }

    private EventFileException Error(string problem, EventFileProblem kind) => new(_table.File.Path, _table.Path, problem) { Problem = kind };
}

/// <summary>Reads whole chunks of a table.</summary>
internal sealed class ChunkReader(H5Dataset table, ChunkCodec codec)
{
    private byte[] _stored = [];

    /// <summary>Reads the chunk that begins with a row.</summary>
    /// <returns>Whether it could be read; if not, the library says what is the matter with it, or gives the fill value.</returns>
    internal bool TryRead(long first, byte[] rows)
    {
        Span<long> coordinate = [first];
        var size = table.ChunkStorageSize(coordinate);
        if (size <= 0 || size > (2L * rows.Length) + 4096)
        {
            return false;
        }

        if (_stored.Length < size)
        {
            _stored = new byte[size];
        }

        var length = table.ReadChunk(coordinate, _stored, out var mask);
        try
        {
            codec.Decode(_stored.AsSpan(0, length), mask, rows);
            return true;
        }
        catch (ChunkDamagedException)
        {
            return false;
        }
    }
}

/// <summary>The numbers of some rows, row after row.</summary>
internal readonly struct IdBlock(long[] numbers, int columns, int rows)
{
    internal int Rows => rows;

    /// <summary>The numbers of a row, in the order of the columns.</summary>
    internal ReadOnlySpan<long> this[int row] => numbers.AsSpan(row * columns, columns);
}
