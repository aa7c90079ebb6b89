using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace OrcaSong.Hdf5.Filters;

/// <summary>
/// HDF5's shuffle filter (id 2): stores byte 0 of every element, then byte 1 of every element, and so on, which
/// puts the seldom changing bytes of numbers next to each other for DEFLATE.
/// </summary>
/// <remarks>
/// The shuffled bytes are the transpose of the (elements x element size) byte matrix. Bytes after the last whole
/// element stay where they are, as in H5Zshuffle.c. An element size of 1 leaves the bytes as they are.
/// </remarks>
public static class ByteShuffle
{
    private const int Lanes = 16;

    // One cache line of every row: what a block touches (64 lines on either side, 8 KiB) stays in the L1 cache.
    private const int BlockSide = 64;

    private static bool CanInterleave => Sse2.IsSupported || AdvSimd.Arm64.IsSupported;

    /// <summary>Shuffles <paramref name="source"/> into <paramref name="destination"/>.</summary>
    /// <param name="source">Elements of <paramref name="elementSize"/> bytes, and possibly a tail.</param>
    /// <param name="destination">Receives as many bytes; must not overlap <paramref name="source"/>.</param>
    /// <param name="elementSize">Bytes of one element (of a compound type: of the whole row), at least 1.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short, or overlaps the source.</exception>
    public static void Encode(ReadOnlySpan<byte> source, Span<byte> destination, int elementSize)
    {
        int elements = CopyUnshuffled(source, ref destination, elementSize);
        if (elements > 0)
        {
            Transpose(source, destination, elements, elementSize);
        }
    }

    /// <summary>Undoes <see cref="Encode"/>.</summary>
    /// <param name="source">Shuffled bytes.</param>
    /// <param name="destination">Receives as many bytes; must not overlap <paramref name="source"/>.</param>
    /// <param name="elementSize">Bytes of one element (of a compound type: of the whole row), at least 1.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short, or overlaps the source.</exception>
    public static void Decode(ReadOnlySpan<byte> source, Span<byte> destination, int elementSize)
    {
        int elements = CopyUnshuffled(source, ref destination, elementSize);
        if (elements > 0)
        {
            Transpose(source, destination, elementSize, elements);
        }
    }

    /// <summary>Copies what the filter leaves in place; returns the number of elements that are left to transpose.</summary>
    private static int CopyUnshuffled(ReadOnlySpan<byte> source, ref Span<byte> destination, int elementSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(elementSize, 1);
        if (destination.Length < source.Length)
        {
            throw new ArgumentException(
                $"The destination holds {destination.Length} bytes, but {source.Length} are needed.", nameof(destination));
        }

        destination = destination[..source.Length];
        if (source.Overlaps(destination))
        {
            throw new ArgumentException("The destination overlaps the source; the shuffle cannot work in place.", nameof(destination));
        }

        int elements = source.Length / elementSize;
        if (elementSize == 1 || elements <= 1)
        {
            source.CopyTo(destination);
            return 0;
        }

        int whole = elements * elementSize;
        source[whole..].CopyTo(destination[whole..]);
        return elements;
    }

    /// <summary>destination[column, row] = source[row, column], both row-major.</summary>
    private static void Transpose(ReadOnlySpan<byte> source, Span<byte> destination, int rows, int columns)
    {
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(destination);
        if (!CanInterleave)
        {
            TransposeScalar(ref from, ref to, rows, columns);
            return;
        }

        switch (rows, columns)
        {
            case ( >= Lanes, >= Lanes):
                TransposeBlocks(ref from, ref to, rows, columns);
                break;
            case ( >= Lanes, 2):
                Split2(ref from, ref to, rows);
                break;
            case ( >= Lanes, 4):
                Split4(ref from, ref to, rows);
                break;
            case ( >= Lanes, 8):
                Split8(ref from, ref to, rows);
                break;
            case (2, >= Lanes):
                Merge2(ref from, ref to, columns);
                break;
            case (4, >= Lanes):
                Merge4(ref from, ref to, columns);
                break;
            case (8, >= Lanes):
                Merge8(ref from, ref to, columns);
                break;
            default:
                TransposeScalar(ref from, ref to, rows, columns);
                break;
        }
    }

    private static void TransposeScalar(ref byte from, ref byte to, int rows, int columns)
    {
        for (int blockRow = 0; blockRow < rows; blockRow += BlockSide)
        {
            int endRow = Math.Min(blockRow + BlockSide, rows);
            for (int column = 0; column < columns; column++)
            {
                ref byte line = ref Unsafe.Add(ref to, (nint)column * rows);
                for (int row = blockRow; row < endRow; row++)
                {
                    Unsafe.Add(ref line, row) = Unsafe.Add(ref from, ((nint)row * columns) + column);
                }
            }
        }
    }

    // A last, partial tile is moved back so that it is whole: it overlaps its neighbour, and writes the same bytes.
    private static void TransposeBlocks(ref byte from, ref byte to, int rows, int columns)
    {
        for (int blockRow = 0; blockRow < rows; blockRow += BlockSide)
        {
            int endRow = Math.Min(blockRow + BlockSide, rows);
            for (int blockColumn = 0; blockColumn < columns; blockColumn += BlockSide)
            {
                int endColumn = Math.Min(blockColumn + BlockSide, columns);
                for (int r = blockRow; r < endRow; r += Lanes)
                {
                    int row = Math.Min(r, rows - Lanes);
                    for (int c = blockColumn; c < endColumn; c += Lanes)
                    {
                        int column = Math.Min(c, columns - Lanes);
                        TransposeTile(
                            ref Unsafe.Add(ref from, ((nint)row * columns) + column),
                            columns,
                            ref Unsafe.Add(ref to, ((nint)column * rows) + row),
                            rows);
                    }
                }
            }
        }
    }

    // The vector kernels below are all one step, repeated. Number the bytes of 2^m vectors of 2^4 lanes in binary; merging
    // vector i with vector i + 2^(m-1) lane by lane (a riffle of the two halves) moves every byte to its number rotated left
    // by one bit. m riffles turn plane-major into element-major order, 4 riffles turn it back.
    private static void TransposeTile(ref byte from, nint fromStride, ref byte to, nint toStride)
    {
        Vector128<byte> v0 = Load(ref from, 0 * fromStride), v1 = Load(ref from, 1 * fromStride);
        Vector128<byte> v2 = Load(ref from, 2 * fromStride), v3 = Load(ref from, 3 * fromStride);
        Vector128<byte> v4 = Load(ref from, 4 * fromStride), v5 = Load(ref from, 5 * fromStride);
        Vector128<byte> v6 = Load(ref from, 6 * fromStride), v7 = Load(ref from, 7 * fromStride);
        Vector128<byte> v8 = Load(ref from, 8 * fromStride), v9 = Load(ref from, 9 * fromStride);
        Vector128<byte> v10 = Load(ref from, 10 * fromStride), v11 = Load(ref from, 11 * fromStride);
        Vector128<byte> v12 = Load(ref from, 12 * fromStride), v13 = Load(ref from, 13 * fromStride);
        Vector128<byte> v14 = Load(ref from, 14 * fromStride), v15 = Load(ref from, 15 * fromStride);
        for (int riffle = 0; riffle < 4; riffle++)
        {
            (v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15) = (
                Low(v0, v8), High(v0, v8), Low(v1, v9), High(v1, v9), Low(v2, v10), High(v2, v10), Low(v3, v11), High(v3, v11),
                Low(v4, v12), High(v4, v12), Low(v5, v13), High(v5, v13), Low(v6, v14), High(v6, v14), Low(v7, v15), High(v7, v15));
        }

        Store(v0, ref to, 0 * toStride);
        Store(v1, ref to, 1 * toStride);
        Store(v2, ref to, 2 * toStride);
        Store(v3, ref to, 3 * toStride);
        Store(v4, ref to, 4 * toStride);
        Store(v5, ref to, 5 * toStride);
        Store(v6, ref to, 6 * toStride);
        Store(v7, ref to, 7 * toStride);
        Store(v8, ref to, 8 * toStride);
        Store(v9, ref to, 9 * toStride);
        Store(v10, ref to, 10 * toStride);
        Store(v11, ref to, 11 * toStride);
        Store(v12, ref to, 12 * toStride);
        Store(v13, ref to, 13 * toStride);
        Store(v14, ref to, 14 * toStride);
        Store(v15, ref to, 15 * toStride);
    }

    private static void Merge2(ref byte planes, ref byte elements, int count)
    {
        for (int i = 0; i < count; i += Lanes)
        {
            nint element = Math.Min(i, count - Lanes);
            ref byte from = ref Unsafe.Add(ref planes, element);
            ref byte to = ref Unsafe.Add(ref elements, 2 * element);
            Vector128<byte> v0 = Load(ref from, 0), v1 = Load(ref from, count);
            Store(Low(v0, v1), ref to, 0);
            Store(High(v0, v1), ref to, 16);
        }
    }

    private static void Split2(ref byte elements, ref byte planes, int count)
    {
        for (int i = 0; i < count; i += Lanes)
        {
            nint element = Math.Min(i, count - Lanes);
            ref byte from = ref Unsafe.Add(ref elements, 2 * element);
            ref byte to = ref Unsafe.Add(ref planes, element);
            Vector128<byte> v0 = Load(ref from, 0), v1 = Load(ref from, 16);
            (v0, v1) = (Low(v0, v1), High(v0, v1));
            (v0, v1) = (Low(v0, v1), High(v0, v1));
            (v0, v1) = (Low(v0, v1), High(v0, v1));
            (v0, v1) = (Low(v0, v1), High(v0, v1));
            Store(v0, ref to, 0);
            Store(v1, ref to, count);
        }
    }

    private static void Merge4(ref byte planes, ref byte elements, int count)
    {
        nint stride = count;
        for (int i = 0; i < count; i += Lanes)
        {
            nint element = Math.Min(i, count - Lanes);
            ref byte from = ref Unsafe.Add(ref planes, element);
            ref byte to = ref Unsafe.Add(ref elements, 4 * element);
            Vector128<byte> v0 = Load(ref from, 0), v1 = Load(ref from, stride);
            Vector128<byte> v2 = Load(ref from, 2 * stride), v3 = Load(ref from, 3 * stride);
            Riffle4(ref v0, ref v1, ref v2, ref v3);
            Riffle4(ref v0, ref v1, ref v2, ref v3);
            Store(v0, ref to, 0);
            Store(v1, ref to, 16);
            Store(v2, ref to, 32);
            Store(v3, ref to, 48);
        }
    }

    private static void Split4(ref byte elements, ref byte planes, int count)
    {
        nint stride = count;
        for (int i = 0; i < count; i += Lanes)
        {
            nint element = Math.Min(i, count - Lanes);
            ref byte from = ref Unsafe.Add(ref elements, 4 * element);
            ref byte to = ref Unsafe.Add(ref planes, element);
            Vector128<byte> v0 = Load(ref from, 0), v1 = Load(ref from, 16), v2 = Load(ref from, 32), v3 = Load(ref from, 48);
            Riffle4(ref v0, ref v1, ref v2, ref v3);
            Riffle4(ref v0, ref v1, ref v2, ref v3);
            Riffle4(ref v0, ref v1, ref v2, ref v3);
            Riffle4(ref v0, ref v1, ref v2, ref v3);
            Store(v0, ref to, 0);
            Store(v1, ref to, stride);
            Store(v2, ref to, 2 * stride);
            Store(v3, ref to, 3 * stride);
        }
    }

    private static void Merge8(ref byte planes, ref byte elements, int count)
    {
        nint stride = count;
        for (int i = 0; i < count; i += Lanes)
        {
            nint element = Math.Min(i, count - Lanes);
            ref byte from = ref Unsafe.Add(ref planes, element);
            ref byte to = ref Unsafe.Add(ref elements, 8 * element);
            Vector128<byte> v0 = Load(ref from, 0), v1 = Load(ref from, stride);
            Vector128<byte> v2 = Load(ref from, 2 * stride), v3 = Load(ref from, 3 * stride);
            Vector128<byte> v4 = Load(ref from, 4 * stride), v5 = Load(ref from, 5 * stride);
            Vector128<byte> v6 = Load(ref from, 6 * stride), v7 = Load(ref from, 7 * stride);
            Riffle8(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7);
            Riffle8(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7);
            Riffle8(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7);
            Store(v0, ref to, 0);
            Store(v1, ref to, 16);
            Store(v2, ref to, 32);
            Store(v3, ref to, 48);
            Store(v4, ref to, 64);
            Store(v5, ref to, 80);
            Store(v6, ref to, 96);
            Store(v7, ref to, 112);
        }
    }

    private static void Split8(ref byte elements, ref byte planes, int count)
    {
        nint stride = count;
        for (int i = 0; i < count; i += Lanes)
        {
            nint element = Math.Min(i, count - Lanes);
            ref byte from = ref Unsafe.Add(ref elements, 8 * element);
            ref byte to = ref Unsafe.Add(ref planes, element);
            Vector128<byte> v0 = Load(ref from, 0), v1 = Load(ref from, 16), v2 = Load(ref from, 32), v3 = Load(ref from, 48);
            Vector128<byte> v4 = Load(ref from, 64), v5 = Load(ref from, 80), v6 = Load(ref from, 96), v7 = Load(ref from, 112);
            Riffle8(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7);
            Riffle8(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7);
            Riffle8(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7);
            Riffle8(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7);
            Store(v0, ref to, 0);
            Store(v1, ref to, stride);
            Store(v2, ref to, 2 * stride);
            Store(v3, ref to, 3 * stride);
            Store(v4, ref to, 4 * stride);
            Store(v5, ref to, 5 * stride);
            Store(v6, ref to, 6 * stride);
            Store(v7, ref to, 7 * stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Riffle4(ref Vector128<byte> v0, ref Vector128<byte> v1, ref Vector128<byte> v2, ref Vector128<byte> v3)
        => (v0, v1, v2, v3) = (Low(v0, v2), High(v0, v2), Low(v1, v3), High(v1, v3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Riffle8(
        ref Vector128<byte> v0,
        ref Vector128<byte> v1,
        ref Vector128<byte> v2,
        ref Vector128<byte> v3,
        ref Vector128<byte> v4,
        ref Vector128<byte> v5,
        ref Vector128<byte> v6,
        ref Vector128<byte> v7)
        => (v0, v1, v2, v3, v4, v5, v6, v7) = (
            Low(v0, v4), High(v0, v4), Low(v1, v5), High(v1, v5), Low(v2, v6), High(v2, v6), Low(v3, v7), High(v3, v7));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Low(Vector128<byte> left, Vector128<byte> right)
        => Sse2.IsSupported ? Sse2.UnpackLow(left, right) : AdvSimd.Arm64.ZipLow(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> High(Vector128<byte> left, Vector128<byte> right)
        => Sse2.IsSupported ? Sse2.UnpackHigh(left, right) : AdvSimd.Arm64.ZipHigh(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Load(ref byte origin, nint offset) => Vector128.LoadUnsafe(ref Unsafe.Add(ref origin, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<byte> vector, ref byte origin, nint offset)
        => vector.StoreUnsafe(ref Unsafe.Add(ref origin, offset));
}
