using OrcaSong.Events;
using OrcaSong.Graphs;
using OrcaSong.Inspection;
using OrcaSong.Tests.Graphs;
using Xunit;

namespace OrcaSong.Tests.Inspection;

public sealed class EventHitsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void HitsOfAnEventAreThoseOfTheFile(bool isSplit)
    {
        var e = EventHits.Read(Calibrated(isSplit, 4, 5, 0, 3).Write(_folder["a.h5"]), 1);
        Assert.Equal((5, 1, true), (e.HitCount, e.TriggeredCount, e.IsCentred));
        Assert.Equal((7, 101), (e.Name.RunId, e.Name.EventId));

        // Rows 4 to 8 of the file; the second hit is triggered, and hits are 3 ns apart.
        Assert.Equal([-3.0, 0, 3, 6, 9], e.Hits.Select(h => h.Time));
        Assert.Equal([4.0, 5, 6, 7, 8], e.Hits.Select(h => h.X));
        Assert.Equal([4.0, 5, 6, 7, 8], e.Hits.Select(h => h.Tot));
        Assert.Equal(1, e.Hits.ToList().FindIndex(h => h.IsTriggered == true));
        Assert.Equal(0, EventHits.Read(_folder["a.h5"], 2).HitCount);
    }

    [Fact]
    public void GraphsHaveTheSameHits()
    {
        var input = Calibrated(true, 4, 5, 3);
        using var graph = new GraphFile(input, new FileGraph(["pos_x", "pos_y", "pos_z", "time", "tot", "triggered"]));
        var (fromGraph, fromEvents) = (EventHits.Read(graph.Path, 1), EventHits.Read(input.Write(_folder["a.h5"]), 1));
        Assert.Equal(fromEvents.Hits, fromGraph.Hits);
        Assert.False(fromGraph.IsCentred);
    }

    [Fact]
    public void GraphsMayLackColumns()
    {
        using var graph = new GraphFile(Calibrated(true, 4, 5, 3), new FileGraph(["time", "pos_z"]));
        var e = EventHits.Read(graph.Path, 2);
        Assert.Equal(3, e.HitCount);
        Assert.Null(e.TriggeredCount);
        Assert.All(e.Hits, h => Assert.True(double.IsNaN(h.X) && double.IsNaN(h.Tot) && h.IsTriggered is null));
        using var flat = new GraphFile(Calibrated(true, 4, 5, 3), new FileGraph(["time", "tot"]));
        Assert.Contains("pos_z and time", Assert.Throws<EventFileException>(() => EventHits.Read(flat.Path, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GraphsOfFixedLengthLeaveOutWhatIsNoHit()
    {
        using var graph = new GraphFile(Calibrated(true, 4, 5, 3), new FileGraph(["time", "pos_z"], maxHits: 10, fixedLength: true));
        Assert.Equal([4, 5, 3], Enumerable.Range(0, 3).Select(e => EventHits.Read(graph.Path, e).HitCount));
    }

    [Fact]
    public void RealEventsAreCalibratedAsForGraphs()
    {
        var detector = Shared.Path("data", "KM3NeT_00000049_20200707.detx");
        var raw = EventHits.Read(Shared.Path("data", "mcv6_ORCA_test_rc.gsg_tauCClowE-CC_3-50GeV.km3sim.jterbr00008155.jorcarec.jsh.aanet.760.h5"), 7, detector);
        var graph = EventHits.Read(Shared.Path("golden", "graph_all_taucc", "out.h5"), 7);
        Assert.Equal(graph.Hits.Select(h => (float)h.Z), raw.Hits.Select(h => (float)h.Z));
        Assert.Equal(graph.Hits.Select(h => (float)h.Time), raw.Hits.Select(h => (float)h.Time));
        Assert.Equal(graph.Hits.Select(h => h.IsTriggered), raw.Hits.Select(h => h.IsTriggered));
        Assert.Equal(108, raw.Modules.Count);
        Assert.Equal(graph.Name.EventId, raw.Name.EventId);
    }

    [Fact]
    public void UncalibratedHitsNeedADetector()
    {
        var error = Assert.Throws<EventFileException>(() => EventHits.Read(new TestFile(3).Write(_folder["a.h5"]), 0));
        Assert.Contains("Give the detector file", error.Message, StringComparison.Ordinal);

        // As in some files of real simulations.
        var zeros = new TestFile(3).Set("pos_x", (_, _, _) => 0.0).Set("pos_y", (_, _, _) => 0.0).Set("pos_z", (_, _, _) => 0.0).Write(_folder["b.h5"]);
        Assert.Equal(EventFileProblem.MissingData, Assert.Throws<EventFileException>(() => EventHits.Read(zeros, 0)).Problem);
    }

    [Fact]
    public void AnIndexOutOfRangeSaysWhichThereAre()
    {
        var path = Calibrated(true, 4, 5).Write(_folder["a.h5"]);
        Assert.Contains("its 2 events have the numbers 0 to 1", Assert.Throws<EventFileException>(() => EventHits.Read(path, 2)).Message, StringComparison.Ordinal);
        using var graph = new GraphFile(Calibrated(true, 4, 5), new FileGraph(["time", "pos_z"]));
        Assert.Equal(EventFileProblem.NoSuchEvent, Assert.Throws<EventFileException>(() => EventHits.Read(graph.Path, 2)).Problem);
    }

    internal static TestFile Calibrated(bool isSplit, params int[] hits) =>
        new TestFile(hits) { IsSplit = isSplit }.Set("pos_x", (_, _, row) => (double)row).Set("pos_y", (_, _, row) => (double)(row % 3));
}
