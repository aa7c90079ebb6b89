using System.Runtime.InteropServices;
using OrcaSong.Hdf5;
using OrcaSong.Images;

namespace OrcaSong.Tests;

/// <summary>
/// Writes small event files in any layout. What the hits are is plain, so that the images that they make can be worked out without
/// the engine: <see cref="Images"/>.
/// </summary>
internal sealed class TestFile
{
    public TestFile(params int[] hitsPerEvent)
    {
        HitsPerEvent = hitsPerEvent;
        GroupIds = [.. hitsPerEvent.Select((_, e) => (long)e)];
        EventInfoRows = [.. hitsPerEvent.Select(_ => 1)];
        Set("channel_id", (_, _, row) => (uint)(row % 31));
        Set("dom_id", (_, _, row) => 101 + (row % 3));
        Set("pos_z", (_, _, row) => ((7 * row) % 50) + 0.25);
        Set("time", (e, hit, _) => (1000.0 * e) + (3 * hit));
        Set("tot", (_, _, row) => (uint)(row % 256));

        // A bit mask; the second hit is the first triggered one, or the only hit.
        Set("triggered", (e, hit, _) => hit == Math.Min(1, HitsPerEvent[e] - 1) ? 22UL : 0UL);
    }

    public int[] HitsPerEvent { get; }

    public int HitCount => HitsPerEvent.Sum();

    /// <summary>Columns of the hits, row after row.</summary>
    public OrderedDictionary<string, Array> Hits { get; } = [];

    public long[] GroupIds { get; init; }

    /// <summary>Rows that event_info has for each event; <see langword="null"/> for no table.</summary>
    public int[]? EventInfoRows { get; init; }

    public bool IsSplit { get; init; } = true;

    public bool HasHits { get; init; } = true;

    public bool HasGroupIdColumn { get; init; } = true;

    public string? FormatVersion { get; init; } = "5.1";

    /// <summary>The places of the rows in the file; as they come by default.</summary>
    public int[]? RowOrder { get; init; }

    /// <summary>What _indices says; the truth by default.</summary>
    public (long Index, long Items)[]? Indices { get; init; }

    /// <summary>Rows in a chunk; 0 for a contiguous dataset.</summary>
    public int ChunkRows { get; init; } = 16;

    public IReadOnlyList<H5Filter> Filters { get; init; } = [H5Filter.Fletcher32, H5Filter.Shuffle(8), H5Filter.Deflate(5)];

    /// <summary>The type of group_id in the tables of rows, and of index and n_items.</summary>
    public Type IdType { get; init; } = typeof(long);

    /// <summary>Sets a column of the hits, from event, hit in the event and row.</summary>
    public TestFile Set<T>(string name, Func<int, int, int, T> value)
        where T : unmanaged
    {
        var values = new T[HitCount];
        var row = 0;
        for (var e = 0; e < HitsPerEvent.Length; e++)
        {
            for (var hit = 0; hit < HitsPerEvent[e]; hit++, row++)
            {
                values[row] = value(e, hit, row);
            }
        }

        Hits[name] = values;
        return this;
    }

    /// <summary>Casts a column of the hits to another type.</summary>
    public TestFile Cast(string name, Type type)
    {
        Hits[name] = Cast(Hits[name], type);
        return this;
    }

    public string Write(string path)
    {
        using var file = H5File.Create(path, overwrite: true);
        if (FormatVersion is not null)
        {
            file.Root.Attributes.WriteFixedString("format_version", FormatVersion, H5Charset.Ascii);
        }

        WriteTable(file.Root, "group_info", [("blob_length", new long[GroupIds.Length]), ("group_id", Cast(GroupIds, IdType))]);
        if (EventInfoRows is { } rows)
        {
            var events = rows.SelectMany((n, e) => Enumerable.Repeat(e, n)).ToArray();
            WriteTable(file.Root, "event_info", [
                ("event_id", events.Select(e => 100L + e).ToArray()),
                ("group_id", Cast(events.Select(e => GroupIds[e]).ToArray(), IdType)),
                ("run_id", events.Select(_ => 7).ToArray()),
                ("trigger_mask", events.Select(e => (ulong)e).ToArray()),
                ("weight_w1", events.Select(e => e / 8.0).ToArray())]);
        }

        if (HasHits)
        {
            WriteHits(file.Root);
        }

        return path;
    }

    /// <summary>The images of the events that have a triggered hit (or of all, when times are not centred), one after the other.</summary>
    public byte[] Images(IReadOnlyList<BinAxis> axes, bool centreTime = true)
    {
        var columns = axes.ToDictionary(a => a.Field, a => Numbers(a.Field));
        var triggered = Numbers("triggered");
        var bins = axes.Aggregate(1, (product, a) => product * a.BinCount);
        var images = new List<byte>();
        var first = 0;
        foreach (var count in HitsPerEvent)
        {
            var rows = Enumerable.Range(first, count).ToArray();
            first += count;
            if (centreTime && !rows.Any(r => triggered[r] != 0))
            {
                continue;
            }

            var start = centreTime && columns.ContainsKey("time") ? rows.Where(r => triggered[r] != 0).Min(r => columns["time"][r]) : 0;
            var image = new int[bins];
            foreach (var row in rows)
            {
                var at = 0;
                foreach (var axis in axes)
                {
                    var bin = Bin(axis, columns[axis.Field][row] - (axis.Field == "time" ? start : 0));
                    at = at < 0 || bin < 0 ? -1 : (at * axis.BinCount) + bin;
                }

                if (at >= 0)
                {
                    image[at]++;
                }
            }

            images.AddRange(image.Select(n => (byte)Math.Min(n, 255)));
        }

        return [.. images];
    }

    private static int Bin(BinAxis axis, double value)
    {
        for (var i = axis.BinCount - 1; i >= 0; i--)
        {
            if (axis.Edges[i] <= value && (value < axis.Edges[i + 1] || (i == axis.BinCount - 1 && value == axis.Maximum)))
            {
                return i;
            }
        }

        return -1;
    }

    private double[] Numbers(string column) => [.. Hits[column].Cast<IConvertible>().Select(v => v.ToDouble(null))];

    private void WriteHits(H5Group root)
    {
        var order = RowOrder ?? [.. Enumerable.Range(0, HitCount)];
        var columns = Hits.Select(c => (c.Key, Reorder(c.Value, order))).ToList();
        if (HasGroupIdColumn)
        {
            var ids = HitsPerEvent.SelectMany((n, e) => Enumerable.Repeat(GroupIds[e], n)).ToArray();
            columns.Add(("group_id", Reorder(Cast(ids, IdType), order)));
        }

        if (!IsSplit)
        {
            WriteTable(root, "hits", columns);
            return;
        }

        var group = root.CreateGroup("hits");
        foreach (var (name, values) in columns)
        {
            WriteDataset(group, name, TypeOf(values), Bytes(values), values.Length);
        }

        var indices = Indices;
        if (indices is null)
        {
            long next = 0;
            indices = [.. HitsPerEvent.Select(n => (next += n) is var after ? (after - n, (long)n) : default)];
        }

        WriteTable(group, "_indices", [("index", Cast(indices.Select(i => i.Index).ToArray(), IdType)), ("n_items", Cast(indices.Select(i => i.Items).ToArray(), IdType))]);
    }

    private void WriteTable(H5Group group, string name, IReadOnlyList<(string Name, Array Values)> columns)
    {
        var type = H5Type.Compound(columns.Select(c => (c.Name, TypeOf(c.Values))));
        var count = columns[0].Values.Length;
        var rows = new byte[count * type.Size];
        for (var c = 0; c < columns.Count; c++)
        {
            var (bytes, member) = (Bytes(columns[c].Values), type.Members[c]);
            for (var row = 0; row < count; row++)
            {
                bytes.AsSpan(row * member.Type.Size, member.Type.Size).CopyTo(rows.AsSpan((row * type.Size) + member.Offset));
            }
        }

        WriteDataset(group, name, type, rows, count);
    }

    private void WriteDataset(H5Group group, string name, H5Type type, byte[] bytes, int rows)
    {
        using var dataset = group.CreateDataset(name, new H5DatasetSpec
        {
            Type = type,
            Shape = [rows],
            MaxShape = ChunkRows > 0 ? [-1] : null,
            ChunkShape = ChunkRows > 0 ? [ChunkRows] : null,
            Filters = ChunkRows > 0 ? [.. Filters.Select(f => f.Id == H5Filter.ShuffleId ? H5Filter.Shuffle(type.Size) : f)] : [],
        });
        if (rows > 0)
        {
            dataset.Write<byte>(bytes);
        }
    }

    private static Array Reorder(Array values, int[] order)
    {
        var moved = Array.CreateInstance(values.GetType().GetElementType()!, values.Length);
        for (var i = 0; i < order.Length; i++)
        {
            moved.SetValue(values.GetValue(order[i]), i);
        }

        return moved;
    }

    private static Array Cast(Array values, Type type)
    {
        var cast = Array.CreateInstance(type, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            cast.SetValue(Convert.ChangeType(values.GetValue(i)!, type, null), i);
        }

        return cast;
    }

    private static byte[] Bytes(Array values)
    {
        var bytes = new byte[Buffer.ByteLength(values)];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        return bytes;
    }

    private static H5Type TypeOf(Array values) => Type.GetTypeCode(values.GetType().GetElementType()) switch
    {
        TypeCode.SByte => H5Type.Int8,
        TypeCode.Byte => H5Type.UInt8,
        TypeCode.Int16 => H5Type.Int16,
        TypeCode.UInt16 => H5Type.UInt16,
        TypeCode.Int32 => H5Type.Int32,
        TypeCode.UInt32 => H5Type.UInt32,
        TypeCode.Int64 => H5Type.Int64,
        TypeCode.UInt64 => H5Type.UInt64,
        TypeCode.Single => H5Type.Float32,
        _ => H5Type.Float64,
    };
}

/// <summary>Looks into outputs.</summary>
internal static class Output
{
    public static byte[] Images(string path)
    {
        using var file = H5File.OpenRead(path);
        using var x = file.Root.OpenDataset("x");
        return x.ReadAll<byte>();
    }

    /// <summary>A column of 64-bit integers of a table.</summary>
    public static long[] Integers(string path, string table, string column) => Column<long>(path, table, column);

    public static T[] Column<T>(string path, string table, string column)
        where T : unmanaged
    {
        using var file = H5File.OpenRead(path);
        using var dataset = file.Root.OpenDataset(table);
        var member = dataset.Type.Members.Single(m => m.Name == column);
        var bytes = dataset.ReadAll<byte>();
        return [.. Enumerable.Range(0, (int)dataset.Length).Select(row => MemoryMarshal.Read<T>(bytes.AsSpan((row * dataset.Type.Size) + member.Offset)))];
    }

    public static string[] ColumnNames(string path, string table)
    {
        using var file = H5File.OpenRead(path);
        using var dataset = file.Root.OpenDataset(table);
        return [.. dataset.Type.Members.Select(m => m.Name)];
    }
}
