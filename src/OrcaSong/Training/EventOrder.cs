using OrcaSong.Running;

namespace OrcaSong.Training;

/// <summary>
/// Brings the events of files into any order, in two passes whatever their size: all are dealt to piles, by their place in the output; then
/// pile after pile is brought into memory and written in order. Piles that do not fit into memory together are kept in a file.
/// </summary>
internal sealed class EventOrder : IDisposable
{
    /// <summary>The least memory that piles and batches need.</summary>
    internal const long LeastMemory = 32L << 20;

    private const int LargestBlock = 1 << 20;
    private const int SmallestBlock = 32 << 10;
    private const int BatchBytes = 1 << 20;
    private const int MostEventsInBatch = 4096;
    private const int EventsBetweenReports = 64;

    // The pile that is written and the next one are in memory together, beside chunks on their way.
    private const double PileShare = 0.3;
    private const double AllShare = 0.75;

    // A bin that is not zero takes five bytes in memory, and somewhat more than one where it is stored.
    private const int ImageGrowth = 4;

    private readonly MergePlan _plan;
    private readonly int[] _places;
    private readonly int[] _ends;
    private readonly Workers _workers;
    private readonly CancellationToken _cancellation;
    private readonly RunProgress? _progress;
    private readonly SpillFile _spill;
    private readonly Pile[] _piles;
    private readonly int _pileEvents;
    private readonly long[][] _rows;
    private long _halvesDone;
    private Task<LoadedPile>? _next;
    private LoadedPile? _current;
    private int _currentPile = -1;

    /// <summary>Plans the piles.</summary>
    /// <param name="plan">The files, and the datasets that are wanted of them.</param>
    /// <param name="places">For each event, in the order of the files, its place in the output, or -1 to leave it out. No place is taken twice or left free.</param>
    /// <param name="ends">The place after the last of each output: they share the places between them.</param>
    /// <param name="memory">Bytes that piles may take.</param>
    /// <param name="spillPath">A path that no file has, where there is room for all events.</param>
    /// <param name="workers">Decode and deal.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops it.</param>
    internal EventOrder(
        MergePlan plan, int[] places, IReadOnlyList<int> ends, long memory, string spillPath, Workers workers, RunProgress? progress, CancellationToken cancellation)
    {
        if (memory < LeastMemory)
        {
            throw new ArgumentException($"A memory limit of {memory / 1e6:0.#} MB is too small; at least {LeastMemory / 1e6:0.#} MB are needed.", nameof(memory));
        }

        _plan = plan;
        _places = places;
        _ends = [.. ends];
        _workers = workers;
        _progress = progress;
        _cancellation = cancellation;
        _rows = [.. ends.Select(_ => new long[plan.Datasets.Count])];
        var total = _ends.Length == 0 ? 0 : _ends[^1];
        var bytes = PayloadBytes(plan);
        PileCount = bytes <= memory * AllShare ? 1 : (int)Math.Min(Math.Max(1, total), Math.Ceiling(bytes / (memory * PileShare)));
        _pileEvents = Math.Max(1, (total + PileCount - 1) / PileCount);
        PileCount = Math.Max(1, (total + _pileEvents - 1) / _pileEvents);
        _spill = new SpillFile(spillPath, (int)Math.Clamp(memory / 8 / PileCount, SmallestBlock, LargestBlock));
        _piles = [.. Enumerable.Range(0, PileCount).Select(p => new Pile(_spill, p * _pileEvents, Math.Min(_pileEvents, total - (p * _pileEvents)), stays: PileCount == 1))];
    }

    /// <summary>Number of piles; one stays in memory.</summary>
    internal int PileCount { get; }

    /// <summary>First pass: reads all events and deals them.</summary>
    internal void Deal()
    {
        var running = new Queue<Task>();
        try
        {
            var firstEvent = 0;
            foreach (var file in _plan.Files)
            {
                using var reader = new SampleReader(file, _plan.Datasets);
                var starts = _plan.Datasets.Select(d => RowStarts.Of(file, d)).ToArray();
                var size = BatchSize(file, reader);
                for (var first = 0; first < file.EventCount; first += size)
                {
                    _cancellation.ThrowIfCancellationRequested();
                    var batch = new Batch(this, reader, starts, first, Math.Min(size, file.EventCount - first), firstEvent);
                    running.Enqueue(_workers.Factory.StartNew(batch.Deal));
                    while (running.Count > (2 * _workers.Count) + 1)
                    {
                        running.Dequeue().GetAwaiter().GetResult();
                    }
                }

                firstEvent += file.EventCount;
            }

            while (running.TryDequeue(out var batch))
            {
                batch.GetAwaiter().GetResult();
            }
        }
        finally
        {
            // After an error the others must be done with the pool's memory, and with the piles.
            Task.WhenAny(Task.WhenAll(running)).GetAwaiter().GetResult();
        }
    }

    /// <summary>Rows of a dataset in an output; known after the first pass.</summary>
    internal long RowCount(int output, int dataset) => _rows[output][dataset];

    /// <summary>Second pass: writes the events of one output, in order. Outputs are written one after the other.</summary>
    internal void Write(int output, IReadOnlyList<SampleWriter> writers)
    {
        var first = output == 0 ? 0 : _ends[output - 1];
        for (var place = first; place < _ends[output];)
        {
            var pile = Current(place / _pileEvents);
            var after = Math.Min(_ends[output], ((place / _pileEvents) + 1) * _pileEvents);
            while (place < after)
            {
                _cancellation.ThrowIfCancellationRequested();
                var few = Math.Min(EventsBetweenReports, after - place);
                for (var end = place + few; place < end; place++)
                {
                    pile.AppendTo(writers, place);
                }

                Report(few);
            }
        }
    }

    public void Dispose()
    {
        _current?.Dispose();
        if (_next is not null)
        {
            Task.WhenAny(_next).GetAwaiter().GetResult();
        }

        _spill.Dispose();
    }

    /// <summary>The pile with this number, while the next one is being read. Piles are asked for in order.</summary>
    private LoadedPile Current(int pile)
    {
        if (_currentPile != pile)
        {
            _current?.Dispose();
            _current = (_next ?? Load(pile)).GetAwaiter().GetResult();
            _currentPile = pile;
            _next = pile + 1 < _piles.Length ? Load(pile + 1) : null;
        }

        return _current!;
    }

    private Task<LoadedPile> Load(int pile) => Task.Run(() => _piles[pile].Load(_cancellation));

    /// <summary>Counts an event as done by halves, one in each pass.</summary>
    private void Report(int events)
    {
        var before = Interlocked.Add(ref _halvesDone, events) - events;
        _progress?.AddDone(((before + events) / 2) - (before / 2));
    }

    /// <summary>Counts the rows of an event.</summary>
    private void Count(int place, ReadOnlySpan<int> counts)
    {
        var output = Array.BinarySearch(_ends, place + 1);
        var rows = _rows[output < 0 ? ~output : output];
        for (var d = 0; d < counts.Length; d++)
        {
            Interlocked.Add(ref rows[d], counts[d]);
        }
    }

    /// <summary>What all events take in memory; of images, an estimate.</summary>
    private static double PayloadBytes(MergePlan plan)
    {
        double bytes = 0;
        foreach (var dataset in plan.Datasets)
        {
            bytes += dataset.IsImage
                ? plan.Files.Sum(f => (double)new FileInfo(f.Path).Length * ImageGrowth)
                : dataset.RowShape.Aggregate((double)dataset.RowCount * dataset.Type.Size, (product, n) => product * n);
        }

        return bytes + (plan.EventCount * 8.0 * (plan.Datasets.Count + 1));
    }

    /// <summary>Events in a batch: about a megabyte, and whole chunks of images, so that each is decoded once.</summary>
    private int BatchSize(SampleFile file, SampleReader reader)
    {
        double bytes = 0;
        var whole = 1;
        for (var d = 0; d < _plan.Datasets.Count; d++)
        {
            bytes += (double)reader.RowCount(d) * reader.RowBytes(d) / Math.Max(1, file.EventCount);
            if (_plan.Datasets[d].IsImage)
            {
                whole = Math.Min(MostEventsInBatch, Math.Max(whole, reader.BlockRows(d)));
            }
        }

        var events = (int)Math.Clamp(BatchBytes / Math.Max(1, bytes), 1, MostEventsInBatch);
        return (events + whole - 1) / whole * whole;
    }

    /// <summary>Some consecutive events of a file.</summary>
    private sealed class Batch
    {
        private readonly EventOrder _order;
        private readonly SampleRows[] _rows;
        private readonly long[]?[] _starts;
        private readonly int _first;
        private readonly int _count;
        private readonly int _firstPlace;

        /// <summary>Fetches the rows; on the reader's thread.</summary>
        internal Batch(EventOrder order, SampleReader reader, long[]?[] starts, int first, int count, int firstEventOfFile)
        {
            _order = order;
            _starts = starts;
            _first = first;
            _count = count;
            _firstPlace = firstEventOfFile + first;
            _rows = new SampleRows[starts.Length];
            try
            {
                for (var d = 0; d < _rows.Length; d++)
                {
                    _rows[d] = starts[d] is { } s ? reader.Read(d, s[first], checked((int)(s[first + count] - s[first]))) : reader.Read(d, first, count);
                }
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        /// <summary>Decodes the rows and deals them; on any thread.</summary>
        internal void Deal()
        {
            try
            {
                foreach (var rows in _rows)
                {
                    _order._cancellation.ThrowIfCancellationRequested();
                    rows.Decode();
                }

                Span<int> first = stackalloc int[_rows.Length];
                Span<int> counts = stackalloc int[_rows.Length];
                for (var e = 0; e < _count; e++)
                {
                    var place = _order._places[_firstPlace + e];
                    if (place < 0)
                    {
                        continue;
                    }

                    for (var d = 0; d < _rows.Length; d++)
                    {
                        (first[d], counts[d]) = _starts[d] is { } s
                            ? ((int)(s[_first + e] - s[_first]), (int)(s[_first + e + 1] - s[_first + e]))
                            : (e, 1);
                    }

                    _order.Count(place, counts);
                    _order._piles[place / _order._pileEvents].Add(place, _rows, first, counts);
                }

                _order.Report(_count);
            }
            finally
            {
                Dispose();
            }
        }

        private void Dispose()
        {
            foreach (var rows in _rows)
            {
                rows?.Dispose();
            }
        }
    }
}
