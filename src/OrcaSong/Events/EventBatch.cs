using System.Buffers;

namespace OrcaSong.Events;

/// <summary>Some consecutive events of a file, as columns. Its memory is pooled: dispose it when done.</summary>
public sealed class EventBatch : IDisposable
{
    private readonly Dictionary<string, TableBatch> _tables;

    internal EventBatch(EventFile file, int firstEvent, int count, Dictionary<string, TableBatch> tables)
    {
        File = file;
        FirstEvent = firstEvent;
        Count = count;
        _tables = tables;
    }

    /// <summary>The file that they come from.</summary>
    public EventFile File { get; }

    /// <summary>The first event, counted from 0 in file order.</summary>
    public int FirstEvent { get; }

    /// <summary>Number of events.</summary>
    public int Count { get; }

    /// <summary>The rows of a table, or <see langword="null"/> when the file has no such table or it was not asked for.</summary>
    /// <param name="path">Path in the file, such as <c>/hits</c>.</param>
    /// <returns>Its rows.</returns>
    public TableBatch? Find(string path) => _tables.GetValueOrDefault(path);

    /// <summary>The rows of a table that was asked for.</summary>
    /// <param name="path">Path in the file, such as <c>/hits</c>.</param>
    public TableBatch this[string path] => _tables[path];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var table in _tables.Values)
        {
            table.Dispose();
        }
    }
}

/// <summary>The rows of one table for the events of a batch.</summary>
public sealed class TableBatch : IDisposable
{
    private readonly Dictionary<string, Column> _columns;
    private readonly List<byte[]> _buffers;

    internal TableBatch(EventTable table, int[] offsets, Dictionary<string, Column> columns, List<byte[]> buffers)
    {
        Table = table;
        Offsets = offsets;
        _columns = columns;
        _buffers = buffers;
    }

    /// <summary>The table.</summary>
    public EventTable Table { get; }

    /// <summary>Event e has the rows from Offsets[e] up to Offsets[e + 1]; one entry more than there are events.</summary>
    public int[] Offsets { get; }

    /// <summary>Rows of all events together.</summary>
    public int RowCount => Offsets[^1];

    /// <summary>The packed rows of a compound table, each <see cref="EventTable.RowSize"/> bytes; empty for a split one.</summary>
    public ReadOnlySpan<byte> Rows => Table.Layout == TableLayout.Split ? [] : _buffers[0].AsSpan(0, RowCount * Table.RowSize);

    /// <summary>The values of a column that was asked for.</summary>
    /// <param name="name">Name of the column.</param>
    public Column this[string name] => _columns[name];

    /// <summary>Whether that column was asked for and is there.</summary>
    /// <param name="name">Name of the column.</param>
    /// <param name="column">Its values.</param>
    /// <returns>Whether it is there.</returns>
    public bool TryGet(string name, out Column column) => _columns.TryGetValue(name, out column);

    internal void Add(string name, Column column) => _columns.Add(name, column);

    /// <summary>Number of rows of an event.</summary>
    /// <param name="eventInBatch">The event, counted from 0 in the batch.</param>
    /// <returns>The number of rows.</returns>
    public int CountOf(int eventInBatch) => Offsets[eventInBatch + 1] - Offsets[eventInBatch];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _buffers)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        _buffers.Clear();
    }
}

/// <summary>A table that a job reads, and which of its columns.</summary>
/// <param name="Path">Path in the file, such as <c>/hits</c>.</param>
/// <param name="Columns">Names of columns; <see langword="null"/> for all. Of a compound table all are read anyway.</param>
public sealed record TableRequest(string Path, IReadOnlyCollection<string>? Columns = null);
