using System.Buffers.Binary;
using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace OrcaSong.Training;

/// <summary>
/// Memory in blocks, and a file for those that do not fit. The file lies beside the output, where there is room for as much data, and has no name
/// while it is in use, so that nothing of it remains, however the process ends.
/// </summary>
internal sealed class SpillFile : IDisposable
{
    private readonly ConcurrentBag<byte[]> _free = [];
    private readonly Lazy<SafeFileHandle> _file;
    private readonly string _path;
    private long _length;

    /// <summary>Sets up memory; the file is made when it is first needed.</summary>
    /// <param name="path">A path that no file has.</param>
    /// <param name="blockBytes">Bytes of a block.</param>
    internal SpillFile(string path, int blockBytes)
    {
        _path = path;
        BlockBytes = blockBytes;
        _file = new Lazy<SafeFileHandle>(Open);
    }

    internal int BlockBytes { get; }

    /// <summary>A block of memory; a larger one for what does not fit into one.</summary>
    internal byte[] Rent(int bytes) => bytes > BlockBytes || !_free.TryTake(out var block) ? GC.AllocateUninitializedArray<byte>(Math.Max(bytes, BlockBytes)) : block;

    /// <summary>Takes a block back.</summary>
    internal void Return(byte[] block)
    {
        if (block.Length == BlockBytes)
        {
            _free.Add(block);
        }
    }

    /// <summary>Writes bytes to the end; several threads may.</summary>
    /// <returns>Where they are.</returns>
    internal long Append(ReadOnlySpan<byte> bytes)
    {
        var at = Interlocked.Add(ref _length, bytes.Length) - bytes.Length;
        try
        {
            RandomAccess.Write(_file.Value, bytes, at);
        }
        catch (IOException e)
        {
            throw new IOException($"Events cannot be set aside in '{Path.GetDirectoryName(_path)}': {e.Message}. About as much room is needed there as the data take uncompressed; allow more memory, or give another folder.", e);
        }

        return at;
    }

    /// <summary>Reads bytes back.</summary>
    internal void Read(Span<byte> bytes, long at)
    {
        for (var done = 0; done < bytes.Length;)
        {
            var count = RandomAccess.Read(_file.Value, bytes[done..], at + done);
            done += count > 0 ? count : throw new IOException($"What was set aside in '{Path.GetDirectoryName(_path)}' cannot be read back.");
        }
    }

    public void Dispose()
    {
        if (_file.IsValueCreated)
        {
            _file.Value.Dispose();
        }
    }

    private SafeFileHandle Open()
    {
        var handle = File.OpenHandle(_path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(_path);
        }

        return handle;
    }
}

/// <summary>
/// Events that will stand next to each other in the output, in the order in which they come: records of place (int32), bytes (int32), and for each dataset
/// the bytes (int32) of its payload and the payload.
/// </summary>
internal sealed class Pile(SpillFile spill, int firstPlace, int count, bool stays)
{
    private const int HeaderBytes = 2 * sizeof(int);
    private readonly Lock _lock = new();
    private readonly List<(long At, int Bytes)> _written = [];
    private readonly List<(byte[] Block, int Bytes)> _full = [];
    private byte[] _block = [];
    private int _used;

    internal int FirstPlace => firstPlace;

    /// <summary>Number of events.</summary>
    internal int Count => count;

    /// <summary>Writes the payloads of an event; on any thread.</summary>
    /// <param name="place">Its place in the output.</param>
    /// <param name="rows">The rows of each dataset that the event is in.</param>
    /// <param name="first">Its first row in each of them.</param>
    /// <param name="counts">Its number of rows in each of them.</param>
    internal void Add(int place, ReadOnlySpan<SampleRows> rows, ReadOnlySpan<int> first, ReadOnlySpan<int> counts)
    {
        var bytes = HeaderBytes;
        for (var d = 0; d < rows.Length; d++)
        {
            bytes = checked(bytes + sizeof(int) + rows[d].PayloadBytes(first[d], counts[d]));
        }

        (byte[] Block, int Bytes) full = ([], 0);
        lock (_lock)
        {
            if (_used + bytes > _block.Length)
            {
                full = (_block, _used);
                _block = spill.Rent(bytes);
                _used = 0;
                if (stays && full.Bytes > 0)
                {
                    _full.Add(full);
                }
            }

            var record = _block.AsSpan(_used, bytes);
            _used += bytes;
            BinaryPrimitives.WriteInt32LittleEndian(record, place);
            BinaryPrimitives.WriteInt32LittleEndian(record[sizeof(int)..], bytes);
            record = record[HeaderBytes..];
            for (var d = 0; d < rows.Length; d++)
            {
                var payload = rows[d].PayloadBytes(first[d], counts[d]);
                BinaryPrimitives.WriteInt32LittleEndian(record, payload);
                rows[d].CopyPayload(first[d], counts[d], record.Slice(sizeof(int), payload));
                record = record[(sizeof(int) + payload)..];
            }
        }

        if (!stays && full.Bytes > 0)
        {
            // Not under the lock, so that others can go on with this pile.
            var at = spill.Append(full.Block.AsSpan(0, full.Bytes));
            spill.Return(full.Block);
            lock (_lock)
            {
                _written.Add((at, full.Bytes));
            }
        }
    }

    /// <summary>Brings all events into memory; they can be asked for by their place then.</summary>
    internal LoadedPile Load(CancellationToken cancellation)
    {
        var blocks = new List<(byte[] Block, int Bytes)>(_full) { (_block, _used) };
        foreach (var (at, bytes) in _written)
        {
            cancellation.ThrowIfCancellationRequested();
            var block = spill.Rent(bytes);
            spill.Read(block.AsSpan(0, bytes), at);
            blocks.Add((block, bytes));
        }

        return new LoadedPile(this, spill, blocks);
    }
}

/// <summary>A pile in memory.</summary>
internal sealed class LoadedPile : IDisposable
{
    private readonly SpillFile _spill;
    private readonly List<(byte[] Block, int Bytes)> _blocks;
    private readonly (int Block, int Offset)[] _records;
    private readonly int _firstPlace;

    internal LoadedPile(Pile pile, SpillFile spill, List<(byte[] Block, int Bytes)> blocks)
    {
        _spill = spill;
        _blocks = blocks;
        _firstPlace = pile.FirstPlace;
        _records = new (int, int)[pile.Count];
        for (var b = 0; b < blocks.Count; b++)
        {
            for (var at = 0; at < blocks[b].Bytes;)
            {
                var record = blocks[b].Block.AsSpan(at);
                at += BinaryPrimitives.ReadInt32LittleEndian(record[sizeof(int)..]);
                _records[BinaryPrimitives.ReadInt32LittleEndian(record) - _firstPlace] = (b, at - BinaryPrimitives.ReadInt32LittleEndian(record[sizeof(int)..]) + (2 * sizeof(int)));
            }
        }
    }

    /// <summary>Appends an event to the datasets of an output.</summary>
    internal void AppendTo(IReadOnlyList<SampleWriter> writers, int place)
    {
        var (block, offset) = _records[place - _firstPlace];
        var record = _blocks[block].Block.AsSpan(offset);
        foreach (var writer in writers)
        {
            var bytes = BinaryPrimitives.ReadInt32LittleEndian(record);
            writer.Append(record.Slice(sizeof(int), bytes));
            record = record[(sizeof(int) + bytes)..];
        }
    }

    public void Dispose()
    {
        foreach (var (block, _) in _blocks)
        {
            _spill.Return(block);
        }
    }
}
