using System.Runtime.InteropServices;

namespace OrcaSong.Events;

/// <summary>Some consecutive rows of a table.</summary>
/// <param name="First">First row.</param>
/// <param name="Count">Number of rows.</param>
internal readonly record struct RowRun(long First, int Count);

/// <summary>Rows of a table in the order in which they are wanted; neighbours are joined.</summary>
internal sealed class RowRuns
{
    private readonly List<RowRun> _runs = [];

    internal int RowCount { get; private set; }

    internal ReadOnlySpan<RowRun> Runs => CollectionsMarshal.AsSpan(_runs);

    internal void Add(long first, int count)
    {
        if (count == 0)
        {
            return;
        }

        RowCount = checked(RowCount + count);
        if (_runs.Count > 0 && _runs[^1] is var last && last.First + last.Count == first)
        {
            _runs[^1] = new RowRun(last.First, last.Count + count);
        }
        else
        {
            _runs.Add(new RowRun(first, count));
        }
    }
}

/// <summary>Says which rows of a table belong to an event.</summary>
internal abstract class TableIndex : IDisposable
{
    /// <summary>Appends the rows of an event. Events are asked for in ascending order.</summary>
    /// <param name="eventIndex">The event, counted from 0 in file order.</param>
    /// <param name="runs">Receives its rows.</param>
    internal abstract void Locate(int eventIndex, RowRuns runs);

    public virtual void Dispose()
    {
    }

    /// <summary>Chooses the index for a table.</summary>
    /// <param name="file">The file.</param>
    /// <param name="table">One of its tables, not a singleton.</param>
    /// <param name="inOrder">Whether rows may be taken to follow the order of events (see <see cref="SequentialIndex"/>).</param>
    /// <param name="source">Opens the rows of a dataset; the caller disposes them.</param>
    internal static TableIndex Of(EventFile file, EventTable table, bool inOrder, Func<string, RowSource> source)
    {
        if (table.Layout == TableLayout.Split && SplitIndex.TryRead(file, table) is { } split)
        {
            return split;
        }

        if (table.Find("group_id") is not { Number: not null } column)
        {
            throw SplitIndex.Inconsistent(file, table);
        }

        var groupIds = source(table.Layout == TableLayout.Split ? $"{table.Path}/group_id" : table.Path);
        return inOrder ? new SequentialIndex(file, table, groupIds, column) : new FullIndex(file, groupIds, column);
    }

    /// <summary>The group_id of each row of a block.</summary>
    private protected static Column GroupIds(RowSource source, RowBlock block, TableColumn column) =>
        new(block.Rows, column.Offset, source.RowBytes, block.Count, column.Number!.Value);
}

/// <summary>
/// The index of a column-split table: <c>_indices</c> holds (index, n_items) for each event. km3pipe takes the row whose NUMBER
/// is the group_id; files with gaps in group_id, or in which an event has no entry, are told by the rows not adding up and are
/// then indexed by the table's own group_id column.
/// </summary>
internal sealed class SplitIndex : TableIndex
{
    private readonly long[] _first;
    private readonly int[] _count;
    private readonly long[]? _rowOfEvent;

    private SplitIndex(long[] first, int[] count, long[]? rowOfEvent)
    {
        _first = first;
        _count = count;
        _rowOfEvent = rowOfEvent;
    }

    internal static EventFileException Inconsistent(EventFile file, EventTable table) => new(
        file.Path, $"{table.Path}/_indices", $"does not add up with the {table.RowCount} rows of {table.Path} and the {file.EventCount} events of /group_info, and there is no column {table.Path}/group_id to tell them apart. Convert the original file again.");

    /// <summary>Reads <c>_indices</c>, or says that it cannot be relied on.</summary>
    internal static SplitIndex? TryRead(EventFile file, EventTable table)
    {
        var path = $"{table.Path}/_indices";
        using var source = new RowSource(file, path);
        var index = Member(file, path, "index");
        var items = Member(file, path, "n_items");
        if (source.RowCount > Array.MaxLength / sizeof(long) || file.EventCount > source.RowCount)
        {
            return null;
        }

        var first = new long[source.RowCount];
        var count = new int[source.RowCount];
        long next = 0;
        for (long row = 0; row < first.Length;)
        {
            using var block = source.Get(row / source.BlockRows);
            var starts = new Column(block.Rows, index.Offset, source.RowBytes, block.Count, index.Number!.Value);
            var lengths = new Column(block.Rows, items.Offset, source.RowBytes, block.Count, items.Number!.Value);
            for (var i = 0; i < block.Count; i++, row++)
            {
                var length = lengths.ToInt64(i);
                first[row] = starts.ToInt64(i);
                count[row] = (int)Math.Clamp(length, 0, int.MaxValue);
                if (first[row] != next || length < 0 || length > table.RowCount - next)
                {
                    return null;
                }

                next += length;
            }
        }

        return next == table.RowCount && RowsOfEvents(file.GroupIds, first.Length, out var rowOfEvent)
            ? new SplitIndex(first, count, rowOfEvent)
            : null;
    }

    internal override void Locate(int eventIndex, RowRuns runs)
    {
        var row = _rowOfEvent is null ? eventIndex : _rowOfEvent[eventIndex];
        runs.Add(_first[row], _count[row]);
    }

    /// <summary>An event's row is its group_id; with gaps in the group_ids and one row for each event, rows follow the events.</summary>
    private static bool RowsOfEvents(long[] groupIds, int rows, out long[]? rowOfEvent)
    {
        rowOfEvent = null;
        var ordered = true;
        var inside = true;
        for (var e = 0; e < groupIds.Length; e++)
        {
            ordered &= groupIds[e] == e;
            inside &= groupIds[e] >= 0 && groupIds[e] < rows;
        }

        rowOfEvent = ordered || !inside ? null : groupIds;
        return inside || rows == groupIds.Length;
    }

    private static TableColumn Member(EventFile file, string path, string name)
    {
        using var dataset = file.File.Root.OpenDataset(path);
        return dataset.Shape.Count == 1
            && dataset.Type.Members.FirstOrDefault(m => m.Name == name) is { } member
            && new TableColumn(name, member.Type, member.Offset) is { Number: not null } column
            ? column
            : throw new EventFileException(file.Path, path, $"is {dataset.Type}, not a table with the whole numbers index and n_items. Convert the original file again.");
    }
}

/// <summary>Rows turned up that belong to an event already passed: the table needs a <see cref="FullIndex"/>.</summary>
internal sealed class TableOrderException(EventFile file, EventTable table)
    : Exception($"The rows of {table.Path} in '{file.Path}' do not follow the order of the events.");

/// <summary>
/// The index of a compound table whose rows follow the order of the events, as km3pipe writes them: found while reading on, so
/// that every chunk is decoded only once. Rows out of order raise <see cref="TableOrderException"/>; the run then starts again
/// with a <see cref="FullIndex"/>.
/// </summary>
internal sealed class SequentialIndex : TableIndex
{
    private readonly EventFile _file;
    private readonly EventTable _table;
    private readonly RowSource _source;
    private readonly TableColumn _column;
    private readonly EventOrder _order;
    private RowBlock? _block;
    private Column _groupIds;
    private long _row;

    internal SequentialIndex(EventFile file, EventTable table, RowSource source, TableColumn column)
    {
        _file = file;
        _table = table;
        _source = source;
        _column = column;
        _order = EventOrder.Of(file);
    }

    internal override void Locate(int eventIndex, RowRuns runs)
    {
        var first = _row;
        while (_row < _source.RowCount)
        {
            if (_block is null || _row >= _block.FirstRow + _block.Count)
            {
                // Not disposed a second time if the next one cannot be read.
                _block?.Dispose();
                _block = null;
                _block = _source.Get(_row / _source.BlockRows);
                _groupIds = GroupIds(_source, _block, _column);
            }

            // Rows of an id that no event has are passed over.
            var owner = _order.IndexOf(_groupIds.ToInt64((int)(_row - _block.FirstRow)));
            if (owner > eventIndex)
            {
                break;
            }

            if (owner < eventIndex && owner >= 0)
            {
                throw new TableOrderException(_file, _table);
            }

            _row++;
            if (owner < 0)
            {
                runs.Add(first, (int)(_row - 1 - first));
                first = _row;
            }
        }

        runs.Add(first, checked((int)(_row - first)));
    }

    public override void Dispose()
    {
        _block?.Dispose();
        base.Dispose();
    }
}

/// <summary>The index of a table whose rows come in any order, made by reading its group_id once from end to end.</summary>
internal sealed class FullIndex : TableIndex
{
    private readonly List<RowRun>?[] _runs;

    internal FullIndex(EventFile file, RowSource source, TableColumn column)
    {
        _runs = new List<RowRun>?[file.EventCount];
        var order = EventOrder.Of(file);
        for (long row = 0; row < source.RowCount;)
        {
            using var block = source.Get(row / source.BlockRows);
            var ids = GroupIds(source, block, column);
            for (var i = 0; i < block.Count; i++, row++)
            {
                if (order.IndexOf(ids.ToInt64(i)) is var owner and >= 0)
                {
                    Add(_runs[owner] ??= [], row);
                }
            }
        }
    }

    internal override void Locate(int eventIndex, RowRuns runs)
    {
        foreach (var run in _runs[eventIndex] ?? [])
        {
            runs.Add(run.First, run.Count);
        }
    }

    private static void Add(List<RowRun> runs, long row)
    {
        if (runs.Count > 0 && runs[^1] is var last && last.First + last.Count == row)
        {
            runs[^1] = new RowRun(last.First, last.Count + 1);
        }
        else
        {
            runs.Add(new RowRun(row, 1));
        }
    }
}

/// <summary>From a group_id to the place of its event in the file.</summary>
internal sealed class EventOrder
{
    private readonly int _count;
    private readonly Dictionary<long, int>? _byId;

    private EventOrder(int count, Dictionary<long, int>? byId)
    {
        _count = count;
        _byId = byId;
    }

    internal static EventOrder Of(EventFile file)
    {
        var ids = file.GroupIds;
        var counted = true;
        for (var e = 0; e < ids.Length && counted; e++)
        {
            counted = ids[e] == e;
        }

        if (counted)
        {
            return new EventOrder(ids.Length, null);
        }

        var byId = new Dictionary<long, int>(ids.Length);
        for (var e = 0; e < ids.Length; e++)
        {
            if (!byId.TryAdd(ids[e], e))
            {
                throw new EventFileException(
                    file.Path, "/group_info", $"has group_id {ids[e]} twice, for events {byId[ids[e]]} and {e}; their rows cannot be told apart. Convert the original file again.", e);
            }
        }

        return new EventOrder(ids.Length, byId);
    }

    /// <summary>The event with that group_id, counted from 0 in file order, or -1.</summary>
    internal int IndexOf(long groupId) =>
        _byId is null ? (groupId >= 0 && groupId < _count ? (int)groupId : -1) : _byId.GetValueOrDefault(groupId, -1);
}
