using System.Collections.Concurrent;
using OrcaSong.Numerics;

namespace OrcaSong.Labels;

/// <summary>Counts the MC hits that each particle made: those whose <c>origin</c> is the track's <c>id</c>.</summary>
internal sealed class MuonHits
{
    private readonly int? _inactiveDu;
    private readonly ConcurrentBag<MuonHitCounts> _pool = [];

    internal MuonHits(LabelNeeds needs, int? inactiveDu)
    {
        _inactiveDu = inactiveDu;
        needs.Column(PreparedFile.McTracksPath, "id");
        needs.Column(PreparedFile.McHitsPath, "origin");
        if (inactiveDu is not null)
        {
            needs.McHitUnits();
        }
    }

    /// <summary>Counts for the tracks of an event.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="eventInBatch">The event.</param>
    /// <param name="firstTrack">Tracks before this one are passed over.</param>
    /// <returns>The counts; dispose them.</returns>
    internal MuonHitCounts Count(PreparedBatch batch, int eventInBatch, int firstTrack)
    {
        var counts = _pool.TryTake(out var found) ? found : new MuonHitCounts(_pool);
        var tracks = batch[PreparedFile.McTracksPath];
        var hits = batch[PreparedFile.McHitsPath];
        var (first, count) = (tracks.First(eventInBatch) + firstTrack, Math.Max(0, tracks.CountOf(eventInBatch) - firstTrack));
        counts.Start(first, count);
        var id = tracks["id"];
        for (var t = 0; t < count; t++)
        {
            counts.AddTrack(t, id.ToInt64(first + t));
        }

        var origin = hits["origin"];
        var (firstHit, afterHits) = (hits.First(eventInBatch), hits.First(eventInBatch) + hits.CountOf(eventInBatch));
        if (_inactiveDu is { } inactive)
        {
            var du = hits["du"];
            for (var h = firstHit; h < afterHits; h++)
            {
                if (du.ToInt64(h) != inactive)
                {
                    counts.AddHit(origin.ToInt64(h));
                }
            }
        }
        else
        {
            for (var h = firstHit; h < afterHits; h++)
            {
                counts.AddHit(origin.ToInt64(h));
            }
        }

        return counts;
    }
}

/// <summary>The number of MC hits of each track of an event.</summary>
internal sealed class MuonHitCounts(ConcurrentBag<MuonHitCounts> pool) : IDisposable
{
    private readonly IdTable _ids = new();
    private int[] _idOfTrack = [];
    private long[] _hits = [];
    private int[] _rows = [];
    private int _first;
    private int _count;

    /// <summary>MC hits of all tracks with at least so many.</summary>
    internal long HitsOfThoseWith(long least)
    {
        long sum = 0;
        for (var t = 0; t < _count; t++)
        {
            sum += _hits[_idOfTrack[t]] >= least ? _hits[_idOfTrack[t]] : 0;
        }

        return sum;
    }

    /// <summary>The rows of the tracks with at least so many MC hits; good until the next call.</summary>
    internal ReadOnlySpan<int> WithAtLeast(long least)
    {
        var n = 0;
        for (var t = 0; t < _count; t++)
        {
            if (_hits[_idOfTrack[t]] >= least)
            {
                _rows[n++] = _first + t;
            }
        }

        return _rows.AsSpan(0, n);
    }

    public void Dispose() => pool.Add(this);

    internal void Start(int first, int count)
    {
        _first = first;
        _count = count;
        _ids.Reset(count);
        Buffers.Grow(ref _idOfTrack, count);
        Buffers.Grow(ref _hits, count);
        Buffers.Grow(ref _rows, count);
        _hits.AsSpan(0, count).Clear();
    }

    internal void AddTrack(int track, long id) => _idOfTrack[track] = _ids.Add(id);

    internal void AddHit(long origin)
    {
        if (_ids.IndexOf(origin) is var track and >= 0)
        {
            _hits[track]++;
        }
    }
}
