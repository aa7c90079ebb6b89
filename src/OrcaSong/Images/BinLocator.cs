namespace OrcaSong.Images;

/// <summary>Finds the bins that values fall into, with the comparisons of numpy.histogram.</summary>
internal sealed class BinLocator
{
    private readonly double[] _edges;
    private readonly double _minimum;
    private readonly double _maximum;
    private readonly double _binsPerUnit;
    private readonly bool _uniform;

    /// <summary>Prepares the search.</summary>
    /// <param name="edges">Bin edges that do not decrease; the last lies above the first.</param>
    internal BinLocator(ReadOnlySpan<double> edges)
    {
        _edges = edges.ToArray();
        _minimum = edges[0];
        _maximum = edges[^1];
        var width = (_maximum - _minimum) / BinCount;
        _binsPerUnit = 1 / width;
        _uniform = double.IsFinite(_binsPerUnit);
        for (var i = 0; i < _edges.Length; i++)
        {
            _uniform &= Math.Abs(_edges[i] - (_minimum + (i * width))) < 0.01 * width;
        }
    }

    internal int BinCount => _edges.Length - 1;

    /// <summary>The bin of a value: the last one whose lower edge is not above it.</summary>
    /// <param name="value">Any number.</param>
    /// <returns>The bin, or -1 for a value outside the edges or NaN.</returns>
    internal int Find(double value)
    {
        if (!(value >= _minimum && value <= _maximum))
        {
            return -1;
        }

        var last = _edges.Length - 2;
        if (!_uniform)
        {
            return Search(value, last);
        }

        // Arithmetic gives the bin or a neighbour; the comparison with the edges themselves decides.
        var bin = Math.Min((int)((value - _minimum) * _binsPerUnit), last);
        if (value < _edges[bin])
        {
            return bin - 1;
        }

        return bin < last && value >= _edges[bin + 1] ? bin + 1 : bin;
    }

    /// <summary>The bins of many values.</summary>
    /// <param name="values">Values.</param>
    /// <param name="bins">Receives their bins, -1 for those outside; as long as the values.</param>
    internal void Find(ReadOnlySpan<double> values, Span<int> bins)
    {
        bins = bins[..values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            bins[i] = Find(values[i]);
        }
    }

    private int Search(double value, int last)
    {
        var low = 0;
        var high = last;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_edges[middle] <= value)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}
