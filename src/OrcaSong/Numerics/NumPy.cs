namespace OrcaSong.Numerics;

/// <summary>Functions that give NumPy's results bit for bit.</summary>
public static class NumPy
{
    /// <summary><c>numpy.nan</c>. The bits of <see cref="double.NaN"/> differ: it has the sign set, as x86 processors make it.</summary>
    public static readonly double NaN = BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0000);

    /// <summary>
    /// <paramref name="count"/> evenly spaced numbers from <paramref name="start"/> to <paramref name="stop"/>, both included:
    /// <c>numpy.linspace(start, stop, count)</c> in float64.
    /// </summary>
    /// <param name="start">The first number.</param>
    /// <param name="stop">The last number, reached exactly.</param>
    /// <param name="count">How many numbers; 1 gives <paramref name="start"/> alone, 0 an empty array.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static double[] Linspace(double start, double stop, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var values = new double[count];
        var intervals = count - 1;
        var delta = stop - start;
        var step = delta / intervals;

        // A step that underflows to zero would put all points on start, so NumPy then divides before it multiplies.
        var divideFirst = step == 0;
        for (var i = 0; i < values.Length; i++)
        {
            var offset = intervals == 0 ? i * delta : divideFirst ? i / (double)intervals * delta : i * step;
            values[i] = offset + start;
        }

        if (count > 1)
        {
            values[^1] = stop;
        }

        return values;
    }
}
