using System.Buffers.Binary;
using OrcaSong.Hdf5;

namespace OrcaSong.Events;

/// <summary>The number types that columns of event tables have.</summary>
public enum NumberType
{
    /// <summary>Signed, 1 byte.</summary>
    Int8,

    /// <summary>Unsigned, 1 byte.</summary>
    UInt8,

    /// <summary>Signed, 2 bytes.</summary>
    Int16,

    /// <summary>Unsigned, 2 bytes.</summary>
    UInt16,

    /// <summary>Signed, 4 bytes.</summary>
    Int32,

    /// <summary>Unsigned, 4 bytes.</summary>
    UInt32,

    /// <summary>Signed, 8 bytes.</summary>
    Int64,

    /// <summary>Unsigned, 8 bytes.</summary>
    UInt64,

    /// <summary>IEEE 754 single precision.</summary>
    Float32,

    /// <summary>IEEE 754 double precision.</summary>
    Float64,
}

/// <summary>Sizes of number types and their HDF5 counterparts.</summary>
public static class NumberTypes
{
    /// <summary>Size in bytes.</summary>
    /// <param name="type">The number type.</param>
    /// <returns>1, 2, 4 or 8.</returns>
    public static int Size(this NumberType type) => type switch
    {
        NumberType.Int8 or NumberType.UInt8 => 1,
        NumberType.Int16 or NumberType.UInt16 => 2,
        NumberType.Int32 or NumberType.UInt32 or NumberType.Float32 => 4,
        _ => 8,
    };

    /// <summary>The number type of an HDF5 type; enumerations and bit fields count as integers.</summary>
    /// <param name="type">An HDF5 type.</param>
    /// <returns>The number type, or <see langword="null"/> for text, compounds and numbers of other sizes.</returns>
    public static NumberType? Of(H5Type type) => (type.Class, type.Size, type.IsSigned) switch
    {
        (H5Class.Float, 4, _) => NumberType.Float32,
        (H5Class.Float, 8, _) => NumberType.Float64,
        (H5Class.Integer or H5Class.Enum, 1, true) => NumberType.Int8,
        (H5Class.Integer or H5Class.Enum, 2, true) => NumberType.Int16,
        (H5Class.Integer or H5Class.Enum, 4, true) => NumberType.Int32,
        (H5Class.Integer or H5Class.Enum, 8, true) => NumberType.Int64,
        (H5Class.Integer or H5Class.Enum or H5Class.Bitfield, 1, _) => NumberType.UInt8,
        (H5Class.Integer or H5Class.Enum or H5Class.Bitfield, 2, _) => NumberType.UInt16,
        (H5Class.Integer or H5Class.Enum or H5Class.Bitfield, 4, _) => NumberType.UInt32,
        (H5Class.Integer or H5Class.Enum or H5Class.Bitfield, 8, _) => NumberType.UInt64,
        _ => null,
    };

    /// <summary>The number type of a .NET type.</summary>
    /// <typeparam name="T">One of the ten.</typeparam>
    internal static NumberType Of<T>()
        where T : unmanaged =>
        typeof(T) == typeof(sbyte) ? NumberType.Int8
        : typeof(T) == typeof(byte) ? NumberType.UInt8
        : typeof(T) == typeof(short) ? NumberType.Int16
        : typeof(T) == typeof(ushort) ? NumberType.UInt16
        : typeof(T) == typeof(int) ? NumberType.Int32
        : typeof(T) == typeof(uint) ? NumberType.UInt32
        : typeof(T) == typeof(long) ? NumberType.Int64
        : typeof(T) == typeof(ulong) ? NumberType.UInt64
        : typeof(T) == typeof(float) ? NumberType.Float32
        : typeof(T) == typeof(double) ? NumberType.Float64
        : throw new NotSupportedException($"{typeof(T).Name} is not a number type of event files.");

    /// <summary>Whether it holds whole numbers.</summary>
    /// <param name="type">The number type.</param>
    /// <returns>Whether it is an integer.</returns>
    public static bool IsInteger(this NumberType type) => type is not (NumberType.Float32 or NumberType.Float64);

    /// <summary>Writes a whole number as that type; 64-bit integers keep all their digits.</summary>
    /// <param name="type">The number type.</param>
    /// <param name="destination">Receives its bytes, little-endian.</param>
    /// <param name="value">The number.</param>
    internal static void Write(this NumberType type, Span<byte> destination, long value)
    {
        if (type is NumberType.Int64 or NumberType.UInt64)
        {
            BinaryPrimitives.WriteInt64LittleEndian(destination, value);
        }
        else
        {
            type.Write(destination, (double)value);
        }
    }

    /// <summary>Writes a number as that type, as NumPy casts it: fractions are cut off for integers.</summary>
    /// <param name="type">The number type.</param>
    /// <param name="destination">Receives its bytes, little-endian.</param>
    /// <param name="value">The number.</param>
    public static void Write(this NumberType type, Span<byte> destination, double value)
    {
        switch (type)
        {
            case NumberType.Int8: destination[0] = unchecked((byte)(sbyte)value); break;
            case NumberType.UInt8: destination[0] = (byte)value; break;
            case NumberType.Int16: BinaryPrimitives.WriteInt16LittleEndian(destination, (short)value); break;
            case NumberType.UInt16: BinaryPrimitives.WriteUInt16LittleEndian(destination, (ushort)value); break;
            case NumberType.Int32: BinaryPrimitives.WriteInt32LittleEndian(destination, (int)value); break;
            case NumberType.UInt32: BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)value); break;
            case NumberType.Int64: BinaryPrimitives.WriteInt64LittleEndian(destination, (long)value); break;
            case NumberType.UInt64: BinaryPrimitives.WriteUInt64LittleEndian(destination, (ulong)value); break;
            case NumberType.Float32: BinaryPrimitives.WriteSingleLittleEndian(destination, (float)value); break;
            default: BinaryPrimitives.WriteDoubleLittleEndian(destination, value); break;
        }
    }

    /// <summary>The little-endian HDF5 type of a number type.</summary>
    /// <param name="type">The number type.</param>
    /// <returns>The HDF5 type.</returns>
    public static H5Type ToH5(this NumberType type) => type switch
    {
        NumberType.Int8 => H5Type.Int8,
        NumberType.UInt8 => H5Type.UInt8,
        NumberType.Int16 => H5Type.Int16,
        NumberType.UInt16 => H5Type.UInt16,
        NumberType.Int32 => H5Type.Int32,
        NumberType.UInt32 => H5Type.UInt32,
        NumberType.Int64 => H5Type.Int64,
        NumberType.UInt64 => H5Type.UInt64,
        NumberType.Float32 => H5Type.Float32,
        _ => H5Type.Float64,
    };
}
