using OrcaSong.Hdf5;
using OrcaSong.Training;
using Xunit;

namespace OrcaSong.Tests.Training;

/// <summary>How files are stored, of which others are made, and how these are.</summary>
public sealed class MergeStorageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static IEnumerable<TheoryDataRow<string, string>> Storages() =>
        from kind in new[] { "Graph", "FixedGraph", "Image" }
        from storage in new[]
        {
            "{}",
            "dict(chunks=True)",
            "dict(compression='gzip')",
            "dict(chunks=True, shuffle=True)",
            "dict(chunks=True, fletcher32=True)",
            "dict(compression='gzip', compression_opts=9, shuffle=True, maxshape=(None,) + d.shape[1:])",
            "dict(chunks=(7, 3, 2, 2)[:d.ndim], compression='gzip')",
            "dict(chunks=(7, 3, 2, 2)[:d.ndim], shuffle=True, fletcher32=True)",
            "dict(chunks=tuple(2 * n + 1 for n in d.shape), maxshape=(None,) * d.ndim, compression='gzip')",
            "dict(chunks=(5,) + d.shape[1:], scaleoffset=0) if d.dtype.kind in 'iu' else dict(chunks=True)",
        }
        select new TheoryDataRow<string, string>(kind, storage);

    /// <summary>Inputs that h5py stores in every way; the outputs are read by our own reader, and by h5py.</summary>
    [Theory]
    [MemberData(nameof(Storages))]
    public void InputsMayBeStoredInAnyWay(string kind, string storage)
    {
        var (a, b) = (Store(1, 61, kind, storage), Store(2, 40, kind, storage));
        Merger.Merge([a, b], _folder["merged.h5"]);
        var codes = SampleContents.Codes(_folder["merged.h5"]);
        Assert.Equal([.. SampleContents.Codes(a), .. SampleContents.Codes(b)], codes);
        var order = Shuffler.UniformOrder(codes.Length, 42);
        Shuffler.Shuffle(_folder["merged.h5"], _folder["shuffled.h5"]);
        Assert.Equal(order.Select(i => codes[i]), SampleContents.Codes(_folder["shuffled.h5"]));
        Assert.Equal(
            "True",
            Tool.H5py(
                """
                a, b, m, s = (h5py.File(p) for p in sys.argv[1:5])
                order = np.array([int(i) for i in sys.argv[5].split()])
                same = np.concatenate([a["x"][()], b["x"][()]]).tobytes() == m["x"][()].tobytes()
                print(same and np.array_equal(m["y"]["event_id"][order], s["y"]["event_id"]) and (len(s["x"]) != len(order) or np.array_equal(m["x"][()][order], s["x"][()])))
                """,
                a, b, _folder["merged.h5"], _folder["shuffled.h5"], string.Join(' ', order)));
    }

    [Theory]
    [InlineData("Graph", false)]
    [InlineData("Graph", true)]
    [InlineData("FixedGraph", false)]
    [InlineData("Image", false)]
    [InlineData("Image", true)]
    public void ChunksAreCopiedAsTheyAreWhereRowsLineUp(string kind, bool checksum)
    {
        var input = new SampleInput(64, Enum.Parse<SampleKind>(kind))
        {
            HitsOf = _ => 2,
            Filters = checksum ? [H5Filter.Fletcher32, H5Filter.Shuffle(1), H5Filter.Deflate(3)] : [H5Filter.Shuffle(1), H5Filter.Deflate(3)],
        };
        var (a, b, c) = (input.Write(_folder["a.h5"]), (input with { Run = 2, Events = 40 }).Write(_folder["b.h5"]), (input with { Run = 3 }).Write(_folder["c.h5"]));
        Merger.Merge([a, b, c], _folder["out.h5"], new MergeOptions { KeepChecksum = checksum });
        Assert.Equal(168, SampleContents.Codes(_folder["out.h5"]).Length);
        var (stored, first, second) = (Chunks(_folder["out.h5"]), Chunks(a), Chunks(b));
        Assert.Equal(first, stored[..first.Length]);
        Assert.Equal(second[..^1], stored[first.Length..(first.Length + second.Length - 1)]);

        // The rows of the third file begin within a chunk.
        Assert.DoesNotContain(stored[(first.Length + second.Length - 1)..], s => Chunks(c)[1..^1].Any(o => o == s));
    }

    [Theory]
    [InlineData("Graph")]
    [InlineData("FixedGraph")]
    [InlineData("Image")]
    public void ChecksumsGoUnlessTheyAreKept(string kind)
    {
        string[] inputs = [.. Enumerable.Range(1, 2).Select(i => new SampleInput(20, Enum.Parse<SampleKind>(kind)) { Run = i }.Write(_folder[$"{i}.h5"]))];
        foreach (var keep in new[] { false, true })
        {
            Merger.Merge(inputs, _folder["merged.h5"], new MergeOptions { KeepChecksum = keep }, overwrite: true);
            Shuffler.Shuffle(inputs[0], _folder["shuffled.h5"], new ShuffleOptions { KeepChecksum = keep }, overwrite: true);
            foreach (var path in new[] { _folder["merged.h5"], _folder["shuffled.h5"] })
            {
                _ = SampleContents.Codes(path);
                using var file = H5File.OpenRead(path);
                foreach (var name in new[] { "x", "y", "x_indices", "group_info" })
                {
                    using var dataset = file.Root.OpenDataset(name);
                    Assert.Equal(keep, dataset.Filters.Any(f => f.Id == H5Filter.Fletcher32Id));
                    Assert.Contains(dataset.Filters, f => f.Id == H5Filter.DeflateId);
                }
            }
        }
    }

    [Fact]
    public void AChunkIsNoLongerThanTheData()
    {
        string[] inputs = [.. Enumerable.Range(1, 2).Select(i => new SampleInput(3) { Run = i, ChunkRows = 1000 }.Write(_folder[$"{i}.h5"]))];
        Merger.Merge(inputs, _folder["merged.h5"]);
        Shuffler.Shuffle(inputs[0], _folder["shuffled.h5"]);
        Assert.Equal((6, 3), (ChunkRows(_folder["merged.h5"]), ChunkRows(_folder["shuffled.h5"])));

        static long ChunkRows(string path)
        {
            using var file = H5File.OpenRead(path);
            using var y = file.Root.OpenDataset("y");
            return y.ChunkShape![0];
        }
    }

    [Fact]
    public void OpensInPyTables()
    {
        string[] inputs = [.. Enumerable.Range(1, 2).Select(i => new SampleInput(30) { Run = i }.Write(_folder[$"{i}.h5"]))];
        Merger.Merge(inputs, _folder["merged.h5"]);
        Shuffler.Shuffle(_folder["merged.h5"], _folder["shuffled.h5"]);
        Assert.Equal("60 60 1770.0 60 60 1770.0", Tool.PyTables(
            """
            import warnings
            warnings.simplefilter("ignore")
            f = [tables.open_file(p) for p in sys.argv[1:]]
            print(*[v for t in f for v in (len(t.root.group_info), t.root.y.nrows, t.root.y.read(field="group_id").sum() / 1.0)])
            """,
            _folder["merged.h5"], _folder["shuffled.h5"]));
    }

    /// <summary>Names of dimensions are references into the file, which mean nothing in another.</summary>
    [Fact]
    public void ReferencesAreLeftBehind()
    {
        var input = new SampleInput(5).Write(_folder["in.h5"]);
        Tool.H5py("f = h5py.File(sys.argv[1], 'a'); f['s'] = np.arange(5); f['s'].make_scale('events'); f['x'].dims[0].attach_scale(f['s'])", input);
        Merger.Merge([input], _folder["merged.h5"]);
        Shuffler.Shuffle(input, _folder["shuffled.h5"]);
        Assert.Equal(SampleContents.Codes(input), SampleContents.Codes(_folder["merged.h5"]));
        Assert.Equal(5, SampleContents.Codes(_folder["shuffled.h5"]).Length);
    }

    /// <summary>The stored bytes of the chunks of x, as text.</summary>
    private static string[] Chunks(string path)
    {
        using var file = H5File.OpenRead(path);
        using var x = file.Root.OpenDataset("x");
        var chunks = new List<string>();
        var coordinate = new long[x.Shape.Count];
        for (; coordinate[0] < x.Shape[0]; coordinate[0] += x.ChunkShape![0])
        {
            var bytes = new byte[x.ChunkStorageSize(coordinate)];
            x.ReadChunk(coordinate, bytes, out var mask);
            chunks.Add($"{mask} {Convert.ToHexString(bytes)}");
        }

        return [.. chunks];
    }

    private string Store(int run, int events, string kind, string storage)
    {
        var path = _folder[$"{run}.h5"];
        new SampleInput(events, Enum.Parse<SampleKind>(kind)) { Run = run }.Write(_folder["plain.h5"]);
        Tool.H5py(
            """
            with h5py.File(sys.argv[1]) as f, h5py.File(sys.argv[2], "w") as g:
                for n, d in f.items():
                    c = g.create_dataset(n, data=d[()], **eval(sys.argv[3]))
                    for k, v in d.attrs.items():
                        c.attrs[k] = v
            """,
            _folder["plain.h5"], path, storage);
        return path;
    }
}
