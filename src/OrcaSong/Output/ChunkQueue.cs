using System.Buffers;
using OrcaSong.Hdf5;

namespace OrcaSong.Output;

/// <summary>An encoded chunk in a pooled buffer.</summary>
internal readonly record struct EncodedChunk(byte[] Buffer, int Length);

/// <summary>
/// Encodes chunks on the worker threads and writes them in the order in which they were added, so that the file does not depend
/// on the number of threads. Used by one thread.
/// </summary>
internal sealed class ChunkQueue(TaskFactory workers, int capacity) : IDisposable
{
    // Chunks may have any size that users like.
    private const long MostBytes = 96L << 20;

    private readonly CancellationTokenSource _abandoned = new();
    private readonly Queue<(H5Dataset Dataset, long[] Coordinate, long Rows, int Bytes, Task<EncodedChunk> Chunk)> _waiting = new();
    private long _bytes;

    /// <summary>Adds a chunk; writes those at the head that are ready, and waits for one when too many are under way.</summary>
    /// <param name="dataset">Where it goes.</param>
    /// <param name="coordinate">Its first element.</param>
    /// <param name="rows">Rows that the dataset has with this chunk.</param>
    /// <param name="bytes">What it takes in memory until it is written.</param>
    /// <param name="encode">Makes the stored bytes; runs on a worker thread.</param>
    internal void Add(H5Dataset dataset, long[] coordinate, long rows, int bytes, Func<EncodedChunk> encode) =>
        Add(dataset, coordinate, rows, bytes, workers.StartNew(encode, _abandoned.Token));

    /// <summary>Adds a chunk that is encoded already.</summary>
    /// <param name="dataset">Where it goes.</param>
    /// <param name="coordinate">Its first element.</param>
    /// <param name="rows">Rows that the dataset has with this chunk.</param>
    /// <param name="chunk">The stored bytes, in a pooled buffer that is given away.</param>
    internal void Add(H5Dataset dataset, long[] coordinate, long rows, EncodedChunk chunk) =>
        Add(dataset, coordinate, rows, chunk.Length, Task.FromResult(chunk));

    private void Add(H5Dataset dataset, long[] coordinate, long rows, int bytes, Task<EncodedChunk> chunk)
    {
        _waiting.Enqueue((dataset, coordinate, rows, bytes, chunk));
        _bytes += bytes;
        while (_waiting.Count > capacity || (_bytes > MostBytes && _waiting.Count > 1) || (_waiting.TryPeek(out var head) && head.Chunk.IsCompleted))
        {
            WriteNext();
        }
    }

    /// <summary>Writes all that was added.</summary>
    internal void Flush()
    {
        while (_waiting.Count > 0)
        {
            WriteNext();
        }
    }

    /// <summary>Keeps chunks from being encoded, and lets go of those that are: there are some after an error or a cancellation.</summary>
    public void Dispose()
    {
        _abandoned.Cancel();
        while (_waiting.TryDequeue(out var next))
        {
            try
            {
                ArrayPool<byte>.Shared.Return(next.Chunk.GetAwaiter().GetResult().Buffer);
            }
            catch (Exception)
            {
                // The first error is the one that is reported.
            }
        }

        _abandoned.Dispose();
    }

    private void WriteNext()
    {
        var (dataset, coordinate, rows, bytes, task) = _waiting.Dequeue();
        _bytes -= bytes;
        var chunk = task.GetAwaiter().GetResult();
        dataset.SetLength(rows);
        dataset.WriteChunk(coordinate, chunk.Buffer.AsSpan(0, chunk.Length));
        ArrayPool<byte>.Shared.Return(chunk.Buffer);
    }
}
