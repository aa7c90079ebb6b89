namespace OrcaSong.Output;

/// <summary>The chunk shapes that PyTables chooses when none is given (its <c>calc_chunksize</c>).</summary>
internal static class PyTablesChunk
{
    private const int ExpectedTableRows = 10_000;
    private const int ExpectedArrayRows = 1_000;

    /// <summary>Rows in a chunk of a table.</summary>
    /// <param name="rowBytes">Bytes of a row.</param>
    internal static int TableRows(int rowBytes) => Math.Max(1, ChunkBytes((long)ExpectedTableRows * rowBytes) / rowBytes);

    /// <summary>Chunk shape of an array that grows along its first axis.</summary>
    /// <param name="rowShape">Lengths of the other axes; none may be 0.</param>
    /// <param name="itemBytes">Bytes of an element.</param>
    /// <returns>The shape, rows first.</returns>
    internal static long[] ArrayShape(IReadOnlyList<int> rowShape, int itemBytes)
    {
        long[] shape = [1, .. rowShape.Select(n => (long)n)];
        long Items() => shape.Aggregate(1L, (product, n) => product * n);

        var items = Math.Max(1, ChunkBytes(ExpectedArrayRows * Items() * itemBytes) / itemBytes);

        // Give up axes from the left until the rest fits; the last one given up takes what is left.
        for (var axis = 0; axis < shape.Length; axis++)
        {
            shape[axis] = 1;
            if (Items() is var rest && rest <= items)
            {
                shape[axis] = items / rest;
                return shape;
            }
        }

        shape[^1] = items;
        return shape;
    }

    /// <summary>64 KiB, doubled for each power of ten of the expected size in MiB.</summary>
    private static int ChunkBytes(long expectedBytes)
    {
        var megabytes = Math.Clamp(expectedBytes / (1024 * 1024), 1, 10_000_000);
        var bytes = 64 * 1024;
        for (long power = 10; power <= megabytes; power *= 10)
        {
            bytes *= 2;
        }

        return bytes;
    }
}
