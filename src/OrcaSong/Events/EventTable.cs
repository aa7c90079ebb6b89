using OrcaSong.Hdf5;

namespace OrcaSong.Events;

/// <summary>How a table is laid out in the file (km3pipe's format).</summary>
public enum TableLayout
{
    /// <summary>A group with a dataset per column, and <c>_indices</c> (index, n_items) that cuts them into events.</summary>
    Split,

    /// <summary>A compound dataset whose column <c>group_id</c> says which event a row belongs to.</summary>
    Compound,

    /// <summary>A compound dataset without <c>group_id</c>: it belongs to the whole file.</summary>
    Singleton,
}

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name, such as <c>dom_id</c>.</param>
/// <param name="Type">Its type: that of the file, but little-endian, as rows are read.</param>
/// <param name="Offset">Bytes from the start of a compound row; 0 in a split table.</param>
public sealed record TableColumn(string Name, H5Type Type, int Offset)
{
    /// <summary>The number type of the values, or <see langword="null"/> for text and other types.</summary>
    public NumberType? Number { get; } = NumberTypes.Of(Type);
}

/// <summary>A table of an event file: what it is called, how it is laid out, which columns it has.</summary>
public sealed class EventTable
{
    private readonly Dictionary<string, TableColumn> _byName;

    internal EventTable(string path, TableLayout layout, IReadOnlyList<TableColumn> columns, long rowCount, int rowSize)
    {
        Path = path;
        Layout = layout;
        Columns = columns;
        RowCount = rowCount;
        RowSize = rowSize;
        _byName = columns.ToDictionary(c => c.Name, StringComparer.Ordinal);
    }

    /// <summary>Path in the file, such as <c>/reco/best_jmuon</c>.</summary>
    public string Path { get; }

    /// <summary>Last part of the path, such as <c>best_jmuon</c>.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>How it is laid out.</summary>
    public TableLayout Layout { get; }

    /// <summary>Its columns: in file order, or alphabetically for a split table.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>Number of rows in the whole file.</summary>
    public long RowCount { get; }

    /// <summary>Bytes of a compound row; 0 for a split table.</summary>
    public int RowSize { get; }

    /// <summary>The column of that name, or <see langword="null"/>.</summary>
    /// <param name="name">Name, with exact case.</param>
    /// <returns>The column.</returns>
    public TableColumn? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Copies a row of a compound table, column after column without gaps.</summary>
    /// <param name="row">The row as it stands in the file.</param>
    /// <param name="packed">Receives the values of all columns.</param>
    internal void Pack(ReadOnlySpan<byte> row, Span<byte> packed)
    {
        foreach (var column in Columns)
        {
            row.Slice(column.Offset, column.Type.Size).CopyTo(packed);
            packed = packed[column.Type.Size..];
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Path} ({RowCount} rows: {string.Join(", ", Columns.Select(c => c.Name))})";
}
