using System.Collections.Concurrent;
using System.Numerics;
using OrcaSong.Calibration;
using OrcaSong.Statistics;

namespace OrcaSong.Images;

/// <summary>
/// The images of the events of a batch, of which only the bins with hits are kept: event e has the entries from Starts[e] up to
/// Starts[e + 1], in ascending order of their position in the flattened image.
/// </summary>
internal sealed class SparseImages
{
    internal int[] Starts = [0];
    internal int[] Positions = [];
    internal byte[] Values = [];

    /// <summary>Bins with more than a byte can hold.</summary>
    internal long Overflows;
}

/// <summary>Bins the hits of batches, as numpy.histogramdd does, and keeps statistics of it. Used by all workers.</summary>
internal sealed class ImageMaker
{
    private readonly FileBinner _binner;
    private readonly BinLocator[] _axes;
    private readonly BinLocator?[] _histograms;
    private readonly ConcurrentBag<Workspace> _pool = [];
    private readonly ConcurrentBag<SparseImages> _images = [];

    internal ImageMaker(FileBinner binner)
    {
        _binner = binner;
        _axes = [.. binner.Axes.Select(a => new BinLocator(a.EdgeSpan))];

        // A histogram with the edges of the image needs no search of its own.
        _histograms = [.. new BinStatistics(binner.Axes).Axes.Select(
            a => a.HistogramEdges.Count == a.Axis.Edges.Count ? null : new BinLocator([.. a.HistogramEdges]))];
        Fields = [.. binner.Axes.Select(a => a.Field), .. binner.HitWeights is { } weights ? new[] { weights } : []];
    }

    /// <summary>The hit fields that are needed, in the order in which <see cref="Make"/> expects them: axes, then weights.</summary>
    internal IReadOnlyList<string> Fields { get; }

    /// <summary>Makes the images of a batch; events that are to be skipped get none. Give them back with <see cref="Return"/>.</summary>
    internal SparseImages Make(HitBatch hits)
    {
        if (!_pool.TryTake(out var space))
        {
            space = new Workspace(_binner);
        }

        if (!_images.TryTake(out var images))
        {
            images = new SparseImages();
        }

        FindBins(hits, space);
        if (_binner.AddBinStatistics)
        {
            AddStatistics(hits, space);
        }

        FillImages(hits, space, images);
        _pool.Add(space);
        return images;
    }

    internal void Return(SparseImages images) => _images.Add(images);

    /// <summary>The statistics of all batches; no batch may be under way.</summary>
    internal BinStatistics? Statistics()
    {
        if (!_binner.AddBinStatistics)
        {
            return null;
        }

        var sum = new BinStatistics(_binner.Axes);
        foreach (var space in _pool)
        {
            sum.Add(space.Statistics);
        }

        return sum;
    }

    private void FindBins(HitBatch hits, Workspace space)
    {
        var n = hits.HitCount;
        Buffers.Grow(ref space.Flat, n);
        var flat = space.Flat.AsSpan(0, n);
        for (var a = 0; a < _axes.Length; a++)
        {
            Buffers.Grow(ref space.Bins[a], n);
            var bins = space.Bins[a].AsSpan(0, n);
            _axes[a].Find(hits.Fields[a].AsSpan(0, n), bins);
            if (a == 0)
            {
                bins.CopyTo(flat);
                continue;
            }

            var length = _axes[a].BinCount;
            for (var i = 0; i < flat.Length; i++)
            {
                flat[i] = (flat[i] | bins[i]) < 0 ? -1 : (flat[i] * length) + bins[i];
            }
        }
    }

    /// <summary>
    /// Counts hits below and above each axis' limits, and fills its histogram with the hits that lie within the limits of all OTHER
    /// axes (both limits included). Of float32 fields the limits are float32 too, as NumPy compares them.
    /// </summary>
    private void AddStatistics(HitBatch hits, Workspace space)
    {
        var n = hits.HitCount;
        Buffers.Grow(ref space.Outside, n);
        var outside = space.Outside.AsSpan(0, n);
        outside.Clear();
        for (var e = 0; e < hits.Skip.Length; e++)
        {
            if (hits.Skip[e] != SkipReason.None)
            {
                outside[hits.Offsets[e]..hits.Offsets[e + 1]].Fill(Workspace.NotCounted);
            }
        }

        for (var a = 0; a < _axes.Length; a++)
        {
            var axis = _binner.Axes[a];
            var (low, high) = hits.IsFloat32[a] ? ((float)axis.Minimum, (float)axis.Maximum) : (axis.Minimum, axis.Maximum);
            var values = hits.Fields[a].AsSpan(0, n);
            var bit = 1u << a;
            long below = 0;
            long above = 0;
            for (var i = 0; i < values.Length; i++)
            {
                var v = values[i];
                if (v >= low && v <= high)
                {
                    continue;
                }

                if (outside[i] != Workspace.NotCounted)
                {
                    below += v < low ? 1 : 0;
                    above += v > high ? 1 : 0;
                    outside[i] |= bit;
                }
            }

            space.Statistics.Axes[a].CutOffBelow += below;
            space.Statistics.Axes[a].CutOffAbove += above;
        }

        for (var a = 0; a < _axes.Length; a++)
        {
            var others = ~(1u << a);
            var histogram = space.Statistics.Axes[a].HistogramArray;
            var values = hits.Fields[a].AsSpan(0, n);
            var bins = space.Bins[a].AsSpan(0, n);
            var locator = _histograms[a];
            for (var i = 0; i < outside.Length; i++)
            {
                if ((outside[i] & others) == 0 && (locator is null ? bins[i] : locator.Find(values[i])) is var bin and >= 0)
                {
                    histogram[bin]++;
                }
            }
        }
    }

    private void FillImages(HitBatch hits, Workspace space, SparseImages images)
    {
        Buffers.Grow(ref images.Starts, hits.Skip.Length + 1);
        Buffers.Grow(ref images.Positions, hits.HitCount);
        Buffers.Grow(ref images.Values, hits.HitCount);
        images.Overflows = 0;
        var weights = _binner.HitWeights is null ? null : hits.Fields[^1];
        var end = 0;
        for (var e = 0; e < hits.Skip.Length; e++)
        {
            images.Starts[e] = end;
            if (hits.Skip[e] == SkipReason.None)
            {
                var (first, after) = (hits.Offsets[e], hits.Offsets[e + 1]);
                end = weights is null ? Count(space, first, after, images, end) : Sum(space, weights, first, after, images, end);
            }
        }

        images.Starts[hits.Skip.Length] = end;
    }

    private int Count(Workspace space, int first, int after, SparseImages images, int end)
    {
        var counts = space.Counts;
        foreach (var bin in space.Flat.AsSpan(first, after - first))
        {
            if (bin >= 0 && counts[bin]++ == 0)
            {
                space.Touched.Add(bin);
            }
        }

        foreach (var bin in space.Touched.TakeAll())
        {
            var count = counts[bin];
            counts[bin] = 0;
            if (count > byte.MaxValue)
            {
                images.Overflows++;
                count = _binner.Overflow == OverflowHandling.Saturate ? byte.MaxValue : count & byte.MaxValue;
            }

            end = Append(images, end, bin, (byte)count);
        }

        return end;
    }

    private int Sum(Workspace space, double[] weights, int first, int after, SparseImages images, int end)
    {
        var sums = space.Sums;
        for (var i = first; i < after; i++)
        {
            var bin = space.Flat[i];
            if (bin >= 0)
            {
                space.Touched.Add(bin);
                sums[bin] += weights[i];
            }
        }

        foreach (var bin in space.Touched.TakeAll())
        {
            var sum = sums[bin];
            sums[bin] = 0;
            if (!(sum > -1 && sum < 256))
            {
                images.Overflows++;
            }

            end = Append(images, end, bin, _binner.Overflow == OverflowHandling.Saturate ? Saturate(sum) : Wrap(sum));
        }

        return end;
    }

    private static int Append(SparseImages images, int end, int bin, byte value)
    {
        images.Positions[end] = bin;
        images.Values[end] = value;
        return value == 0 ? end : end + 1;
    }

    private static byte Saturate(double sum) => double.IsNaN(sum) ? (byte)0 : (byte)Math.Clamp(sum, 0, byte.MaxValue);

    /// <summary>NumPy's cast of float64 to uint8 on x86-64: towards zero to int32, whose low byte it is; 0 for what int32 cannot hold.</summary>
    private static byte Wrap(double sum) => sum > int.MinValue - 1.0 && sum < -(double)int.MinValue ? unchecked((byte)(int)sum) : (byte)0;

    /// <summary>What one worker needs to bin a batch.</summary>
    private sealed class Workspace(FileBinner binner)
    {
        internal const uint NotCounted = uint.MaxValue;
        internal readonly int[][] Bins = [.. binner.Axes.Select(_ => Array.Empty<int>())];
        internal readonly int[] Counts = binner.HitWeights is null ? new int[binner.BinCount] : [];
        internal readonly double[] Sums = binner.HitWeights is null ? [] : new double[binner.BinCount];
        internal readonly SortedBins Touched = new(binner.BinCount);
        internal readonly BinStatistics Statistics = new(binner.Axes);
        internal int[] Flat = [];
        internal uint[] Outside = [];
    }

    /// <summary>
    /// A set of bins that is read out in ascending order: a bit for each bin, and a bit for each word of those, so that reading costs
    /// by the number of bins in it and 1/4096 of the image.
    /// </summary>
    private sealed class SortedBins(int binCount)
    {
        private readonly ulong[] _bits = new ulong[(binCount >> 6) + 1];
        private readonly ulong[] _words = new ulong[(binCount >> 12) + 1];
        private int[] _sorted = [];

        internal void Add(int bin)
        {
            _bits[bin >> 6] |= 1UL << bin;
            _words[bin >> 12] |= 1UL << (bin >> 6);
        }

        /// <summary>The bins in ascending order; the set is empty afterwards.</summary>
        internal ReadOnlySpan<int> TakeAll()
        {
            var n = 0;
            for (var w = 0; w < _words.Length; w++)
            {
                for (var words = _words[w]; words != 0; words &= words - 1)
                {
                    var word = (w << 6) + BitOperations.TrailingZeroCount(words);
                    if (_sorted.Length < n + 64)
                    {
                        Array.Resize(ref _sorted, Math.Max(1024, 2 * (n + 64)));
                    }

                    for (var bits = _bits[word]; bits != 0; bits &= bits - 1)
                    {
                        _sorted[n++] = (word << 6) + BitOperations.TrailingZeroCount(bits);
                    }

                    _bits[word] = 0;
                }

                _words[w] = 0;
            }

            return _sorted.AsSpan(0, n);
        }
    }
}
