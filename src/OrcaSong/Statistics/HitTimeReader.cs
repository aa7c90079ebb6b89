using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using OrcaSong.Calibration;
using OrcaSong.Detectors;
using OrcaSong.Events;
using OrcaSong.Labels;
using OrcaSong.Running;

namespace OrcaSong.Statistics;

/// <summary>
/// Reads the times of the hits of a file, prepared as for an image, and counts them. One thread at a time reads stored chunks, all cores
/// decode and count; only the batches under way are in memory.
/// </summary>
internal sealed class HitTimeReader : IDisposable
{
    private const int HitsInBatch = 32 * 1024;
    private const int MostEventsInBatch = 2048;

    private readonly EventFile _file;
    private readonly TimeDistributionOptions _options;
    private readonly HitPreparation _hits;
    private readonly PreparedFile _prepared;
    private readonly List<TableRequest> _requests;
    private readonly string _table;

    /// <summary>Opens a file and checks that it has what is needed.</summary>
    /// <exception cref="IOException">It cannot be read, or lacks a table or a column.</exception>
    internal HitTimeReader(string path, TimeDistributionOptions options, Detector? detector)
    {
        _options = options;
        _table = options.McHits ? PreparedFile.McHitsPath : PreparedFile.HitsPath;
        _file = EventFile.Open(path);
        try
        {
            // MC hits need hits only to be centred as they are.
            var processing = options.McHits && !options.Processing.CenterTime ? options.Processing with { CalibrateHits = false, AddT0 = false, CenterHitsTo = null } : options.Processing;
            string[] fields = options.McHits ? (processing.CenterTime ? ["time"] : []) : options.InactiveDu is null ? ["time"] : ["time", "du"];
            _hits = new HitPreparation(_file, detector, processing, fields, []);
            _prepared = new PreparedFile(_file, processing, detector, _hits);
            _requests = [_hits.Request];
            if (options.McHits)
            {
                RequestMcHits();
            }
        }
        catch
        {
            _prepared?.Dispose();
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Number of events.</summary>
    internal int EventCount => _file.EventCount;

    /// <summary>What is worth knowing about the file.</summary>
    internal IEnumerable<string> Warnings => _hits.Pmts is not null && _file.Find(PreparedFile.HitsPath)?.Find("pos_x") is not null
        ? [.. _file.Warnings, HitPreparation.CalibratedTwice]
        : _file.Warnings;

    /// <summary>Counts the times of all events.</summary>
    /// <param name="newCounts">Makes what a thread counts in.</param>
    /// <param name="report">Told the number of events whenever some are done; by any thread.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The counts of the file.</returns>
    internal TimeCounts Count(Func<TimeCounts> newCounts, Action<int> report, CancellationToken cancellation)
    {
        var reported = 0;
        void Report(int events)
        {
            Interlocked.Add(ref reported, events);
            report(events);
        }

        try
        {
            return Count(newCounts, Report, inOrder: true, cancellation);
        }
        catch (TableOrderException)
        {
            // Rows that jump between events are rare: only now are all of them looked up beforehand.
            report(-reported);
            return Count(newCounts, report, inOrder: false, cancellation);
        }
    }

    public void Dispose()
    {
        _prepared.Dispose();
        _file.Dispose();
    }

    private TimeCounts Count(Func<TimeCounts> newCounts, Action<int> report, bool inOrder, CancellationToken cancellation)
    {
        var total = newCounts();
        var sum = new Lock();
        using var reader = new BatchReader(_file, _requests, inOrder);
        try
        {
            Parallel.ForEach(
                Partitioner.Create(Batches(reader), EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = ResourceGrant.Cores },
                newCounts,
                (stored, _, counts) =>
                {
                    using var events = stored.Decode();
                    Add(events, counts);
                    report(events.Count);
                    return counts;
                },
                counts =>
                {
                    lock (sum)
                    {
                        total.Add(counts);
                    }
                });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
        }

        return total;
    }

    private IEnumerable<StoredBatch> Batches(BatchReader reader)
    {
        var hitsPerEvent = Math.Max(1, _requests.Max(r => _file.Require(r.Path).RowCount) / Math.Max(1, _file.EventCount));
        var size = (int)Math.Clamp(HitsInBatch / hitsPerEvent, 1, MostEventsInBatch);
        for (var first = 0; first < _file.EventCount; first += size)
        {
            yield return reader.Read(first, Math.Min(size, _file.EventCount - first));
        }
    }

    private void Add(EventBatch events, TimeCounts counts)
    {
        var hits = _hits.Prepare(events);
        counts.AddEvents(events.Count, hits.Skip.Count(s => s != SkipReason.None));

        if (!_options.McHits)
        {
            Add(hits.Offsets, hits.Skip, hits.Fields[0], _options.InactiveDu is null ? null : hits.Fields[1], counts);
            _hits.Return(hits);
            return;
        }

        using var batch = new PreparedBatch(_prepared, events, hits, _ => null);
        var table = batch[PreparedFile.McHitsPath];
        var times = new double[table.RowCount];
        table["time"].CopyTo(times);
        double[]? units = null;
        if (_options.InactiveDu is not null)
        {
            table["du"].CopyTo(units = new double[table.RowCount]);
        }

        Add(table.Offsets, hits.Skip, times, units, counts);
    }

    private void Add(ReadOnlySpan<int> offsets, SkipReason[] skip, double[] times, double[]? units, TimeCounts counts)
    {
        if (units is null && skip.All(s => s == SkipReason.None))
        {
            counts.Add(times.AsSpan(offsets[0], offsets[^1] - offsets[0]));
            return;
        }

        var kept = 0;
        for (var e = 0; e < skip.Length; e++)
        {
            for (var hit = offsets[e]; hit < offsets[e + 1]; hit++)
            {
                if (skip[e] == SkipReason.None && (units is null || units[hit] != _options.InactiveDu))
                {
                    times[kept++] = times[hit];
                }
            }
        }

        counts.Add(times.AsSpan(0, kept));
    }

    private void RequestMcHits()
    {
        Require(_table, "time", "Its times are asked for");
        var columns = new List<string> { "time" };
        if (_options.InactiveDu is not null)
        {
            var column = _prepared.McPmts is null ? "du" : "pmt_id";
            Require(_table, column, "Leaving a detection unit out needs it (or a detector file)");
            columns.Add(column);
        }

        _requests.Add(new TableRequest(_table, columns));
        if (_prepared.CorrectsMcTime)
        {
            string[] clock = ["timestamp", "nanoseconds", "mc_time"];
            foreach (var column in clock)
            {
                Require(PreparedFile.EventInfoPath, column, "Correcting MC times needs it; switch the correction off, if it is not wanted");
            }

            _requests.Add(new TableRequest(PreparedFile.EventInfoPath, clock));
        }
    }

    private void Require(string table, string column, string why)
    {
        if (_file.Require(table).Find(column) is not { Number: not null })
        {
            throw new EventFileException(_file.Path, table, $"has no column {column}. {why}.") { Problem = EventFileProblem.MissingData };
        }
    }
}
