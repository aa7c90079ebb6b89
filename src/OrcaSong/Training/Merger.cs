using System.Diagnostics;
using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Output;
using OrcaSong.Running;

namespace OrcaSong.Training;

/// <summary>
/// Merges files for training into one. All are checked before a byte is written; what is written has the layout of the first one, with <c>group_id</c> and
/// indices numbered anew, the statistics of images added up, and the files listed in <c>/used_files</c>.
/// </summary>
/// <remarks>The Python tool's <c>concatenate</c>; docs/differences.md says where it goes wrong. Memory does not grow with the number or the size of the files.</remarks>
public sealed class Merger
{
    // Rows that wait for being copied stay in the cache: 32 MB take a tenth more of the processors' time.
    private const long BytesAhead = 8L << 20;

    // Decoding a chunk of 64 kB takes 0.12 ms: several at a time keep threads from waking each other up all the time.
    private const long BytesTogether = 512L << 10;
    private readonly MergePlan _plan;
    private readonly TaskFactory _workers;
    private readonly RunProgress? _progress;
    private readonly CancellationToken _cancellation;
    private readonly IReadOnlyList<SampleWriter> _writers;
    private readonly Queue<Pending> _pending = new();
    private readonly long[] _rowsAdded;
    private readonly int _largest;
    private long _pendingBytes;

    private Merger(MergePlan plan, SampleOutput output, TaskFactory workers, RunProgress? progress, CancellationToken cancellation)
    {
        _plan = plan;
        _workers = workers;
        _progress = progress;
        _cancellation = cancellation;
        _writers = output.Writers;
        _rowsAdded = new long[_writers.Count];
        _largest = plan.Datasets.Index().MaxBy(d => d.Item.RowCount * _writers[d.Index].RowBytes).Index;
    }

    /// <summary>Merges files.</summary>
    /// <param name="inputs">Paths of files for training, in the order in which their events are to be.</param>
    /// <param name="output">Path of the file to make; its folder must exist.</param>
    /// <param name="options">How they are merged.</param>
    /// <param name="overwrite">Whether an existing output is replaced.</param>
    /// <param name="threads">Worker threads; by default one for each core.</param>
    /// <param name="progress">Told how far the merge is.</param>
    /// <param name="cancellation">Stops the merge; nothing is left behind.</param>
    /// <returns>What became of the files.</returns>
    /// <exception cref="InvalidFilesException">Files cannot be used; all that is wrong with all of them is in it. Nothing was written.</exception>
    /// <exception cref="InvalidOutputException">The output is one of the inputs, or a folder.</exception>
    /// <exception cref="IOException">An input cannot be read, or the output not written. Nothing is left under the output's name.</exception>
    public static MergeResult Merge(
        IReadOnlyList<string> inputs, string output, MergeOptions? options = null, bool overwrite = false, int? threads = null, RunProgress? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        options ??= new MergeOptions();
        var watch = Stopwatch.StartNew();
        using var claim = Targets.Claim(output, overwrite, [.. inputs.Distinct(StringComparer.Ordinal).Select(input => ((string?)input, "one of the inputs"))]);
        var plan = MergePlan.Make(inputs, options, cancellation);
        var workers = new Workers(threads);
        progress?.AddFile(plan.EventCount);
        using var record = new JobRecord([.. plan.Files.Select(f => f.Path)], cancellation);
        using (var file = new SampleOutput(output, plan.Files[0].Path, plan.Datasets, workers, renumber: true))
        {
            try
            {
                new Merger(plan, file, workers.Factory, progress, cancellation).Run();
                file.Close(root => FileNotes.Write(root, plan, options.NoUsedFiles ? [] : plan.UsedFiles, plan.BinStatistics, record, new FileNotes.Job("merge", plan.EventCount, null), ("columns", options.Columns.ToString())));
                file.Publish();
            }
            catch (H5Exception e)
            {
                throw file.Failure(e);
            }
        }

        return new MergeResult
        {
            Output = Path.GetFullPath(output),
            Inputs = [.. plan.Files.Select(f => f.Path)],
            Skipped = plan.Skipped,
            Events = plan.EventCount,
            Bytes = plan.Bytes,
            Datasets = [.. plan.Datasets.Select(d => d.Name)],
            Warnings = [.. claim.Notes, .. plan.Warnings],
            Elapsed = watch.Elapsed,
        };
    }

    private void Run()
    {
        try
        {
            foreach (var file in _plan.Files)
            {
                using var reader = new SampleReader(file, _plan.Datasets);
                for (var dataset = 0; dataset < _writers.Count; dataset++)
                {
                    Append(file, reader, dataset);
                }

                while (_pending.Count > 0)
                {
                    AppendNext();
                }
            }
        }
        finally
        {
            while (_pending.TryDequeue(out var next))
            {
                next.Dispose();
            }
        }
    }

    /// <summary>Appends the rows of a dataset of a file, block after block; the workers decode them ahead.</summary>
    private void Append(SampleFile file, SampleReader reader, int dataset)
    {
        var (writer, layout, its) = (_writers[dataset], _plan.Datasets[dataset], file.Find(_plan.Datasets[dataset].Name)!);
        var canCopy = writer.KeepsRows && its.Type.Equals(layout.Type) && its.Filters.SequenceEqual(layout.Filters) && its.ChunkShape?.SequenceEqual(layout.ChunkShape!) == true;
        var (rows, blockRows) = (reader.RowCount(dataset), reader.BlockRows(dataset));
        var blocksTogether = (int)Math.Clamp(BytesTogether / Math.Max(1, (long)blockRows * reader.RowBytes(dataset)), 1, int.MaxValue / blockRows);
        long eventsDone = 0;
        for (long first = 0, count; first < rows; first += count)
        {
            _cancellation.ThrowIfCancellationRequested();
            RowBlock? block = null;
            count = Math.Min(blockRows, rows - first);
            if (canCopy && _rowsAdded[dataset] % blockRows == 0 && count == blockRows)
            {
                block = reader.Block(dataset, first / blockRows);
            }

            if (block is not { IsWhole: true })
            {
                block?.Dispose();
                block = null;
                count = Math.Min((long)blockRows * blocksTogether, rows - first);
            }

            var events = dataset == _largest ? (first + count) * file.EventCount / rows : 0;
            var next = new Pending(writer, (int)count, events - eventsDone) { Block = block };
            if (block is null)
            {
                next.Rows = reader.Read(dataset, first, (int)count);
                next.Decoding = _workers.StartNew(next.Rows.Decode);
            }

            _rowsAdded[dataset] += count;
            eventsDone = events;
            Add(next);
        }
    }

    private void Add(Pending next)
    {
        _pending.Enqueue(next);
        _pendingBytes += next.Bytes;
        while (_pendingBytes > BytesAhead || (_pending.TryPeek(out var head) && head.Decoding.IsCompleted))
        {
            AppendNext();
        }
    }

    private void AppendNext()
    {
        using var next = _pending.Dequeue();
        _pendingBytes -= next.Bytes;
        next.Append();
        _progress?.AddDone(next.Events);
    }

    /// <summary>Rows that are being decoded, or a chunk that is copied as it is stored.</summary>
    private sealed class Pending(SampleWriter writer, int count, long events) : IDisposable
    {
        internal RowBlock? Block { get; init; }

        internal SampleRows? Rows { get; set; }

        internal Task Decoding { get; set; } = Task.CompletedTask;

        internal long Events => events;

        internal long Bytes => (long)count * writer.RowBytes;

        internal void Append()
        {
            Decoding.GetAwaiter().GetResult();
            if (Rows is not null)
            {
                writer.Append(Rows, 0, count);
            }
            else
            {
                writer.AppendStored(Block!.Stored, count);
            }
        }

        public void Dispose()
        {
            // A worker must be done with the rows before their memory is lent again; if it failed, that is on its way to the caller.
            Task.WhenAny(Decoding).GetAwaiter().GetResult();
            Rows?.Dispose();
            Block?.Dispose();
        }
    }
}
