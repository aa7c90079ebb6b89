using System.Globalization;
using OrcaSong.Images;
using OrcaSong.Numerics;

namespace OrcaSong.Statistics;

/// <summary>How the hits of a file are distributed over one axis, and how many its limits cut off.</summary>
public sealed class AxisStatistics
{
    /// <summary>The field whose histogram has the bins of the image itself; all others have five times as many.</summary>
    public const string TimeField = "time";

    private const int Refinement = 5;
    private readonly long[] _histogram;

    internal AxisStatistics(BinAxis axis)
    {
        Axis = axis;
        HistogramEdges = axis.Field == TimeField
            ? axis.Edges
            : NumPy.Linspace(axis.Minimum, axis.Maximum, (axis.BinCount * Refinement) + 1);
        _histogram = new long[HistogramEdges.Count - 1];
    }

    /// <summary>The axis.</summary>
    public BinAxis Axis { get; }

    /// <summary>Edges of the histogram: the axis' own for the time, otherwise evenly spaced and five times as many bins.</summary>
    public IReadOnlyList<double> HistogramEdges { get; }

    /// <summary>Hits in each bin of the histogram; of those that no OTHER axis cuts off.</summary>
    public IReadOnlyList<long> Histogram => _histogram;

    /// <summary>Hits below the lowest edge, of all hits.</summary>
    public long CutOffBelow { get; internal set; }

    /// <summary>Hits above the highest edge, of all hits.</summary>
    public long CutOffAbove { get; internal set; }

    /// <summary>All hits that were looked at for the histogram: those in it, and those that this axis cuts off.</summary>
    public long HitCount => _histogram.Sum() + CutOffBelow + CutOffAbove;

    internal long[] HistogramArray => _histogram;

    /// <summary>The statistics for a terminal: a line of numbers, and the distribution in block characters.</summary>
    /// <param name="width">Characters in a line.</param>
    /// <returns>Two lines.</returns>
    public string Draw(int width)
    {
        var hits = Math.Max(1, HitCount);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Axis.Field}, {Axis.BinCount} bins from {Axis.Minimum:R} to {Axis.Maximum:R}: {100.0 * CutOffBelow / hits:0.0} % of the hits below, {100.0 * CutOffAbove / hits:0.0} % above{Environment.NewLine}{BlockHistogram.Draw(_histogram, width)}");
    }
}

/// <summary>
/// Statistics of the binning of a file, which can be drawn to see whether the edges are well chosen. All events that were read
/// count, also those that are skipped later; weights and overflows do not matter.
/// </summary>
public sealed class BinStatistics
{
    internal BinStatistics(IEnumerable<BinAxis> axes) => Axes = [.. axes.Select(a => new AxisStatistics(a))];

    /// <summary>Statistics of each axis, in the order of the image's dimensions.</summary>
    public IReadOnlyList<AxisStatistics> Axes { get; }

    internal void Add(BinStatistics other)
    {
        for (var a = 0; a < Axes.Count; a++)
        {
            var (mine, theirs) = (Axes[a], other.Axes[a]);
            mine.CutOffBelow += theirs.CutOffBelow;
            mine.CutOffAbove += theirs.CutOffAbove;
            for (var i = 0; i < mine.HistogramArray.Length; i++)
            {
                mine.HistogramArray[i] += theirs.HistogramArray[i];
            }
        }
    }
}
