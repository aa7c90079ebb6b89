using OrcaSong.Graphs;
using OrcaSong.Hdf5;
using OrcaSong.Running;
using OrcaSong.Simulation;
using OrcaSong.Training;
using Xunit;

namespace OrcaSong.Tests.Training;

/// <summary>Event files in another order are the same to everything that is made of them.</summary>
public sealed class EventFileShuffleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(true, 100L)]
    [InlineData(false, 100L)]
    public void GraphsOfItsEventsAreTheSame(bool isSplit, long? firstGroupId)
    {
        int[] hits = [.. Enumerable.Range(0, 60).Select(e => e % 5)];
        var input = new TestFile(hits) { IsSplit = isSplit, GroupIds = [.. hits.Select((_, e) => (firstGroupId ?? 0) + (firstGroupId is null ? e : 3 * e))] }.Write(_folder["in.h5"]);
        var result = Shuffler.Shuffle(input, _folder["out.h5"], new ShuffleOptions { Seed = 13 });
        Assert.Equal(60, result.Events);
        var order = Shuffler.UniformOrder(60, 13);
        Assert.Equal(order.Select(e => 100L + e), Output.Integers(_folder["out.h5"], "event_info", "event_id"));
        Assert.Equal(Enumerable.Range(0, 60).Select(i => (long)i), Output.Integers(_folder["out.h5"], "group_info", "group_id"));
        Assert.Equal(Enumerable.Range(0, 60).Select(i => (long)i), Output.Integers(_folder["out.h5"], "event_info", "group_id"));
        if (isSplit)
        {
            long next = 0;
            Assert.Equal(order.Select(e => (next += hits[e]) - hits[e]), Output.Integers(_folder["out.h5"], "hits/_indices", "index"));
            Assert.Equal(order.Select(e => (long)hits[e]), Output.Integers(_folder["out.h5"], "hits/_indices", "n_items"));
        }

        var (before, after) = (Graphs(input), Graphs(_folder["out.h5"]));
        Assert.Equal(order.Select(e => 100L + e), after.Select(g => g.EventId));
        Assert.Equal(before.OrderBy(g => g.EventId).Select(g => g.Hits), after.OrderBy(g => g.EventId).Select(g => g.Hits));
    }

    [Fact]
    public void TablesOfSimulatedRunsGoTogether()
    {
        var run = SimulatedRun.Write(new SimulationOptions { Events = 200, HitsPerEvent = 20 }, _folder["in.h5"]);
        Shuffler.Shuffle(run.Path, _folder["out.h5"]);
        string Detail(string path) => Tool.H5py(
            """
            import hashlib
            f = h5py.File(sys.argv[1])
            tables = {}
            def visit(name, d):
                if "_i_" in name or "header" in name or name == "group_info":
                    return
                if isinstance(d, h5py.Dataset) and d.dtype.names and "_indices" not in name:
                    tables[name] = {k: d[k] for k in d.dtype.names}
                if isinstance(d, h5py.Group) and "_indices" in d:
                    tables[name] = {k: d[k][()] for k in d if k != "_indices"}
                    counts = np.bincount(tables[name]["group_id"], minlength=len(f["group_info"]))
                    assert (d["_indices"]["n_items"] == counts).all() and (d["_indices"]["index"] == np.cumsum(counts) - counts).all()
            f.visititems(visit)
            assert len(tables) == 7, tables.keys()
            events = {}
            for row, e in enumerate(f["event_info"]["event_id"]):
                parts = [(name, k, v[t["group_id"] == row].tobytes()) for name, t in sorted(tables.items()) for k, v in sorted(t.items()) if k != "group_id"]
                events[int(e)] = hashlib.md5(repr(parts).encode()).hexdigest()
            print(sorted(events.items()))
            """,
            path);
        Assert.Equal(Detail(run.Path), Detail(_folder["out.h5"]));
        using var file = H5File.OpenRead(_folder["out.h5"]);
        using var before = H5File.OpenRead(run.Path);
        Assert.Equal([.. before.Root.Names, "provenance_header"], file.Root.Names.Order(StringComparer.Ordinal).OrderBy(n => n == "provenance_header"));
    }

    [Fact]
    public void RowsThatDoNotFollowTheOrderOfEventsAreRefused()
    {
        var input = new TestFile(2, 2) { IsSplit = false, RowOrder = [0, 2, 1, 3] }.Write(_folder["in.h5"]);
        Refusal.Of(() => Shuffler.Shuffle(input, _folder["out.h5"]), "/hits", "do not follow the order of the events");
        Assert.Equal(["in.h5"], _folder.Names);
    }

    [Fact]
    public void HasNoBatchesOfChunks() => Refusal.Of(
        () => Shuffler.Shuffle(new TestFile(2, 2).Write(_folder["in.h5"]), _folder["out.h5"], new ShuffleOptions { Order = ShuffleOrder.Compatible }), "event file", "h5shuffle");

    private static (long EventId, string Hits)[] Graphs(string path)
    {
        var output = path + ".graphs";
        new Runner(2).Run(new FileGraph(["time", "tot"], options: new ProcessingOptions { KeepEventInfo = true, CenterTime = false }), path, output, overwrite: true);
        using var file = H5File.OpenRead(output);
        using var x = file.Root.OpenDataset("x");
        var values = x.ReadAll<float>();
        var (index, items) = (Output.Integers(output, "x_indices", "index"), Output.Integers(output, "x_indices", "n_items"));
        return [.. Output.Integers(output, "event_info", "event_id").Select((id, e) => (id, string.Join(' ', values.Skip((int)index[e] * 2).Take((int)items[e] * 2))))];
    }
}
