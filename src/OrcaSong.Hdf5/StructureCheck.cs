using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace OrcaSong.Hdf5;

/// <summary>
/// Looks at the structure of a file before the library does: of damaged files, the library (1.10.8) follows addresses that lead nowhere or in circles,
/// and reads beyond the strings of variable length, until it crashes or never ends. Groups, headers, indices of chunks and heaps are read, data are not.
/// </summary>
/// <remarks>
/// The numbers in brackets are sections of the HDF5 File Format Specification, version 3.0. What is protected by checksums, as everything that versions
/// 2 of superblock and object header brought is, is left to the library; so are versions that are not known here.
/// </remarks>
internal sealed class StructureCheck
{
    private const ulong Undefined = ulong.MaxValue;
    private const int LongestHeader = 1 << 26;
    private const long LargestHeap = 1L << 31;
    private readonly SafeFileHandle _file;
    private readonly Call _call;
    private readonly ulong _base;
    private readonly ulong _length;
    private readonly Stack<ulong> _objects = new();
    private readonly HashSet<ulong> _seen = [];
    private readonly Dictionary<ulong, Dictionary<int, ulong>> _collections = [];

    private StructureCheck(SafeFileHandle file, ulong superblock, Call call)
    {
        _file = file;
        _call = call;
        _base = superblock;
        _length = (ulong)RandomAccess.GetLength(file) - superblock;
    }

    /// <summary>Checks a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="superblock">Where its signature is.</param>
    /// <param name="call">What is being done.</param>
    /// <exception cref="H5Exception">It is damaged.</exception>
    internal static void Run(SafeFileHandle file, long superblock, Call call) => new StructureCheck(file, (ulong)superblock, call).Run();

    // Superblock [II.A]
    private void Run()
    {
        var start = Read(0, (int)Math.Min(_length, 100), "superblock");
        var version = start[8];
        if (version > 3 || _length < 100)
        {
            return; // the library says so
        }

        var sizes = version < 2 ? start.AsSpan(13, 2) : start.AsSpan(9, 2);
        if (sizes[0] != 8 || sizes[1] != 8)
        {
            throw _call.Error($"its addresses and lengths have {sizes[0]} and {sizes[1]} bytes; 8 and 8 are expected. The file is damaged, or was made by an uncommon program");
        }

        var @base = U64(start, version switch { 0 => 24, 1 => 28, _ => 12 });
        if (@base != _base)
        {
            return; // the library compares them
        }

        var end = U64(start, version switch { 0 => 40, 1 => 44, _ => 28 });
        if (_length + _base < end)
        {
            throw _call.Error($"the file is truncated (it has {_length + _base} of its {end} bytes)");
        }

        _objects.Push(U64(start, version switch { 0 => 64, 1 => 68, _ => 36 }));
        while (_objects.TryPop(out var address))
        {
            if (_seen.Add(address))
            {
                new ObjectHeader(this, address).Check();
            }
        }
    }

    /// <summary>A group of the old kind: a B-tree of names, which are in a heap [III.A.1, III.D].</summary>
    private void Group(ulong tree, ulong heap)
    {
        var names = Heap(heap);
        Tree(tree, type: 0, keyBytes: 8, node =>
        {
            var head = Read(node, 8, "symbol table node");
            Expect(head, "SNOD"u8, node, "symbol table node");
            var count = U16(head, 6);
            var entries = Read(node + 8, 40 * count, "symbol table node");
            for (var i = 0; i < count; i++)
            {
                var entry = entries.AsSpan(40 * i, 40);
                RequireText(names, U64(entry, 0), heap);
                if (U32(entry, 16) == 2)
                {
                    RequireText(names, U32(entry, 24), heap);
                }
                else
                {
                    _objects.Push(U64(entry, 8));
                }
            }
        });
    }

    // Local heap: the names, each with a zero at its end, and the list of the free places between them.
    private byte[] Heap(ulong address)
    {
        var head = Read(address, 32, "heap");
        Expect(head, "HEAP"u8, address, "heap");
        var (size, free, data) = (U64(head, 8), U64(head, 16), U64(head, 24));
        if (size > LongestHeader)
        {
            throw Damaged($"a heap of names of {size} bytes", address);
        }

        var names = Read(data, (int)size, "heap");
        var places = 0UL;
        while (free is not (1 or Undefined))
        {
            if (free > size || size - free < 16 || ++places > size / 16)
            {
                throw Damaged("a heap of names whose free places are not in it", address);
            }

            free = U64(names, (int)free);
        }

        return names;
    }

    private void RequireText(byte[] names, ulong offset, ulong heap)
    {
        if (offset >= (ulong)names.Length || !names.AsSpan((int)offset).Contains((byte)0))
        {
            throw Damaged("a name that is not in the heap of names", heap);
        }
    }

    // B-trees, version 1 [III.A.1]: keys and addresses of children in turn. What a leaf holds is handed on.
    private void Tree(ulong address, int type, int keyBytes, Action<ulong> leaf, int? expectedLevel = null)
    {
        if (address == Undefined && expectedLevel is null && type == 1)
        {
            return; // no chunk was written yet
        }

        const string what = "B-tree";
        var head = Read(address, 24, what);
        Expect(head, "TREE"u8, address, what);
        int level = head[5];
        if (head[4] != type || level != (expectedLevel ?? level) || !_seen.Add(address))
        {
            throw Damaged("a B-tree that leads to a node of another one, or back to itself", address);
        }

        var (count, step) = (U16(head, 6), keyBytes + 8);
        var entries = Read(address + 24, count * step, what);
        for (var i = 0; i < count; i++)
        {
            var child = U64(entries, (i * step) + keyBytes);
            if (level > 0)
            {
                Tree(child, type, keyBytes, leaf, level - 1);
            }
            else
            {
                leaf(child);
            }
        }
    }

    /// <summary>Checks what strings and sequences of variable length refer to [III.E, IV.B].</summary>
    /// <param name="references">A length, the address of a collection and the number of an object in it for each of them.</param>
    /// <param name="elementBytes">Bytes of an element.</param>
    /// <param name="owner">Where the references are, for messages.</param>
    private void References(ReadOnlySpan<byte> references, uint elementBytes, ulong owner)
    {
        for (; references.Length >= 16; references = references[16..])
        {
            var (length, address, index) = (U32(references, 0), U64(references, 4), U32(references, 12));
            if (address == 0 || length == 0)
            {
                continue;
            }

            if (!_collections.TryGetValue(address, out var collection))
            {
                _collections[address] = collection = Collection(address);
            }

            if (!collection.TryGetValue((int)Math.Min(index, int.MaxValue), out var bytes) || bytes != (ulong)length * elementBytes)
            {
                throw Damaged("a text or sequence of variable length that is not where it should be", owner);
            }
        }
    }

    // Global heap: objects with their number and size, and what is free, with number 0.
    private Dictionary<int, ulong> Collection(ulong address)
    {
        const string what = "global heap";
        var head = Read(address, 16, what);
        Expect(head, "GCOL"u8, address, what);
        var size = U64(head, 8);
        if (size < 32 || size > LargestHeap || size > _length - address)
        {
            throw Damaged($"a global heap of {size} bytes", address);
        }

        var objects = new Dictionary<int, ulong>();
        for (var at = 16UL; at + 16 <= size;)
        {
            var entry = Read(address + at, 16, what);
            var (index, bytes) = (U16(entry, 0), U64(entry, 8));
            var needed = index == 0 ? bytes : 16 + ((bytes + 7) & ~7UL);
            if (bytes > size || needed < 16 || needed > size - at || (index > 0 && !objects.TryAdd(index, bytes)))
            {
                throw Damaged("a global heap whose objects are not in it", address);
            }

            at += needed;
        }

        return objects;
    }

    private byte[] Read(ulong address, int count, string what)
    {
        if (address > _length || (ulong)count > _length - address)
        {
            throw _call.Error($"the file is damaged or truncated (a {what} of {count} bytes lies at byte {address} of {_length})");
        }

        var bytes = new byte[count];
        for (var done = 0; done < count;)
        {
            var read = RandomAccess.Read(_file, bytes.AsSpan(done), (long)(_base + address) + done);
            done += read > 0 ? read : throw _call.Error("it became shorter while it was opened");
        }

        return bytes;
    }

    private void Expect(byte[] bytes, ReadOnlySpan<byte> signature, ulong address, string what)
    {
        if (!bytes.AsSpan(0, 4).SequenceEqual(signature))
        {
            throw Damaged($"no {what} where there should be one", address);
        }
    }

    private H5Exception Damaged(string found, ulong address) => _call.Error($"the file is damaged (it has {found}, at byte {address})");

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    /// <summary>The messages that make up a group or a dataset [IV.A].</summary>
    private sealed class ObjectHeader(StructureCheck file, ulong address)
    {
        private const int Datatype = 0x3;
        private const int Link = 0x6;
        private const int Layout = 0x8;
        private const int Attribute = 0xC;
        private const int Continuation = 0x10;
        private const int SymbolTable = 0x11;
        private const int SharedFlag = 2;
        private readonly List<(int Type, int Flags, ReadOnlyMemory<byte> Data)> _messages = [];

        internal void Check()
        {
            var head = file.Read(address, 16, "object header");
            if (head.AsSpan(0, 4).SequenceEqual("OHDR"u8))
            {
                ReadVersion2();
            }
            else if (head[0] == 1)
            {
                var blocks = new Queue<(ulong Address, ulong Length)>([(address + 16, U32(head, 8))]);
                while (blocks.TryDequeue(out var block))
                {
                    ReadBlock(file.Read(block.Address, Bounded(block.Length), "object header"), headBytes: 8, blocks);
                }
            }
            else
            {
                throw file.Damaged("no group or dataset where there should be one", address);
            }

            foreach (var (type, flags, data) in _messages)
            {
                Check(type, flags, data.Span);
            }
        }

        private int Bounded(ulong length) => length <= LongestHeader ? (int)length : throw file.Damaged($"an object header of {length} bytes", address);

        private void ReadVersion2()
        {
            var head = file.Read(address, (int)Math.Min(64, file._length - address), "object header");
            var flags = head[5];
            var at = 6 + ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0);
            var sizeBytes = 1 << (flags & 3);
            ulong size = 0;
            for (var i = 0; i < sizeBytes; i++)
            {
                size |= (ulong)head[at + i] << (8 * i);
            }

            var headBytes = (flags & 4) != 0 ? 6 : 4;
            var blocks = new Queue<(ulong Address, ulong Length)>();
            ReadBlock(file.Read(address + (ulong)(at + sizeBytes), Bounded(size), "object header"), headBytes, blocks);
            while (blocks.TryDequeue(out var block))
            {
                // A signature before the messages, a checksum after them.
                var bytes = file.Read(block.Address, Bounded(block.Length), "object header");
                ReadBlock(bytes.AsMemory(Math.Min(4, bytes.Length), Math.Max(0, bytes.Length - 8)), headBytes, blocks);
            }
        }

        private void ReadBlock(ReadOnlyMemory<byte> block, int headBytes, Queue<(ulong Address, ulong Length)> blocks)
        {
            while (block.Length >= headBytes)
            {
                var head = block.Span;
                var (type, size, flags) = headBytes == 8 ? (U16(head, 0), U16(head, 2), head[4]) : (head[0], U16(head, 1), head[3]);
                if (size > block.Length - headBytes)
                {
                    throw file.Damaged("a message that is longer than the object header that it is in", address);
                }

                var data = block.Slice(headBytes, size);
                if (type == Continuation && size >= 16)
                {
                    var next = (U64(data.Span, 0), U64(data.Span, 8));
                    if (!file._seen.Add(next.Item1))
                    {
                        throw file.Damaged("an object header that leads back to itself", address);
                    }

                    blocks.Enqueue(next);
                }

                _messages.Add((type, flags, data));
                block = block[(headBytes + size)..];
            }
        }

        private void Check(int type, int flags, ReadOnlySpan<byte> data)
        {
            if ((flags & SharedFlag) != 0)
            {
                return; // it lies elsewhere
            }

            switch (type)
            {
                case SymbolTable when data.Length >= 16:
                    file.Group(U64(data, 0), U64(data, 8));
                    break;
                case Link when data.Length > 2:
                    CheckLink(data);
                    break;
                case Layout when data.Length > 4:
                    CheckLayout(data);
                    break;
                case Attribute when data.Length > 8:
                    CheckAttribute(data);
                    break;
            }
        }

        // What a hard link leads to comes after its name [IV.A.2.g].
        private void CheckLink(ReadOnlySpan<byte> data)
        {
            var flags = data[1];
            if (data[0] != 1 || ((flags & 8) != 0 && data[2] != 0))
            {
                return;
            }

            var at = 2 + ((flags & 8) != 0 ? 1 : 0) + ((flags & 4) != 0 ? 8 : 0) + ((flags & 16) != 0 ? 1 : 0);
            var sizeBytes = 1 << (flags & 3);
            if (at + sizeBytes > data.Length)
            {
                throw file.Damaged("a link that is longer than its message", address);
            }

            var name = data[at] + (sizeBytes > 1 ? data[at + 1] << 8 : 0);
            if (at + sizeBytes + name + 8 > data.Length)
            {
                throw file.Damaged("a link that is longer than its message", address);
            }

            file._objects.Push(U64(data, at + sizeBytes + name));
        }

        // [IV.A.2.i]
        private void CheckLayout(ReadOnlySpan<byte> data)
        {
            switch (data[0])
            {
                case 1 or 2 when data[2] == 2:
                    CheckChunk(data, rank: data[1], at: 16, lengthBytes: sizeof(uint));
                    return;
                case 3 when data[1] == 2:
                    CheckChunk(data, rank: data[2], at: 11, lengthBytes: sizeof(uint));
                    break;
                case 4 when data[1] == 2:
                    CheckChunk(data, rank: data[3], at: 5, lengthBytes: data[4]);
                    break;
                case < 3 or > 4:
                    return;
            }

            switch (data[1])
            {
                case 1 when data.Length >= 18:
                    var (start, bytes) = (U64(data, 2), U64(data, 10));
                    if (start != Undefined)
                    {
                        CheckTexts(start, bytes);
                    }

                    break;
                case 2 when data[0] == 3 && data.Length >= 11:
                    // That a chunk is not in the file, the library says when it is read; other datasets may be good.
                    file.Tree(U64(data, 3), type: 1, keyBytes: 8 + (8 * data[2]), _ => { });
                    break;
            }
        }

        /// <summary>The lengths of a chunk; the library divides by them. The last is the size of an element.</summary>
        private void CheckChunk(ReadOnlySpan<byte> data, int rank, int at, int lengthBytes)
        {
            if (rank is < 2 or > 33 || lengthBytes is < 1 or > 8 || at + (rank * lengthBytes) > data.Length)
            {
                throw file.Damaged($"chunks with {rank - 1} axes", address);
            }

            for (var axis = 0; axis < rank; axis++)
            {
                if (!data.Slice(at + (axis * lengthBytes), lengthBytes).ContainsAnyExcept((byte)0))
                {
                    throw file.Damaged("chunks without elements", address);
                }
            }
        }

        /// <summary>Strings and sequences of a dataset that is stored in one piece.</summary>
        private void CheckTexts(ulong start, ulong bytes)
        {
            var type = _messages.FirstOrDefault(m => m.Type == Datatype && (m.Flags & SharedFlag) == 0).Data.Span;
            if (ElementOf(type) is not { } elementBytes || bytes > LongestHeader)
            {
                return;
            }

            file.References(file.Read(start, (int)bytes, "dataset"), elementBytes, address);
        }

        // [IV.A.2.m]
        private void CheckAttribute(ReadOnlySpan<byte> data)
        {
            var version = data[0];
            var (name, type, space) = (U16(data, 2), U16(data, 4), U16(data, 6));
            if (version is < 1 or > 3 || (version > 1 && data[1] != 0))
            {
                return;
            }

            int Padded(int n) => version == 1 ? (n + 7) & ~7 : n;
            var at = version == 3 ? 9 : 8;
            if (at + Padded(name) + Padded(type) + Padded(space) > data.Length)
            {
                throw file.Damaged("an attribute that is longer than its message", address);
            }

            var itsType = data.Slice(at + Padded(name), type);
            var values = data[(at + Padded(name) + Padded(type) + Padded(space))..];
            if (ElementOf(itsType) is not { } elementBytes)
            {
                return;
            }

            var count = Count(data.Slice(at + Padded(name) + Padded(type), space));
            if (count > (ulong)values.Length / 16)
            {
                throw file.Damaged("an attribute that is longer than its message", address);
            }

            file.References(values[..(16 * (int)count)], elementBytes, address);
        }

        // Class 9 is a sequence of variable length of the type that follows; strings are sequences of bytes [IV.A.2.d].
        private static uint? ElementOf(ReadOnlySpan<byte> type) => type.Length >= 16 && (type[0] & 0xf) == 9 ? U32(type, 12) : null;

        // [IV.A.2.b]
        private static ulong Count(ReadOnlySpan<byte> space)
        {
            if (space.Length < 4 || space[0] is not (1 or 2) || (space[0] == 2 && space[3] == 2))
            {
                return 0;
            }

            var at = space[0] == 1 ? 8 : 4;
            var count = 1UL;
            for (var axis = 0; axis < space[1] && at + 8 <= space.Length; axis++, at += 8)
            {
                count = U64(space, at) > int.MaxValue ? int.MaxValue : count * U64(space, at);
                count = Math.Min(count, int.MaxValue);
            }

            return count;
        }
    }
}
