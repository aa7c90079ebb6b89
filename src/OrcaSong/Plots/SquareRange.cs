namespace OrcaSong.Plots;

/// <summary>Ranges of equal length in x and y, in m: in a square frame both scales are the same then.</summary>
/// <param name="X">The middle in x.</param>
/// <param name="Y">The middle in y.</param>
/// <param name="Half">Half the length.</param>
internal readonly record struct SquareRange(double X, double Y, double Half)
{
    private const double Margin = 1.15;
    private const double SmallestHalf = 10;

    /// <summary>The ranges that points lie in, with some room around them.</summary>
    internal static SquareRange Of(IEnumerable<double> x, IEnumerable<double> y)
    {
        var (left, right) = Limits(x);
        var (low, high) = Limits(y);
        return new SquareRange((left + right) / 2, (low + high) / 2, Math.Max(SmallestHalf, Margin * Math.Max(right - left, high - low) / 2));
    }

    /// <summary>The lowest and the highest value; zeros where there is none.</summary>
    internal static (double Low, double High) Limits(IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty().ToArray();
        return (finite.Min(), finite.Max());
    }

    internal void Set(PlotScript script)
    {
        script.Add($"set xrange [{X - Half}:{X + Half}]");
        script.Add($"set yrange [{Y - Half}:{Y + Half}]");
        script.Add($"set size ratio 1");
    }
}
