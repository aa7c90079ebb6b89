using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Running;

namespace OrcaSong.Labels;

/// <summary>The layout of the table <c>/y</c>: which label goes where in a row, and as which type.</summary>
internal sealed class LabelTable
{
    /// <summary>km3pipe's title of the table, from the Python tool's McInfoMaker.</summary>
    internal const string Title = "event_info";
    private const string GroupId = "group_id";
    private readonly (int Label, int Offset, NumberType Type)[] _cells;
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
        var layout = new List<(int, int, NumberType)>();
        var offset = 0;
        _groupIdOffset = -1;
        foreach (var (name, label, type) in cells)
        {
            if (name == GroupId)
            {
                (_groupIdOffset, _groupIdType) = (offset, type);
            }

            columns.Add((name, type.ToH5()));
            layout.Add((label, offset, type));
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
        _cells = [.. layout];
    }

    /// <summary>Columns of the table.</summary>
    internal IReadOnlyList<(string Name, H5Type Type)> Columns { get; }

    internal int RowBytes { get; }

    /// <summary>Writes a row, but for the group_id.</summary>
    internal void Write(ReadOnlySpan<double> labels, Span<byte> row)
    {
        foreach (var (label, offset, type) in _cells)
        {
            type.Write(row[offset..], labels[label]);
        }
    }

    /// <summary>Writes the group_id: the number of the event in the output.</summary>
    internal void WriteGroupId(long groupId, Span<byte> row) => _groupIdType.Write(row[_groupIdOffset..], groupId);

    private static bool KeepsType(string name, ProcessingOptions options) => !options.LabelsToFloat64 || name is "event_id" or GroupId;
}
