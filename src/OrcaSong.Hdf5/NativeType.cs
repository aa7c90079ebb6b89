using System.Buffers.Binary;

namespace OrcaSong.Hdf5;

/// <summary>Between <see cref="H5Type"/> and the library's type identifiers.</summary>
internal static unsafe class NativeType
{
    // H5T_class_t
    private const int IntegerClass = 0;
    private const int FloatClass = 1;
    private const int TimeClass = 2;
    private const int StringClass = 3;
    private const int BitfieldClass = 4;
    private const int OpaqueClass = 5;
    private const int CompoundClass = 6;
    private const int ReferenceClass = 7;
    private const int EnumClass = 8;
    private const int SequenceClass = 9;
    private const int ArrayClass = 10;

    /// <summary>Describes a type of the library.</summary>
    internal static H5Type Describe(long id, Call call)
    {
        var bytes = Native.H5Tget_size(id);
        if (bytes is 0 or > int.MaxValue)
        {
            throw call.Error($"its type claims a size of {bytes} bytes");
        }

        var size = (int)bytes;
        switch (call.Ok(Native.H5Tget_class(id)))
        {
            case IntegerClass when size is 1 or 2 or 4 or 8:
                var isSigned = call.Ok(Native.H5Tget_sign(id)) != 0;
                return H5Type.Integer(size, isSigned, IsLittleEndian(id, size, call), IsEqual(id, H5Type.Integer(size, isSigned), call));
            case FloatClass when size is 2 or 4 or 8:
                return H5Type.Float(size, IsLittleEndian(id, size, call), IsEqual(id, H5Type.Float(size), call));
            case BitfieldClass when size is 1 or 2 or 4 or 8:
                return H5Type.Bitfield(size, IsLittleEndian(id, size, call), IsEqual(id, H5Type.Bitfield(size), call));
            case StringClass:
                var charset = (H5Charset)call.Ok(Native.H5Tget_cset(id));
                var padding = (H5Padding)call.Ok(Native.H5Tget_strpad(id));
                return call.Ok(Native.H5Tis_variable_str(id)) > 0 ? H5Type.VariableString(charset, padding) : H5Type.FixedString(size, charset, padding);
            case CompoundClass:
                return DescribeCompound(id, size, call);
            case EnumClass:
                return DescribeEnum(id, size, call);
            case ArrayClass:
                return DescribeArray(id, call);
            case SequenceClass:
                using (var element = call.Own(Native.H5Tget_super(id)))
                {
                    return H5Type.Sequence(size, Describe(element.Value, call));
                }

            case OpaqueClass:
                return H5Type.Opaque(size, TakeString(Native.H5Tget_tag(id)));
            case ReferenceClass:
                return H5Type.Other(H5Class.Reference, size);
            case TimeClass:
                return H5Type.Other(H5Class.Time, size);
            default:
                return H5Type.Other(H5Class.Unknown, size);
        }
    }

    /// <summary>Makes a type of the library.</summary>
    internal static NativeId Create(H5Type type, Call call)
    {
        var (bits, order) = (type.Size * 8, type.IsLittleEndian ? "LE" : "BE");
        switch (type.Class)
        {
            case H5Class.Integer:
                return Copy($"H5T_STD_{(type.IsSigned ? 'I' : 'U')}{bits}{order}_g", call);
            case H5Class.Float when type.Size > 2:
                return Copy($"H5T_IEEE_F{bits}{order}_g", call);
            case H5Class.Float:
                // Predefined since HDF5 1.14.4 only. Sign 1 bit, exponent 5 (bias 15), mantissa 10.
                var half = Copy($"H5T_IEEE_F32{order}_g", call);
                call.Ok(Native.H5Tset_fields(half.Value, 15, 10, 5, 0, 10));
                call.Ok(Native.H5Tset_size(half.Value, 2));
                call.Ok(Native.H5Tset_ebias(half.Value, 15));
                return half;
            case H5Class.Bitfield:
                return Copy($"H5T_STD_B{bits}{order}_g", call);
            case H5Class.String or H5Class.VariableString:
                var text = Copy("H5T_C_S1_g", call);
                call.Ok(Native.H5Tset_size(text.Value, type.Class == H5Class.String ? (nuint)type.Size : Native.VariableSize));
                call.Ok(Native.H5Tset_cset(text.Value, (int)type.Charset));
                call.Ok(Native.H5Tset_strpad(text.Value, (int)type.Padding));
                return text;
            case H5Class.Opaque:
                var opaque = call.Own(Native.H5Tcreate(OpaqueClass, (nuint)type.Size));
                call.Ok(Native.H5Tset_tag(opaque.Value, type.Tag));
                return opaque;
            case H5Class.Compound:
                var compound = call.Own(Native.H5Tcreate(CompoundClass, (nuint)type.Size));
                foreach (var member in type.Members)
                {
                    using var memberType = Create(member.Type, call);
                    call.Ok(Native.H5Tinsert(compound.Value, member.Name, (nuint)member.Offset, memberType.Value));
                }

                return compound;
            case H5Class.Enum:
                using (var element = Create(type.Element!, call))
                {
                    var enumeration = call.Own(Native.H5Tenum_create(element.Value));
                    foreach (var member in type.EnumMembers)
                    {
                        var value = type.IsLittleEndian ? member.Value : BinaryPrimitives.ReverseEndianness(member.Value) >> (64 - bits);
                        call.Ok(Native.H5Tenum_insert(enumeration.Value, member.Name, &value));
                    }

                    return enumeration;
                }

            case H5Class.Array:
                using (var element = Create(type.Element!, call))
                {
                    ulong[] shape = [.. type.Dimensions.Select(d => (ulong)d)];
                    fixed (ulong* dimensions = shape)
                    {
                        return call.Own(Native.H5Tarray_create2(element.Value, (uint)shape.Length, dimensions));
                    }
                }

            case H5Class.VariableLength:
                using (var element = Create(type.Element!, call))
                {
                    return call.Own(Native.H5Tvlen_create(element.Value));
                }

            default:
                throw call.Error($"elements of type {type} cannot be made or converted here");
        }
    }

    private static NativeId Copy(string predefined, Call call) => call.Own(Native.H5Tcopy(HdfLibrary.Predefined(predefined)));

    private static bool IsLittleEndian(long id, int size, Call call) => size == 1 || call.Ok(Native.H5Tget_order(id)) == 0;

    private static bool IsEqual(long id, H5Type standard, Call call)
    {
        using var native = Create(standard, call);
        return call.Ok(Native.H5Tequal(id, native.Value)) > 0;
    }

    private static H5Type DescribeCompound(long id, int size, Call call)
    {
        var members = new H5Member[call.Ok(Native.H5Tget_nmembers(id))];
        for (uint i = 0; i < members.Length; i++)
        {
            using var native = call.Own(Native.H5Tget_member_type(id, i));
            var type = Describe(native.Value, call);
            var offset = Native.H5Tget_member_offset(id, i);
            var name = TakeString(Native.H5Tget_member_name(id, i));
            members[i] = offset <= (nuint)size && (nuint)type.Size <= (nuint)size - offset
                ? new H5Member(name, (int)offset, type)
                : throw call.Error($"member {name} lies outside of the row of {size} bytes");
        }

        return H5Type.Compound(members, size);
    }

    private static H5Type DescribeEnum(long id, int size, Call call)
    {
        using var super = call.Own(Native.H5Tget_super(id));
        var element = Describe(super.Value, call);
        if (element.Class != H5Class.Integer || element.Size != size)
        {
            return H5Type.Other(H5Class.Unknown, size);
        }

        var members = new H5EnumMember[call.Ok(Native.H5Tget_nmembers(id))];
        for (uint i = 0; i < members.Length; i++)
        {
            long value = 0;
            call.Ok(Native.H5Tget_member_value(id, i, &value));
            var unused = 64 - (8 * size);
            var wide = element.IsLittleEndian ? value << unused : BinaryPrimitives.ReverseEndianness(value);
            members[i] = new H5EnumMember(TakeString(Native.H5Tget_member_name(id, i)), element.IsSigned ? wide >> unused : wide >>> unused);
        }

        return H5Type.Enum(element, members);
    }

    private static H5Type DescribeArray(long id, Call call)
    {
        using var super = call.Own(Native.H5Tget_super(id));
        var element = Describe(super.Value, call);
        var shape = new ulong[call.Ok(Native.H5Tget_array_ndims(id))];
        fixed (ulong* dimensions = shape)
        {
            call.Ok(Native.H5Tget_array_dims2(id, dimensions));
        }

        var size = (UInt128)element.Size;
        foreach (var n in shape)
        {
            size = n is 0 or > int.MaxValue || size > int.MaxValue ? UInt128.MaxValue : size * n;
        }

        return size > int.MaxValue
            ? throw call.Error($"its type is an array of impossible shape ({string.Join(", ", shape)})")
            : H5Type.Array(element, [.. shape.Select(n => (int)n)]);
    }

    private static string TakeString(byte* text)
    {
        var result = Text.Decode(text);
        if (text is not null)
        {
            _ = Native.H5free_memory(text);
        }

        return result;
    }
}
