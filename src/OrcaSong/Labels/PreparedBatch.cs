using System.Buffers;
using OrcaSong.Calibration;
using OrcaSong.Events;

namespace OrcaSong.Labels;

/// <summary>
/// A batch of events as labels are made from it: hits and MC hits calibrated, their times centred, the times of MC tracks corrected.
/// Columns are prepared when they are first asked for. Used by one thread at a time.
/// </summary>
internal sealed class PreparedBatch : IDisposable
{
    private readonly Dictionary<string, PreparedTable> _tables = new(StringComparer.Ordinal);
    private readonly List<byte[]> _buffers = [];
    private readonly List<TableBatch> _loaded = [];
    private readonly Func<int, long?> _hitsInTime;
    private readonly EventView?[] _views;
    private HitBatch? _hits;

    /// <param name="file">How its tables are prepared.</param>
    /// <param name="events">The tables as they stand in the file; must live longer.</param>
    /// <param name="hits">Its hits; given back when the batch is disposed.</param>
    /// <param name="hitsInTime">Says how many hits of an event are selected.</param>
    internal PreparedBatch(PreparedFile file, EventBatch events, HitBatch hits, Func<int, long?> hitsInTime)
    {
        File = file;
        Events = events;
        _hits = hits;
        Skip = hits.Skip;
        _hitsInTime = hitsInTime;
        _views = new EventView?[events.Count];
    }

    internal PreparedFile File { get; }

    internal EventBatch Events { get; }

    /// <summary>For each event of the batch, whether and why it is left out.</summary>
    internal SkipReason[] Skip { get; }

    internal HitBatch Hits
    {
        get
        {
            RefuseGone();
            return _hits!;
        }
    }

    /// <summary>The rows of a table that the file has.</summary>
    internal PreparedTable this[string path] => Find(path) ?? throw new KeyNotFoundException(path);

    /// <summary>The rows of a table, or <see langword="null"/> when the file has no such table, or it does not belong to events.</summary>
    internal PreparedTable? Find(string path)
    {
        if (_tables.TryGetValue(path, out var table))
        {
            return table;
        }

        if (File.File.Find(path) is not { Layout: not TableLayout.Singleton } found)
        {
            return null;
        }

        return _tables[path] = path switch
        {
            PreparedFile.HitsPath => new PreparedHits(this, found),
            PreparedFile.McHitsPath => new PreparedMcHits(this, found),
            PreparedFile.McTracksPath => new PreparedMcTracks(this, found),
            _ => new PreparedTable(this, found),
        };
    }

    /// <summary>Hits of an event after triggered hits and time window are chosen; <see langword="null"/> for images.</summary>
    internal long? HitsInTime(int eventInBatch) => _hitsInTime(eventInBatch);

    /// <summary>An event, for users' code.</summary>
    internal EventView View(int eventInBatch) => _views[eventInBatch] ??= new EventView(this, eventInBatch);

    /// <summary>Throws when the batch has been disposed: someone has kept an event for longer than it is there.</summary>
    internal void RefuseGone() => ObjectDisposedException.ThrowIf(_hits is null, typeof(EventView));

    /// <summary>Memory that lives as long as the batch.</summary>
    internal byte[] Rent(int bytes)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(bytes);
        _buffers.Add(buffer);
        return buffer;
    }

    /// <summary>Reads what was not read ahead.</summary>
    internal TableBatch Load(EventTable table, string column)
    {
        var rows = File.OnDemand.Read(table, column, Events.FirstEvent, Events.Count);
        _loaded.Add(rows);
        return rows;
    }

    public void Dispose()
    {
        if (_hits is null)
        {
            return;
        }

        File.Hits.Return(_hits);
        _hits = null;
        foreach (var table in _tables.Values)
        {
            table.Release();
        }

        foreach (var rows in _loaded)
        {
            rows.Dispose();
        }

        foreach (var buffer in _buffers)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        _buffers.Clear();
    }
}
