using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using OrcaSong.Calibration;
using OrcaSong.Events;
using OrcaSong.Graphs;
using OrcaSong.Hdf5;
using OrcaSong.Images;
using OrcaSong.Labels;
using OrcaSong.Output;

namespace OrcaSong.Running;

/// <summary>
/// One file from input to output: one thread reads stored chunks ahead, workers make samples and labels of whole batches, and the
/// calling thread appends them in order. The output does not depend on the number of workers.
/// </summary>
internal sealed class FileRun : IDisposable
{
    // Batches of about this many hits keep the workers' columns in the second-level cache; see benchmarks.
    private const int HitsInBatch = 32 * 1024;
    private const int MostEventsInBatch = 2048;

    private readonly EventProcessor _processor;
    private readonly EventFile _file;
    private readonly TaskFactory _workers;
    private readonly int _ahead;
    private readonly string _outputPath;
    private readonly JobRecord _record;
    private readonly FileIdentity? _detectorFile;
    private readonly SampleStage _stage;
    private readonly HitPreparation _hits;
    private readonly PreparedFile _prepared;
    private readonly LabelStage? _labels;
    private readonly bool _inOrder;
    private readonly SynchronizationContext? _userThread;
    private readonly EventInfoRows? _eventInfo;
    private readonly List<TableRequest> _requests;
    private readonly OutputFile _output;
    private readonly long[] _skipped = new long[Enum.GetValues<SkipReason>().Length];
    private readonly IReadOnlyList<string> _notes;
    private readonly List<string> _warnings;
    private long _written;
    private long _hitCount;

    internal FileRun(
        EventProcessor processor, EventFile file, DetectorFile? detectorFile, string outputPath, JobRecord record, IReadOnlyList<string> notes, TaskFactory workers, int ahead, SynchronizationContext? userThread)
    {
        var detector = detectorFile?.Detector;
        _detectorFile = detectorFile?.File;
        _record = record;
        _processor = processor;
        _file = file;
        _outputPath = outputPath;
        _workers = workers;
        _ahead = ahead;
        _userThread = userThread;
        _notes = notes;
        _warnings = [.. file.Warnings];
        var options = processor.Options;
        _stage = processor switch
        {
            FileBinner binner => new ImageStage(binner),
            FileGraph graph => new GraphStage(
                graph, graph.HitFields ?? HitPreparation.FieldsOf(file.Require("/hits"), detector is not null && options.CalibrateHits)),
            _ => throw new NotSupportedException($"{processor.GetType().Name} cannot be run."),
        };
        var needs = new LabelNeeds(file, options, detector, makesGraphs: processor is not FileBinner);
        _labels = options.Extractor?.Prepare(needs);
        _inOrder = _labels is { InOrder: true } || options.EventSkipper is { InOrder: true };
        var labelFields = needs.HitTimes || options.EventSkipper is not null ? new[] { "time" } : [];
        _hits = new HitPreparation(file, detector, options, [.. _stage.Fields, .. labelFields], _stage.Float32Fields);
        _stage.Bind(_hits);
        _prepared = new PreparedFile(file, options, detector, _hits);
        _requests = [_hits.Request, .. needs.Requests];
        if (options.CorrectMcTime && !_prepared.CorrectsMcTime && (needs.McTimes || options.EventSkipper is not null))
        {
            _warnings.Add("The times of MC hits and MC tracks are not corrected: the file lacks /mc_hits or /mc_tracks. Switch the correction off (correct_mc_time) for real data.");
        }

        if (detector is not null && options.CalibrateHits && file.Find("/hits")?.Find("pos_x") is not null)
        {
            _warnings.Add(HitPreparation.CalibratedTwice);
        }

        if (options.KeepEventInfo)
        {
            _eventInfo = new EventInfoRows(file, withHitsInTime: processor is FileGraph);
            _requests.Add(_eventInfo.Request);
        }

        // The file is made last, when all that can be wrong with the input beforehand has been found.
        _output = new OutputFile(outputPath, workers, ahead, options.CompressionLevel);
    }

    /// <summary>Runs all events and completes the output.</summary>
    /// <param name="inOrder">Whether rows of compound tables may be taken to follow the order of events.</param>
    /// <param name="report">Told the number of events whenever some are done.</param>
    /// <param name="cancellation">Stops the run.</param>
    internal void Execute(bool inOrder, Action<int> report, CancellationToken cancellation)
    {
        using var reader = new BatchReader(_file, Merge(_requests), inOrder);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var queue = new BlockingCollection<Task<BatchResult>>(boundedCapacity: _ahead + 2);
        Tables? tables = null;
        var reading = Task.Factory.StartNew(
            () => ReadAll(reader, queue, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (var task in queue.GetConsumingEnumerable(stop.Token))
            {
                using var batch = task.GetAwaiter().GetResult();
                Append(batch, ref tables, cancellation);
                report(batch.Events.Count);
            }

            reading.GetAwaiter().GetResult();
            cancellation.ThrowIfCancellationRequested();
            tables ??= new Tables(this, _labels?.Table);
            _output.WriteChunks();
            _stage.Finish(_output);
            RunProvenance.Of(_processor, Result(TimeSpan.Zero) with { Warnings = _warnings }, _record, _detectorFile).Write(_output.File.Root);
            _output.Complete();
        }
        catch (H5Exception e)
        {
            throw _output.Failure(e);
        }
        finally
        {
            stop.Cancel();
            Drain(reading, queue);
        }
    }

    internal RunResult Result(TimeSpan elapsed) => new()
    {
        Input = _file.Path,
        Output = _outputPath,
        EventsRead = _file.EventCount,
        EventsWritten = _written,
        SkippedBy = Enum.GetValues<SkipReason>().Where(r => _skipped[(int)r] > 0).ToDictionary(r => r, r => _skipped[(int)r]),
        Hits = _hitCount,
        Overflows = _stage.Overflows,
        BinStatistics = _stage.Statistics,
        Warnings = [.. _notes, .. _warnings],
        Elapsed = elapsed,
    };

    public void Dispose()
    {
        _output.Dispose();
        _prepared.Dispose();
    }

    private static List<TableRequest> Merge(List<TableRequest> requests) =>
    [
        .. requests.GroupBy(r => r.Path, StringComparer.Ordinal).Select(g => new TableRequest(
            g.Key, g.Any(r => r.Columns is null) ? null : [.. g.SelectMany(r => r.Columns!).Distinct(StringComparer.Ordinal)])),
    ];

    private void ReadAll(BatchReader reader, BlockingCollection<Task<BatchResult>> queue, CancellationToken stop)
    {
        try
        {
            var hitsPerEvent = Math.Max(1, _file.Require("/hits").RowCount / Math.Max(1, _file.EventCount));
            var size = (int)Math.Clamp(HitsInBatch / hitsPerEvent, 1, MostEventsInBatch);
            for (var first = 0; first < _file.EventCount; first += size)
            {
                stop.ThrowIfCancellationRequested();
                var stored = reader.Read(first, Math.Min(size, _file.EventCount - first));
                var task = _workers.StartNew(() => Make(stored));
                try
                {
                    queue.Add(task, stop);
                }
                catch (OperationCanceledException)
                {
                    Discard(task);
                    throw;
                }
            }
        }
        finally
        {
            queue.CompleteAdding();
        }
    }

    /// <summary>Samples and labels of a batch; on any thread.</summary>
    private BatchResult Make(StoredBatch stored)
    {
        var result = new BatchResult(this, stored.Decode());
        try
        {
            var events = result.Events;
            var hits = _hits.Prepare(events);
            result.Skip = hits.Skip;
            var samples = result.Samples = _stage.Make(hits);
            result.Prepared = new PreparedBatch(_prepared, events, hits, e => _stage.HitsInTime(samples, e));
            for (var e = 0; e < events.Count && _eventInfo is not null; e++)
            {
                if (hits.Skip[e] == SkipReason.None && !_eventInfo.Has(events, e))
                {
                    hits.Skip[e] = SkipReason.NoEventInfo;
                }
            }

            if (!_inOrder)
            {
                Label(result);
            }

            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>Leaves events out, and makes labels of the others.</summary>
    private void Label(BatchResult batch)
    {
        _processor.Options.EventSkipper?.Apply(batch.Prepared!);
        batch.Labels = _labels?.Make(batch.Prepared!);
        batch.Prepared!.Dispose();
        batch.Prepared = null;
    }

    /// <summary>Calls users' code that must see events in order, on the thread that it is to be called on.</summary>
    private void LabelInOrder(BatchResult batch)
    {
        if (_userThread is null)
        {
            Label(batch);
            return;
        }

        ExceptionDispatchInfo? error = null;
        _userThread.Send(
            _ =>
            {
                try
                {
                    Label(batch);
                }
                catch (Exception e)
                {
                    error = ExceptionDispatchInfo.Capture(e);
                }
            },
            null);
        error?.Throw();
    }

    /// <summary>Appends the events of a batch; on the calling thread, in order.</summary>
    private void Append(BatchResult batch, ref Tables? tables, CancellationToken cancellation)
    {
        if (_inOrder)
        {
            LabelInOrder(batch);
        }

        for (var e = 0; e < batch.Events.Count; e++)
        {
            // A batch of large images that are not compressed takes a second.
            cancellation.ThrowIfCancellationRequested();
            if (batch.Skip[e] != SkipReason.None)
            {
                _skipped[(int)batch.Skip[e]]++;
                _stage.PassOver(batch.Samples!, e);
                continue;
            }

            // Only now is it known which labels users' code makes.
            tables ??= new Tables(this, _labels?.Layout(batch.Labels!, e));
            if (tables.EventInfo is { } eventInfo)
            {
                _eventInfo!.Copy(batch.Events, e, _written, _stage.HitsInTime(batch.Samples!, e), eventInfo.AppendRow());
            }

            if (tables.Labels is { } labels)
            {
                var row = labels.AppendRow();
                _labels!.Write(batch.Labels!, e, row);
                _labels.Table!.WriteGroupId(_written, row);
            }

            tables.GroupInfo.AppendRow(tables.BlobLength, _written);
            var (index, items) = _stage.Append(batch.Samples!, e);
            tables.Indices.AppendRow(index, items);
            _hitCount += batch.Events["/hits"].CountOf(e);
            _written++;
        }

        _stage.Return(batch.Samples!);
    }

    private static void Drain(Task reading, BlockingCollection<Task<BatchResult>> queue)
    {
        foreach (var task in queue.GetConsumingEnumerable())
        {
            Discard(task);
        }

        try
        {
            reading.GetAwaiter().GetResult();
        }
        catch (Exception)
        {
            // Already on its way to the caller, or the answer to being stopped.
        }
    }

    private static void Discard(Task<BatchResult> task)
    {
        try
        {
            task.GetAwaiter().GetResult().Dispose();
        }
        catch (Exception)
        {
            // The first error is the one that is reported.
        }
    }

    /// <summary>The tables of the output, in the order in which the Python tool creates them.</summary>
    private sealed class Tables
    {
        internal Tables(FileRun run, LabelTable? labels)
        {
            var (output, options) = (run._output, run._processor.Options);
            output.File.Root.Attributes.WriteVariableString("orcasong", Runner.Version);
            EventInfo = run._eventInfo?.AddTo(output, options.ChunkSize);
            Labels = labels is { } table ? output.AddTable("/y", LabelTable.Title, table.Columns, options.ChunkSize) : null;
            GroupInfo = output.AddTable("/group_info", "Group Info", [("blob_length", H5Type.Int64), ("group_id", H5Type.Int64)], options.ChunkSize);
            run._stage.Open(output);
            Indices = output.AddTable("/x_indices", "Indices", [("index", H5Type.Int64), ("n_items", H5Type.Int64)], options.ChunkSize);
            BlobLength = 1 + (Labels is null ? 0 : 1) + (EventInfo is null ? 0 : 1);
            if (options.KeepRawHeader)
            {
                RawHeader.Copy(run._file, output, options.ChunkSize);
            }
        }

        internal RowWriter? EventInfo { get; }

        internal RowWriter? Labels { get; }

        internal RowWriter GroupInfo { get; }

        internal RowWriter Indices { get; }

        /// <summary>What km3pipe counts as the entries of an event: the sample, the labels, the event_info.</summary>
        internal int BlobLength { get; }
    }

    /// <summary>A batch on its way to the output.</summary>
    private sealed class BatchResult(FileRun run, EventBatch events) : IDisposable
    {
        internal EventBatch Events => events;

        internal SkipReason[] Skip { get; set; } = [];

        internal object? Samples { get; set; }

        internal object? Labels { get; set; }

        /// <summary>What labels are made from, as long as they are not.</summary>
        internal PreparedBatch? Prepared { get; set; }

        public void Dispose()
        {
            Prepared?.Dispose();
            events.Dispose();
            if (Labels is { } labels)
            {
                run._labels!.Return(labels);
            }
        }
    }
}
