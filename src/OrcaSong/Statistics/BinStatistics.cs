using System.Globalization;
using OrcaSong.Hdf5;
using OrcaSong.Images;
using OrcaSong.Numerics;

namespace OrcaSong.Statistics;

/// <summary>How the hits of one file, or of several, are distributed over one axis, and how many its limits cut off.</summary>
public sealed class AxisStatistics
{
    /// <summary>The field whose histogram has the bins of the image itself; all others have five times as many.</summary>
    public const string TimeField = "time";

    private const int Refinement = 5;
    private readonly long[] _histogram;

    internal AxisStatistics(BinAxis axis)
        : this(axis, axis.Field == TimeField ? axis.Edges : NumPy.Linspace(axis.Minimum, axis.Maximum, (axis.BinCount * Refinement) + 1))
    {
    }

    internal AxisStatistics(BinAxis axis, IReadOnlyList<double> histogramEdges)
        : this(axis, histogramEdges, new long[histogramEdges.Count - 1])
    {
    }

    internal AxisStatistics(BinAxis axis, IReadOnlyList<double> histogramEdges, long[] histogram)
    {
        Axis = axis;
        Edges = new NumberList<double>(axis.Edges);
        EdgesOfHistogram = histogramEdges;
        HistogramEdges = new NumberList<double>(histogramEdges);
        _histogram = histogram;
        Histogram = new NumberList<long>(histogram);
    }

    /// <summary>The hit field.</summary>
    public string Field => Axis.Field;

    /// <summary>Bins of the image along this axis.</summary>
    public int Bins => Axis.BinCount;

    /// <summary>Lowest edge, in the field's unit.</summary>
    public double Minimum => Axis.Minimum;

    /// <summary>Highest edge.</summary>
    public double Maximum => Axis.Maximum;

    /// <summary>All hits that were looked at for the histogram: those in it, and those that this axis cuts off.</summary>
    public long HitCount => _histogram.Sum() + CutOffBelow + CutOffAbove;

    /// <summary>Hits below the lowest edge, of all hits.</summary>
    public long CutOffBelow { get; internal set; }

    /// <summary>Hits above the highest edge, of all hits.</summary>
    public long CutOffAbove { get; internal set; }

    /// <summary>Hits below the lowest edge as a fraction of <see cref="HitCount"/>; <see langword="null"/> where there are no hits.</summary>
    public double? FractionBelow => Fraction(CutOffBelow);

    /// <summary>Hits above the highest edge as a fraction of <see cref="HitCount"/>; <see langword="null"/> where there are no hits.</summary>
    public double? FractionAbove => Fraction(CutOffAbove);

    /// <summary>Files whose hits these are.</summary>
    public int FileCount { get; internal init; } = 1;

    /// <summary>Edges of the image's bins.</summary>
    public IReadOnlyList<double> Edges { get; }

    /// <summary>Edges of the histogram: the axis' own for the time, otherwise evenly spaced and five times as many bins.</summary>
    public IReadOnlyList<double> HistogramEdges { get; }

    /// <summary>Hits in each bin of the histogram; of those that no OTHER axis cuts off.</summary>
    public IReadOnlyList<long> Histogram { get; }

    internal BinAxis Axis { get; }

    internal long[] HistogramArray => _histogram;

    internal IReadOnlyList<double> EdgesOfHistogram { get; }

    /// <summary>
    /// The density of hits: each bin of the histogram over its width and over the sum of the histogram, so that its area is 1.
    /// </summary>
    /// <returns>As many values as there are bins, in 1 over the field's unit; 0 for bins that have no width, and where the histogram is empty.</returns>
    public IReadOnlyList<double> Density()
    {
        double sum = _histogram.Sum();
        return
        [
            .. _histogram.Select((hits, bin) =>
                HistogramEdges[bin + 1] - HistogramEdges[bin] is var width and > 0 && sum > 0 ? hits / width / sum : 0),
        ];
    }

    /// <summary>The statistics for a terminal: a line of numbers, and the distribution in block characters.</summary>
    /// <param name="width">Characters in a line.</param>
    /// <returns>Two lines.</returns>
    public string Draw(int width)
    {
        var hits = Math.Max(1, HitCount);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Axis.Field}, {Axis.BinCount} bins from {Axis.Minimum:R} to {Axis.Maximum:R}: {100.0 * CutOffBelow / hits:0.0} % of the hits below, {100.0 * CutOffAbove / hits:0.0} % above{Environment.NewLine}{Distribution(width)}");
    }

    /// <summary>
    /// The distribution in block characters, as wide as whole bins allow: the histogram where it has room, otherwise the bins of the image.
    /// </summary>
    /// <param name="width">Characters, at most.</param>
    /// <returns>The line.</returns>
    public string Distribution(int width) => BlockHistogram.Draw(EdgesOfHistogram, _histogram.Length <= width ? _histogram : CountsOfBins() ?? _histogram, width);

    // Several fine bins to a character would show where characters begin, not where hits are.
    private long[]? CountsOfBins() => _histogram.Length == Bins * Refinement && BlockHistogram.AreEven(Axis.Edges)
        ? [.. _histogram.Chunk(Refinement).Select(fine => fine.Sum())]
        : null;

    private double? Fraction(long hits) => HitCount is var all and > 0 ? (double)hits / all : null;
}

/// <summary>
/// Statistics of the binning of a file, which can be drawn to see whether the edges are well chosen. All events that were read
/// count, also those that are skipped later; weights and overflows do not matter.
/// </summary>
public sealed class BinStatistics
{
    internal BinStatistics(IEnumerable<BinAxis> axes) => Axes = [.. axes.Select(a => new AxisStatistics(a))];

    internal BinStatistics(IEnumerable<AxisStatistics> axes) => Axes = [.. axes];

    /// <summary>Statistics of each axis: in the order of the image's dimensions after a run, by name where they were read from a file.</summary>
    public IReadOnlyList<AxisStatistics> Axes { get; }

    /// <summary>Reads the statistics of a produced file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <returns>The statistics, or <see langword="null"/> where the file has none: graphs, or images made without.</returns>
    /// <exception cref="H5Exception">It is missing, no HDF5 file, or damaged.</exception>
    /// <exception cref="Events.EventFileException">Its <c>/bin_stats</c> is not as the format has it.</exception>
    public static BinStatistics? Read(string path)
    {
        using var file = H5File.OpenRead(path);
        return BinStatisticsFile.Read(file.Root);
    }

    /// <summary>Adds up the statistics of files that were binned alike; one file after the other, so they may be read as they are asked for.</summary>
    /// <param name="files">Names of the files, for errors, and their statistics.</param>
    /// <returns>The sum, its axes in the order of the first file.</returns>
    /// <exception cref="DifferentAxesException">The axes of a file are not those of the first; all differences are reported at once.</exception>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static BinStatistics Combine(IEnumerable<FileBinStatistics> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var sum = new BinStatisticsSum();
        foreach (var file in files)
        {
            sum.Add(file);
        }

        return sum.Total();
    }

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
