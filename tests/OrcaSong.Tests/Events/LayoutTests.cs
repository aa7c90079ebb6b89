using System.Runtime.InteropServices;
using OrcaSong.Calibration;
using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Images;
using OrcaSong.Running;
using Xunit;

namespace OrcaSong.Tests.Events;

/// <summary>The same events in every layout that a file may have give the same images.</summary>
public sealed class LayoutTests : IDisposable
{
    private static readonly int[] Events = [3, 7, 1, 12, 5, 5, 40, 2];
    private static readonly long[] Gaps = [0, 1, 5, 6, 9, 100, 101, 7_000_000_000];
    private static readonly long[] Permuted = [5, 2, 7, 0, 1, 6, 4, 3];
    private static readonly BinAxis[] Axes = [BinAxis.Uniform("pos_z", 0, 50, 7), new BinAxis("time", [-3, 0, 1, 30, 60]), BinAxis.Uniform("channel_id", -0.5, 30.5, 31)];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static IEnumerable<TheoryDataRow<bool, string, string, int>> Layouts() =>
        from split in new[] { true, false }
        from ids in new[] { "counted", "gaps", "permuted" }
        from order in new[] { "in order", "reversed", "shuffled" }
        from chunk in new[] { 0, 1, 16, 1000 }
        where !split || order == "in order"
        where !(split && ids == "permuted")
        select new TheoryDataRow<bool, string, string, int>(split, ids, order, chunk);

    [Theory]
    [MemberData(nameof(Layouts))]
    public void EveryLayoutGivesTheSameImages(bool split, string ids, string order, int chunkRows)
    {
        int[] rows = [.. Enumerable.Range(0, Events.Sum())];
        var file = new TestFile(Events)
        {
            IsSplit = split,
            GroupIds = ids switch { "gaps" => Gaps, "permuted" => Permuted, _ => [.. Enumerable.Range(0, Events.Length).Select(e => (long)e)] },
            RowOrder = order switch { "reversed" => [.. rows.Reverse()], "shuffled" => [.. rows.OrderBy(r => r * 7919 % 101)], _ => rows },
            ChunkRows = chunkRows,
        };
        var result = RunImages(file);
        Assert.Equal(file.Images(Axes), Output.Images(result.Output));
        Assert.Equal(Enumerable.Range(0, Events.Length).Select(e => 100L + e), Output.Integers(result.Output, "event_info", "event_id"));
    }

    [Fact]
    public void AnEventsRowOfTheIndexIsItsGroupId()
    {
        // The hits lie in the order of the group_ids, the events do not.
        var sorted = new TestFile(Events);
        var ids = Enumerable.Range(0, Events.Length).Select(e => (long)e).Reverse().ToArray();
        foreach (var hasColumn in new[] { true, false })
        {
            var reversed = new TestFile(Events) { HasGroupIdColumn = hasColumn };
            var path = reversed.Write(_folder["reversed.h5"]);
            using (var file = H5File.OpenReadWrite(path))
            using (var groups = file.Root.OpenDataset("group_info"))
            {
                groups.Write<byte>(MemoryMarshal.AsBytes<long>([.. ids.SelectMany(id => new[] { 0, id })]));
            }

            var images = sorted.Images(Axes).Chunk(Axes.Aggregate(1, (n, a) => n * a.BinCount)).Reverse().SelectMany(i => i);
            Assert.Equal(images, Output.Images(new Runner(1).Run(Binner(), path, _folder["out.h5"], overwrite: true).Output));
        }
    }

    [Fact]
    public void GapsInGroupIdNeedNoGroupIdColumn()
    {
        var file = new TestFile(Events) { GroupIds = Gaps, HasGroupIdColumn = false };
        Assert.Equal(file.Images(Axes), Output.Images(RunImages(file).Output));
    }

    [Fact]
    public void RowsOfNoEventArePassedOver()
    {
        var file = new TestFile(Events) { IsSplit = false, GroupIds = [.. Enumerable.Range(0, Events.Length).Select(e => 2L * e)] };
        var path = file.Write(_folder["in.h5"]);
        var keep = new[] { 0, 2, 3, 7 };
        using (var h5 = H5File.OpenReadWrite(path))
        using (var groups = h5.Root.OpenDataset("group_info"))
        {
            groups.SetLength(keep.Length);
            groups.Write<byte>(MemoryMarshal.AsBytes<long>([.. keep.SelectMany(e => new[] { 0, 2L * e })]));
        }

        var all = file.Images(Axes).Chunk(7 * 4 * 31).ToArray();
        var result = new Runner(1).Run(Binner(), path, _folder["out.h5"]);
        Assert.Equal(keep.SelectMany(e => all[e]), Output.Images(result.Output));
        Assert.Equal(keep.Select(e => 100L + e), Output.Integers(result.Output, "event_info", "event_id"));
    }

    public static IEnumerable<TheoryDataRow<string, Type, bool>> NumberTypes() =>
        from type in new[] { typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double) }
        from column in new[] { "time", "channel_id", "tot", "triggered", "pos_z" }
        from split in new[] { true, false }
        select new TheoryDataRow<string, Type, bool>(column, type, split);

    [Theory]
    [MemberData(nameof(NumberTypes))]
    public void ColumnsMayHaveAnyNumberType(string column, Type type, bool split)
    {
        var file = new TestFile(Events) { IsSplit = split }
            .Set("time", (_, hit, _) => 3.0 * hit)
            .Set("pos_z", (_, _, row) => row % 50.0)
            .Set("tot", (_, _, row) => (uint)(row % 100))
            .Set("triggered", (_, hit, _) => hit == 0 ? 22 : 0) // the first: unsigned times before it would wrap around, as NumPy's do
            .Cast(column, type);
        Assert.Equal(file.Images(Axes), Output.Images(RunImages(file).Output));
    }

    [Theory]
    [InlineData(typeof(sbyte), true)]
    [InlineData(typeof(byte), false)]
    [InlineData(typeof(short), false)]
    [InlineData(typeof(ushort), true)]
    [InlineData(typeof(int), false)]
    [InlineData(typeof(uint), true)]
    [InlineData(typeof(ulong), false)]
    [InlineData(typeof(ulong), true)]
    public void GroupIdAndIndexMayHaveAnyIntegerType(Type type, bool split)
    {
        var file = new TestFile(Events) { IsSplit = split, IdType = type };
        var result = RunImages(file);
        Assert.Equal(file.Images(Axes), Output.Images(result.Output));
    }

    [Fact]
    public void TimesInt64BeyondFloat64AreCentredExactly()
    {
        const long Start = (1L << 60) + 1;
        var file = new TestFile(4, 4).Set("time", (_, hit, _) => Start + hit).Set("triggered", (_, hit, _) => hit == 1 ? 1 : 0);
        var axes = new[] { new BinAxis("time", [-1.5, -0.5, 0.5, 1.5, 2.5]) };
        var result = new Runner(1).Run(new FileBinner(axes), file.Write(_folder["in.h5"]), _folder["out.h5"]);
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1], Output.Images(result.Output));
    }

    /// <summary>What _indices says is checked against the rows; the hits' own group_id then tells the events apart.</summary>
    [Theory]
    [InlineData("overlapping", true)]
    [InlineData("beyond the end", true)]
    [InlineData("negative count", true)]
    [InlineData("negative index", true)]
    [InlineData("huge count", true)]
    [InlineData("with a hole", true)]
    [InlineData("too short", true)]
    [InlineData("overlapping", false)]
    [InlineData("beyond the end", false)]
    [InlineData("negative count", false)]
    [InlineData("negative index", false)]
    [InlineData("huge count", false)]
    [InlineData("too short", false)]
    public void AnIndexThatLiesIsNotBelieved(string lie, bool hasGroupId)
    {
        (long, long)[] indices = lie switch
        {
            "overlapping" => [(0, 3), (2, 7), (10, 5)],
            "beyond the end" => [(0, 3), (3, 7), (10, 6)],
            "negative count" => [(0, 3), (3, -7), (-4, 19)],
            "negative index" => [(-3, 3), (0, 7), (7, 5)],
            "huge count" => [(0, 3), (3, long.MaxValue), (10, 5)],
            "with a hole" => [(0, 3), (4, 6), (10, 5)],
            _ => [(0, 3), (3, 12)],
        };
        var file = new TestFile(3, 7, 5) { Indices = indices, HasGroupIdColumn = hasGroupId };
        if (hasGroupId)
        {
            Assert.Equal(file.Images(Axes), Output.Images(RunImages(file).Output));
            return;
        }

        var message = Assert.Throws<EventFileException>(() => RunImages(file)).Message;
        Assert.Contains("/hits/_indices", message, StringComparison.Ordinal);
        Assert.Contains("15 rows", message, StringComparison.Ordinal);
        Assert.Equal(["in.h5"], _folder.Names);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EventsWithoutHitsAreLeftOutWhenTimesAreCentred(bool split)
    {
        var file = new TestFile(0, 3, 0, 0, 4, 0) { IsSplit = split };
        var result = RunImages(file);
        Assert.Equal(file.Images(Axes), Output.Images(result.Output));
        Assert.Equal([101, 104], Output.Integers(result.Output, "event_info", "event_id"));
        Assert.Equal(new Dictionary<SkipReason, long> { [SkipReason.NoHits] = 4 }, result.SkippedBy);

        var all = new Runner(2).Run(Binner(centreTime: false), _folder["in.h5"], _folder["all.h5"]);
        Assert.Equal(file.Images(Axes, centreTime: false), Output.Images(all.Output));
        Assert.Equal((6, 6, 7), (all.EventsRead, all.EventsWritten, all.Hits));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EventsWithoutTriggeredHitsAreLeftOutWhenTimesAreCentred(bool split)
    {
        var file = new TestFile(5, 3, 4) { IsSplit = split }.Set("triggered", (e, hit, _) => e != 1 && hit == 2 ? 1 : 0);
        var result = RunImages(file);
        Assert.Equal(file.Images(Axes), Output.Images(result.Output));
        Assert.Equal(new Dictionary<SkipReason, long> { [SkipReason.NoTriggeredHit] = 1 }, result.SkippedBy);
        Assert.Equal(9, result.Hits);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 16)]
    [InlineData(false, 0)]
    [InlineData(false, 16)]
    public void AFileMayHaveNoEventsAtAll(bool split, int chunkRows)
    {
        var file = new TestFile() { IsSplit = split, ChunkRows = chunkRows };
        var result = RunImages(file);
        Assert.Equal((0, 0, 0), (result.EventsRead, result.EventsWritten, result.Hits));
        using var output = H5File.OpenRead(result.Output);
        using var x = output.Root.OpenDataset("x");
        Assert.Equal([0, 7, 4, 31], x.Shape);
        foreach (var table in new[] { "x_indices", "group_info", "event_info" })
        {
            using var dataset = output.Root.OpenDataset(table);
            Assert.Equal(0, dataset.Length);
            Assert.Equal(0, dataset.Attributes.GetInt64("NROWS"));
        }
    }

    [Fact]
    public void AllEventsMayBeWithoutHits()
    {
        foreach (var split in new[] { true, false })
        {
            var result = RunImages(new TestFile(0, 0, 0) { IsSplit = split });
            Assert.Equal((3, 0), (result.EventsRead, result.EventsWritten));
            Assert.Equal(3, result.SkippedBy[SkipReason.NoHits]);
            Assert.Empty(Output.Images(result.Output));
        }
    }

    [Fact]
    public void AnEventWithoutItsRowOfEventInfoIsLeftOutWhenThatIsKept()
    {
        var file = new TestFile(5, 3, 4, 2) { EventInfoRows = [1, 0, 1, 1] };
        var result = RunImages(file);
        Assert.Equal([100, 102, 103], Output.Integers(result.Output, "event_info", "event_id"));
        Assert.Equal([0, 1, 2], Output.Integers(result.Output, "event_info", "group_id"));
        Assert.Equal(1, result.SkippedBy[SkipReason.NoEventInfo]);
        Assert.Equal(11, result.Hits);

        var without = new Runner(1).Run(Binner(keepEventInfo: false), _folder["in.h5"], _folder["without.h5"]);
        Assert.Equal(4, without.EventsWritten);
    }

    [Fact]
    public void TablesThatAreNotNeededMayBeMissing()
    {
        var file = new TestFile(5, 3) { EventInfoRows = null };
        var result = new Runner(1).Run(Binner(keepEventInfo: false), file.Write(_folder["in.h5"]), _folder["out.h5"]);
        Assert.Equal(file.Images(Axes), Output.Images(result.Output));
    }

    /// <summary>The same file as h5py may write it: other byte orders, filters of the library, no chunks, gaps between columns.</summary>
    [Theory]
    [InlineData("gzip without shuffle")]
    [InlineData("scale-offset")]
    [InlineData("contiguous")]
    [InlineData("compact")]
    [InlineData("big-endian")]
    [InlineData("big-endian, gzip")]
    [InlineData("aligned")]
    [InlineData("latest format")]
    [InlineData("user block")]
    [InlineData("soft links")]
    public void FilesOfH5pyAreReadInEveryStorage(string storage)
    {
        foreach (var split in new[] { true, false })
        {
            var file = new TestFile(Events) { IsSplit = split };
            var rewritten = _folder[$"{storage}.h5"];
            Tool.H5py(Rewrite, file.Write(_folder["in.h5"]), rewritten, storage);
            var (plain, other) = (Run(_folder["in.h5"], "plain.h5"), Run(rewritten, "other.h5"));
            Assert.Equal(file.Images(Axes), Output.Images(other.Output));
            Assert.Equal((plain.Hits, plain.EventsWritten), (other.Hits, other.EventsWritten));

            // Tables that are kept have the same columns and values in the usual byte order, without gaps.
            Assert.Equal("True", Tool.H5py(
                """
                a, b = (h5py.File(p)["event_info"] for p in sys.argv[1:])
                print(a.dtype == b.dtype and a[()].tobytes() == b[()].tobytes())
                """,
                plain.Output,
                other.Output));
        }

        RunResult Run(string input, string output) => new Runner(2).Run(Binner(), input, _folder[output], overwrite: true);
    }

    private const string Rewrite = """
        source, target, storage = sys.argv[1:]
        options = {"gzip without shuffle": dict(compression="gzip", chunks=(8,)),
                   "big-endian, gzip": dict(compression="gzip", chunks=(8,))}.get(storage, {})

        def turned(dtype):
            if dtype.names:
                return np.dtype([(n, turned(dtype[n])) for n in dtype.names], align=storage == "aligned")
            return dtype.newbyteorder(">") if "big" in storage else dtype

        with h5py.File(source) as f, h5py.File(target, "w", libver="latest" if "latest" in storage else "earliest",
                                               userblock_size=512 if "user" in storage else 0) as g:
            g.attrs["format_version"] = "5.1"
            def copy(name, node):
                if not isinstance(node, h5py.Dataset):
                    return
                data = node[()]
                moved = np.empty(len(data), turned(data.dtype))
                if moved.dtype.names:
                    for n in moved.dtype.names:
                        moved[n] = data[n]
                else:
                    moved[:] = data
                given = dict(options)
                if storage == "scale-offset" and moved.dtype.kind in "iu":
                    given = dict(scaleoffset=0, chunks=(8,))
                if storage == "compact":
                    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
                    plist.set_layout(h5py.h5d.COMPACT)
                    links = h5py.h5p.create(h5py.h5p.LINK_CREATE)
                    links.set_create_intermediate_group(True)
                    d = h5py.h5d.create(g.id, name.encode(), h5py.h5t.py_create(moved.dtype, logical=True),
                                        h5py.h5s.create_simple(moved.shape), plist, lcpl=links)
                    h5py.Dataset(d)[...] = moved
                else:
                    g.create_dataset("elsewhere/" + name if storage == "soft links" else name, data=moved, **given)
            f.visititems(copy)
            if storage == "soft links":
                for name in f:
                    g[name] = h5py.SoftLink("/elsewhere/" + name)
                g["dangling"] = h5py.SoftLink("/nowhere")
                g["outside"] = h5py.ExternalLink("absent.h5", "/x")
        """;

    private static FileBinner Binner(bool centreTime = true, bool keepEventInfo = true) =>
        new(Axes, new ProcessingOptions { CenterTime = centreTime, KeepEventInfo = keepEventInfo, ChunkSize = 4 });

    private RunResult RunImages(TestFile file) => new Runner(2).Run(Binner(), file.Write(_folder["in.h5"]), _folder["out.h5"], overwrite: true);
}
