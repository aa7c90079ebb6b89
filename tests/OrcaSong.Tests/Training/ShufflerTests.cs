using OrcaSong.Hdf5;
using OrcaSong.Running;
using OrcaSong.Training;
using Xunit;

namespace OrcaSong.Tests.Training;

/// <summary>What shuffled files hold.</summary>
public sealed class ShufflerTests : IDisposable
{
    private const long Least = EventOrder.LeastMemory;
    private readonly TempFolder _folder = new();
    private readonly TempFolder _inputs = new();

    public void Dispose()
    {
        _folder.Dispose();
        _inputs.Dispose();
    }

    public static IEnumerable<TheoryDataRow<string, int, int>> Samples() =>
        from kind in Enum.GetNames<SampleKind>()
        from events in new[] { 0, 1, 2, 15, 16, 17, 300 }
        from hits in new[] { 0, 1, 2 }
        where kind == "Graph" || hits == 1
        select new TheoryDataRow<string, int, int>(kind, events, hits);

    /// <summary>Graphs without any hit, with one for each event, and with 0 to 4.</summary>
    [Theory]
    [MemberData(nameof(Samples))]
    public void EveryEventIsThereOnceWithWhatBelongsToIt(string kind, int events, int hits)
    {
        var input = new SampleInput(events, Enum.Parse<SampleKind>(kind)) { HitsOf = e => hits < 2 ? hits : ((e * 7) + 3) % 5, UsedFiles = ["a", "b"] }.Write(_inputs["in.h5"]);
        var result = Shuffler.Shuffle(input, _folder["out.h5"], new ShuffleOptions { Seed = 7 });
        Assert.Equal(["out.h5"], _folder.Names);
        Assert.Equal(Shuffler.UniformOrder(events, 7).Select(e => SampleInput.Code(1, e)), SampleContents.Codes(_folder["out.h5"]));
        Assert.Equal((events, 1, 7u), (result.Events, result.Parts, result.Seed));
        Assert.Equal(["a", "b"], MergerTests.UsedFiles(_folder["out.h5"]));
        using var provenance = MergerTests.Provenance(_folder["out.h5"]);
        Assert.Equal(7, provenance.RootElement.GetProperty("seed").GetInt32());
    }

    [Fact]
    public void TheOrderIsThatOfNumPy()
    {
        var orders = Tool.H5py(
            """
            for n, seed in (1, 0), (2, 1), (10, 42), (1000, 4294967295), (4097, 3):
                a = np.arange(n)
                np.random.RandomState(seed).shuffle(a)
                print(*a)
            """).Split('\n');
        (int Events, uint Seed)[] cases = [(1, 0), (2, 1), (10, 42), (1000, uint.MaxValue), (4097, 3)];
        foreach (var (order, (events, seed)) in orders.Zip(cases))
        {
            Assert.Equal(order, string.Join(' ', Shuffler.UniformOrder(events, seed)));
        }

        var input = new SampleInput(4097).Write(_inputs["in.h5"]);
        Shuffler.Shuffle(input, _folder["out.h5"], new ShuffleOptions { Seed = 3 });
        Assert.Equal(orders[^1].Split(' ').Select(n => SampleInput.Code(1, int.Parse(n))), SampleContents.Codes(_folder["out.h5"]));
    }

    /// <summary>With labels of some kilobytes, the events of a small file do not fit into the least memory.</summary>
    [Theory]
    [InlineData("Graph")]
    [InlineData("FixedGraph")]
    [InlineData("Image")]
    public void ManyPartsGiveTheSameBytesAsOne(string kind)
    {
        var input = Large(Enum.Parse<SampleKind>(kind), 6000);
        var one = Shuffler.Shuffle(input, _folder["out.h5"], new ShuffleOptions { MemoryLimit = 1 << 30 });
        Assert.Equal(1, one.Parts);
        var codes = SampleContents.Codes(_folder["out.h5"]);
        Assert.Equal(Shuffler.UniformOrder(6000, 42).Select(e => SampleInput.Code(1, e)), codes);
        CheckPadding(_folder["out.h5"], codes);
        var expected = File.ReadAllBytes(_folder["out.h5"]);
        foreach (var (memory, threads) in new[] { (Least, 1), (Least, 2), (Least + (Least / 2), 8) })
        {
            var many = Shuffler.Shuffle(input, _folder["many.h5"], new ShuffleOptions { MemoryLimit = memory }, overwrite: true, threads: threads);
            Assert.InRange(many.Parts, 3, 10);
            Assert.Equal(memory, many.MemoryLimit);
            Assert.True(expected.AsSpan().SequenceEqual(File.ReadAllBytes(_folder["many.h5"])), $"{many.Parts} parts, {threads} threads");
        }

        Assert.Equal(["many.h5", "out.h5"], _folder.Names);
    }

    /// <summary>What belongs to the file as a whole is written when all else is, or its place would depend on the threads.</summary>
    [Fact]
    public void TheSameBytesEveryTimeWithHeadersToo()
    {
        var input = new SampleInput(100) { ChunkRows = 4, Then = AddHeaders }.Write(_inputs["in.h5"]);
        Shuffler.Shuffle(input, _folder["one.h5"], threads: 1);
        var expected = File.ReadAllBytes(_folder["one.h5"]);
        using (var file = H5File.OpenRead(_folder["one.h5"]))
        using (var header = file.Root.OpenDataset("raw_header"))
        {
            Assert.Equal(Enumerable.Repeat((byte)'p', 800), header.ReadAll<byte>());
        }

        for (var i = 0; i < 20; i++)
        {
            Shuffler.Shuffle(input, _folder["out.h5"], overwrite: true, threads: 1 + (i % 4));
            Assert.True(expected.AsSpan().SequenceEqual(File.ReadAllBytes(_folder["out.h5"])), $"time {i}");
        }
    }

    /// <summary>Most of 3000 events have no hits, one has 300,000, more than a part's share of the blocks.</summary>
    [Fact]
    public void OneEventMayBeMostOfTheFile()
    {
        var input = new SampleInput(3000) { HitsOf = e => e == 2000 ? 300_000 : e % 100 == 0 ? 7000 : 0, HitChunkRows = 5461 }.Write(_inputs["in.h5"]);
        foreach (var memory in new[] { Least, 1L << 30 })
        {
            Shuffler.Shuffle(input, _folder["out.h5"], new ShuffleOptions { MemoryLimit = memory }, overwrite: true);
            Assert.Equal(Shuffler.UniformOrder(3000, 42).Select(e => SampleInput.Code(1, e)), SampleContents.Codes(_folder["out.h5"]));
        }
    }

    [Fact]
    public void AMillionEventsAreAllThere()
    {
        const int events = 1_000_000;
        var input = new SampleInput(events) { HitsOf = e => e % 3, ChunkRows = 4096, HitChunkRows = 5461, Filters = [H5Filter.Shuffle(1), H5Filter.Deflate(1)] }.Write(_inputs["in.h5"]);
        var result = Shuffler.Shuffle(input, _folder["out.h5"], new ShuffleOptions { MemoryLimit = Least });
        Assert.True(result.Parts > 1);
        var codes = SampleContents.Codes(_folder["out.h5"]);
        var order = Shuffler.UniformOrder(events, 42);
        for (var i = 0; i < events; i++)
        {
            if (codes[i] != SampleInput.Code(1, order[i]))
            {
                Assert.Fail($"place {i} has the event {codes[i]}, not {order[i]}");
            }
        }
    }

    [Fact]
    public void KeepsTheDatasetsThatAreAskedFor()
    {
        var input = new SampleInput(30).Write(_inputs["in.h5"]);
        var order = Shuffler.UniformOrder(30, 42).Select(e => (double)e);
        Assert.Equal(["y"], Shuffler.Shuffle(input, _folder["y.h5"], new ShuffleOptions { Datasets = ["y"] }).Datasets);
        Assert.Equal(order, Output.Column<double>(_folder["y.h5"], "y", "event_id"));
        Assert.Equal(["x", "x_indices", "y"], Shuffler.Shuffle(input, _folder["xy.h5"], new ShuffleOptions { Datasets = ["y", "x"] }).Datasets);
        Assert.Equal(30, SampleContents.Codes(_folder["xy.h5"]).Length);
        Refusal.Of(() => Shuffler.Shuffle(input, _folder["no.h5"], new ShuffleOptions { Datasets = ["x", "energy"] }), "no dataset energy", "group_info, x, x_indices, y");
        Assert.Equal(["xy.h5", "y.h5"], _folder.Names);
    }

    [Fact]
    public void RefusesWhatCannotBeShuffled()
    {
        var input = new SampleInput(30).Write(_inputs["in.h5"]);
        Refusal.Of(() => Shuffler.Shuffle(input, _folder["out.h5"], new ShuffleOptions { MemoryLimit = 1_000_000 }), "1 MB is too small", "33.6 MB");
        Refusal.Of(() => Shuffler.Shuffle(input, input, overwrite: true), "the input itself");
        Refusal.Of(() => Shuffler.Shuffle(input, _folder["no/out.h5"]), "does not exist");
        Assert.Throws<InvalidFilesException>(() => Shuffler.Shuffle(_inputs["absent.h5"], _folder["out.h5"]));
        File.WriteAllText(_inputs["text.h5"], "no HDF5");
        Refusal.Of(() => Shuffler.Shuffle(_inputs["text.h5"], _folder["out.h5"]), "text.h5");
        File.WriteAllText(_folder["there.h5"], "there");
        Assert.Throws<OutputExistsException>(() => Shuffler.Shuffle(input, _folder["there.h5"]));
        Assert.Equal("there", File.ReadAllText(_folder["there.h5"]));
        Assert.Equal(["there.h5"], _folder.Names);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void ADamagedChunkLeavesNothing(int threads)
    {
        var input = Large(SampleKind.Graph, 6000);
        using (var file = H5File.OpenReadWrite(input))
        using (var x = file.Root.OpenDataset("x"))
        {
            x.WriteChunk([320, 0], new byte[5]);
        }

        Refusal.Of(() => Shuffler.Shuffle(input, _folder["out.h5"], new ShuffleOptions { MemoryLimit = Least }, threads: threads), "large.h5", "rows 320 to 351");
        Assert.Empty(_folder.Names);
    }

    /// <summary>Stopped in the first and in the second pass.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3100)]
    public void StopsSoonAndLeavesNothing(int afterEvents)
    {
        var input = Large(SampleKind.Graph, 6000);
        var progress = new RunProgress();
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => Shuffler.Shuffle(input, _folder["out.h5"], new ShuffleOptions { MemoryLimit = Least }, progress: progress, cancellation: stop.Token), TestContext.Current.CancellationToken);
        while (progress.EventsDone < afterEvents && !running.IsCompleted)
        {
            Thread.Sleep(0);
        }

        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => running.GetAwaiter().GetResult());
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void CountsProgressOnceForEachEvent()
    {
        var input = new SampleInput(1001).Write(_inputs["in.h5"]);
        var progress = new RunProgress();
        Shuffler.Shuffle(input, _folder["out.h5"], progress: progress);
        Assert.Equal((1001, 1001), (progress.EventsTotal, progress.EventsDone));
    }

    /// <summary>A file whose labels are 8 kB for each event, which say whose they are.</summary>
    private string Large(SampleKind kind, int events) => new SampleInput(events, kind)
    {
        Labels = [("padding", H5Type.FixedString(8000), e => [.. Enumerable.Repeat((byte)(1 + (e % 200)), 8000)])],
        Filters = [H5Filter.Deflate(1)],
        Then = AddHeaders,
    }.Write(_inputs["large.h5"]);

    private static void AddHeaders(H5Group root)
    {
        foreach (var name in new[] { "raw_header", "my_header" })
        {
            using var header = root.CreateDataset(name, new H5DatasetSpec { Type = H5Type.Compound([("parameter", H5Type.FixedString(8))]), Shape = [100] });
            header.Write<byte>(Enumerable.Repeat((byte)'p', 800).ToArray());
        }
    }

    private static void CheckPadding(string path, long[] codes)
    {
        using var file = H5File.OpenRead(path);
        using var y = file.Root.OpenDataset("y");
        var rows = y.ReadAll<byte>();
        var size = y.Type.Size;
        for (var e = 0; e < codes.Length; e++)
        {
            Assert.False(rows.AsSpan(e * size, 8000).ContainsAnyExcept((byte)(1 + (codes[e] % 100_000 % 200))), $"event {e}");
        }
    }
}
