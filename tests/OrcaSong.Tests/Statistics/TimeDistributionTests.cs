using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Images;
using OrcaSong.Numerics;
using OrcaSong.Plots;
using OrcaSong.Running;
using OrcaSong.Simulation;
using OrcaSong.Statistics;
using OrcaSong.Tests.Plots;
using Xunit;

namespace OrcaSong.Tests.Statistics;

public sealed class TimeDistributionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void HitsAreCountedAndThoseOutsideAreCutOff()
    {
        // Hit h of event e lies at 1000 e + 3 h, the second one is triggered: centred, they lie at -3, 0, 3, 6 …
        new TestFile(5, 4).Write(_folder["a.h5"]);
        var times = Measure(new() { Axis = new BinAxis("time", [0, 3, 6]), Padding = 0.5 });
        Assert.Equal([-3, 0, 3, 6, 9], times.HistogramEdges);
        Assert.Equal([2, 2, 2, 3], times.Histogram);
        Assert.Equal((9, 2, 1), (times.HitCount, times.CutOffBelow, times.CutOffAbove));
        Assert.Equal((2 / 9.0, 1 / 9.0), (times.FractionBelow, times.FractionAbove));
        Assert.Equal((2, 0, 6, 3.0), (times.Bins, times.Minimum, times.Maximum, times.MeanBinWidth));
        Assert.Equal((-3, 9), (times.Earliest, times.Latest));
        Assert.Equal(("hits", true, true, 1, 2L), (times.Source, times.IsCentred, times.HasLimits, times.FileCount, times.EventCount));
    }

    [Fact]
    public void WithoutLimitsBinsReachFromTheEarliestHitToTheLatest()
    {
        new TestFile(5, 4).Write(_folder["a.h5"]);
        new TestFile(9).Write(_folder["b.h5"]);
        var times = Measure(new() { BinCount = 4, Processing = new() { CenterTime = false } }, "a.h5", "b.h5");
        Assert.Equal(NumPy.Linspace(0, 1009, 5), times.Edges);
        Assert.Equal(times.Edges, times.HistogramEdges);
        Assert.Equal([14, 0, 0, 4], times.Histogram);
        Assert.Equal((0, 0, false), (times.CutOffBelow, times.CutOffAbove, times.HasLimits));
    }

    [Fact]
    public void UnevenBinsStayWhereTheyAreWhenOthersAreAttached()
    {
        new TestFile(5).Write(_folder["a.h5"]);
        var times = Measure(new() { Axis = new BinAxis("time", [0, 1, 2, 6]), Padding = 0.5 });
        Assert.Equal([-2, -1, 0, 1, 2, 6, 10, 14], times.HistogramEdges);
        Assert.Equal([0, 1, 2, 6], Measure(new() { Axis = new BinAxis("time", [0, 1, 2, 6]), Padding = 0 }).HistogramEdges);
    }

    [Fact]
    public void EventsThatCannotBeCentredAreLeftOut()
    {
        var file = new TestFile(5, 0, 4);
        file.Set("triggered", (e, _, _) => e == 0 ? 1UL : 0UL);
        file.Write(_folder["a.h5"]);
        var times = Measure(new() { BinCount = 1 });
        Assert.Equal((3, 2, 5), (times.EventCount, times.EventsSkipped, times.HitCount));
    }

    [Fact]
    public void TimesThatAreNoNumbersAreInNoBin()
    {
        new TestFile(4).Set("time", (_, hit, _) => hit switch { 0 => double.NaN, 1 => 5.0, 2 => double.PositiveInfinity, _ => 7.0 }).Write(_folder["a.h5"]);
        var times = Measure(new() { BinCount = 2, Processing = new() { CenterTime = false } });
        Assert.Equal((5, 7), (times.Earliest, times.Latest));
        Assert.Equal([1, 1], times.Histogram);
        Assert.Equal(4, times.HitCount);
    }

    [Fact]
    public void WithoutHitsThereIsNothingToDivideBy()
    {
        PlotFileTests.RequireGnuplot();
        new TestFile(0, 0).Write(_folder["a.h5"]);
        var times = Measure(new() { BinCount = 2 });
        Assert.Equal((0, null, null, null), (times.HitCount, times.FractionBelow, times.Earliest, times.Latest));
        Assert.Equal([0, 0.5, 1], times.Edges);
        PlotFile.Save(TimeDistributionPlot.Draw(times), _folder["a.png"]);
        Assert.True(Picture.Read(_folder["a.png"]).Share(255, 255, 255) > 0.9);
    }

    [Theory]
    [InlineData("image_1d_t_mupage", "mupage.root.h5", "KM3NeT_-00000001_20171212.detx")]
    [InlineData("image_1d_t_neutrino", "neutrino_file.h5", "neutrino_detector_file.detx")]
    public void AgreesWithTheBinStatisticsOfThePythonTool(string name, string input, string detector)
    {
        var expected = BinStatistics.Read(Shared.Path("golden", name, "out.h5"))!.Axes.Single();
        var options = new TimeDistributionOptions
        {
            Axis = new BinAxis("time", expected.Edges),
            Padding = 0,
            Processing = new() { DetectorFile = Shared.Path("data", detector) },
        };
        var times = TimeDistribution.Measure([Shared.Path("data", input)], options)!;
        Assert.Equal(expected.Histogram, times.Histogram);
        Assert.Equal((expected.CutOffBelow, expected.CutOffAbove), (times.CutOffBelow, times.CutOffAbove));
    }

    [Theory]
    [InlineData(false, true, null)]
    [InlineData(false, true, 2)]
    [InlineData(false, false, 2)]
    [InlineData(true, true, null)]
    [InlineData(true, true, 2)]
    [InlineData(true, false, 2)]
    public void AgreesWithTheEventsOneByOne(bool mcHits, bool centre, int? inactiveDu)
    {
        SimulatedRun.Write(new SimulationOptions { Events = 300, HitsPerEvent = 80 }, _folder["a.h5"]);
        var processing = new ProcessingOptions { DetectorFile = _folder["a.detx"], CenterTime = centre };
        var times = Measure(new() { Processing = processing, McHits = mcHits, InactiveDu = inactiveDu, BinCount = 7 });
        var expected = new List<double>();
        foreach (var view in EventViews.Read(_folder["a.h5"], processing))
        {
            var table = view[mcHits ? "/mc_hits" : "/hits"];
            var (time, du) = (table["time"], table["du"]);
            expected.AddRange(Enumerable.Range(0, table.Count).Where(h => Convert.ToInt32(du.GetValue(h)) != inactiveDu).Select(h => Convert.ToDouble(time.GetValue(h))));
        }

        Assert.Equal(expected.Count, times.HitCount);
        Assert.Equal(expected.Count, times.Histogram.Sum());
        Assert.Equal((expected.Min(), expected.Max()), (times.Earliest, times.Latest));
        Assert.Equal(expected.Count(t => t < times.Edges[1]), times.Histogram[0]);
    }

    [Fact]
    public void ABadFileDoesNotKeepTheOthersFromBeingCounted()
    {
        new TestFile(5).Write(_folder["a.h5"]);
        File.WriteAllText(_folder["b.h5"], "text");
        new TestFile(4).Write(_folder["c.h5"]);
        var failed = new List<string>();
        string[] files = [_folder["a.h5"], _folder["b.h5"], _folder["c.h5"]];
        var times = TimeDistribution.Measure(files, new(), (file, _) => failed.Add(file))!;
        Assert.Equal([_folder["b.h5"]], failed);
        Assert.Equal([files[0], files[2]], times.Files);
        Assert.Equal(9, times.HitCount);
        Assert.Throws<H5Exception>(() => TimeDistribution.Measure(files, new()));
        Assert.Null(TimeDistribution.Measure([_folder["b.h5"]], new(), (_, _) => { }));
    }

    [Theory]
    [InlineData(0, 0.5, "number of bins")]
    [InlineData(5, -1.0, "padding")]
    [InlineData(5, double.NaN, "padding")]
    public void OptionsOutOfRangeAreRefused(int bins, double padding, string problem) => Assert.Contains(
        problem, Assert.Throws<ArgumentException>(() => TimeDistribution.Measure([], new() { BinCount = bins, Padding = padding })).Message, StringComparison.Ordinal);

    [Fact]
    public void AnAxisOfAnotherFieldIsRefused() => Assert.Contains(
        "is one of pos_z", Assert.Throws<ArgumentException>(() => TimeDistribution.Measure([], new() { Axis = new BinAxis("pos_z", [0, 1]) })).Message, StringComparison.Ordinal);

    [Fact]
    public void ItCanBeStopped()
    {
        new TestFile(5).Write(_folder["a.h5"]);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => TimeDistribution.Measure([_folder["a.h5"]], new(), (_, _) => { }, cancellation: stop.Token));
    }

    [Fact]
    public void TheTerminalMarksTheLimits()
    {
        new TestFile(5, 4).Write(_folder["a.h5"]);
        var times = Measure(new() { Axis = new BinAxis("time", [0, 3, 6]), Padding = 0.5 });
        Assert.Equal("▅▅│▅▅▅▅│██", times.Distribution(10));
        Assert.Equal(40, times.Distribution(40).Length);
        Assert.DoesNotContain("│", Measure(new()).Distribution(40), StringComparison.Ordinal);
    }

    [Fact]
    public void APictureIsDrawn()
    {
        PlotFileTests.RequireGnuplot();
        new TestFile(50, 40).Write(_folder["a.h5"]);
        var times = Measure(new() { Axis = new BinAxis("time", [0, 30, 60]), Padding = 0.5 });
        Assert.Equal("Hits cut off:  Left: 2.22%  Right: 51.11%", TimeDistributionPlot.CutOff(times));
        Assert.Equal("1 file, 2 events, 90 hits; 30.00 ns per bin", TimeDistributionPlot.Sample(times));
        PlotFile.Save(TimeDistributionPlot.Draw(times), _folder["a.png"]);
        var picture = Picture.Read(_folder["a.png"]);
        Assert.Equal((756, 472), (picture.Width, picture.Height));
        Assert.InRange(picture.Share(0, 0x72, 0xb2), 0.2, 0.7);
        Assert.InRange(picture.Share(0xd5, 0x5e, 0), 0.0003, 0.05);
    }

    private TimeDistribution Measure(TimeDistributionOptions options, params string[] names) =>
        TimeDistribution.Measure(names.Length == 0 ? [_folder["a.h5"]] : names.Select(n => _folder[n]), options)!;
}
