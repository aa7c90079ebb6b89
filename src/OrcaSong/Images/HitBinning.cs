using System.Runtime.Intrinsics;
using OrcaSong.Calibration;

namespace OrcaSong.Images;

/// <summary>
/// The axes of an image, prepared for binning. Axes of the PMT (position, direction, channel) are binned once for each PMT, so that
/// a hit costs one look-up for all of them; the others, of which the time is the usual one, are binned hit by hit.
/// </summary>
internal sealed class HitBinning
{
    internal HitBinning(IReadOnlyList<BinAxis> axes, Func<int, double[]?> byPmt)
    {
        Axes = axes;
        Strides = new int[axes.Count];
        var stride = 1;
        for (var a = axes.Count - 1; a >= 0; a--)
        {
            Strides[a] = stride;
            stride *= axes[a].BinCount;
        }

        PmtValues = [.. Enumerable.Range(0, axes.Count).Select(byPmt)];
        OfPmt = [.. Enumerable.Range(0, axes.Count).Where(a => PmtValues[a] is not null)];
        OfHit = [.. Enumerable.Range(0, axes.Count).Where(a => PmtValues[a] is null)];
        Locators = [.. axes.Select(a => new BinLocator(a.EdgeSpan))];
        if (OfPmt.Length == 0)
        {
            return;
        }

        PmtFlat = new int[PmtValues[OfPmt[0]]!.Length];
        PmtOutside = new uint[PmtFlat.Length];
        foreach (var a in OfPmt)
        {
            for (var pmt = 0; pmt < PmtFlat.Length; pmt++)
            {
                var bin = Locators[a].Find(PmtValues[a]![pmt]);
                PmtFlat[pmt] = PmtFlat[pmt] < 0 || bin < 0 ? -1 : PmtFlat[pmt] + (bin * Strides[a]);
                PmtOutside[pmt] |= bin < 0 ? 1u << a : 0;
            }
        }
    }

    internal IReadOnlyList<BinAxis> Axes { get; }

    /// <summary>By how much the position in the flattened image grows with a bin of each axis.</summary>
    internal int[] Strides { get; }

    internal BinLocator[] Locators { get; }

    /// <summary>Axes that are binned by PMT, and axes that are binned by hit.</summary>
    internal int[] OfPmt { get; }

    internal int[] OfHit { get; }

    /// <summary>For an axis of the PMT, its value for each PMT.</summary>
    internal double[]?[] PmtValues { get; }

    /// <summary>For each PMT, its part of the position in the flattened image; -1 when outside.</summary>
    internal int[] PmtFlat { get; } = [];

    /// <summary>For each PMT, a bit for each axis that it is outside of.</summary>
    internal uint[] PmtOutside { get; } = [];
}

/// <summary>The bins of the hits of a batch.</summary>
internal sealed class BatchBins(HitBinning binning)
{
    private readonly int[][] _bins = [.. binning.Axes.Select(_ => Array.Empty<int>())];

    /// <summary>For each hit, its bin in the flattened image, or -1; the array may be longer.</summary>
    internal int[] Flat = [];

    /// <summary>For an axis that is binned by hit, the bins; -1 outside.</summary>
    internal int[] Of(int axis) => _bins[axis];

    internal void Find(HitBatch hits)
    {
        var n = hits.HitCount;
        Buffers.Grow(ref Flat, n);
        var flat = Flat.AsSpan(0, n);
        if (binning.OfPmt.Length > 0)
        {
            var rows = hits.Rows.AsSpan(0, n);
            var pmtFlat = binning.PmtFlat;
            for (var i = 0; i < flat.Length; i++)
            {
                flat[i] = pmtFlat[rows[i]];
            }
        }
        else
        {
            flat.Clear();
        }

        foreach (var a in binning.OfHit)
        {
            Buffers.Grow(ref _bins[a], n);
            var bins = _bins[a].AsSpan(0, flat.Length);
            binning.Locators[a].Find(hits.Fields[a].AsSpan(0, n), bins);
            Combine(flat, bins, binning.Strides[a]);
        }
    }

    /// <summary>Adds an axis to places in the flattened image; what is outside of it or was outside of another (-1) is outside.</summary>
    private static void Combine(Span<int> flat, ReadOnlySpan<int> bins, int stride)
    {
        var i = 0;
        for (; i <= flat.Length - Vector256<int>.Count; i += Vector256<int>.Count)
        {
            var (place, bin) = (Vector256.Create(flat[i..]), Vector256.Create(bins[i..]));
            (((place | bin) >> 31) | (place + (bin * stride))).CopyTo(flat[i..]);
        }

        for (; i < flat.Length; i++)
        {
            flat[i] = ((flat[i] | bins[i]) >> 31) | (flat[i] + (bins[i] * stride));
        }
    }
}
