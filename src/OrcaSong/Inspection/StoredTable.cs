namespace OrcaSong.Inspection;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name, such as <c>dom_id</c>.</param>
/// <param name="Type">Its type in short, such as <c>int32</c>.</param>
public sealed record StoredColumn(string Name, string Type)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Type}";
}

/// <summary>What a file has under one path: a table (also one that is split into a dataset per column), or an array.</summary>
public sealed record StoredTable
{
    /// <summary>Path in the file, such as <c>/hits</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Number of rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Columns of a table; empty for an array.</summary>
    public ValueList<StoredColumn> Columns { get; init; } = new([]);

    /// <summary>The type in short: that of an array's elements; for a table, how many columns it has.</summary>
    public required string Type { get; init; }

    /// <summary>The number of elements along each axis; of a split table, that of its columns.</summary>
    public required ValueList<long> Shape { get; init; }

    /// <summary>The shape of its chunks; <see langword="null"/> if it is not stored in chunks, or columns differ.</summary>
    public ValueList<long>? ChunkShape { get; init; }

    /// <summary>The filters of its chunks, in the order in which data pass them when written: <c>fletcher32, shuffle, deflate 5</c>.</summary>
    public required string Filters { get; init; }

    /// <summary>Bytes of its data.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes that they take in the file.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>How many times smaller the filters make it; <see langword="null"/> where nothing is stored.</summary>
    public double? Ratio => StoredBytes > 0 ? (double)Bytes / StoredBytes : null;

    /// <inheritdoc/>
    public override string ToString() => Path;
}
