using System.Collections.Concurrent;
using OrcaSong.Calibration;

namespace OrcaSong.Graphs;

/// <summary>
/// The nodes of the events of a batch: event e has the rows from Starts[e] up to Starts[e + 1] of a row-major matrix. All hits that the
/// time window and the trigger leave are in it, before any limit to their number.
/// </summary>
internal sealed class Nodes
{
    internal int[] Starts = [0];
    internal int[] Hits = [];
    internal float[] Values = [];

    /// <summary>Rows of an event.</summary>
    internal int CountOf(int eventInBatch) => Starts[eventInBatch + 1] - Starts[eventInBatch];
}

/// <summary>Selects the hits of batches, and turns their columns into rows. Used by all workers.</summary>
internal sealed class NodeMaker
{
    // Rows that are filled column by column while they stay in the first-level cache.
    private const int RowsAtOnce = 128;

    private readonly TimeWindow? _window;
    private readonly int _timeAt;
    private readonly int _triggeredAt;
    private readonly bool _withIsValid;
    private readonly List<int> _perHit = [];
    private float[] _pmtRows = [];
    private readonly ConcurrentBag<Nodes> _pool = [];

    /// <summary>Describes the rows.</summary>
    /// <param name="graph">Which hits are kept.</param>
    /// <param name="fields">The hit fields that become columns.</param>
    internal NodeMaker(FileGraph graph, IReadOnlyList<string> fields)
    {
        _window = graph.TimeWindow;
        _withIsValid = graph.FixedLength;
        Width = fields.Count + (_withIsValid ? 1 : 0);
        var selecting = new List<string>();
        _timeAt = graph.TimeWindow is null ? -1 : Add("time");
        _triggeredAt = graph.OnlyTriggeredHits ? Add("triggered") : -1;
        SelectingFields = selecting;

        int Add(string field)
        {
            selecting.Add(field);
            return selecting.Count - 1;
        }
    }

    /// <summary>Columns of a row.</summary>
    internal int Width { get; }

    /// <summary>Hit fields that decide which hits are kept, in the order in which <see cref="Make"/> expects them.</summary>
    internal IReadOnlyList<string> SelectingFields { get; }

    /// <summary>Makes the nodes of a batch; events that are to be skipped get none. Give them back with <see cref="Return"/>.</summary>
    internal Nodes Make(HitBatch hits)
    {
        if (!_pool.TryTake(out var nodes))
        {
            nodes = new Nodes();
        }

        Select(hits, nodes);
        Fill(hits, nodes);
        return nodes;
    }

    internal void Return(Nodes nodes) => _pool.Add(nodes);

    /// <summary>
    /// Makes a row for each PMT of all that does not change from hit to hit, so that only the rest is filled hit by hit.
    /// </summary>
    internal void Bind(HitPreparation hits, int fieldCount)
    {
        for (var f = 0; f < fieldCount; f++)
        {
            if (hits.UseFloat32ByPmt(f) is not { } values)
            {
                _perHit.Add(f);
                continue;
            }

            Buffers.Grow(ref _pmtRows, values.Length * Width);
            for (var pmt = 0; pmt < values.Length; pmt++)
            {
                _pmtRows[(pmt * Width) + f] = values[pmt];
            }
        }
    }

    private void Select(HitBatch hits, Nodes nodes)
    {
        Buffers.Grow(ref nodes.Starts, hits.Skip.Length + 1);
        Buffers.Grow(ref nodes.Hits, hits.HitCount);
        var time = _timeAt < 0 ? [] : hits.Fields[_timeAt].AsSpan(0, hits.HitCount);
        var triggered = _triggeredAt < 0 ? [] : hits.Fields[_triggeredAt].AsSpan(0, hits.HitCount);
        var (start, end) = Limits(hits);
        var chosen = nodes.Hits;
        var count = 0;
        for (var e = 0; e < hits.Skip.Length; e++)
        {
            nodes.Starts[e] = count;
            if (hits.Skip[e] != SkipReason.None)
            {
                continue;
            }

            for (var hit = hits.Offsets[e]; hit < hits.Offsets[e + 1]; hit++)
            {
                var inTime = time.IsEmpty || (time[hit] >= start && time[hit] <= end);
                var isTriggered = triggered.IsEmpty || triggered[hit] != 0;
                chosen[count] = hit;
                count += inTime && isTriggered ? 1 : 0;
            }
        }

        nodes.Starts[hits.Skip.Length] = count;
    }

    /// <summary>The window; in float32 when the times are, as NumPy compares an array with a number.</summary>
    private (double Start, double End) Limits(HitBatch hits) => _window switch
    {
        null => default,
        var w when hits.IsFloat32[_timeAt] => ((float)w.Start, (float)w.End),
        var w => (w.Start, w.End),
    };

    private void Fill(HitBatch hits, Nodes nodes)
    {
        var chosen = nodes.Hits.AsSpan(0, nodes.Starts[hits.Skip.Length]);
        Buffers.Grow(ref nodes.Values, checked(chosen.Length * Width));
        var values = nodes.Values.AsSpan(0, chosen.Length * Width);
        for (var first = 0; first < chosen.Length; first += RowsAtOnce)
        {
            var rows = chosen[first..Math.Min(first + RowsAtOnce, chosen.Length)];
            var block = values.Slice(first * Width, rows.Length * Width);
            CopyPmtRows(rows, hits.Rows, block);
            foreach (var field in _perHit)
            {
                var column = hits.Float32Fields[field];
                var at = field;
                foreach (var hit in rows)
                {
                    block[at] = column[hit];
                    at += Width;
                }
            }

            for (var at = Width - 1; _withIsValid && at < block.Length; at += Width)
            {
                block[at] = 1;
            }
        }
    }

    private void CopyPmtRows(ReadOnlySpan<int> hits, int[] pmtOfHit, Span<float> block)
    {
        if (_pmtRows.Length == 0)
        {
            return;
        }

        var at = 0;
        foreach (var hit in hits)
        {
            _pmtRows.AsSpan(pmtOfHit[hit] * Width, Width).CopyTo(block.Slice(at, Width));
            at += Width;
        }
    }
}
