using System.Security.Cryptography;
using OrcaSong.Calibration;
using OrcaSong.Events;
using OrcaSong.Graphs;
using OrcaSong.Running;
using OrcaSong.Simulation;
using OrcaSong.Tests.Numerics;
using Xunit;

namespace OrcaSong.Tests.Graphs;

/// <summary>Graphs of small files, whose hits are plain.</summary>
public class GraphRunTests
{
    private static readonly ProcessingOptions Uncentred = new() { CenterTime = false };

    /// <summary>Of each event, the second hit is triggered, and 3 ns later than the first.</summary>
    private static TestFile Events(params int[] hits) => new TestFile(hits).Set("row", (_, _, row) => row);

    [Fact]
    public void TakesAllFieldsInAlphabeticalOrder()
    {
        using var made = new GraphFile(Events(2, 3), new FileGraph());
        Assert.Equal(["channel_id", "dom_id", "group_id", "pos_z", "row", "time", "tot", "triggered"], made.Columns);
        Assert.Equal([5, 8], made.Shape);
        Assert.True(made.IsIndexed);
        Assert.Equal([0, 0, 1, 1, 1], made.Column("group_id"));
        Assert.Equal([-3, 0, -3, 0, 3], made.Column("time"));
        Assert.Equal([0, 22, 0, 22, 0], made.Column("triggered"));
        Assert.Equal([0, 2], made.Indices);
        Assert.Equal([2, 3], made.Items);
    }

    /// <summary>As the Python tool: only calibration sorts the columns of a compound table.</summary>
    [Fact]
    public void KeepsTheOrderOfACompoundTable()
    {
        var input = new TestFile(2) { IsSplit = false };
        using var made = new GraphFile(input, new FileGraph());
        Assert.Equal([.. input.Hits.Keys, "group_id"], made.Columns);
    }

    [Fact]
    public void TakesTheFieldsThatAreAskedForInTheirOrder()
    {
        using var made = new GraphFile(Events(2), new FileGraph(["tot", "time"]));
        Assert.Equal(["tot", "time"], made.Columns);
        Assert.Equal([0, -3, 1, 0], made.Values);
    }

    [Fact]
    public void TheTimeWindowIncludesItsEnds()
    {
        using var made = new GraphFile(Events(6, 1, 4), new FileGraph(["row", "time"], new TimeWindow(0, 6)));
        Assert.Equal([1, 2, 3, 6, 8, 9, 10], made.Column("row"));
        Assert.Equal([3, 1, 3], made.Items);
        Assert.Equal([0, 3, 4], made.Indices);
    }

    /// <summary>NumPy compares float32 times with a limit rounded to float32: 0.1 is in [0, 0.1] then.</summary>
    [Fact]
    public void TheTimeWindowIsFloat32WhereTimesAre()
    {
        var input = Events(3).Set("time", (_, hit, _) => 0.1f * hit);
        using var made = new GraphFile(input, new FileGraph(["row"], new TimeWindow(0, 0.1), options: Uncentred));
        Assert.Equal([0, 1], made.Values);
    }

    [Fact]
    public void TimesThatAreNoNumbersAreInNoWindow()
    {
        var input = Events(3).Set("time", (_, hit, _) => hit == 1 ? double.NaN : hit);
        using var made = new GraphFile(
            input, new FileGraph(["row"], new TimeWindow(double.NegativeInfinity, double.PositiveInfinity), options: Uncentred));
        Assert.Equal([0, 2], made.Values);
    }

    [Fact]
    public void OnlyTriggeredHitsHaveAnyBitSet()
    {
        var input = Events(4, 4).Set("triggered", (e, hit, _) => hit == 2 ? 1L << 40 : e == 1 && hit == 0 ? -1 : 0);
        using var made = new GraphFile(input, new FileGraph(["row"], onlyTriggeredHits: true));
        Assert.Equal([2, 4, 6], made.Values);
        Assert.Equal([1, 2], made.Items);
    }

    [Fact]
    public void EventsWithoutHitsLeftStay()
    {
        using var made = new GraphFile(
            Events(3, 1, 5, 1), new FileGraph(["row"], new TimeWindow(1, 100), options: new ProcessingOptions { KeepEventInfo = true }));
        Assert.Equal([1, 0, 3, 0], made.Items);
        Assert.Equal([0, 1, 1, 4], made.Indices);
        Assert.Equal("n_hits_intime", Output.ColumnNames(made.Path, "event_info")[^1]);
        Assert.Equal([1, 0, 3, 0], Output.Integers(made.Path, "event_info", "n_hits_intime"));
    }

    [Fact]
    public void EventsWithoutHitsAreSkippedWhenTimesAreCentred()
    {
        var input = Events(2, 0, 3).Set("triggered", (e, _, _) => e == 0 ? 1 : 0);
        using var made = new GraphFile(input, new FileGraph(["row"]));
        Assert.Equal([2], made.Items);
        Assert.Equal(new Dictionary<SkipReason, long> { [SkipReason.NoHits] = 1, [SkipReason.NoTriggeredHit] = 1 }, made.Result.SkippedBy);

        using var uncentred = new GraphFile(input, new FileGraph(["row"], options: Uncentred));
        Assert.Equal([2, 0, 3], uncentred.Items);
        Assert.Equal([0, 2, 2], uncentred.Indices);
    }

    [Theory]
    [InlineData(false, 3L, 0L, 2L)]
    [InlineData(true, 3L, 4L, 3L)]
    public void NothingLeftIsAnEmptyArray(bool fixedLength, params long[] shape)
    {
        var graph = new FileGraph(["row", "time"], new TimeWindow(1e9, 2e9), maxHits: 4, fixedLength: fixedLength);
        using var made = new GraphFile(Events(3, 2, 1), graph);
        Assert.Equal(fixedLength ? shape : shape[1..], made.Shape);
        Assert.Equal(shape[0], made.Result.EventsWritten);
        Assert.All(made.Values, v => Assert.Equal(0, v));
    }

    [Fact]
    public void AFileWithoutEventsIsAnEmptyFile()
    {
        using var made = new GraphFile(Events(), new FileGraph(options: new ProcessingOptions { KeepEventInfo = true }));
        Assert.Equal([0, 8], made.Shape);
        Assert.Empty(made.Items);
    }

    /// <summary>Only events that are cut use up random numbers, in the order of events.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void TooManyHitsAreCutAsByThePythonTool(int threads)
    {
        int[] counts = [5, 30, 3, 100, 4, 2000, 5];
        var expected = NumPyOracle.Run<float>(
            """
            np.random.seed(42)
            first = 0
            for n in take("i4"):
                rows = np.arange(n)
                if n > 4:
                    np.random.shuffle(rows)
                    rows = np.sort(rows[:4])
                give((first + rows).astype("f4"))
                first += n
            """,
            NumPyOracle.Bytes(counts));
        using var made = new GraphFile(Events(counts), new FileGraph(["row"], maxHits: 4, options: new ProcessingOptions { KeepEventInfo = true }), threads);
        Assert.Equal(expected, made.Values);
        Assert.Equal([4, 4, 3, 4, 4, 4, 4], made.Items);
        Assert.Equal(counts.Select(n => (long)n), Output.Integers(made.Path, "event_info", "n_hits_intime"));
    }

    [Fact]
    public void AnotherSeedDrawsOtherHits()
    {
        using var made = new GraphFile(Events(100), new FileGraph(["row"], maxHits: 4));
        using var other = new GraphFile(Events(100), new FileGraph(["row"], maxHits: 4, options: new ProcessingOptions { Seed = 43 }));
        Assert.NotEqual(made.Values, other.Values);
    }

    [Fact]
    public void FixedLengthFillsUpWithZeros()
    {
        using var made = new GraphFile(Events(2, 4), new FileGraph(["row", "time"], maxHits: 3, fixedLength: true));
        using var cut = new GraphFile(Events(2, 4), new FileGraph(["row", "time"], maxHits: 3));
        Assert.Equal(["row", "time", "is_valid"], made.Columns);
        Assert.Equal([2, 3, 3], made.Shape);
        Assert.False(made.IsIndexed);
        Assert.Equal([1, 1, 0, 1, 1, 1], made.Column("is_valid"));
        Assert.Equal([0, 1, 0, .. cut.Column("row")[2..]], made.Column("row"));
        Assert.Equal([0, 1], made.Indices);
        Assert.Equal([1, 1], made.Items);
    }

    /// <summary>PyTables then gives up the hits' axis too: a chunk holds some hits of one event.</summary>
    [Fact]
    public void AnEventMayBeLargerThanAChunk()
    {
        const int Most = 40_000;
        using var made = new GraphFile(Events(9000, 2, 40_000), new FileGraph(["row", "tot"], maxHits: Most, fixedLength: true));
        Assert.Equal([3, Most, 3], made.Shape);
        Assert.True(made.ChunkShape[0] == 1 && made.ChunkShape[1] < Most, $"{string.Join(", ", made.ChunkShape)}");
        Assert.Equal(
            string.Join(' ', made.ChunkShape),
            Tool.PyTables($"f = tables.open_file('x.h5', 'w', driver='H5FD_CORE', driver_core_backing_store=0); print(*f.create_earray('/', 'x', tables.Float32Atom(), (0, {Most}, 3)).chunkshape)"));
        var rows = made.Column("row");
        Assert.Equal(Enumerable.Range(0, 9000).Select(i => (float)i), rows[..9000]);
        Assert.Equal([9000, 9001, 0, 0], rows.AsSpan(Most, 4));
        Assert.Equal(Enumerable.Range(9002, Most).Select(i => (float)i), rows[(2 * Most)..]);
        Assert.Equal(49_002, made.Column("is_valid").Sum(v => v));
    }

    [Fact]
    public void AChunkBeyondWhatHdf5HoldsIsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new GraphFile(
            Events(2), new FileGraph(["row"], maxHits: 1000, fixedLength: true, options: new ProcessingOptions { ChunkSize = 1_000_000 })));
        Assert.Contains("smaller chunk size", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Through float64, both would end up on the even neighbour below.</summary>
    [Fact]
    public void SixtyFourBitIntegersAreRoundedOnce()
    {
        const long JustAboveTheMiddle = (1L << 60) + (1L << 36) + 1;
        var input = Events(2).Set("dom_id", (_, _, _) => JustAboveTheMiddle).Set("tot", (_, hit, _) => (ulong)JustAboveTheMiddle << (3 * hit));
        using var made = new GraphFile(input, new FileGraph(["dom_id", "tot"]));
        const float Above = (1L << 60) + (1L << 37);
        Assert.Equal([Above, Above, Above, 8 * Above], made.Values);
    }

    [Fact]
    public void AnUnknownFieldIsAnErrorThatListsTheFields()
    {
        var error = Assert.Throws<EventFileException>(() => new GraphFile(Events(2), new FileGraph(["time", "nope"])));
        Assert.All(["nope", "channel_id, dom_id, group_id, pos_z"], words => Assert.Contains(words, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void TheOutputDoesNotDependOnTheNumberOfThreads()
    {
        using var folder = new TempFolder();
        var input = SimulatedRun.Write(new SimulationOptions { Events = 900 }, folder["events.h5"], cancellation: TestContext.Current.CancellationToken);
        var graph = new FileGraph(
            maxHits: 150, options: new ProcessingOptions { DetectorFile = input.DetectorFile, KeepEventInfo = true });
        string Hash(int threads)
        {
            new Runner(threads).Run(graph, input.Path, folder["out.h5"], overwrite: true, cancellation: TestContext.Current.CancellationToken);
            return Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(folder["out.h5"])));
        }

        Assert.Equal(Hash(1), Hash(2));
        Assert.Equal(Hash(1), Hash(8));
    }
}
