using OrcaSong.Calibration;
using OrcaSong.Events;

namespace OrcaSong.Labels;

/// <summary>A batch of events as labels are made from it: the tables of the file, and the calibrated hits.</summary>
public sealed class PreparedBatch
{
    private readonly Func<int, long?> _hitsInTime;

    internal PreparedBatch(EventBatch events, HitBatch hits, Func<int, long?> hitsInTime)
    {
        Events = events;
        Hits = hits;
        _hitsInTime = hitsInTime;
    }

    /// <summary>The tables as they stand in the file.</summary>
    public EventBatch Events { get; }

    /// <summary>The hits, calibrated, with their times centred.</summary>
    internal HitBatch Hits { get; }

    /// <summary>Hits of an event after triggered hits and time window are chosen; <see langword="null"/> for images.</summary>
    /// <param name="eventInBatch">The event, counted from 0 in the batch.</param>
    /// <returns>Their number.</returns>
    public long? HitsInTime(int eventInBatch) => _hitsInTime(eventInBatch);
}
