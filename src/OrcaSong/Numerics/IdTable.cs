namespace OrcaSong.Numerics;

/// <summary>
/// Numbers the different identifiers among some in the order in which they first come: 0, 1, ... Used again and again without being
/// cleared or allocated anew.
/// </summary>
internal sealed class IdTable
{
    private Slot[] _slots = new Slot[64];
    private int _round;

    /// <summary>How many different identifiers there were since <see cref="Reset"/>.</summary>
    internal int Count { get; private set; }

    /// <summary>Forgets all identifiers.</summary>
    /// <param name="most">The most different ones that will come.</param>
    internal void Reset(int most)
    {
        Count = 0;
        if (_slots.Length < 2L * most)
        {
            _slots = new Slot[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(2 * most))];
            _round = 0;
        }

        _round++;
    }

    /// <summary>The number of an identifier, which gets the next one if it is new.</summary>
    internal int Add(long id)
    {
        ref var slot = ref Find(id);
        if (slot.Round != _round)
        {
            slot = new Slot(id, Count++, _round);
        }

        return slot.Number;
    }

    /// <summary>The number of an identifier, or -1.</summary>
    internal int IndexOf(long id)
    {
        ref var slot = ref Find(id);
        return slot.Round == _round ? slot.Number : -1;
    }

    private ref Slot Find(long id)
    {
        var mask = _slots.Length - 1;
        for (var i = (int)((ulong)(id * unchecked((long)0x9E3779B97F4A7C15)) >> 32) & mask; ; i = (i + 1) & mask)
        {
            ref var slot = ref _slots[i];
            if (slot.Round != _round || slot.Id == id)
            {
                return ref slot;
            }
        }
    }

    private record struct Slot(long Id, int Number, int Round);
}
