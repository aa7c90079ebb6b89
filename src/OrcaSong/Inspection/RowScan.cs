using OrcaSong.Events;
using OrcaSong.Hdf5;

namespace OrcaSong.Inspection;

/// <summary>
/// Looks at columns of a table, or at a dataset of numbers, block by block: at all rows of a small one, at evenly spread blocks of a
/// large one, so that it takes no time to speak of.
/// </summary>
internal sealed class RowScan : IDisposable
{
    /// <summary>More than that is not read of one table.</summary>
    private const long MostBytes = 64L << 20;
    private const long BlockBytes = 1L << 20;
    private readonly H5Dataset _dataset;

    /// <param name="file">The file.</param>
    /// <param name="path">A compound dataset, or one of numbers; of one with several axes, the values of a row are its columns.</param>
    internal RowScan(H5File file, string path) => _dataset = file.Root.OpenDataset(path);

    /// <summary>Number of rows.</summary>
    internal long Rows => _dataset.Length;

    // As a floating-point number, since a damaged file can claim anything.
    private double RowBytes => _dataset.Shape.Skip(1).Aggregate((double)_dataset.Type.Size, (product, n) => product * n);

    /// <summary>Finds a column of a compound dataset; <see langword="null"/> if there is none of that name, or it holds no numbers.</summary>
    internal TableColumn? Find(string name) =>
        _dataset.Type.Members.FirstOrDefault(m => m.Name == name) is { } member
        && new TableColumn(name, member.Type.InMemory(), member.Offset) is { Number: not null } column ? column : null;

    /// <summary>A value of each row of a dataset of numbers; <see langword="null"/> if it holds something else.</summary>
    /// <param name="index">Which of the values of a row.</param>
    internal TableColumn? Element(int index) =>
        new TableColumn(string.Empty, _dataset.Type.InMemory(), index * _dataset.Type.Size) is { Number: not null } column ? column : null;

    /// <summary>Hands columns over, block by block and in order.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="look">Is called for each block with its first row and its columns; ends the scan by returning <see langword="false"/>.</param>
    /// <param name="mostRows">Rows to look at, from the first on; all where it is left out.</param>
    /// <returns>Whether all rows were handed over.</returns>
    internal bool Look(IReadOnlyList<TableColumn> columns, Func<long, Column[], bool> look, long mostRows = long.MaxValue)
    {
        if (RowBytes is < 1 or > MostBytes)
        {
            return Rows == 0;
        }

        var rowBytes = (int)RowBytes;
        var chunk = Math.Max(1, _dataset.ChunkShape?[0] ?? 1);

        // A whole number of chunks, so that none is inflated twice; a chunk may be larger than the file.
        var blockRows = Math.Min(Math.Max(BlockBytes / rowBytes / chunk * chunk, chunk), MostBytes / rowBytes);
        var total = Math.Min(Rows, mostRows);
        blockRows = Math.Min(blockRows, Math.Max(1, total));
        var blocks = (total + blockRows - 1) / blockRows;
        var mostBlocks = Math.Max(1, MostBytes / (blockRows * rowBytes));
        var looked = Math.Min(blocks, mostBlocks);
        var bytes = new byte[blockRows * rowBytes];
        for (long i = 0; i < looked; i++)
        {
            var first = (looked == blocks ? i : (long)((double)i * (blocks - 1) / Math.Max(1, looked - 1))) * blockRows;
            var count = (int)Math.Min(blockRows, total - first);
            _dataset.Read(bytes.AsSpan(0, count * rowBytes), first, count);
            if (!look(first, [.. columns.Select(c => new Column(bytes, c.Offset, rowBytes, count, c.Number!.Value))]))
            {
                return false;
            }
        }

        return looked == blocks && total == Rows;
    }

    /// <summary>One value of a column; <see langword="null"/> if there is no such column, or the value is NaN.</summary>
    /// <param name="name">Name of the column.</param>
    /// <param name="row">Row, from 0.</param>
    internal double? Value(string name, long row)
    {
        if (Find(name) is not { } column)
        {
            return null;
        }

        var bytes = new byte[_dataset.Type.Size];
        _dataset.Read(bytes.AsSpan(), row, 1);
        return new Column(bytes, column.Offset, bytes.Length, 1, column.Number!.Value)[0] is var value && double.IsNaN(value) ? null : value;
    }

    /// <summary>The row of an event, looked for where it is expected first; <see langword="null"/> where it is not found.</summary>
    /// <param name="groupId">The event's group_id.</param>
    /// <param name="expected">The row that it has in a table with a row for each event.</param>
    internal long? RowOf(long groupId, long expected)
    {
        if (expected < Rows && Value("group_id", expected) is { } there && there == groupId)
        {
            return expected;
        }

        if (Find("group_id") is not { } column)
        {
            return null;
        }

        long? found = null;
        Look([column], (first, block) =>
        {
            for (var row = 0; row < block[0].Count && found is null; row++)
            {
                found = block[0].ToInt64(row) == groupId ? first + row : null;
            }

            return found is null;
        });
        return found;
    }

    public void Dispose() => _dataset.Dispose();
}
