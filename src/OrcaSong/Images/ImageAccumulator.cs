using System.Numerics;

namespace OrcaSong.Images;

/// <summary>Adds up the hits of one event at a time, and gives the bins with hits in ascending order.</summary>
internal sealed class ImageAccumulator
{
    private readonly byte[] _counts;
    private readonly double[] _sums;
    private readonly Dictionary<int, long> _more = [];
    private readonly SortedBins _touched;
    private int[] _inside = [];

    internal ImageAccumulator(int binCount, bool weighted)
    {
        // Bytes, not integers: the counts of most images then stay in the first- and second-level caches.
        _counts = weighted ? [] : new byte[binCount];
        _sums = weighted ? new double[binCount] : [];
        _touched = new SortedBins(binCount);
    }

    /// <summary>Counts hits.</summary>
    /// <param name="bins">The bin of each hit, or -1.</param>
    /// <param name="overflow">What becomes of bins with more than 255 hits.</param>
    /// <param name="images">Receives positions and counts.</param>
    /// <param name="end">Where to append.</param>
    /// <returns>Where the next event is appended.</returns>
    internal int Count(ReadOnlySpan<int> bins, OverflowHandling overflow, SparseImages images, int end)
    {
        var counts = _counts;
        foreach (var bin in Inside(bins))
        {
            var count = counts[bin];
            if (count == 0)
            {
                _touched.Add(bin);
            }

            if (count < byte.MaxValue)
            {
                counts[bin] = (byte)(count + 1);
            }
            else
            {
                _more[bin] = _more.GetValueOrDefault(bin) + 1;
            }
        }

        foreach (var bin in _touched.TakeAll())
        {
            var value = counts[bin];
            counts[bin] = 0;
            if (value == byte.MaxValue && _more.Remove(bin, out var more))
            {
                images.Overflows++;
                value = overflow == OverflowHandling.Saturate ? byte.MaxValue : unchecked((byte)(byte.MaxValue + more));
            }

            end = Append(images, end, bin, value);
        }

        return end;
    }

    /// <summary>Sums weights, in the order of the hits.</summary>
    /// <param name="bins">The bin of each hit, or -1.</param>
    /// <param name="weights">The weight of each hit.</param>
    /// <param name="overflow">What becomes of sums that a byte cannot hold.</param>
    /// <param name="images">Receives positions and values.</param>
    /// <param name="end">Where to append.</param>
    /// <returns>Where the next event is appended.</returns>
    internal int Sum(ReadOnlySpan<int> bins, ReadOnlySpan<double> weights, OverflowHandling overflow, SparseImages images, int end)
    {
        for (var i = 0; i < bins.Length; i++)
        {
            if (bins[i] >= 0)
            {
                _touched.Add(bins[i]);
                _sums[bins[i]] += weights[i];
            }
        }

        foreach (var bin in _touched.TakeAll())
        {
            var sum = _sums[bin];
            _sums[bin] = 0;
            images.Overflows += sum is > -1 and < 256 ? 0 : 1;
            end = Append(images, end, bin, overflow == OverflowHandling.Saturate ? Saturate(sum) : Wrap(sum));
        }

        return end;
    }

    /// <summary>
    /// The bins that are not -1. They are picked without a branch: which hits lie outside is as good as random, and with a third of them
    /// outside, counting took twice as long.
    /// </summary>
    private ReadOnlySpan<int> Inside(ReadOnlySpan<int> bins)
    {
        Buffers.Grow(ref _inside, bins.Length + 1);
        var inside = _inside;
        var n = 0;
        foreach (var bin in bins)
        {
            inside[n] = bin;
            n += ~bin >>> 31;
        }

        return inside.AsSpan(0, n);
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
