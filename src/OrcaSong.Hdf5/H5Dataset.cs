namespace OrcaSong.Hdf5;

/// <summary>
/// An open dataset. "Rows" are its elements along axis 0, each with all of the other axes; a scalar is one row. Usable from
/// several threads; calls follow one another.
/// </summary>
public sealed unsafe class H5Dataset : H5Object, IDisposable
{
    /// <summary>The most that <see cref="ReadAll"/> and <see cref="ReadStrings()"/> read, in bytes: 2 GiB. More is read in parts.</summary>
    public const long ReadAllLimit = 1L << 31;

    private readonly HdfHandle _handle;
    private readonly long[] _shape;
    private readonly long[] _maxShape;
    private readonly long[]? _chunkShape;
    private readonly bool _isNull;
    private readonly bool _isElsewhere;
    private readonly long _rowElements;
    private readonly long _rowBytes;

    private H5Dataset(H5File file, string path, HdfHandle handle, Call call)
        : base(file, path)
    {
        _handle = handle;
        using var type = call.Own(Native.H5Dget_type(handle.Id));
        Type = NativeType.Describe(type.Value, call);
        using var space = call.Own(Native.H5Dget_space(handle.Id));
        (_isNull, _shape, _maxShape) = H5Dataspace.Describe(space.Value, call);
        _rowElements = H5Dataspace.Bytes(_shape.AsSpan(Math.Min(1, _shape.Length)), 1);
        _rowBytes = H5Dataspace.Bytes(_shape.AsSpan(Math.Min(1, _shape.Length)), Type.Size);
        using var creation = call.Own(Native.H5Dget_create_plist(handle.Id));
        Layout = (H5Layout)call.Ok(Native.H5Pget_layout(creation.Value));
        _isElsewhere = Layout == H5Layout.Virtual || (Layout == H5Layout.Contiguous && call.Ok(Native.H5Pget_external_count(creation.Value)) > 0);
        if (Layout == H5Layout.Chunked)
        {
            _chunkShape = new long[_shape.Length];
            fixed (long* chunk = _chunkShape)
            {
                call.Ok(Native.H5Pget_chunk(creation.Value, _shape.Length, (ulong*)chunk));
            }
        }

        Filters = ReadFilters(creation.Value, call);
    }

    /// <summary>The type of its elements.</summary>
    public H5Type Type { get; }

    /// <summary>The number of elements along each axis; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>How far each axis may grow; -1 without limit.</summary>
    public IReadOnlyList<long> MaxShape => _maxShape;

    /// <summary>The shape of its chunks; <see langword="null"/> if it is not stored in chunks.</summary>
    public IReadOnlyList<long>? ChunkShape => _chunkShape;

    /// <summary>The filters of its chunks, in the order in which data pass them when written.</summary>
    public IReadOnlyList<H5Filter> Filters { get; }

    /// <summary>How it is stored.</summary>
    public H5Layout Layout { get; }

    /// <summary>The number of rows; 1 for a scalar.</summary>
    public long Length => _isNull ? 0 : _shape.Length == 0 ? 1 : _shape[0];

    /// <summary>The bytes that its data take in the file, after the filters; 0 if nothing was written.</summary>
    public long StoredBytes
    {
        get
        {
            using var scope = HdfLibrary.Enter();
            return (long)Math.Min(Native.H5Dget_storage_size(Id), long.MaxValue);
        }
    }

    private long Id
    {
        get
        {
            _ = File.Id; // a closed file has closed its datasets
            ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
            return _handle.Id;
        }
    }

    /// <summary>
    /// Reads rows, in memory's byte order and otherwise as they are in the file: no conversion between types. Compound rows have
    /// their members at the file's offsets (<see cref="H5Type.Members"/>).
    /// </summary>
    /// <typeparam name="T">A number of the element's size, integer or floating as it is; or <see cref="byte"/> for the bytes of any type; or a struct of its size.</typeparam>
    /// <param name="destination">Room for exactly these rows.</param>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many rows.</param>
    /// <exception cref="ArgumentException">The destination has not the size of the rows, or there are no such rows.</exception>
    /// <exception cref="H5Exception">The type is another one, the data are damaged, or a filter's plug-in is missing.</exception>
    public void Read<T>(Span<T> destination, long start, long count)
        where T : unmanaged
    {
        var call = Call("read");
        CheckElement<T>(call);
        CheckRows(start, count);
        var bytes = H5Dataspace.Bytes([count], _rowBytes);
        if ((long)destination.Length * sizeof(T) != bytes)
        {
            throw new ArgumentException(Invariant($"{count} rows of {Path} take {bytes} bytes, the destination has {(long)destination.Length * sizeof(T)}."), nameof(destination));
        }

        using var scope = HdfLibrary.Enter();
        using var type = MemoryType(call);
        fixed (T* buffer = destination)
        {
            Transfer(buffer, type.Value, start, count, isWrite: false, call);
        }
    }

    /// <summary>Reads everything, row after row. See <see cref="Read"/>.</summary>
    /// <typeparam name="T">As for <see cref="Read"/>.</typeparam>
    /// <returns>The elements (their bytes, when T is <see cref="byte"/>).</returns>
    /// <exception cref="H5Exception">It is larger than <see cref="ReadAllLimit"/>, the type is another one, the data are damaged, or a filter's plug-in is missing.</exception>
    public T[] ReadAll<T>()
        where T : unmanaged
    {
        var call = Call("read");
        CheckElement<T>(call);
        var elements = CheckedTotal(call) / sizeof(T);
        if (elements > System.Array.MaxLength)
        {
            throw call.Error(Invariant($"it has {elements} elements, more than an array can hold; read it in parts"));
        }

        var all = GC.AllocateUninitializedArray<T>((int)elements);
        Read<T>(all, 0, Length);
        return all;
    }

    /// <summary>Reads all strings, row after row.</summary>
    /// <returns>The strings, without their padding.</returns>
    /// <exception cref="H5Exception">They are no strings, more than <see cref="ReadAllLimit"/>, damaged, or a filter's plug-in is missing.</exception>
    public string[] ReadStrings() => ReadStrings(0, Length);

    /// <summary>Reads rows of strings.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many rows.</param>
    /// <returns>The strings, without their padding.</returns>
    /// <exception cref="ArgumentException">There are no such rows.</exception>
    /// <exception cref="H5Exception">As for <see cref="ReadStrings()"/>.</exception>
    public string[] ReadStrings(long start, long count)
    {
        var call = Call("read");
        CheckIsText(call);
        CheckRows(start, count);
        var bytes = H5Dataspace.Bytes([count, Math.Max(sizeof(nint), Type.Size)], _rowElements);
        if (bytes > ReadAllLimit)
        {
            throw call.Error(TooLarge(bytes));
        }

        RequirePlausible(bytes, call);
        using var scope = HdfLibrary.Enter();
        if (bytes == 0)
        {
            _ = Id;
            return [];
        }

        var strings = new string[count * _rowElements];

        // Small blocks keep the native memory of variable-length text small.
        var block = Math.Max(1, Math.Min(count, (1 << 20) / Math.Max(1, _rowBytes)));
        var buffer = new byte[block * _rowBytes];
        for (var row = 0L; row < count; row += block)
        {
            var rows = Math.Min(block, count - row);
            ReadTextBlock(buffer, start + row, rows, strings.AsSpan((int)(row * _rowElements), (int)(rows * _rowElements)), call);
        }

        return strings;
    }

    /// <summary>Writes rows over those that are there; <see cref="SetLength"/> makes room first.</summary>
    /// <typeparam name="T">As for <see cref="Read"/>.</typeparam>
    /// <param name="source">Whole rows.</param>
    /// <param name="start">The first row.</param>
    /// <exception cref="ArgumentException">They are not whole rows, or there are no such rows.</exception>
    /// <exception cref="H5Exception">The type is another one, or the data cannot be written.</exception>
    public void Write<T>(ReadOnlySpan<T> source, long start = 0)
        where T : unmanaged
    {
        var call = Call("write");
        CheckElement<T>(call);
        var bytes = (long)source.Length * sizeof(T);
        var count = _rowBytes == 0 ? 0 : bytes / _rowBytes;
        if (count * _rowBytes != bytes)
        {
            throw new ArgumentException(Invariant($"{bytes} bytes are not whole rows of {Path}, which take {_rowBytes} bytes each."), nameof(source));
        }

        CheckRows(start, count);
        using var scope = HdfLibrary.Enter();
        File.RequireWritable(call);
        using var type = MemoryType(call);
        fixed (T* buffer = source)
        {
            Transfer(buffer, type.Value, start, count, isWrite: true, call);
        }
    }

    /// <summary>Writes rows of strings over those that are there.</summary>
    /// <param name="source">Whole rows.</param>
    /// <param name="start">The first row.</param>
    /// <exception cref="ArgumentException">They are not whole rows, there are no such rows, or a string does not fit the type.</exception>
    /// <exception cref="H5Exception">The elements are no strings, or cannot be written.</exception>
    public void WriteStrings(ReadOnlySpan<string> source, long start = 0)
    {
        var call = Call("write");
        CheckIsText(call);
        var count = _rowElements == 0 ? 0 : source.Length / _rowElements;
        if (count * _rowElements != source.Length)
        {
            throw new ArgumentException(Invariant($"{source.Length} strings are not whole rows of {Path}, which take {_rowElements} each."), nameof(source));
        }

        CheckRows(start, count);
        using var scope = HdfLibrary.Enter();
        File.RequireWritable(call);
        using var type = call.Own(Native.H5Dget_type(Id));
        if (Type.Class == H5Class.VariableString)
        {
            using var text = new VariableText(source, Type.Charset);
            fixed (nint* buffer = text.Pointers)
            {
                Transfer(buffer, type.Value, start, count, isWrite: true, call);
            }
        }
        else
        {
            fixed (byte* buffer = PackText(source))
            {
                Transfer(buffer, type.Value, start, count, isWrite: true, call);
            }
        }
    }

    /// <summary>Makes axis 0 longer or shorter.</summary>
    /// <param name="rows">The new number of rows.</param>
    /// <exception cref="H5Exception">It has no axis, may not grow that far, or the file is open for reading only.</exception>
    public void SetLength(long rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        using var scope = HdfLibrary.Enter();
        var call = Call("resize");
        File.RequireWritable(call);
        if (_shape.Length == 0 || (_maxShape[0] >= 0 && rows > _maxShape[0]))
        {
            throw call.Error(Invariant($"it may have at most {(_shape.Length == 0 ? 1 : _maxShape[0])} rows, not {rows}"));
        }

        if (rows == _shape[0])
        {
            return;
        }

        long[] shape = [.. _shape];
        shape[0] = rows;
        fixed (long* lengths = shape)
        {
            call.Ok(Native.H5Dset_extent(Id, (ulong*)lengths));
        }

        _shape[0] = rows;
    }

    /// <summary>The bytes that a chunk takes in the file.</summary>
    /// <param name="coordinate">The chunk's first element: a multiple of the chunk shape.</param>
    /// <returns>Its size after the filters; 0 if it was never written.</returns>
    /// <exception cref="ArgumentException">That is no chunk of the dataset.</exception>
    /// <exception cref="H5Exception">The dataset has no chunks, or their index is damaged.</exception>
    public long ChunkStorageSize(ReadOnlySpan<long> coordinate)
    {
        using var scope = HdfLibrary.Enter();
        CheckChunk("look for", coordinate);
        fixed (long* offset = coordinate)
        {
            return StorageSize((ulong*)offset, coordinate);
        }
    }

    /// <summary>Reads a chunk as it is stored, with the filters applied to it.</summary>
    /// <param name="coordinate">The chunk's first element: a multiple of the chunk shape.</param>
    /// <param name="destination">Room for at least the stored bytes.</param>
    /// <param name="filterMask">Bit i is set if the chunk was stored without filter i.</param>
    /// <returns>The number of bytes; 0 if the chunk was never written.</returns>
    /// <exception cref="ArgumentException">That is no chunk of the dataset, or the destination is too small.</exception>
    /// <exception cref="H5Exception">The dataset has no chunks, or the chunk cannot be read.</exception>
    public int ReadChunk(ReadOnlySpan<long> coordinate, Span<byte> destination, out uint filterMask)
    {
        filterMask = 0;
        using var scope = HdfLibrary.Enter();
        CheckChunk("read", coordinate);
        fixed (long* offset = coordinate)
        fixed (byte* buffer = destination)
        fixed (uint* mask = &filterMask)
        {
            var size = StorageSize((ulong*)offset, coordinate);
            if (size == 0)
            {
                return 0;
            }

            if (size > destination.Length)
            {
                throw new ArgumentException(Invariant($"Chunk {Tuple(coordinate)} of {Path} has {size} bytes, the destination {destination.Length}."), nameof(destination));
            }

            return HdfLibrary.ReadChunk(Id, (ulong*)offset, mask, buffer, (nuint)destination.Length) < 0
                ? throw ChunkCall("read", coordinate).Failure()
                : (int)size;
        }
    }

    /// <summary>Writes a chunk as it is to be stored.</summary>
    /// <param name="coordinate">The chunk's first element: a multiple of the chunk shape, within the shape.</param>
    /// <param name="bytes">What the filters made of the whole chunk, also where it reaches beyond the shape.</param>
    /// <param name="filterMask">Bit i is set if filter i was left out.</param>
    /// <exception cref="ArgumentException">That is no chunk of the dataset, or there are no bytes.</exception>
    /// <exception cref="H5Exception">The dataset has no chunks, or the chunk cannot be written.</exception>
    public void WriteChunk(ReadOnlySpan<long> coordinate, ReadOnlySpan<byte> bytes, uint filterMask = 0)
    {
        if (bytes.IsEmpty)
        {
            throw new ArgumentException("A chunk has at least one byte.", nameof(bytes));
        }

        using var scope = HdfLibrary.Enter();
        File.RequireWritable(ChunkCall("write", coordinate));
        CheckChunk("write", coordinate);
        fixed (long* offset = coordinate)
        fixed (byte* buffer = bytes)
        {
            if (Native.H5Dwrite_chunk(Id, Native.Default, filterMask, (ulong*)offset, (nuint)bytes.Length, buffer) < 0)
            {
                throw ChunkCall("write", coordinate).Failure();
            }
        }
    }

    /// <summary>Closes the dataset.</summary>
    /// <exception cref="H5Exception">What was written, and kept in the library's cache, does not reach the disk; it is closed all the same.</exception>
    public void Dispose()
    {
        using var scope = HdfLibrary.Enter();
        if (!_handle.IsClosed)
        {
            _handle.Dispose();
            Call("write").Ok(_handle.CloseStatus);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Path} ({string.Join(", ", _shape)}) {Type}";

    internal static H5Dataset FromId(H5File file, string path, long id, Call call)
    {
        var handle = new HdfHandle(id, file);
        try
        {
            return new H5Dataset(file, path, handle, call);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    internal static string MissingPlugin(H5Filter filter) =>
        $"the HDF5 library has no plug-in for {filter}; install it, and let the environment variable HDF5_PLUGIN_PATH name its folder";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static string Tuple(ReadOnlySpan<long> coordinate) =>
        coordinate.Length == 1 ? Invariant($"({coordinate[0]},)") : $"({string.Join(", ", coordinate.ToArray())})";

    private static string TooLarge(long bytes) => Invariant($"it claims {bytes} bytes; at most {ReadAllLimit} are read at once, so read it in parts");

    private static H5Filter[] ReadFilters(long creation, Call call)
    {
        var filters = new H5Filter[call.Ok(Native.H5Pget_nfilters(creation))];
        for (uint i = 0; i < filters.Length; i++)
        {
            uint flags = 0, config = 0;
            nuint count = 0;
            var id = call.Ok(Native.H5Pget_filter2(creation, i, &flags, &count, null, 0, null, &config));
            var values = new uint[count];
            fixed (uint* parameters = values)
            {
                call.Ok(Native.H5Pget_filter2(creation, i, &flags, &count, parameters, 0, null, &config));
            }

            filters[i] = new H5Filter(id, (flags & 1) != 0, values);
        }

        return filters;
    }

    private void CheckElement<T>(Call call)
        where T : unmanaged
    {
        if (!Type.IsSelfContained)
        {
            throw call.Error($"its elements ({Type}) are kept elsewhere in the file{(Type.Class == H5Class.VariableString ? "; use ReadStrings and WriteStrings" : string.Empty)}");
        }

        if (typeof(T) == typeof(byte))
        {
            return;
        }

        var isFloat = typeof(T) == typeof(double) || typeof(T) == typeof(float) || typeof(T) == typeof(Half);
        var isInteger = typeof(T).IsPrimitive && !isFloat;
        if (sizeof(T) != Type.Size || (isFloat && Type.Class != H5Class.Float) || (isInteger && Type.Class == H5Class.Float))
        {
            throw call.Error(Invariant($"its elements are {Type} ({Type.Size} bytes), not {typeof(T).Name}"));
        }
    }

    private void CheckIsText(Call call)
    {
        if (Type.Class is not (H5Class.String or H5Class.VariableString))
        {
            throw call.Error($"its elements are {Type}, not strings");
        }
    }

    private void CheckRows(long start, long count)
    {
        if (start < 0 || count < 0 || start > Length - count)
        {
            throw new ArgumentOutOfRangeException(nameof(start), Invariant($"{Path} has {Length} rows; {count} from row {start} on are not there."));
        }
    }

    private long CheckedTotal(Call call)
    {
        var bytes = H5Dataspace.Bytes([Length], _rowBytes);
        if (bytes > ReadAllLimit)
        {
            throw call.Error(TooLarge(bytes));
        }

        RequirePlausible(bytes, call);
        return bytes;
    }

    /// <summary>Refuses a dataset that claims to be much larger than what is stored of it can be: to read it takes for ever.</summary>
    /// <exception cref="H5Exception">It does.</exception>
    public void RequireStored() => RequirePlausible(H5Dataspace.Bytes([Length], _rowBytes), Call("read"));

    private void RequirePlausible(long bytes, Call call)
    {
        const long harmless = 1 << 24, mostOfDeflate = 1032;
        if (bytes > harmless && !Filters.Any(f => f.Id > H5Filter.Fletcher32Id) && StoredBytes < bytes / mostOfDeflate)
        {
            throw call.Error(Invariant($"it claims {bytes} bytes, of which {StoredBytes} are stored; the file is damaged or incomplete"));
        }
    }

    private NativeId MemoryType(Call call) => Type.IsNative ? call.Own(Native.H5Dget_type(Id)) : NativeType.Create(Type.InMemory(), call);

    private void Transfer(void* buffer, long type, long start, long count, bool isWrite, Call call)
    {
        if (_isElsewhere)
        {
            throw call.Error("its data are in other files, which are not opened; copy it into one file (h5repack)");
        }

        if (count == 0 || _rowElements == 0)
        {
            _ = Id;
            return;
        }

        if (_shape.Length == 0)
        {
            TransferSelection(buffer, type, Native.Default, Native.Default, isWrite, call);
            return;
        }

        var first = stackalloc ulong[_shape.Length];
        var lengths = stackalloc ulong[_shape.Length];
        for (var axis = 0; axis < _shape.Length; axis++)
        {
            first[axis] = 0;
            lengths[axis] = (ulong)_shape[axis];
        }

        first[0] = (ulong)start;
        lengths[0] = (ulong)count;
        using var fileSpace = call.Own(Native.H5Dget_space(Id));
        call.Ok(Native.H5Sselect_hyperslab(fileSpace.Value, 0, first, null, lengths, null));
        using var memorySpace = call.Own(Native.H5Screate_simple(_shape.Length, lengths, null));
        TransferSelection(buffer, type, memorySpace.Value, fileSpace.Value, isWrite, call);
    }

    private void TransferSelection(void* buffer, long type, long memorySpace, long fileSpace, bool isWrite, Call call)
    {
        var status = isWrite
            ? Native.H5Dwrite(Id, type, memorySpace, fileSpace, Native.Default, buffer)
            : Native.H5Dread(Id, type, memorySpace, fileSpace, Native.Default, buffer);
        if (status < 0)
        {
            var failure = call.Failure();
            foreach (var filter in Filters)
            {
                if (Native.H5Zfilter_avail(filter.Id) <= 0)
                {
                    throw call.Error(MissingPlugin(filter));
                }
            }

            throw failure;
        }
    }

    private void ReadTextBlock(byte[] buffer, long start, long rows, Span<string> strings, Call call)
    {
        using var type = call.Own(Native.H5Dget_type(Id));
        fixed (byte* bytes = buffer)
        {
            var isVariable = Type.Class == H5Class.VariableString;
            if (isVariable)
            {
                buffer.AsSpan().Clear();
            }

            // Nothing is reclaimed after a failure: what the buffer holds then may not be pointers.
            Transfer(bytes, type.Value, start, rows, isWrite: false, call);
            for (var i = 0; i < strings.Length; i++)
            {
                strings[i] = isVariable ? Text.Decode(((byte**)bytes)[i]) : Text.Decode(buffer.AsSpan(i * Type.Size, Type.Size), Type.Padding);
            }

            if (isVariable)
            {
                var length = (ulong)strings.Length;
                using var space = call.Own(Native.H5Screate_simple(1, &length, null));
                _ = HdfLibrary.Reclaim(type.Value, space.Value, bytes);
            }
        }
    }

    private byte[] PackText(ReadOnlySpan<string> source)
    {
        var packed = new byte[checked(source.Length * Type.Size)];
        if (Type.Padding == H5Padding.SpacePadded)
        {
            packed.AsSpan().Fill((byte)' ');
        }

        for (var i = 0; i < source.Length; i++)
        {
            var bytes = Text.Encode(source[i], Type.Charset);
            if (bytes.Length > Type.Size)
            {
                throw new ArgumentException(Invariant($"'{source[i]}' has {bytes.Length} bytes; the strings of {Path} have at most {Type.Size}."), nameof(source));
            }

            bytes.CopyTo(packed, i * Type.Size);
        }

        return packed;
    }

    private Call ChunkCall(string verb, ReadOnlySpan<long> coordinate) => Call($"{verb} chunk {Tuple(coordinate)} of");

    private void CheckChunk(string verb, ReadOnlySpan<long> coordinate)
    {
        _ = Id;
        if (_chunkShape is null)
        {
            throw ChunkCall(verb, coordinate).Error("it is not stored in chunks");
        }

        var isChunk = coordinate.Length == _shape.Length;
        for (var axis = 0; isChunk && axis < coordinate.Length; axis++)
        {
            isChunk = coordinate[axis] >= 0 && coordinate[axis] < _shape[axis] && coordinate[axis] % _chunkShape[axis] == 0;
        }

        if (!isChunk)
        {
            throw new ArgumentException(
                $"{Tuple(coordinate)} is not the first element of a chunk of {Path}, which has shape {Tuple(_shape)} and chunks of {Tuple(_chunkShape)}.", nameof(coordinate));
        }
    }

    private long StorageSize(ulong* offset, ReadOnlySpan<long> coordinate)
    {
        ulong size = 0;
        if (Native.H5Dget_chunk_storage_size(Id, offset, &size) >= 0)
        {
            return (long)size;
        }

        // Versions differ: a chunk that was never written has size 0, or is this error.
        var failure = ChunkCall("look for", coordinate).Failure();
        return failure.LibraryErrors.Any(l => l.Contains("not allocated", StringComparison.Ordinal)) ? 0 : throw failure;
    }
}
