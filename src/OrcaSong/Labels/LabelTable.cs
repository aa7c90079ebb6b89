using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Numerics;
using OrcaSong.Running;

namespace OrcaSong.Labels;

/// <summary>Where in a row of <c>/y</c> a label goes, and as which type.</summary>
internal readonly record struct LabelCell(int Offset, NumberType Type);

/// <summary>A row of <c>/y</c> that is being filled; labels are numbered in the order in which their extractor makes them.</summary>
internal readonly ref struct LabelRow(ReadOnlySpan<LabelCell> cells, Span<byte> row)
{
    private readonly ReadOnlySpan<LabelCell> _cells = cells;
    private readonly Span<byte> _row = row;

    internal void Set(int label, double value) => _cells[label].Type.Write(_row[_cells[label].Offset..], value);

    internal void Set(int label, long value) => _cells[label].Type.Write(_row[_cells[label].Offset..], value);

    /// <summary>Takes a value over as it stands in the file.</summary>
    internal void Set(int label, Column column, int row)
    {
        if (column.Type == _cells[label].Type)
        {
            column.BytesOf(row).CopyTo(_row[_cells[label].Offset..]);
        }
        else
        {
            Set(label, column[row]);
        }
    }
}

/// <summary>The rows of <c>/y</c> of a batch's events, that are being filled.</summary>
internal readonly ref struct LabelRows(ReadOnlySpan<LabelCell> cells, Span<byte> rows, int rowBytes)
{
    private readonly ReadOnlySpan<LabelCell> _cells = cells;
    private readonly Span<byte> _rows = rows;

    /// <summary>The row of an event.</summary>
    internal LabelRow this[int eventInBatch] => new(_cells, _rows.Slice(eventInBatch * rowBytes, rowBytes));

    /// <summary>Takes a column over for all events: values of the label's type as they stand in the file.</summary>
    /// <param name="label">The label.</param>
    /// <param name="column">The column.</param>
    /// <param name="rowOfEvent">For each event the row of its value, or -1 where it has none: that becomes NaN.</param>
    internal void Take(int label, Column column, ReadOnlySpan<int> rowOfEvent)
    {
        var (offset, type) = _cells[label];
        var isSame = column.Type == type;
        for (var e = 0; e < rowOfEvent.Length; e++)
        {
            var cell = _rows[((e * rowBytes) + offset)..];
            if (rowOfEvent[e] < 0)
            {
                type.Write(cell, NumPy.NaN);
            }
            else if (isSame)
            {
                column.BytesOf(rowOfEvent[e]).CopyTo(cell);
            }
            else
            {
                type.Write(cell, column[rowOfEvent[e]]);
            }
        }
    }
}

/// <summary>The layout of the table <c>/y</c>: which label goes where in a row, and as which type.</summary>
internal sealed class LabelTable
{
    /// <summary>km3pipe's title of the table, from the Python tool's McInfoMaker.</summary>
    internal const string Title = "event_info";
    private const string GroupId = "group_id";
    private readonly LabelCell[] _cells;
    private readonly int _groupIdOffset;
    private readonly NumberType _groupIdType = NumberType.Int64;

    /// <summary>Lays out the row.</summary>
    /// <param name="labels">Labels in the order in which an extractor makes them, with their own types.</param>
    /// <param name="options">
    /// Whether they are sorted by name, and become float64 (but for event_id and group_id). Labels that keep their types are always sorted.
    /// </param>
    internal LabelTable(IReadOnlyList<(string Name, NumberType Type)> labels, ProcessingOptions options)
    {
        if (labels.GroupBy(l => l.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The labels have two columns called {twice.Key}.", nameof(labels));
        }

        var cells = labels.Select((l, i) => (l.Name, Label: i, Type: KeepsType(l.Name, options) ? l.Type : NumberType.Float64));
        if (options.SortLabels || !options.LabelsToFloat64)
        {
            cells = cells.OrderBy(c => c.Name, StringComparer.Ordinal);
        }

        var columns = new List<(string, H5Type)>();
        _cells = new LabelCell[labels.Count];
        var offset = 0;
        _groupIdOffset = -1;
        foreach (var (name, label, type) in cells)
        {
            if (name == GroupId)
            {
                (_groupIdOffset, _groupIdType) = (offset, type);
            }

            columns.Add((name, type.ToH5()));
            _cells[label] = new LabelCell(offset, type);
            offset += type.Size();
        }

        if (_groupIdOffset < 0)
        {
            _groupIdOffset = offset;
            columns.Add((GroupId, H5Type.Int64));
            offset += sizeof(long);
        }

        Columns = columns;
        RowBytes = offset;
    }

    /// <summary>Columns of the table.</summary>
    internal IReadOnlyList<(string Name, H5Type Type)> Columns { get; }

    internal int RowBytes { get; }

    /// <summary>The type that a label has in the table.</summary>
    internal NumberType TypeOf(int label) => _cells[label].Type;

    /// <summary>A row to be filled, but for the group_id.</summary>
    internal LabelRow Row(Span<byte> bytes) => new(_cells, bytes);

    /// <summary>Rows to be filled, likewise.</summary>
    internal LabelRows Rows(Span<byte> bytes) => new(_cells, bytes, RowBytes);

    /// <summary>Writes the group_id: the number of the event in the output.</summary>
    internal void WriteGroupId(long groupId, Span<byte> row) => _groupIdType.Write(row[_groupIdOffset..], groupId);

    private static bool KeepsType(string name, ProcessingOptions options) => !options.LabelsToFloat64 || name is "event_id" or GroupId;
}

/// <summary>The labels of an extractor in their order; a label that is added again keeps its place, as in a Python dictionary.</summary>
internal sealed class LabelList
{
    private readonly OrderedDictionary<string, NumberType> _types = new(StringComparer.Ordinal);

    internal IReadOnlyList<(string Name, NumberType Type)> All => [.. _types.Select(t => (t.Key, t.Value))];

    /// <summary>Adds a label.</summary>
    /// <returns>Its number.</returns>
    internal int Add(string name, NumberType type)
    {
        _types[name] = type;
        return _types.IndexOf(name);
    }

    /// <summary>The number of a label.</summary>
    internal int this[string name] => _types.IndexOf(name);
}
