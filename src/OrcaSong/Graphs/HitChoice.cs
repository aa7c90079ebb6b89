using OrcaSong.Numerics;

namespace OrcaSong.Graphs;

/// <summary>
/// Draws which hits of an event are kept when it has too many, as the Python tool does: all hits are shuffled by NumPy's generator, the
/// first ones are kept, in the order of the file. Draws depend on those before them: ask for events in their order.
/// </summary>
internal sealed class HitChoice(uint seed)
{
    private readonly MersenneTwister _random = new(seed);
    private int[] _shuffled = [];
    private bool[] _kept = [];

    /// <summary>Chooses hits.</summary>
    /// <param name="count">Hits of the event.</param>
    /// <param name="keep">How many are kept; fewer.</param>
    /// <returns>The hits, counted from 0, ascending; valid until the next call.</returns>
    internal ReadOnlySpan<int> Draw(int count, int keep)
    {
        Buffers.Grow(ref _shuffled, count);
        Buffers.Grow(ref _kept, count);
        var shuffled = _shuffled.AsSpan(0, count);
        for (var i = 0; i < shuffled.Length; i++)
        {
            shuffled[i] = i;
        }

        _random.Shuffle(shuffled);

        // Marking them costs a fraction of sorting them.
        var kept = _kept.AsSpan(0, count);
        kept.Clear();
        foreach (var hit in shuffled[..keep])
        {
            kept[hit] = true;
        }

        var chosen = 0;
        for (var i = 0; i < kept.Length; i++)
        {
            if (kept[i])
            {
                shuffled[chosen++] = i;
            }
        }

        return shuffled[..chosen];
    }
}
