namespace OrcaSong.Numerics;

/// <summary>
/// The generator MT19937 with the draws of NumPy's legacy <c>numpy.random.RandomState(seed)</c> (also what
/// <c>numpy.random.seed(seed)</c> sets up): the same seed gives the same numbers and the same shuffles.
/// </summary>
/// <remarks>
/// M. Matsumoto and T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random number
/// generator", ACM TOMACS 8 (1998) 3; seeding as in their revision of 2002. Not safe for use by several threads at once.
/// </remarks>
public sealed class MersenneTwister
{
    private const int StateSize = 624;
    private const int ShiftSize = 397;
    private const uint KeySeed = 19650218;

    private readonly uint[] _state = new uint[StateSize];
    private int _next = StateSize;

    /// <summary>Seeds as <c>init_genrand</c> does, which NumPy uses for an integer seed.</summary>
    /// <param name="seed">Any 32-bit number.</param>
    public MersenneTwister(uint seed)
    {
        _state[0] = seed;
        for (var i = 1; i < StateSize; i++)
        {
            _state[i] = (1812433253 * Fold(_state[i - 1])) + (uint)i;
        }
    }

    /// <summary>Seeds as <c>init_by_array</c> does, which CPython uses for an integer seed.</summary>
    /// <param name="key">The seed's 32-bit words, lowest first; at least one.</param>
    internal MersenneTwister(ReadOnlySpan<uint> key)
        : this(KeySeed)
    {
        var position = 1;
        var word = 0;
        for (var k = Math.Max(StateSize, key.Length); k > 0; k--)
        {
            _state[position] = (_state[position] ^ (Fold(_state[position - 1]) * 1664525)) + key[word] + (uint)word;
            position = Advance(position);
            word = word + 1 < key.Length ? word + 1 : 0;
        }

        for (var k = StateSize - 1; k > 0; k--)
        {
            _state[position] = (_state[position] ^ (Fold(_state[position - 1]) * 1566083941)) - (uint)position;
            position = Advance(position);
        }

        _state[0] = 0x80000000;
    }

    /// <summary>The next 32 random bits.</summary>
    public uint NextUInt32()
    {
        if (_next == StateSize)
        {
            Regenerate();
        }

        var bits = _state[_next++];
        bits ^= bits >> 11;
        bits ^= (bits << 7) & 0x9d2c5680;
        bits ^= (bits << 15) & 0xefc60000;
        return bits ^ (bits >> 18);
    }

    /// <summary>
    /// A number from 0 to <paramref name="max"/>, both included, as NumPy's <c>random_interval</c>: draws are masked to the bits
    /// of <paramref name="max"/> and thrown away until one fits. A <paramref name="max"/> of 0 draws nothing.
    /// </summary>
    public uint RandomInterval(uint max)
    {
        if (max == 0)
        {
            return 0;
        }

        var mask = uint.MaxValue >> System.Numerics.BitOperations.LeadingZeroCount(max);
        uint value;
        do
        {
            value = NextUInt32() & mask;
        }
        while (value > max);
        return value;
    }

    /// <summary>Shuffles in place, in the order of <c>RandomState.shuffle</c> (from the last item down to the second).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = (int)RandomInterval((uint)i);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static uint Fold(uint word) => word ^ (word >> 30);

    /// <summary>The next position to be seeded from a key; the last word is carried over to the front when the state wraps around.</summary>
    private int Advance(int position)
    {
        if (position + 1 < StateSize)
        {
            return position + 1;
        }

        _state[0] = _state[StateSize - 1];
        return 1;
    }

    private void Regenerate()
    {
        for (var i = 0; i < StateSize; i++)
        {
            var joined = (_state[i] & 0x80000000) | (_state[(i + 1) % StateSize] & 0x7fffffff);
            _state[i] = _state[(i + ShiftSize) % StateSize] ^ (joined >> 1) ^ ((joined & 1) * 0x9908b0df);
        }

        _next = 0;
    }
}
