namespace OrcaSong.Plots;

/// <summary>Distances between tics, so that the numbers below an axis keep clear of one another: gnuplot's own choice has up to ten.</summary>
internal static class Tics
{
    private const double Most = 6;

    /// <summary>1, 2 or 5 times a power of ten, so that there are at most six tics.</summary>
    /// <param name="length">Length of the axis.</param>
    internal static double Step(double length)
    {
        if (!(length > 0) || !double.IsFinite(length))
        {
            return 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(length / Most)));
        var factor = length / Most / power;
        return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
    }
}
