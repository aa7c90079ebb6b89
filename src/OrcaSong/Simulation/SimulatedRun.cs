using System.Collections.Concurrent;
using System.Diagnostics;
using OrcaSong.Hdf5;
using OrcaSong.Output;
using OrcaSong.Running;

namespace OrcaSong.Simulation;

/// <summary>A run that was simulated into a file.</summary>
/// <param name="Path">Path of the event file, in km3pipe's layout.</param>
/// <param name="DetectorFile">Path of the .detx file of its detector.</param>
/// <param name="Events">Number of events.</param>
/// <param name="Hits">Number of hits.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record SimulatedRun(string Path, string DetectorFile, long Events, long Hits, TimeSpan Elapsed)
{
    private const int EventsInBatch = 250;

    /// <summary>What was worth knowing, such as leftovers of a run that was killed.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>Simulates a run and writes it, with the detector file beside it.</summary>
    /// <param name="options">What is simulated.</param>
    /// <param name="path">Path of the event file.</param>
    /// <param name="detectorFile">Path of the .detx file; by default the event file's with another extension.</param>
    /// <param name="overwrite">Whether existing files are replaced.</param>
    /// <param name="compressionLevel">DEFLATE level, 0 to 9.</param>
    /// <param name="threads">Threads that simulate and encode; by default one for each core. The file does not depend on it.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops it; nothing is left behind.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="IOException">A file exists, or cannot be written.</exception>
    public static SimulatedRun Write(
        SimulationOptions options,
        string path,
        string? detectorFile = null,
        bool overwrite = false,
        int compressionLevel = 1,
        int? threads = null,
        RunProgress? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var watch = Stopwatch.StartNew();
        var count = threads ?? ResourceGrant.Cores;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(threads));
        if (compressionLevel is < 0 or > 9)
        {
            throw new ArgumentException($"The compression level goes from 0 (none) to 9 (smallest); got {compressionLevel}.", nameof(compressionLevel));
        }

        detectorFile ??= System.IO.Path.ChangeExtension(path, ".detx");
        using var claim = Targets.Claim(path, overwrite);
        SimulatedDetector.CheckName(detectorFile);
        using var detectorClaim = Targets.Claim(detectorFile, overwrite, (path, "also the detector file"));

        var workers = new TaskFactory(new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, count).ConcurrentScheduler);
        progress?.AddFile(options.Events);
        var simulator = new EventSimulator(options);
        var temporaryDetector = OutputFile.TemporaryName(detectorFile);
        try
        {
            Write(simulator.Detector, temporaryDetector, detectorFile);
            using var output = new OutputFile(path, workers, count, compressionLevel);
            var hits = Fill(output, Batches(simulator, workers, count, cancellation), simulator, progress, cancellation);

            // Where there are events, there is their detector.
            File.Move(temporaryDetector, detectorFile, overwrite: true);
            output.Publish();
            return new SimulatedRun(path, detectorFile, options.Events, hits, watch.Elapsed) { Warnings = [.. claim.Notes, .. detectorClaim.Notes] };
        }
        finally
        {
            Disk.Remove(temporaryDetector);
        }
    }

    private static void Write(SimulatedDetector detector, string temporary, string target)
    {
        try
        {
            using (var text = new StreamWriter(temporary))
            {
                detector.WriteDetx(text);
            }

            Disk.Flush(temporary);
        }
        catch (IOException e)
        {
            throw OutputFile.CannotWrite(target, e.Message, e);
        }
    }

    /// <summary>Writes the events and closes the file, under its temporary name.</summary>
    /// <returns>The number of hits.</returns>
    private static long Fill(
        OutputFile output, IEnumerable<SimulatedBatch> batches, EventSimulator simulator, RunProgress? progress, CancellationToken cancellation)
    {
        try
        {
            var tables = simulator.Tables.Select(t => new TableSink(output, t)).ToArray();
            new TableSink(output, simulator.Header).Append(simulator.Header);
            foreach (var batch in batches)
            {
                cancellation.ThrowIfCancellationRequested();
                for (var t = 0; t < tables.Length; t++)
                {
                    tables[t].Append(batch.Tables[t]);
                }

                progress?.AddDone(batch.EventCount);
            }

            output.WriteChunks();
            output.Close();
            return tables.Where(t => t.Path == "/hits").Sum(t => t.RowCount);
        }
        catch (H5Exception e)
        {
            throw output.Failure(e);
        }
    }

    /// <summary>Batches in order, each simulated on a worker thread by a simulator that nobody else uses until it is taken back.</summary>
    private static IEnumerable<SimulatedBatch> Batches(EventSimulator first, TaskFactory workers, int threads, CancellationToken cancellation)
    {
        var idle = new ConcurrentBag<EventSimulator> { first };
        var waiting = new Queue<Task<(EventSimulator, SimulatedBatch)>>();
        long next = 0;
        while (next < first.Options.Events || waiting.Count > 0)
        {
            while (next < first.Options.Events && waiting.Count < threads + 1)
            {
                var (start, count) = (next, (int)Math.Min(EventsInBatch, first.Options.Events - next));
                next += count;
                waiting.Enqueue(workers.StartNew(() =>
                {
                    var simulator = idle.TryTake(out var taken) ? taken : new EventSimulator(first.Options);
                    return (simulator, simulator.Simulate(start, count));
                }));
            }

            var (done, batch) = waiting.Dequeue().WaitAsync(cancellation).GetAwaiter().GetResult();
            yield return batch;
            idle.Add(done);
        }
    }

    /// <summary>Writes a table as km3pipe does: a compound dataset, or a group with an array for each column and <c>_indices</c>.</summary>
    private sealed class TableSink
    {
        private readonly RowWriter? _rows;
        private readonly RowWriter[] _columns = [];
        private readonly RowWriter? _indices;
        private byte[] _packed = [];

        internal TableSink(OutputFile output, SimulatedTable table)
        {
            Path = "/" + table.Path;
            if (!table.SplitColumns)
            {
                _rows = output.AddTable(Path, table.Title, [.. table.Columns.Select(c => (c.Name, TypeOf(c)))]);
                return;
            }

            output.Group(Path, table.Title).Attributes.WriteFixedString("datatype", table.Title, H5Charset.Utf8);
            _columns = [.. table.Columns.Select(c => output.AddArray(
                $"{Path}/{c.Name}", char.ToUpperInvariant(c.Name[0]) + c.Name[1..], TypeOf(c), []))];
            _indices = output.AddTable($"{Path}/_indices", "Indices", [("index", H5Type.Int64), ("n_items", H5Type.Int64)]);
        }

        internal string Path { get; }

        internal long RowCount { get; private set; }

        internal void Append(SimulatedTable table)
        {
            if (_rows is not null)
            {
                AppendRows(table);
                return;
            }

            for (var c = 0; c < _columns.Length; c++)
            {
                _columns[c].Append(table.Columns[c].Bytes);
            }

            foreach (var rows in table.RowsPerEvent)
            {
                _indices!.AppendRow(RowCount, rows);
                RowCount += rows;
            }
        }

        private void AppendRows(SimulatedTable table)
        {
            var rowBytes = _rows!.RowBytes;
            Buffers.Grow(ref _packed, table.RowCount * rowBytes);
            var offset = 0;
            foreach (var column in table.Columns)
            {
                var size = column.ElementSize;
                for (var row = 0; row < table.RowCount; row++)
                {
                    column.Bytes.Slice(row * size, size).CopyTo(_packed.AsSpan((row * rowBytes) + offset));
                }

                offset += size;
            }

            _rows.Append(_packed.AsSpan(0, table.RowCount * rowBytes));
            RowCount += table.RowCount;
        }

        private static H5Type TypeOf(SimulatedColumn column) => column.ElementType == typeof(string)
            ? H5Type.FixedString(column.ElementSize, H5Charset.Ascii)
            : Type.GetTypeCode(column.ElementType) switch
            {
                TypeCode.Int32 => H5Type.Int32,
                TypeCode.UInt32 => H5Type.UInt32,
                TypeCode.Int64 => H5Type.Int64,
                TypeCode.UInt64 => H5Type.UInt64,
                TypeCode.Single => H5Type.Float32,
                TypeCode.Double => H5Type.Float64,
                _ => throw new NotSupportedException($"A column of {column.ElementType} cannot be written."),
            };
    }
}
