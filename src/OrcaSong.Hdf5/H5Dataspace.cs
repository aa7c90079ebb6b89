namespace OrcaSong.Hdf5;

/// <summary>The extent of a dataset or an attribute. A scalar has no axes and one element, a null dataspace none.</summary>
/// <param name="IsNull">Whether it has no elements and no axes (H5S_NULL).</param>
/// <param name="Shape">Number of elements along each axis.</param>
/// <param name="MaxShape">How far they may grow; -1 without limit.</param>
internal readonly record struct H5Dataspace(bool IsNull, long[] Shape, long[] MaxShape)
{
    // H5S_class_t
    internal const int Scalar = 0;
    internal const int Null = 2;

    internal static unsafe H5Dataspace Describe(long id, Call call)
    {
        if (call.Ok(Native.H5Sget_simple_extent_type(id)) == Null)
        {
            return new H5Dataspace(true, [], []);
        }

        var rank = call.Ok(Native.H5Sget_simple_extent_ndims(id));
        var shape = new long[rank];
        var max = new long[rank];
        fixed (long* lengths = shape, largest = max)
        {
            call.Ok(Native.H5Sget_simple_extent_dims(id, (ulong*)lengths, (ulong*)largest));
        }

        return System.Array.Exists(shape, n => n < 0)
            ? throw call.Error($"its shape ({string.Join(", ", shape.Select(n => (ulong)n))}) is impossible; the file is damaged")
            : new H5Dataspace(false, shape, max);
    }

    /// <summary>The product of lengths and an element's size; one that does not fit counts as the largest number.</summary>
    internal static long Bytes(ReadOnlySpan<long> lengths, long elementSize)
    {
        var bytes = (UInt128)elementSize;
        var isEmpty = false;
        foreach (var n in lengths)
        {
            isEmpty |= n == 0;
            bytes = bytes > long.MaxValue ? bytes : bytes * (ulong)n;
        }

        return isEmpty ? 0 : bytes > long.MaxValue ? long.MaxValue : (long)bytes;
    }
}
