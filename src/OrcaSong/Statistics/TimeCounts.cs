using OrcaSong.Images;

namespace OrcaSong.Statistics;

/// <summary>Times as they are counted: of a part of a file, a file, or all files. For one thread.</summary>
/// <param name="bins">Bins to count in; without any, only the range is found.</param>
/// <param name="limits">Earlier and later hits are cut off.</param>
internal sealed class TimeCounts(BinLocator? bins, (double Low, double High) limits)
{
    private readonly long[] _histogram = new long[bins?.BinCount ?? 0];
    private int[] _places = [];

    internal long Hits { get; private set; }

    internal long Below { get; private set; }

    internal long Above { get; private set; }

    internal long Events { get; private set; }

    internal long EventsSkipped { get; private set; }

    internal double Minimum { get; private set; } = double.PositiveInfinity;

    internal double Maximum { get; private set; } = double.NegativeInfinity;

    internal long[] Histogram => _histogram;

    internal void AddEvents(int events, int skipped)
    {
        Events += events;
        EventsSkipped += skipped;
    }

    internal void Add(ReadOnlySpan<double> times)
    {
        Hits += times.Length;
        foreach (var time in times)
        {
            Below += time < limits.Low ? 1 : 0;
            Above += time > limits.High ? 1 : 0;
            if (double.IsFinite(time))
            {
                Minimum = Math.Min(Minimum, time);
                Maximum = Math.Max(Maximum, time);
            }
        }

        if (bins is null)
        {
            return;
        }

        Buffers.Grow(ref _places, times.Length);
        var places = _places.AsSpan(0, times.Length);
        bins.Find(times, places);
        foreach (var place in places)
        {
            if (place >= 0)
            {
                _histogram[place]++;
            }
        }
    }

    internal void Add(TimeCounts other)
    {
        Hits += other.Hits;
        Below += other.Below;
        Above += other.Above;
        Events += other.Events;
        EventsSkipped += other.EventsSkipped;
        Minimum = Math.Min(Minimum, other.Minimum);
        Maximum = Math.Max(Maximum, other.Maximum);
        for (var bin = 0; bin < _histogram.Length; bin++)
        {
            _histogram[bin] += other._histogram[bin];
        }
    }
}
