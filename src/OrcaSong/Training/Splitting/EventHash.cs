namespace OrcaSong.Training.Splitting;

/// <summary>
/// A hash of the numbers that identify an event. It depends on nothing else: not on the file, the machine or the version of this program, so
/// that an event lands in the same set whenever and however it is converted.
/// </summary>
/// <remarks>
/// With unsigned 64-bit arithmetic, G = 0x9E3779B97F4A7C15 and mix = the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014, in
/// Vigna's version): h = mix(seed + G), then h = mix((h xor number) + G) for each number, negative ones in two's complement.
/// </remarks>
public static class EventHash
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    /// <summary>The hash of an event.</summary>
    /// <param name="numbers">The numbers that identify it, such as run_id and event_id; their order counts.</param>
    /// <param name="seed">Another seed makes another, independent hash.</param>
    /// <returns>64 bits.</returns>
    public static ulong Of(ReadOnlySpan<long> numbers, ulong seed = 0)
    {
        var hash = Start(seed);
        foreach (var number in numbers)
        {
            hash = Add(hash, number);
        }

        return hash;
    }

    /// <summary>The hash as a number from 0 up to, not including, 1: its upper 53 bits over 2^53.</summary>
    /// <param name="hash">The hash.</param>
    /// <returns>The number.</returns>
    public static double ToUnit(ulong hash) => (hash >> 11) * (1.0 / (1UL << 53));

    /// <summary>The hash of no numbers.</summary>
    internal static ulong Start(ulong seed) => Mix(unchecked(seed + Gamma));

    /// <summary>The hash of one number more.</summary>
    internal static ulong Add(ulong hash, long number) => Mix(unchecked((hash ^ (ulong)number) + Gamma));

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
