using System.Buffers;

namespace OrcaSong.Events;

/// <summary>
/// Reads the tables that a job needs, batch by batch: <see cref="Read"/> fetches stored chunks and is called by one thread;
/// <see cref="StoredBatch.Decode"/> makes the columns and is called by any.
/// </summary>
internal sealed class BatchReader : IDisposable
{
    private readonly EventFile _file;
    private readonly List<TableReader> _tables = [];

    /// <summary>Opens the tables.</summary>
    /// <param name="file">The file.</param>
    /// <param name="requests">Tables that the file has, each with columns that it has.</param>
    /// <param name="inOrder">Whether the rows of compound tables may be taken to follow the order of events.</param>
    internal BatchReader(EventFile file, IEnumerable<TableRequest> requests, bool inOrder)
    {
        _file = file;
        try
        {
            foreach (var request in requests)
            {
                _tables.Add(new TableReader(file, file.Require(request.Path), request.Columns, inOrder));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Fetches consecutive events. Batches are read in ascending order.</summary>
    /// <param name="firstEvent">The first event, counted from 0 in file order.</param>
    /// <param name="count">Number of events.</param>
    /// <returns>The batch, still encoded.</returns>
    internal StoredBatch Read(int firstEvent, int count)
    {
        var batch = new StoredBatch(_file, firstEvent, count);
        try
        {
            foreach (var table in _tables)
            {
                batch.Tables.Add(table.Read(firstEvent, count));
            }

            return batch;
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var table in _tables)
        {
            table.Dispose();
        }
    }

    private sealed class TableReader : IDisposable
    {
        private readonly EventTable _table;
        private readonly TableColumn[] _columns;
        private readonly Dictionary<string, RowSource> _open = new(StringComparer.Ordinal);
        private readonly RowSource[] _sources;
        private readonly TableIndex _index;

        internal TableReader(EventFile file, EventTable table, IReadOnlyCollection<string>? columns, bool inOrder)
        {
            _table = table;
            _columns = [.. table.Columns.Where(c => c.Number is not null && (columns is null || columns.Contains(c.Name)))];
            RowSource Open(string path) => _open.TryGetValue(path, out var source) ? source : _open[path] = new RowSource(file, path);
            try
            {
                _sources = table.Layout == TableLayout.Split
                    ? [.. _columns.Select(c => Open($"{table.Path}/{c.Name}"))]
                    : [Open(table.Path)];
                _index = TableIndex.Of(file, table, inOrder, Open);
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        internal StoredTable Read(int firstEvent, int count)
        {
            var runs = new RowRuns();
            var offsets = new int[count + 1];
            for (var e = 0; e < count; e++)
            {
                _index.Locate(firstEvent + e, runs);
                offsets[e + 1] = runs.RowCount;
            }

            var table = new StoredTable(_table, _columns, offsets);
            try
            {
                foreach (var source in _sources)
                {
                    var pieces = table.AddSource(source.RowBytes);
                    foreach (var run in runs.Runs)
                    {
                        for (var row = run.First; row < run.First + run.Count;)
                        {
                            var block = source.Get(row / source.BlockRows);
                            var rows = (int)(Math.Min(run.First + run.Count, block.FirstRow + block.Count) - row);
                            pieces.Add(new StoredPiece(block, (int)(row - block.FirstRow), rows));
                            row += rows;
                        }
                    }
                }

                return table;
            }
            catch
            {
                table.Dispose();
                throw;
            }
        }

        public void Dispose()
        {
            _index?.Dispose();
            foreach (var source in _open.Values)
            {
                source.Dispose();
            }
        }
    }
}

/// <summary>A run of rows within a block.</summary>
internal readonly record struct StoredPiece(RowBlock Block, int FirstRow, int RowCount);

/// <summary>A batch of events whose chunks are read, but not yet decoded.</summary>
internal sealed class StoredBatch(EventFile file, int firstEvent, int count) : IDisposable
{
    internal int FirstEvent => firstEvent;

    internal int Count => count;

    internal List<StoredTable> Tables { get; } = [];

    /// <summary>Decodes all columns. On any thread, once; the stored chunks are let go.</summary>
    internal EventBatch Decode()
    {
        var tables = new Dictionary<string, TableBatch>(Tables.Count, StringComparer.Ordinal);
        var batch = new EventBatch(file, firstEvent, count, tables);
        try
        {
            foreach (var table in Tables)
            {
                tables[table.Table.Path] = table.Decode();
            }

            return batch;
        }
        catch
        {
            batch.Dispose();
            throw;
        }
        finally
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var table in Tables)
        {
            table.Dispose();
        }

        Tables.Clear();
    }
}

/// <summary>The stored chunks of one table for a batch.</summary>
internal sealed class StoredTable(EventTable table, TableColumn[] columns, int[] offsets) : IDisposable
{
    private readonly List<(int RowBytes, List<StoredPiece> Pieces)> _sources = [];

    internal EventTable Table => table;

    internal List<StoredPiece> AddSource(int rowBytes)
    {
        _sources.Add((rowBytes, []));
        return _sources[^1].Pieces;
    }

    internal TableBatch Decode()
    {
        var rows = offsets[^1];
        var buffers = new List<byte[]>(_sources.Count);
        var batch = new TableBatch(table, offsets, new Dictionary<string, Column>(columns.Length, StringComparer.Ordinal), buffers);
        try
        {
            foreach (var (rowBytes, pieces) in _sources)
            {
                var buffer = ArrayPool<byte>.Shared.Rent(checked(rows * rowBytes));
                buffers.Add(buffer);
                var at = 0;
                foreach (var piece in pieces)
                {
                    var bytes = piece.RowCount * rowBytes;
                    piece.Block.Rows.AsSpan(piece.FirstRow * rowBytes, bytes).CopyTo(buffer.AsSpan(at));
                    at += bytes;
                }
            }

            for (var c = 0; c < columns.Length; c++)
            {
                var column = columns[c];
                var source = table.Layout == TableLayout.Split ? c : 0;
                batch.Add(column.Name, new Column(buffers[source], column.Offset, _sources[source].RowBytes, rows, column.Number!.Value));
            }

            return batch;
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var (_, pieces) in _sources)
        {
            foreach (var piece in pieces)
            {
                piece.Block.Dispose();
            }

            pieces.Clear();
        }
    }
}
