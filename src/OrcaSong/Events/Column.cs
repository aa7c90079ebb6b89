using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrcaSong.Events;

/// <summary>
/// The values of one column for the rows of a batch: a strided view of bytes, so that a column of its own
/// (stride = size of a number) and a member of a compound row (stride = size of the row) look the same.
/// </summary>
public readonly struct Column
{
    private readonly byte[] _bytes;
    private readonly int _offset;
    private readonly int _stride;

    internal Column(byte[] bytes, int offset, int stride, int count, NumberType type)
    {
        _bytes = bytes;
        _offset = offset;
        _stride = stride;
        Count = count;
        Type = type;
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Type of the values, as they stand in the file.</summary>
    public NumberType Type { get; }

    /// <summary>One value, widened to float64 (64-bit integers beyond 2^53 are rounded).</summary>
    /// <param name="row">Row, from 0.</param>
    public double this[int row] => Type switch
    {
        NumberType.Int8 => Value<sbyte>(row),
        NumberType.UInt8 => Value<byte>(row),
        NumberType.Int16 => Value<short>(row),
        NumberType.UInt16 => Value<ushort>(row),
        NumberType.Int32 => Value<int>(row),
        NumberType.UInt32 => Value<uint>(row),
        NumberType.Int64 => Value<long>(row),
        NumberType.UInt64 => Value<ulong>(row),
        NumberType.Float32 => Value<float>(row),
        _ => Value<double>(row),
    };

    /// <summary>One value as it stands in the file.</summary>
    /// <typeparam name="T">The type that <see cref="Type"/> names.</typeparam>
    /// <param name="row">Row, from 0.</param>
    /// <returns>The value.</returns>
    public T Value<T>(int row)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count);
        return MemoryMarshal.Read<T>(_bytes.AsSpan(_offset + (row * _stride), Unsafe.SizeOf<T>()));
    }

    /// <summary>Some consecutive rows.</summary>
    /// <param name="first">First row.</param>
    /// <param name="count">Number of rows.</param>
    /// <returns>A view of these rows.</returns>
    public Column Slice(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Count - count);
        return new Column(_bytes, _offset + (first * _stride), _stride, count, Type);
    }

    /// <summary>The bytes of one value, little-endian.</summary>
    internal ReadOnlySpan<byte> BytesOf(int row) => _bytes.AsSpan(_offset + (row * _stride), Type.Size());

    /// <summary>The values themselves where they are float64 and lie side by side; empty otherwise.</summary>
    internal ReadOnlySpan<double> AsDoubles() => Type == NumberType.Float64 && TryGetSpan<double>(out var values) ? values : default;

    /// <summary>One value as a 64-bit integer; fractions are cut off, uint64 beyond 2^63 wraps.</summary>
    /// <param name="row">Row, from 0.</param>
    /// <returns>The value.</returns>
    public long ToInt64(int row) => Type switch
    {
        NumberType.Int64 => Value<long>(row),
        NumberType.UInt64 => unchecked((long)Value<ulong>(row)),
        _ => (long)this[row],
    };

    /// <summary>How many values differ from zero: so a bit mask such as <c>triggered</c> is counted.</summary>
    /// <param name="first">First row.</param>
    /// <param name="count">Number of rows.</param>
    /// <returns>The number of such rows.</returns>
    public int CountNonZero(int first, int count) => Type.Size() switch
    {
        1 => Slice(first, count).NonZero<byte>(),
        2 => Slice(first, count).NonZero<ushort>(),
        4 when Type == NumberType.Float32 => Slice(first, count).NonZero<float>(),
        4 => Slice(first, count).NonZero<uint>(),
        8 when Type == NumberType.Float64 => Slice(first, count).NonZero<double>(),
        _ => Slice(first, count).NonZero<ulong>(),
    };

    /// <summary>Whether each value differs from zero, as 1 or 0.</summary>
    /// <param name="destination">At least <see cref="Count"/> long.</param>
    public void CopyNonZeroTo(Span<byte> destination)
    {
        switch (Type.Size())
        {
            case 1: NonZero<byte>(destination); break;
            case 2: NonZero<ushort>(destination); break;
            case 4 when Type == NumberType.Float32: NonZero<float>(destination); break;
            case 4: NonZero<uint>(destination); break;
            case 8 when Type == NumberType.Float64: NonZero<double>(destination); break;
            default: NonZero<ulong>(destination); break;
        }
    }

    /// <summary>All values widened to float64.</summary>
    /// <param name="destination">At least <see cref="Count"/> long.</param>
    public void CopyTo(Span<double> destination)
    {
        switch (Type)
        {
            case NumberType.Int8: Convert<sbyte, double>(destination); break;
            case NumberType.UInt8: Convert<byte, double>(destination); break;
            case NumberType.Int16: Convert<short, double>(destination); break;
            case NumberType.UInt16: Convert<ushort, double>(destination); break;
            case NumberType.Int32: Convert<int, double>(destination); break;
            case NumberType.UInt32: Convert<uint, double>(destination); break;
            case NumberType.Int64: Convert<long, double>(destination); break;
            case NumberType.UInt64: Convert<ulong, double>(destination); break;
            case NumberType.Float32: Convert<float, double>(destination); break;
            default: Copy(destination); break;
        }
    }

    /// <summary>All values rounded to float32, each once.</summary>
    /// <param name="destination">At least <see cref="Count"/> long.</param>
    public void CopyTo(Span<float> destination)
    {
        switch (Type)
        {
            case NumberType.Int8: Convert<sbyte, float>(destination); break;
            case NumberType.UInt8: Convert<byte, float>(destination); break;
            case NumberType.Int16: Convert<short, float>(destination); break;
            case NumberType.UInt16: Convert<ushort, float>(destination); break;
            case NumberType.Int32: Convert<int, float>(destination); break;
            case NumberType.UInt32: Convert<uint, float>(destination); break;
            case NumberType.Int64: Convert<long, float>(destination); break;
            case NumberType.UInt64: Convert<ulong, float>(destination); break;
            case NumberType.Float32: Copy(destination); break;
            default: Convert<double, float>(destination); break;
        }
    }

    /// <summary>
    /// All values as 32-bit integers, for identifiers and channels; what does not fit becomes <see cref="int.MinValue"/>
    /// or <see cref="int.MaxValue"/>, which no detector knows.
    /// </summary>
    /// <param name="destination">At least <see cref="Count"/> long.</param>
    public void CopyTo(Span<int> destination)
    {
        switch (Type)
        {
            case NumberType.Int8: Convert<sbyte, int>(destination); break;
            case NumberType.UInt8: Convert<byte, int>(destination); break;
            case NumberType.Int16: Convert<short, int>(destination); break;
            case NumberType.UInt16: Convert<ushort, int>(destination); break;
            case NumberType.Int32: Copy(destination); break;
            case NumberType.UInt32: Convert<uint, int>(destination); break;
            case NumberType.Int64: Convert<long, int>(destination); break;
            case NumberType.UInt64: Convert<ulong, int>(destination); break;
            case NumberType.Float32: Convert<float, int>(destination); break;
            default: Convert<double, int>(destination); break;
        }
    }

    /// <summary>
    /// All values as 32-bit integers, likewise, but without copying where they have 32 bits already: uint32 beyond 2^31 then becomes negative,
    /// which no identifier is either.
    /// </summary>
    /// <param name="scratch">Receives them otherwise; at least <see cref="Count"/> long.</param>
    /// <returns>The values.</returns>
    internal ReadOnlySpan<int> AsInt32(Span<int> scratch)
    {
        if (Type is NumberType.Int32 or NumberType.UInt32 && TryGetSpan<int>(out var values))
        {
            return values;
        }

        CopyTo(scratch);
        return scratch[..Count];
    }

    /// <summary>All values as they stand in the file.</summary>
    /// <typeparam name="T">The type that <see cref="Type"/> names.</typeparam>
    /// <param name="destination">At least <see cref="Count"/> long.</param>
    public void Copy<T>(Span<T> destination)
        where T : unmanaged, INumber<T> => Convert<T, T>(destination);

    /// <summary>All values as an array of the type that <see cref="Type"/> names.</summary>
    internal Array ToArray() => Type switch
    {
        NumberType.Int8 => ToArray<sbyte>(),
        NumberType.UInt8 => ToArray<byte>(),
        NumberType.Int16 => ToArray<short>(),
        NumberType.UInt16 => ToArray<ushort>(),
        NumberType.Int32 => ToArray<int>(),
        NumberType.UInt32 => ToArray<uint>(),
        NumberType.Int64 => ToArray<long>(),
        NumberType.UInt64 => ToArray<ulong>(),
        NumberType.Float32 => ToArray<float>(),
        _ => ToArray<double>(),
    };

    private T[] ToArray<T>()
        where T : unmanaged, INumber<T>
    {
        var values = new T[Count];
        Copy(values.AsSpan());
        return values;
    }

    private int NonZero<T>()
        where T : unmanaged, INumber<T>
    {
        var n = 0;
        if (TryGetSpan<T>(out var values))
        {
            foreach (var value in values)
            {
                n += T.IsZero(value) ? 0 : 1;
            }

            return n;
        }

        for (var row = 0; row < Count; row++)
        {
            n += T.IsZero(Value<T>(row)) ? 0 : 1;
        }

        return n;
    }

    private void NonZero<T>(Span<byte> destination)
        where T : unmanaged, INumber<T>
    {
        if (TryGetSpan<T>(out var values))
        {
            destination = destination[..values.Length];
            for (var row = 0; row < values.Length; row++)
            {
                destination[row] = T.IsZero(values[row]) ? (byte)0 : (byte)1;
            }

            return;
        }

        for (var row = 0; row < Count; row++)
        {
            destination[row] = T.IsZero(Value<T>(row)) ? (byte)0 : (byte)1;
        }
    }

    /// <summary>The values themselves, where they lie side by side.</summary>
    /// <typeparam name="T">The type that <see cref="Type"/> names, or one of the same size.</typeparam>
    /// <param name="values">The values.</param>
    /// <returns>Whether they do.</returns>
    internal bool TryGetSpan<T>(out ReadOnlySpan<T> values)
        where T : unmanaged
    {
        values = _stride == Unsafe.SizeOf<T>() ? MemoryMarshal.Cast<byte, T>(_bytes.AsSpan(_offset, Count * _stride)) : default;
        return _stride == Unsafe.SizeOf<T>();
    }

    private void Convert<TFrom, TTo>(Span<TTo> destination)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo>
    {
        if (TryGetSpan<TFrom>(out var source))
        {
            if (typeof(TFrom) == typeof(TTo))
            {
                MemoryMarshal.AsBytes(source).CopyTo(MemoryMarshal.AsBytes(destination));
                return;
            }

            destination = destination[..source.Length];
            for (var i = 0; i < source.Length; i++)
            {
                destination[i] = TTo.CreateSaturating(source[i]);
            }

            return;
        }

        for (var row = 0; row < Count; row++)
        {
            destination[row] = TTo.CreateSaturating(Value<TFrom>(row));
        }
    }
}
