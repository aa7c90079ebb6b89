using System.Buffers;
using OrcaSong.Hdf5;

namespace OrcaSong.Output;

/// <summary>An encoded chunk in a pooled buffer.</summary>
internal readonly record struct EncodedChunk(byte[] Buffer, int Length);

/// <summary>
/// Encodes chunks on the worker threads and writes them in the order in which they were added, so that the file does not depend
/// on the number of threads. Used by one thread.
/// </summary>
/// <remarks>
/// Small chunks (those of 32 rows of an index have 512 bytes) share a task with their neighbours: as tasks of their own they cost more in
/// threads that are woken than in encoding.
/// </remarks>
internal sealed class ChunkQueue(TaskFactory workers, int capacity) : IDisposable
{
    // Chunks may have any size that users like.
    private const long MostBytes = 96L << 20;

    private const int BytesOfTask = 64 << 10;

    private readonly CancellationTokenSource _abandoned = new();
    private readonly Queue<Group> _waiting = new();
    private Group _open = new();
    private long _bytes;
    private int _chunks;

    /// <summary>Adds a chunk; writes those at the head that are ready, and waits for some when too many are under way.</summary>
    /// <param name="dataset">Where it goes.</param>
    /// <param name="coordinate">Its first element.</param>
    /// <param name="rows">Rows that the dataset has with this chunk.</param>
    /// <param name="bytes">What it takes in memory until it is written.</param>
    /// <param name="encode">Makes the stored bytes; runs on a worker thread.</param>
    internal void Add(H5Dataset dataset, long[] coordinate, long rows, int bytes, Func<EncodedChunk> encode) =>
        Add(new Chunk(dataset, coordinate, rows, encode), bytes);

    /// <summary>Adds a chunk that is encoded already.</summary>
    /// <param name="dataset">Where it goes.</param>
    /// <param name="coordinate">Its first element.</param>
    /// <param name="rows">Rows that the dataset has with this chunk.</param>
    /// <param name="chunk">The stored bytes, in a pooled buffer that is given away.</param>
    internal void Add(H5Dataset dataset, long[] coordinate, long rows, EncodedChunk chunk) =>
        Add(new Chunk(dataset, coordinate, rows, () => chunk), chunk.Length);

    /// <summary>Writes all that was added.</summary>
    internal void Flush()
    {
        Close();
        while (_waiting.Count > 0)
        {
            WriteNext();
        }
    }

    /// <summary>Keeps chunks from being encoded, and lets go of those that are: there are some after an error or a cancellation.</summary>
    public void Dispose()
    {
        _abandoned.Cancel();
        while (_waiting.TryDequeue(out var group))
        {
            try
            {
                group.Encoding!.GetAwaiter().GetResult();
            }
            catch (Exception)
            {
                // The first error is the one that is reported.
            }

            group.Return();
        }

        _abandoned.Dispose();
    }

    private void Add(Chunk chunk, int bytes)
    {
        _open.Add(chunk, bytes);
        _bytes += bytes;
        _chunks++;
        if (_open.Bytes >= BytesOfTask)
        {
            Close();
        }

        while (_waiting.TryPeek(out var head) && (_chunks > capacity || (_bytes > MostBytes && _waiting.Count > 1) || head.Encoding!.IsCompleted))
        {
            WriteNext();
        }
    }

    /// <summary>Has the chunks encoded that are waiting for company.</summary>
    private void Close()
    {
        _open.Encoding = workers.StartNew(_open.Encode, _abandoned.Token);
        _waiting.Enqueue(_open);
        _open = new Group();
    }

    private void WriteNext()
    {
        var group = _waiting.Peek();
        group.Encoding!.GetAwaiter().GetResult();
        group.Write();
        _waiting.Dequeue().Return();
        _bytes -= group.Bytes;
        _chunks -= group.Count;
    }

    private readonly record struct Chunk(H5Dataset Dataset, long[] Coordinate, long Rows, Func<EncodedChunk> Encode);

    /// <summary>Chunks that one task encodes.</summary>
    private sealed class Group
    {
        private readonly List<Chunk> _chunks = [];
        private readonly List<EncodedChunk> _encoded = [];

        internal int Count => _chunks.Count;

        internal long Bytes { get; private set; }

        internal Task? Encoding { get; set; }

        internal void Add(Chunk chunk, int bytes)
        {
            _chunks.Add(chunk);
            Bytes += bytes;
        }

        internal void Encode()
        {
            foreach (var chunk in _chunks)
            {
                _encoded.Add(chunk.Encode());
            }
        }

        internal void Write()
        {
            for (var i = 0; i < _chunks.Count; i++)
            {
                var (chunk, encoded) = (_chunks[i], _encoded[i]);
                chunk.Dataset.SetLength(chunk.Rows);
                chunk.Dataset.WriteChunk(chunk.Coordinate, encoded.Buffer.AsSpan(0, encoded.Length));
            }
        }

        internal void Return()
        {
            foreach (var encoded in _encoded)
            {
                ArrayPool<byte>.Shared.Return(encoded.Buffer);
            }
        }
    }
}
