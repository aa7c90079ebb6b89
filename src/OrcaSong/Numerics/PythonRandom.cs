namespace OrcaSong.Numerics;

/// <summary>
/// The draws of CPython's <c>random.Random(seed)</c>: the engine of <see cref="MersenneTwister"/>, seeded by <c>init_by_array</c>
/// and used in another way than NumPy uses it.
/// </summary>
public sealed class PythonRandom
{
    private readonly MersenneTwister _engine;

    /// <summary>Starts as <c>random.Random(seed)</c> does.</summary>
    /// <param name="seed">A seed of up to 32 bits.</param>
    public PythonRandom(uint seed) => _engine = new MersenneTwister([seed]);

    /// <summary>The next <paramref name="count"/> random bits (1 to 32), as <c>getrandbits</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not 1 to 32.</exception>
    public uint NextBits(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 32);
        return _engine.NextUInt32() >> (32 - count);
    }

    /// <summary>Shuffles in place, in the order of <c>Random.shuffle</c>.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = (int)Below((uint)i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>
    /// A number below <paramref name="limit"/>: as many bits as the limit itself has are drawn until they fit, so that a limit of
    /// 2 takes two bits where one would do.
    /// </summary>
    private uint Below(uint limit)
    {
        var bits = 32 - System.Numerics.BitOperations.LeadingZeroCount(limit);
        uint value;
        do
        {
            value = NextBits(bits);
        }
        while (value >= limit);
        return value;
    }
}
