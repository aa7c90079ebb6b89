using System.Numerics;

namespace OrcaSong.Inspection;

/// <summary>The group_id of a table with a row for each event: none twice, and the same in all tables of a file.</summary>
/// <param name="rows">Rows of the table.</param>
internal sealed class GroupIds(long rows)
{
    private const int MostOutside = 8 << 20;
    private readonly Lock _lock = new();
    private readonly ulong[] _seen = new ulong[(Math.Min(rows, 1 << 26) / 8) + 1]; // for numbers up to eight times that of events
    private readonly HashSet<long> _outside = [];

    /// <summary>A sum over rows and their group_id: two tables with different ones have different sums, but for one case in 2^64.</summary>
    internal ulong Sum { get; private set; }

    /// <summary>Adds some rows; in any order, on any thread.</summary>
    /// <param name="firstRow">Row of the first one.</param>
    /// <param name="ids">Their group_id.</param>
    /// <returns>One that was there already, with its row.</returns>
    internal (long Row, long Id)? Add(long firstRow, ReadOnlySpan<long> ids)
    {
        lock (_lock)
        {
            (long, long)? twice = null;
            for (var i = 0; i < ids.Length; i++)
            {
                Sum += Mix((ulong)(firstRow + i) ^ BitOperations.RotateLeft(Mix((ulong)ids[i]), 17));
                if (!IsNew(ids[i]))
                {
                    twice ??= (firstRow + i, ids[i]);
                }
            }

            return twice;
        }
    }

    private bool IsNew(long id)
    {
        if (id < 0 || id / 64 >= _seen.Length)
        {
            return _outside.Count >= MostOutside || _outside.Add(id);
        }

        ref var word = ref _seen[id / 64];
        var bit = 1UL << (int)(id % 64);
        var isNew = (word & bit) == 0;
        word |= bit;
        return isNew;
    }

    // The finisher of SplitMix64.
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
