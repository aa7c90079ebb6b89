using System.Globalization;
using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Running;

namespace OrcaSong.Inspection;

/// <summary>
/// Reads all rows of a dataset: one thread reads what is stored, others inflate it, which checks its checksums, and look at the rows. Memory is
/// bounded whatever the size of the file.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="path">The dataset.</param>
/// <param name="problem">Is told what is wrong; from any thread.</param>
internal sealed class DatasetScan(H5File file, string path, Action<string, string> problem)
{
    // More of the same kind say nothing new; and a damaged file can claim any number of rows.
    private const int MostProblems = 3;
    private const long BytesAhead = 64L << 20;
    private readonly Queue<(Task Task, int Bytes)> _waiting = new();
    private long _bytesWaiting;
    private int _problems;

    /// <summary>Bytes of the rows that were read.</summary>
    internal long BytesRead { get; private set; }

    /// <summary>Reads the rows.</summary>
    /// <param name="workers">Inflate them; <see langword="null"/> reads what is stored without inflating it.</param>
    /// <param name="look">Looks at the rows of a block; on any thread.</param>
    /// <param name="report">Told the number of rows whenever some are read.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Whether all is well.</returns>
    internal bool Run(Workers? workers, Action<RowBlock>? look, Action<long>? report, CancellationToken cancellation)
    {
        try
        {
            using var source = new RowSource(file, path);
            Run(source, workers, look, report, cancellation);
        }
        catch (Exception e) when (e is H5Exception or EventFileException or OverflowException)
        {
            Report(e);
        }

        return _problems == 0;
    }

    private void Run(RowSource source, Workers? workers, Action<RowBlock>? look, Action<long>? report, CancellationToken cancellation)
    {
        try
        {
            for (long first = 0; first < source.RowCount && Volatile.Read(ref _problems) < MostProblems; first += source.BlockRows)
            {
                cancellation.ThrowIfCancellationRequested();
                var block = source.Get(first / source.BlockRows);
                if (block.HasHole)
                {
                    Report($"rows in all chunks", string.Create(CultureInfo.InvariantCulture, $"rows {first} to {first + block.Count - 1} never written"));
                }

                BytesRead += (long)block.Count * source.RowBytes;
                report?.Invoke(block.Count);
                if (workers is null)
                {
                    block.Dispose();
                    continue;
                }

                Add(workers.Factory.StartNew(() => Look(block, look), CancellationToken.None), block.Count * source.RowBytes);
                while (_bytesWaiting > BytesAhead || _waiting.Count > 4 * (workers.Count + 1))
                {
                    Take();
                }
            }
        }
        finally
        {
            while (_waiting.Count > 0)
            {
                Take();
            }
        }
    }

    private void Add(Task task, int bytes)
    {
        _waiting.Enqueue((task, bytes));
        _bytesWaiting += bytes;
    }

    private void Take()
    {
        var (task, bytes) = _waiting.Dequeue();
        _bytesWaiting -= bytes;
        task.GetAwaiter().GetResult();
    }

    private void Look(RowBlock block, Action<RowBlock>? look)
    {
        using (block)
        {
            try
            {
                _ = block.Rows;
            }
            catch (EventFileException e)
            {
                Report(e);
                return;
            }

            look?.Invoke(block);
        }
    }

    private void Report(Exception e) => Report("readable rows", e switch
    {
        H5Exception h5 => h5.Reason,
        OverflowException => "rows of more than 2 GiB",
        _ => ExtractorCheck.WithoutFile(e.Message, file.Path),
    });

    private void Report(string expected, string found)
    {
        if (Interlocked.Increment(ref _problems) <= MostProblems)
        {
            problem(expected, found);
        }
    }
}
