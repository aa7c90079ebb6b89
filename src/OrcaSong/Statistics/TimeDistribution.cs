using OrcaSong.Detectors;
using OrcaSong.Images;
using OrcaSong.Numerics;
using OrcaSong.Running;

namespace OrcaSong.Statistics;

/// <summary>How the times of the hits of files are distributed: what one looks at to choose bins for the time.</summary>
public sealed class TimeDistribution
{
    private TimeDistribution(TimeDistributionOptions options, BinAxis axis, double[] padded, TimeCounts counts, IReadOnlyList<string> files)
    {
        Source = options.McHits ? "mc_hits" : "hits";
        IsCentred = options.Processing.CenterTime;
        HasLimits = options.Axis is not null;
        Files = files;
        (EventCount, EventsSkipped, HitCount) = (counts.Events, counts.EventsSkipped, counts.Hits);
        (CutOffBelow, CutOffAbove) = (counts.Below, counts.Above);
        if (counts.Minimum <= counts.Maximum)
        {
            (Earliest, Latest) = (counts.Minimum, counts.Maximum);
        }

        Edges = new NumberList<double>(axis.Edges);
        HistogramEdges = new NumberList<double>(padded);
        Histogram = new NumberList<long>(counts.Histogram);
    }

    /// <summary>The table: <c>hits</c> or <c>mc_hits</c>.</summary>
    public string Source { get; }

    /// <summary>Whether times begin with the first triggered hit of each event.</summary>
    public bool IsCentred { get; }

    /// <summary>Whether the bins were given, so that hits may lie outside.</summary>
    public bool HasLimits { get; }

    /// <summary>Files whose hits were counted.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Number of these files.</summary>
    public int FileCount => Files.Count;

    /// <summary>Their events.</summary>
    public long EventCount { get; }

    /// <summary>Events that were left out, as their time cannot be centred: they have no triggered hit.</summary>
    public long EventsSkipped { get; }

    /// <summary>Hits of the other events, without those of a detection unit that is left out.</summary>
    public long HitCount { get; }

    /// <summary>The earliest time in ns; <see langword="null"/> where there are no hits.</summary>
    public double? Earliest { get; }

    /// <summary>The latest time in ns.</summary>
    public double? Latest { get; }

    /// <summary>Number of bins, without those that were attached.</summary>
    public int Bins => Edges.Count - 1;

    /// <summary>Lowest edge in ns.</summary>
    public double Minimum => Edges[0];

    /// <summary>Highest edge in ns.</summary>
    public double Maximum => Edges[^1];

    /// <summary>Mean width of a bin in ns.</summary>
    public double MeanBinWidth => (Maximum - Minimum) / Bins;

    /// <summary>Hits before the lowest edge.</summary>
    public long CutOffBelow { get; }

    /// <summary>Hits after the highest edge.</summary>
    public long CutOffAbove { get; }

    /// <summary>Hits before the lowest edge as a fraction of <see cref="HitCount"/>; <see langword="null"/> where there are no hits.</summary>
    public double? FractionBelow => HitCount > 0 ? (double)CutOffBelow / HitCount : null;

    /// <summary>Hits after the highest edge as a fraction of <see cref="HitCount"/>; <see langword="null"/> where there are no hits.</summary>
    public double? FractionAbove => HitCount > 0 ? (double)CutOffAbove / HitCount : null;

    /// <summary>Edges of the bins in ns.</summary>
    public IReadOnlyList<double> Edges { get; }

    /// <summary>The same with the bins that were attached on both sides.</summary>
    public IReadOnlyList<double> HistogramEdges { get; }

    /// <summary>Hits in each bin between <see cref="HistogramEdges"/>.</summary>
    public IReadOnlyList<long> Histogram { get; }

    /// <summary>Counts the times of the hits of files, one file after the other.</summary>
    /// <param name="files">Paths of km3pipe HDF5 files.</param>
    /// <param name="options">Which times, and which bins.</param>
    /// <param name="failed">Told the files that cannot be read, and why; the others go on. Without it the first one ends the work.</param>
    /// <param name="warned">Told what is worth knowing about a file.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The distribution over all files that could be read, or <see langword="null"/> where there are none.</returns>
    /// <exception cref="ArgumentException">Options make no sense.</exception>
    /// <exception cref="IOException">The detector file cannot be read, or a file, where nobody is told.</exception>
    public static TimeDistribution? Measure(
        IEnumerable<string> files,
        TimeDistributionOptions options,
        Action<string, Exception>? failed = null,
        Action<string, string>? warned = null,
        RunProgress? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(options);
        _ = options.Checked();
        var detector = options.Processing.DetectorFile is { } path ? Detector.Load(path) : null;
        var passes = options.Axis is null ? 2 : 1;
        var good = new List<string>(files);
        TimeCounts Pass(int pass, Func<TimeCounts> newCounts)
        {
            var total = newCounts();
            foreach (var file in good.ToArray())
            {
                try
                {
                    using var reader = new HitTimeReader(file, options, detector);
                    if (pass == 0)
                    {
                        progress?.AddFile((long)reader.EventCount * passes);
                        foreach (var warning in reader.Warnings)
                        {
                            warned?.Invoke(file, warning);
                        }
                    }

                    total.Add(reader.Count(newCounts, events => progress?.AddDone(events), cancellation));
                }
                catch (Exception e) when (failed is not null && e is IOException or UnauthorizedAccessException)
                {
                    good.Remove(file);
                    failed(file, e);
                }
            }

            return total;
        }

        var axis = options.Axis ?? Range(Pass(0, () => new TimeCounts(null, (double.NegativeInfinity, double.PositiveInfinity))), options.BinCount);
        var padded = options.Axis is null ? [.. axis.Edges] : Pad(axis.Edges, options.Padding);
        var counts = Pass(passes - 1, () => new TimeCounts(new BinLocator(padded), (axis.Minimum, axis.Maximum)));
        return good.Count == 0 ? null : new TimeDistribution(options, axis, padded, counts, good);
    }

    /// <summary>The distribution in block characters, with a bar at each end of the bins that were given.</summary>
    /// <param name="width">Characters, at most; from 3.</param>
    /// <returns>The line.</returns>
    public string Distribution(int width)
    {
        if (!HasLimits)
        {
            return BlockHistogram.Draw(HistogramEdges, Histogram, width);
        }

        var line = BlockHistogram.DrawByWidth(HistogramEdges, Histogram, width - 2);
        var range = HistogramEdges[^1] - HistogramEdges[0];
        int Place(double edge) => (int)Math.Round((edge - HistogramEdges[0]) / range * line.Length);
        return line.Insert(Place(Maximum), "│").Insert(Place(Minimum), "│");
    }

    // As numpy.histogram has it: from the lowest value to the highest, with room around a single one, and 0 to 1 for none.
    private static BinAxis Range(TimeCounts counts, int bins)
    {
        var (low, high) = counts.Minimum > counts.Maximum ? (0, 1) : (counts.Minimum, counts.Maximum);
        return new BinAxis(AxisStatistics.TimeField, NumPy.Linspace(low == high ? low - 0.5 : low, low == high ? high + 0.5 : high, bins + 1));
    }

    // As wide as the bins at the ends. The Python tool spreads all bins evenly, so that uneven ones come to lie elsewhere.
    private static double[] Pad(IReadOnlyList<double> edges, double padding)
    {
        var bins = (int)Math.Ceiling(padding * (edges.Count - 1));
        var (first, last) = (edges[1] - edges[0], edges[^1] - edges[^2]);
        return
        [
            .. Enumerable.Range(0, bins).Select(i => edges[0] - ((bins - i) * first)),
            .. edges,
            .. Enumerable.Range(1, bins).Select(i => edges[^1] + (i * last)),
        ];
    }
}
