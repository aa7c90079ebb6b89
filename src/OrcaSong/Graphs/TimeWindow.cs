using System.Globalization;

namespace OrcaSong.Graphs;

/// <summary>The times of the hits that are kept: from the start to the end, both included, after calibration and centring.</summary>
public sealed record TimeWindow
{
    /// <summary>A window in time.</summary>
    /// <param name="start">Earliest time, ns.</param>
    /// <param name="end">Latest time, ns; not before the start.</param>
    /// <exception cref="ArgumentException">The end comes before the start, or one of them is not a number.</exception>
    public TimeWindow(double start, double end)
    {
        if (!(start <= end))
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"The time window goes from its start to its end, in ns; got {start:R} to {end:R}. Is it the wrong way round?"));
        }

        Start = start;
        End = end;
    }

    /// <summary>Earliest time, ns.</summary>
    public double Start { get; }

    /// <summary>Latest time, ns.</summary>
    public double End { get; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{Start:R}, {End:R}] ns");
}
