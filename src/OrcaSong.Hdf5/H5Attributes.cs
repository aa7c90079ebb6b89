using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace OrcaSong.Hdf5;

/// <summary>The attributes of an object.</summary>
public sealed unsafe class H5Attributes
{
    // Attributes in the object's header are below 64 KiB; those elsewhere have no limit in the format.
    private const long SizeLimit = 1L << 28;
    private readonly H5Object _owner;

    internal H5Attributes(H5Object owner) => _owner = owner;

    /// <summary>
    /// The names, in the order in which they are stored: that in which they were made, save for a few that the library moved to
    /// make room in the object's header.
    /// </summary>
    /// <exception cref="H5Exception">The object is damaged, or was removed.</exception>
    public IReadOnlyList<string> Names
    {
        get
        {
            using var scope = HdfLibrary.Enter();
            var call = _owner.Call("list the attributes of");
            var names = new List<string>();
            var list = GCHandle.Alloc(names);
            try
            {
                // Looking for one that is not there reads them all, and fails if one is damaged. Iterating over those (1.10.8) closes attributes that have
                // nothing to do with it, and the library crashes later.
                call.Ok(Native.H5Aexists_by_name(File, Path, "\u0001", Native.Default));
                const int byName = 0, asStored = 2; // H5_INDEX_NAME, H5_ITER_NATIVE
                call.Ok(Native.H5Aiterate_by_name(File, Path, byName, asStored, null, &Collect, (void*)GCHandle.ToIntPtr(list), Native.Default));
            }
            finally
            {
                list.Free();
            }

            Text.RequireName(names, call);
            return names;
        }
    }

    private long File => _owner.File.Id;

    private string Path => _owner.Path;

    /// <summary>Whether there is an attribute of that name.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Whether there is.</returns>
    public bool Contains(string name)
    {
        Text.CheckName(name);
        using var scope = HdfLibrary.Enter();
        return Exists(name, Call("look for", name));
    }

    /// <summary>
    /// Reads an attribute: strings as <see cref="string"/> (empty for a null dataspace), integers as <see cref="long"/> or
    /// <see cref="ulong"/>, floats as <see cref="double"/>, the booleans of h5py (enumeration) and PyTables (8 bits) as
    /// <see cref="bool"/>, other enumerations and bit fields as integers, anything else of fixed size as its bytes. Those with
    /// axes as arrays of these, row after row.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <returns>The value; <see langword="null"/> for a null dataspace that is no string.</returns>
    /// <exception cref="H5Exception">There is none, it is of a kind that cannot be read here, or damaged.</exception>
    public object? Read(string name)
    {
        using var scope = HdfLibrary.Enter();
        var call = Call("read", name);
        using var attribute = Open(name, call);
        var (type, space) = Describe(attribute.Value, call);
        var isText = type.Class is H5Class.String or H5Class.VariableString;
        if (space.IsNull)
        {
            return isText ? string.Empty : null;
        }

        var bytes = H5Dataspace.Bytes(space.Shape, type.Size);
        if (bytes > SizeLimit || (!type.IsSelfContained && !isText))
        {
            throw call.Error(bytes > SizeLimit
                ? string.Create(CultureInfo.InvariantCulture, $"it claims {bytes} bytes, where {SizeLimit} are the most")
                : $"it is of type {type}, whose data are elsewhere in the file");
        }

        var data = new byte[bytes];
        return type.Class == H5Class.VariableString
            ? Value(ReadVariableText(attribute.Value, data, call), space)
            : Decode(ReadBytes(attribute.Value, type, data, call), type.InMemory(), space);
    }

    /// <summary>Reads a string.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The string; <see langword="null"/> if there is no such attribute, or it is no single string.</returns>
    /// <exception cref="H5Exception">It is damaged.</exception>
    public string? GetString(string name) => ReadIfAny(name) as string;

    /// <summary>Reads an integer.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The integer; <see langword="null"/> if there is no such attribute, or it is no single integer below 2^63.</returns>
    /// <exception cref="H5Exception">It is damaged.</exception>
    public long? GetInt64(string name) => ReadIfAny(name) switch
    {
        long value => value,
        ulong value and <= long.MaxValue => (long)value,
        _ => null,
    };

    /// <summary>Reads a floating-point number.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The number; <see langword="null"/> if there is no such attribute, or it is no single number.</returns>
    /// <exception cref="H5Exception">It is damaged.</exception>
    public double? GetDouble(string name) => ReadIfAny(name) switch
    {
        double value => value,
        long value => value,
        ulong value => value,
        _ => null,
    };

    /// <summary>Reads a truth value, as h5py or PyTables store it.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The value; <see langword="null"/> if there is no such attribute, or it is no single truth value.</returns>
    /// <exception cref="H5Exception">It is damaged.</exception>
    public bool? GetBoolean(string name) => ReadIfAny(name) as bool?;

    /// <summary>The type of an attribute.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The type.</returns>
    /// <exception cref="H5Exception">There is none, or it is damaged.</exception>
    public H5Type TypeOf(string name)
    {
        using var scope = HdfLibrary.Enter();
        var call = Call("read", name);
        using var attribute = Open(name, call);
        return Describe(attribute.Value, call).Type;
    }

    /// <summary>Writes a string of fixed size: exactly its bytes, without terminator, as PyTables does.</summary>
    /// <param name="name">The attribute's name; one that is there is replaced.</param>
    /// <param name="value">The string.</param>
    /// <param name="charset">PyTables uses UTF-8 for Python's strings, ASCII for NumPy's and those of its C layer.</param>
    /// <param name="padding">h5py pads with NULs.</param>
    /// <param name="nullWhenEmpty">
    /// Whether the empty string, which has no type of its own, is stored as a null dataspace (PyTables with Python's strings)
    /// rather than as one NUL (with NumPy's).
    /// </param>
    /// <exception cref="H5Exception">It cannot be written.</exception>
    /// <exception cref="ArgumentException">The string is not ASCII, but shall be.</exception>
    public void WriteFixedString(
        string name, string value, H5Charset charset = H5Charset.Utf8, H5Padding padding = H5Padding.NullTerminated, bool nullWhenEmpty = true)
    {
        var bytes = Text.Encode(value, charset);
        var type = H5Type.FixedString(Math.Max(1, bytes.Length), charset, padding);
        Write(name, type, bytes.Length == 0 ? [0] : bytes, bytes.Length == 0 && nullWhenEmpty ? new H5Dataspace(true, [], []) : new H5Dataspace(false, [], []));
    }

    /// <summary>Writes a string of variable length, as h5py does.</summary>
    /// <param name="name">The attribute's name; one that is there is replaced.</param>
    /// <param name="value">The string.</param>
    /// <param name="charset">Character set.</param>
    /// <exception cref="H5Exception">It cannot be written.</exception>
    /// <exception cref="ArgumentException">The string is not ASCII, but shall be, or contains a NUL character.</exception>
    public void WriteVariableString(string name, string value, H5Charset charset = H5Charset.Utf8)
    {
        using var text = new VariableText([value], charset);
        Write(name, H5Type.VariableString(charset), MemoryMarshal.AsBytes(text.Pointers.AsSpan()), new H5Dataspace(false, [], []));
    }

    /// <summary>Writes a truth value as h5py does (<see cref="H5Type.Bool"/>), or as PyTables does (<see cref="H5Type.Bitfield8"/>).</summary>
    /// <param name="name">The attribute's name; one that is there is replaced.</param>
    /// <param name="value">The value.</param>
    /// <param name="type">One of these two types; h5py's when left out.</param>
    /// <exception cref="H5Exception">It cannot be written.</exception>
    public void WriteBoolean(string name, bool value, H5Type? type = null) => Write(name, type ?? H5Type.Bool, [value ? (byte)1 : (byte)0]);

    /// <summary>Writes an integer as a given type.</summary>
    /// <param name="name">The attribute's name; one that is there is replaced.</param>
    /// <param name="type">An integer type, an enumeration or a bit field.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="H5Exception">It cannot be written.</exception>
    /// <exception cref="ArgumentException">The value does not fit the type.</exception>
    public void WriteInteger(string name, H5Type type, long value)
    {
        var unused = 64 - (8 * type.Size);
        var back = type.IsSigned ? value << unused >> unused : value << unused >>> unused;
        if (type.Class is not (H5Class.Integer or H5Class.Enum or H5Class.Bitfield) || back != value || (!type.IsSigned && value < 0))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{value} cannot be stored as {type}."), nameof(value));
        }

        Write(name, type, MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in value))[..type.Size]);
    }

    /// <summary>Writes a floating-point number as a given type.</summary>
    /// <param name="name">The attribute's name; one that is there is replaced.</param>
    /// <param name="type">A floating-point type.</param>
    /// <param name="value">The value; rounded to the type.</param>
    /// <exception cref="H5Exception">It cannot be written.</exception>
    /// <exception cref="ArgumentException">The type is another one.</exception>
    public void WriteFloat(string name, H5Type type, double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        switch (type.Class, type.Size)
        {
            case (H5Class.Float, 2):
                BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)value);
                break;
            case (H5Class.Float, 4):
                BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value);
                break;
            case (H5Class.Float, 8):
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
                break;
            default:
                throw new ArgumentException($"A floating-point number cannot be stored as {type}.", nameof(type));
        }

        Write(name, type, bytes[..type.Size]);
    }

    /// <summary>Writes any value of fixed size.</summary>
    /// <param name="name">The attribute's name; one that is there is replaced.</param>
    /// <param name="type">The type.</param>
    /// <param name="value">The elements as they are in memory: little-endian, also where the type is not.</param>
    /// <param name="shape">Their number along each axis; a scalar when left out.</param>
    /// <exception cref="H5Exception">It cannot be written.</exception>
    /// <exception cref="ArgumentException">The bytes are not those of the elements, or the type is not of fixed size.</exception>
    public void Write(string name, H5Type type, ReadOnlySpan<byte> value, params ReadOnlySpan<long> shape)
    {
        if (!type.IsSelfContained || H5Dataspace.Bytes(shape, type.Size) != value.Length)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"{value.Length} bytes are not {(shape.IsEmpty ? "one element" : "elements")} of type {type}."), nameof(value));
        }

        Write(name, type, value, new H5Dataspace(false, shape.ToArray(), []));
    }

    /// <summary>Copies an attribute to another object, also of another file: the same type, shape and value.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="destination">The other object's attributes; one of that name is replaced.</param>
    /// <exception cref="H5Exception">There is none, it holds references, which mean nothing elsewhere, or it cannot be written.</exception>
    public void CopyTo(string name, H5Attributes destination)
    {
        using var scope = HdfLibrary.Enter();
        var call = Call("copy", name);
        using var attribute = Open(name, call);
        var (type, space) = Describe(attribute.Value, call);
        var isSequence = type.Class is H5Class.VariableString || (type.Class is H5Class.VariableLength && type.Element!.IsSelfContained);
        var bytes = H5Dataspace.Bytes(space.Shape, type.Size);
        if ((!type.IsSelfContained && !isSequence) || bytes > SizeLimit)
        {
            throw call.Error($"values of type {type} cannot be copied");
        }

        // Made anew: a named type belongs to its file, and what a damaged file makes of one crashes the library when it is written elsewhere.
        using var nativeType = NativeType.Create(type, call);
        using var nativeSpace = Space(space, call);
        var data = new byte[space.IsNull ? 0 : bytes];
        fixed (byte* buffer = data)
        {
            if (data.Length > 0)
            {
                call.Ok(Native.H5Aread(attribute.Value, nativeType.Value, buffer));
            }

            try
            {
                var target = destination.Call("write", name);
                using var copy = destination.Make(name, nativeType.Value, nativeSpace.Value, target);
                if (data.Length > 0)
                {
                    target.Ok(Native.H5Awrite(copy.Value, nativeType.Value, buffer));
                }
            }
            finally
            {
                if (isSequence && data.Length > 0)
                {
                    _ = HdfLibrary.Reclaim(nativeType.Value, nativeSpace.Value, buffer);
                }
            }
        }
    }

    /// <summary>Removes an attribute, if there is one of that name.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="H5Exception">It cannot be removed.</exception>
    public bool Remove(string name)
    {
        Text.CheckName(name);
        using var scope = HdfLibrary.Enter();
        var call = Call("remove", name);
        _owner.File.RequireWritable(call);
        if (!Exists(name, call))
        {
            return false;
        }

        call.Ok(Native.H5Adelete_by_name(File, Path, name, Native.Default));
        return true;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Collect(long location, byte* name, void* info, void* list)
    {
        try
        {
            ((List<string>)GCHandle.FromIntPtr((nint)list).Target!).Add(Text.Decode(name));
            return 0;
        }
        catch
        {
            return -1; // no exception may cross into the library
        }
    }

    private static (H5Type Type, H5Dataspace Space) Describe(long attribute, Call call)
    {
        using var type = call.Own(Native.H5Aget_type(attribute));
        using var space = call.Own(Native.H5Aget_space(attribute));
        return (NativeType.Describe(type.Value, call), H5Dataspace.Describe(space.Value, call));
    }

    private static byte[] ReadBytes(long attribute, H5Type type, byte[] data, Call call)
    {
        using var memoryType = type.IsNative ? call.Own(Native.H5Aget_type(attribute)) : NativeType.Create(type.InMemory(), call);
        fixed (byte* buffer = data)
        {
            if (data.Length > 0)
            {
                call.Ok(Native.H5Aread(attribute, memoryType.Value, buffer));
            }
        }

        return data;
    }

    private static string[] ReadVariableText(long attribute, byte[] data, Call call)
    {
        using var type = call.Own(Native.H5Aget_type(attribute));
        using var space = call.Own(Native.H5Aget_space(attribute));
        fixed (byte* buffer = data)
        {
            var strings = new string[data.Length / sizeof(byte*)];
            if (strings.Length > 0)
            {
                call.Ok(Native.H5Aread(attribute, type.Value, buffer));
                for (var i = 0; i < strings.Length; i++)
                {
                    strings[i] = Text.Decode(((byte**)buffer)[i]);
                }

                _ = HdfLibrary.Reclaim(type.Value, space.Value, buffer);
            }

            return strings;
        }
    }

    private static object Value<T>(T[] values, H5Dataspace space)
        where T : notnull => space.Shape.Length == 0 ? values[0] : values;

    private static object Decode(byte[] data, H5Type type, H5Dataspace space)
    {
        return (type.Class, type.Size) switch
        {
            (H5Class.String, _) => Each(bytes => Text.Decode(bytes, type.Padding)),
            (H5Class.Float, 2) => Each(bytes => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes)),
            (H5Class.Float, 4) => Each(bytes => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes)),
            (H5Class.Float, 8) => Each(BinaryPrimitives.ReadDoubleLittleEndian),
            (H5Class.Enum, _) when type.IsBool => Each(bytes => bytes[0] != 0),
            (H5Class.Bitfield, 1) => Each(bytes => bytes[0] != 0),
            (H5Class.Integer or H5Class.Enum, _) when type.IsSigned => Each(bytes => (long)Raw(bytes) << (64 - (8 * bytes.Length)) >> (64 - (8 * bytes.Length))),
            (H5Class.Integer or H5Class.Enum or H5Class.Bitfield, _) => Each(Raw),
            _ => data,
        };

        static ulong Raw(ReadOnlySpan<byte> bytes)
        {
            Span<byte> wide = stackalloc byte[8];
            wide.Clear();
            bytes.CopyTo(wide);
            return BinaryPrimitives.ReadUInt64LittleEndian(wide);
        }

        object Each<T>(ElementDecoder<T> decode)
            where T : notnull
        {
            var values = new T[data.Length / type.Size];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = decode(data.AsSpan(i * type.Size, type.Size));
            }

            return Value(values, space);
        }
    }

    private delegate T ElementDecoder<T>(ReadOnlySpan<byte> bytes);

    private Call Call(string verb, string name) => _owner.Call($"{verb} attribute '{name}' of");

    private bool Exists(string name, Call call) => call.Ok(Native.H5Aexists_by_name(File, Path, name, Native.Default)) > 0;

    private object? ReadIfAny(string name)
    {
        using var scope = HdfLibrary.Enter();
        return Contains(name) ? Read(name) : null;
    }

    private NativeId Open(string name, Call call)
    {
        Text.CheckName(name);
        return Exists(name, call) ? call.Own(Native.H5Aopen_by_name(File, Path, name, Native.Default, Native.Default)) : throw call.Error("there is none of that name");
    }

    private void Write(string name, H5Type type, ReadOnlySpan<byte> value, H5Dataspace shape)
    {
        using var scope = HdfLibrary.Enter();
        var call = Call("write", name);
        using var fileType = NativeType.Create(type, call);
        using var memoryType = NativeType.Create(type.InMemory(), call);
        using var space = Space(shape, call);
        using var attribute = Make(name, fileType.Value, space.Value, call);
        fixed (byte* buffer = value)
        {
            if (!shape.IsNull && value.Length > 0)
            {
                call.Ok(Native.H5Awrite(attribute.Value, memoryType.Value, buffer));
            }
        }
    }

    private static NativeId Space(H5Dataspace shape, Call call)
    {
        if (shape.IsNull || shape.Shape.Length == 0)
        {
            return call.Own(Native.H5Screate(shape.IsNull ? H5Dataspace.Null : H5Dataspace.Scalar));
        }

        fixed (long* lengths = shape.Shape)
        {
            return call.Own(Native.H5Screate_simple(shape.Shape.Length, (ulong*)lengths, null));
        }
    }

    private NativeId Make(string name, long type, long space, Call call)
    {
        Text.CheckName(name);
        _owner.File.RequireWritable(call);
        using var creation = call.Own(Native.H5Pcreate(HdfLibrary.Predefined("H5P_CLS_ATTRIBUTE_CREATE_ID_g")));
        if (!Ascii.IsValid(name))
        {
            call.Ok(Native.H5Pset_char_encoding(creation.Value, (int)H5Charset.Utf8));
        }

        Remove(name);
        return call.Own(Native.H5Acreate_by_name(File, Path, name, type, space, creation.Value, Native.Default, Native.Default));
    }
}
