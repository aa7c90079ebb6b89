namespace OrcaSong.Numerics;

/// <summary>Numbers that come one after the other.</summary>
internal interface INumberSource
{
    /// <summary>The next number.</summary>
    double Next();
}

/// <summary>
/// Sums float64 numbers in the order in which NumPy's <c>add.reduce</c> does, so that the last digit agrees: eight running sums in blocks
/// of up to 128 numbers, longer ranges split in halves (of which the first is a multiple of eight).
/// </summary>
/// <remarks>N. J. Higham, "The accuracy of floating point summation", SIAM J. Sci. Comput. 14 (1993) 783, on why it is also more accurate.</remarks>
internal static class PairwiseSum
{
    private const long Block = 128;

    /// <summary>Sums the next numbers of a source.</summary>
    /// <param name="source">The source; it is asked for exactly <paramref name="count"/> numbers, in order.</param>
    /// <param name="count">How many.</param>
    /// <returns>The sum; 0 of none.</returns>
    internal static double Of<T>(scoped ref T source, long count)
        where T : struct, INumberSource, allows ref struct
    {
        if (count < 8)
        {
            var few = 0.0;
            for (var i = 0; i < count; i++)
            {
                few += source.Next();
            }

            return few;
        }

        if (count > Block)
        {
            var half = count / 2;
            half -= half % 8;
            var first = Of(ref source, half);
            return first + Of(ref source, count - half);
        }

        Span<double> sums = stackalloc double[8];
        for (var i = 0; i < 8; i++)
        {
            sums[i] = source.Next();
        }

        var blocked = count - (count % 8);
        for (var i = 8; i < blocked; i++)
        {
            sums[i % 8] += source.Next();
        }

        var sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
        for (var i = blocked; i < count; i++)
        {
            sum += source.Next();
        }

        return sum;
    }
}
