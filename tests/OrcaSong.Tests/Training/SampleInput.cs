using System.Runtime.InteropServices;
using OrcaSong.Hdf5;
using OrcaSong.Images;
using OrcaSong.Statistics;
using Xunit;

namespace OrcaSong.Tests.Training;

internal enum SampleKind
{
    Graph,
    FixedGraph,
    Image,
}

/// <summary>
/// Writes small files for training, in which all that belongs to an event says so: each row of <c>x</c> begins with the event's code (run and
/// number), bins of images count the digits of the code, and <c>y</c> knows how many hits there are. <see cref="SampleContents"/> checks that it stays so.
/// </summary>
internal sealed record SampleInput(int Events, SampleKind Kind = SampleKind.Graph)
{
    public const int FixedHits = 4;
    public const int Columns = 3;
    private static readonly H5Type IndexType = H5Type.Compound([("index", H5Type.Int64), ("n_items", H5Type.Int64)]);

    /// <summary>1 to 99.</summary>
    public int Run { get; init; } = 1;

    public Func<int, int> HitsOf { get; init; } = e => ((e * 7) + 3) % 5;

    /// <summary>Rows in the chunks of tables, images and fixed graphs; 0 for contiguous datasets.</summary>
    public int ChunkRows { get; init; } = 16;

    /// <summary>Rows in the chunks of hits.</summary>
    public int HitChunkRows { get; init; } = 32;

    public IReadOnlyList<H5Filter> Filters { get; init; } = [H5Filter.Fletcher32, H5Filter.Shuffle(1), H5Filter.Deflate(1)];

    /// <summary>Columns of y before the others, and what they hold.</summary>
    public IReadOnlyList<(string Name, H5Type Type, Func<int, byte[]> Value)> Labels { get; init; } = [];

    /// <summary>Whether the labels run_id, event_id and n_hits come after the extra ones in the opposite order.</summary>
    public bool Reversed { get; init; }

    public string[] UsedFiles { get; init; } = [];

    /// <summary>The number in all bins of the statistics; none without.</summary>
    public int? Statistics { get; init; }

    public double LastEdge { get; init; } = 10;

    /// <summary>Datasets that are not written.</summary>
    public string[] Without { get; init; } = [];

    /// <summary>Changes the file before it is closed.</summary>
    public Action<H5Group>? Then { get; init; }

    public static long Code(double run, double number) => ((long)run * 100_000) + (long)number;

    public string Write(string path)
    {
        using var file = H5File.Create(path, overwrite: true);
        file.Root.Attributes.WriteFixedString("format_version", "5.1", H5Charset.Ascii);
        var events = Enumerable.Range(0, Events).ToArray();
        var hits = Array.ConvertAll(events, e => HitsOf(e));
        Table(file.Root, "group_info", H5Type.Compound([("group_id", H5Type.Int64)]), MemoryMarshal.AsBytes<long>(Array.ConvertAll(events, e => (long)e)));
        WriteLabels(file.Root, events, hits);
        if (!Without.Contains("x"))
        {
            WriteSamples(file.Root, events, hits);
        }

        WriteIndex(file.Root, hits);
        if (UsedFiles.Length > 0)
        {
            using var used = file.Root.CreateDataset("used_files", new H5DatasetSpec { Type = H5Type.VariableString(), Shape = [UsedFiles.Length] });
            used.WriteStrings(UsedFiles);
        }

        if (Statistics is { } n)
        {
            BinStatisticsFile.Write(file.Root, new BinStatistics((AxisStatistics[])[new AxisStatistics(BinAxis.Uniform("time", 0, LastEdge, 2), [0, LastEdge / 2, LastEdge], [n, n + 1]) { CutOffBelow = n + 2, CutOffAbove = n + 3 }]));
        }

        Then?.Invoke(file.Root);
        return path;
    }

    private void WriteLabels(H5Group root, int[] events, int[] hits)
    {
        IEnumerable<(string Name, H5Type Type, Func<int, byte[]> Value)> own =
        [
            ("event_id", H5Type.Float64, e => BitConverter.GetBytes((double)e)),
            ("n_hits", H5Type.Float64, e => BitConverter.GetBytes((double)hits[e])),
            ("run_id", H5Type.Float64, _ => BitConverter.GetBytes((double)Run)),
        ];
        (string Name, H5Type Type, Func<int, byte[]> Value)[] columns =
            [.. Labels, .. Reversed ? own.Reverse() : own, ("group_id", H5Type.Int64, e => BitConverter.GetBytes((long)e))];
        var type = H5Type.Compound(columns.Select(c => (c.Name, c.Type)));
        var rows = new byte[events.Length * type.Size];
        foreach (var (column, member) in columns.Zip(type.Members))
        {
            foreach (var e in events)
            {
                column.Value(e).CopyTo(rows, (e * type.Size) + member.Offset);
            }
        }

        Table(root, "y", type, rows);
    }

    private void WriteSamples(H5Group root, int[] events, int[] hits)
    {
        var codes = Array.ConvertAll(events, e => Code(Run, e));
        var x = Kind switch
        {
            SampleKind.Graph => Dataset(root, "x", H5Type.Float32, [hits.Sum(n => (long)n), Columns], [HitChunkRows, Columns], MemoryMarshal.AsBytes<float>(Rows(codes, hits))),
            SampleKind.FixedGraph => Dataset(root, "x", H5Type.Float32, [Events, FixedHits, Columns], [ChunkRows, FixedHits, Columns], MemoryMarshal.AsBytes<float>(FixedRows(codes, hits))),
            _ => Dataset(root, "x", H5Type.UInt8, [Events, 10, 6], [ChunkRows, 10, 6], codes.SelectMany(Image).ToArray()),
        };
        using (x)
        {
            if (Kind == SampleKind.Image)
            {
                x.Attributes.WriteFixedString("TITLE", "pos_z_time_event_images", H5Charset.Ascii);
            }
            else
            {
                x.Attributes.WriteBoolean("indexed", Kind == SampleKind.Graph);
                x.Attributes.WriteVariableString("hit_info_0", "code");
                x.Attributes.WriteVariableString("hit_info_1", "hit");
            }
        }

    }

    private void WriteIndex(H5Group root, int[] hits)
    {
        long next = 0;
        var index = new long[2 * hits.Length];
        for (var e = 0; e < hits.Length; e++)
        {
            (index[2 * e], index[(2 * e) + 1]) = Kind == SampleKind.Graph ? (next, hits[e]) : (e, 1);
            next += hits[e];
        }

        Table(root, "x_indices", IndexType, MemoryMarshal.AsBytes<long>(index));
    }

    private static float[] Rows(long[] codes, int[] hits)
    {
        var rows = new float[hits.Sum() * Columns];
        var at = 0;
        for (var e = 0; e < codes.Length; e++)
        {
            for (var h = 0; h < hits[e]; h++, at += Columns)
            {
                (rows[at], rows[at + 1], rows[at + 2]) = (codes[e], h, (codes[e] % 97) + (h / 8f));
            }
        }

        return rows;
    }

    private static float[] FixedRows(long[] codes, int[] hits)
    {
        var rows = new float[codes.Length * FixedHits * Columns];
        for (var e = 0; e < codes.Length; e++)
        {
            for (var h = 0; h < Math.Min(hits[e], FixedHits); h++)
            {
                var at = ((e * FixedHits) + h) * Columns;
                (rows[at], rows[at + 1], rows[at + 2]) = (codes[e], h, 1);
            }
        }

        return rows;
    }

    /// <summary>A bin for each digit of the code, which holds the place of the digit; of the other bins only the last counts, now and then.</summary>
    internal static byte[] Image(long code)
    {
        var image = new byte[60];
        for (var place = 0; place < 5; place++, code /= 10)
        {
            image[((code % 10) * 6) + place] = (byte)(place + 1);
        }

        image[59] = (byte)code;
        return image;
    }

    private void Table(H5Group root, string name, H5Type type, ReadOnlySpan<byte> rows)
    {
        if (Without.Contains(name))
        {
            return;
        }

        using var dataset = Dataset(root, name, type, [rows.Length / type.Size], [ChunkRows], rows);
        dataset.Attributes.WriteFixedString("CLASS", "TABLE", H5Charset.Utf8);
        foreach (var (i, column) in type.Members.Index())
        {
            dataset.Attributes.WriteFixedString($"FIELD_{i}_NAME", column.Name, H5Charset.Utf8);
        }

        dataset.Attributes.WriteInteger("NROWS", H5Type.Int64, rows.Length / type.Size);
    }

    private H5Dataset Dataset(H5Group root, string name, H5Type type, long[] shape, long[] chunk, ReadOnlySpan<byte> bytes)
    {
        var dataset = root.CreateDataset(name, new H5DatasetSpec
        {
            Type = type,
            Shape = shape,
            MaxShape = ChunkRows > 0 ? [-1, .. shape[1..]] : null,
            ChunkShape = ChunkRows > 0 ? chunk : null,
            Filters = ChunkRows > 0 ? [.. Filters.Select(f => f.Id == H5Filter.ShuffleId ? H5Filter.Shuffle(type.Size) : f)] : [],
        });
        if (bytes.Length > 0)
        {
            dataset.Write(bytes);
        }

        return dataset;
    }
}

/// <summary>The events of a file for training.</summary>
internal static class SampleContents
{
    /// <summary>The codes of the events, in order, after a check that every event has its own hits or image, and that group_id and indices count.</summary>
    public static long[] Codes(string path, bool renumbered = true)
    {
        using var file = H5File.OpenRead(path);
        using var y = file.Root.OpenDataset("y");
        using var x = file.Root.OpenDataset("x");
        var (runs, numbers, hits) = (Output.Column<double>(path, "y", "run_id"), Output.Column<double>(path, "y", "event_id"), Output.Column<double>(path, "y", "n_hits"));
        long[] codes = [.. runs.Zip(numbers, SampleInput.Code)];
        if (renumbered)
        {
            var counted = Enumerable.Range(0, codes.Length).Select(i => (long)i);
            Assert.Equal(counted, Output.Integers(path, "y", "group_id"));
            if (file.Root.Contains("group_info"))
            {
                Assert.Equal(counted, Output.Integers(path, "group_info", "group_id"));
            }
        }

        if (x.Attributes.GetBooleanOrFalse("indexed") || file.Root.Contains("x_indices"))
        {
            CheckIndex(path, hits, x.Attributes.GetBooleanOrFalse("indexed"));
        }

        if (x.Type.Equals(H5Type.UInt8))
        {
            Assert.Equal(codes.SelectMany(SampleInput.Image), x.ReadAll<byte>());
        }
        else
        {
            CheckHits(codes, hits, x);
        }

        return codes;
    }

    private static void CheckIndex(string path, double[] hits, bool indexed)
    {
        var (index, items) = (Output.Integers(path, "x_indices", "index"), Output.Integers(path, "x_indices", "n_items"));
        Assert.Equal(hits.Length, index.Length);
        long next = 0;
        for (var e = 0; e < hits.Length; e++)
        {
            if (next != index[e] || items[e] != (indexed ? (long)hits[e] : 1))
            {
                Assert.Fail($"event {e} with {hits[e]} hits has the index ({index[e]}, {items[e]}), where {next} is next");
            }

            next += items[e];
        }
    }

    private static void CheckHits(long[] codes, double[] hits, H5Dataset x)
    {
        var values = x.ReadAll<float>();
        var at = 0;
        for (var e = 0; e < codes.Length; e++)
        {
            for (var h = 0; h < hits[e]; h++)
            {
                var row = at + (h * SampleInput.Columns);
                if (values[row] != codes[e] || values[row + 1] != h)
                {
                    Assert.Fail($"event {e}, {codes[e]}, has the hit ({values[row]}, {values[row + 1]}) at {h}");
                }
            }

            at += (x.Shape.Count == 3 ? SampleInput.FixedHits : (int)hits[e]) * SampleInput.Columns;
        }

        Assert.Equal(values.Length, at);
    }

    private static bool GetBooleanOrFalse(this H5Attributes attributes, string name) => attributes.Contains(name) && attributes.GetBoolean(name) == true;
}
