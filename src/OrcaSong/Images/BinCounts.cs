using OrcaSong.Calibration;
using OrcaSong.Statistics;

namespace OrcaSong.Images;

/// <summary>
/// Counts for the statistics of the binning, kept by one worker. The rule: hits below and above an axis' limits are counted over
/// ALL hits; its histogram holds the hits that lie within the limits of all OTHER axes, both limits included. Of float32 fields the
/// limits are float32 too, as NumPy compares them.
/// </summary>
/// <remarks>For axes of the PMT it is enough to know how often each PMT was hit.</remarks>
internal sealed class BinCounts(HitBinning binning)
{
    private const uint NotCounted = uint.MaxValue;
    private readonly uint _hitAxes = binning.OfHit.Aggregate(0u, (bits, a) => bits | 1u << a);

    // For each PMT the hits within the limits of all axes that are binned by hit, then the others.
    private readonly long[] _pmtHits = new long[2 * binning.PmtFlat.Length];
    private readonly BinStatistics _ofHits = new(binning.Axes);

    // Of the only axis that is binned by hit; the first counts the hits that are in none of its bins.
    private readonly long[] _histogram = new long[binning.OfHit is [var only] ? new AxisStatistics(binning.Axes[only]).HistogramArray.Length + 1 : 0];
    private readonly BinLocator?[] _histograms = Histograms(binning);
    private uint[] _outside = [];
    private int[] _bins = [];

    /// <summary>Counts the hits of a batch; not those of events that are skipped.</summary>
    internal void Add(HitBatch hits, BatchBins bins)
    {
        if (binning is { OfHit: [var only], OfPmt.Length: > 0 } && !hits.IsFloat32[only])
        {
            AddOneAxis(only, hits, bins);
            return;
        }

        var n = hits.HitCount;
        Buffers.Grow(ref _outside, n);
        var outside = _outside.AsSpan(0, n);
        outside.Clear();
        for (var e = 0; e < hits.Skip.Length; e++)
        {
            if (hits.Skip[e] != SkipReason.None)
            {
                outside[hits.Offsets[e]..hits.Offsets[e + 1]].Fill(NotCounted);
            }
        }

        foreach (var a in binning.OfHit)
        {
            CutOff(a, hits.Fields[a].AsSpan(0, n), hits.IsFloat32[a], outside);
        }

        if (binning.OfPmt.Length > 0)
        {
            CountPmts(hits.Rows.AsSpan(0, n), outside);
        }

        foreach (var a in binning.OfHit)
        {
            var histogram = _ofHits.Axes[a].HistogramArray;
            var fine = FineBins(a, hits, bins);
            var others = ~(1u << a);
            for (var i = 0; i < outside.Length; i++)
            {
                if ((outside[i] & others) == 0 && fine[i] >= 0)
                {
                    histogram[fine[i]]++;
                }
            }
        }
    }

    /// <summary>Adds what was counted to the statistics of the file.</summary>
    internal void AddTo(BinStatistics sum)
    {
        sum.Add(_ofHits);
        for (var bin = 0; bin < _histogram.Length - 1; bin++)
        {
            sum.Axes[binning.OfHit[0]].HistogramArray[bin] += _histogram[bin + 1];
        }

        foreach (var a in binning.OfPmt)
        {
            var (axis, values) = (sum.Axes[a], binning.PmtValues[a]!);
            var locator = _histograms[a] ?? binning.Locators[a];
            for (var pmt = 0; pmt < values.Length; pmt++)
            {
                var hits = _pmtHits[2 * pmt] + _pmtHits[(2 * pmt) + 1];
                axis.CutOffBelow += values[pmt] < axis.Axis.Minimum ? hits : 0;
                axis.CutOffAbove += values[pmt] > axis.Axis.Maximum ? hits : 0;
                if ((binning.PmtOutside[pmt] & ~(1u << a)) == 0 && locator.Find(values[pmt]) is var bin and >= 0)
                {
                    axis.HistogramArray[bin] += _pmtHits[2 * pmt];
                }
            }
        }
    }

    /// <summary>
    /// The same in one pass, for images with one axis that is binned by hit: the time, as a rule. What lies within its limits has a bin.
    /// With a pass for each step the statistics took a sixth of the whole run. There are no branches, as which hits lie outside is as good
    /// as random: a counter is chosen instead.
    /// </summary>
    private void AddOneAxis(int a, HitBatch hits, BatchBins bins)
    {
        var (axis, pmtFlat) = (_ofHits.Axes[a], binning.PmtFlat);
        var (minimum, maximum) = (axis.Axis.Minimum, axis.Axis.Maximum);
        var (coarse, fine, rows, values) = (bins.Of(a), FineBins(a, hits, bins), hits.Rows, hits.Fields[a]);
        var (ofPmts, ofBins) = (_pmtHits, _histogram);
        long below = 0;
        long above = 0;
        for (var e = 0; e < hits.Skip.Length; e++)
        {
            if (hits.Skip[e] != SkipReason.None)
            {
                continue;
            }

            for (var i = hits.Offsets[e]; i < hits.Offsets[e + 1]; i++)
            {
                var pmt = rows[i];
                ofPmts[(2 * pmt) + (coarse[i] >>> 31)]++;
                ofBins[1 + (fine[i] | (pmtFlat[pmt] >> 31))]++;
                below += values[i] < minimum ? 1 : 0;
                above += values[i] > maximum ? 1 : 0;
            }
        }

        axis.CutOffBelow += below;
        axis.CutOffAbove += above;
    }

    /// <summary>The bins of the histogram that the hits fall into; the array may be longer.</summary>
    private int[] FineBins(int a, HitBatch hits, BatchBins bins)
    {
        if (_histograms[a] is not { } locator)
        {
            return bins.Of(a);
        }

        Buffers.Grow(ref _bins, hits.HitCount);
        locator.Find(hits.Fields[a].AsSpan(0, hits.HitCount), _bins);
        return _bins;
    }

    private void CutOff(int a, ReadOnlySpan<double> values, bool isFloat32, Span<uint> outside)
    {
        var axis = binning.Axes[a];
        var (low, high) = isFloat32 ? ((float)axis.Minimum, (float)axis.Maximum) : (axis.Minimum, axis.Maximum);
        var bit = 1u << a;
        long below = 0;
        long above = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var counts = outside[i] != NotCounted;
            below += values[i] < low & counts ? 1 : 0;
            above += values[i] > high & counts ? 1 : 0;
            outside[i] |= values[i] >= low & values[i] <= high ? 0 : bit;
        }

        _ofHits.Axes[a].CutOffBelow += below;
        _ofHits.Axes[a].CutOffAbove += above;
    }

    private void CountPmts(ReadOnlySpan<int> rows, Span<uint> outside)
    {
        var pmtOutside = binning.PmtOutside;
        for (var i = 0; i < rows.Length; i++)
        {
            if (outside[i] == NotCounted)
            {
                continue;
            }

            var pmt = rows[i];
            _pmtHits[(2 * pmt) + ((outside[i] & _hitAxes) == 0 ? 0 : 1)]++;
            outside[i] |= pmtOutside[pmt];
        }
    }

    /// <summary>Searches for the bins of the histograms; none where they are the bins of the image.</summary>
    private static BinLocator?[] Histograms(HitBinning binning) =>
    [
        .. new BinStatistics(binning.Axes).Axes.Select(
            a => ReferenceEquals(a.EdgesOfHistogram, a.Axis.Edges) ? null : new BinLocator([.. a.EdgesOfHistogram])),
    ];
}
