using System.Runtime.InteropServices;
using OrcaSong.Events;
using OrcaSong.Output;

namespace OrcaSong.Inspection;

/// <summary>
/// Finds events that are in a table twice: with the same run and event number, or, in files that are merged from several, where different simulations
/// may use the same numbers, with all labels the same.
/// </summary>
/// <param name="columns">The columns of run and event.</param>
/// <param name="groupId">The column group_id, which tells nothing about the event.</param>
/// <param name="rowBytes">Bytes of a row.</param>
/// <param name="wholeRows">Whether all labels count.</param>
internal sealed class RowKeys(TableColumn[] columns, TableColumn? groupId, int rowBytes, bool wholeRows)
{
    /// <summary>Keys that are kept at a time, 20 bytes each; a table with more rows is read several times.</summary>
    internal const int MostKeys = 8 << 20;
    private readonly Lock _lock = new();
    private readonly List<UInt128> _keys = [];
    private readonly List<int> _rows = [];

    /// <summary>Which part of all keys is looked at, and of how many parts.</summary>
    internal (int Part, int Parts) Share { get; init; } = (0, 1);

    /// <summary>Adds the rows of a block; on any thread.</summary>
    internal void Add(RowBlock block)
    {
        var values = columns.Select(c => new Column(block.Rows, c.Offset, rowBytes, block.Count, c.Number!.Value)).ToArray();
        var (keys, rows) = (new List<UInt128>(block.Count), new List<int>(block.Count));
        var copy = new byte[rowBytes];
        for (var row = 0; row < block.Count; row++)
        {
            ulong hash = 0;
            if (wholeRows)
            {
                block.Rows.AsSpan(row * rowBytes, rowBytes).CopyTo(copy);
                if (groupId is not null)
                {
                    copy.AsSpan(groupId.Offset, groupId.Type.Size).Clear();
                }

                hash = new XxHash64().Finish(copy);
            }

            var key = new UInt128((ulong)(long)values[0][row] ^ hash, (ulong)(long)values[1][row]);
            if (Share.Parts == 1 || (int)(Mix(key) % (ulong)Share.Parts) == Share.Part)
            {
                keys.Add(key);
                rows.Add((int)(block.FirstRow + row));
            }
        }

        lock (_lock)
        {
            _keys.AddRange(keys);
            _rows.AddRange(rows);
        }
    }

    /// <summary>The first two rows of the same event, and how many rows are there again.</summary>
    internal (int First, int Second, int Count)? Twice()
    {
        var keys = CollectionsMarshal.AsSpan(_keys);
        var rows = CollectionsMarshal.AsSpan(_rows);
        keys.Sort(rows);
        var (first, second, count) = (0, int.MaxValue, 0);
        for (var i = 1; i < keys.Length; i++)
        {
            if (keys[i] == keys[i - 1])
            {
                count++;
                var (a, b) = (Math.Min(rows[i - 1], rows[i]), Math.Max(rows[i - 1], rows[i]));
                (first, second) = b < second ? (a, b) : (first, second);
            }
        }

        return count == 0 ? null : (first, second, count);
    }

    private static ulong Mix(UInt128 key) => new XxHash64().Finish(MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(in key)));
}
