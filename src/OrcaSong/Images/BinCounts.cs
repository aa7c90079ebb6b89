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
    private readonly long[] _pmtHitsInside = new long[binning.PmtFlat.Length];
    private readonly long[] _pmtHitsOutside = new long[binning.PmtFlat.Length];
    private readonly BinStatistics _ofHits = new(binning.Axes);
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
        foreach (var a in binning.OfPmt)
        {
            var (axis, values) = (sum.Axes[a], binning.PmtValues[a]!);
            var locator = _histograms[a] ?? binning.Locators[a];
            for (var pmt = 0; pmt < values.Length; pmt++)
            {
                var hits = _pmtHitsInside[pmt] + _pmtHitsOutside[pmt];
                axis.CutOffBelow += values[pmt] < axis.Axis.Minimum ? hits : 0;
                axis.CutOffAbove += values[pmt] > axis.Axis.Maximum ? hits : 0;
                if ((binning.PmtOutside[pmt] & ~(1u << a)) == 0 && locator.Find(values[pmt]) is var bin and >= 0)
                {
                    axis.HistogramArray[bin] += _pmtHitsInside[pmt];
                }
            }
        }
    }

    /// <summary>
    /// The same in one pass, for images with one axis that is binned by hit: the time, as a rule. What lies within its limits has a bin.
    /// With a pass for each step the statistics took a sixth of the whole run.
    /// </summary>
    private void AddOneAxis(int a, HitBatch hits, BatchBins bins)
    {
        var (ofAxis, outside) = (_ofHits.Axes[a], binning.PmtOutside);
        var (minimum, maximum, histogram) = (ofAxis.Axis.Minimum, ofAxis.Axis.Maximum, ofAxis.HistogramArray);
        var (coarse, fine, rows, values) = (bins.Of(a), FineBins(a, hits, bins), hits.Rows, hits.Fields[a]);
        var (inside, beyond) = (_pmtHitsInside, _pmtHitsOutside);
        for (var e = 0; e < hits.Skip.Length; e++)
        {
            if (hits.Skip[e] != SkipReason.None)
            {
                continue;
            }

            for (var i = hits.Offsets[e]; i < hits.Offsets[e + 1]; i++)
            {
                var pmt = rows[i];
                if (coarse[i] < 0)
                {
                    beyond[pmt]++;
                    ofAxis.CutOffBelow += values[i] < minimum ? 1 : 0;
                    ofAxis.CutOffAbove += values[i] > maximum ? 1 : 0;
                    continue;
                }

                inside[pmt]++;
                if (outside[pmt] == 0 && fine[i] >= 0)
                {
                    histogram[fine[i]]++;
                }
            }
        }
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
            ((outside[i] & _hitAxes) == 0 ? _pmtHitsInside : _pmtHitsOutside)[pmt]++;
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
