using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Images;
using OrcaSong.Statistics;
using Xunit;

namespace OrcaSong.Tests.Statistics;

public sealed class BinStatisticsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FilesOfThePythonToolAreRead()
    {
        var statistics = BinStatistics.Read(Shared.Path("golden", "image_4line_low_neutrino", "out.h5"))!;
        Assert.Equal(["channel_id", "pos_x", "pos_y", "pos_z", "time"], statistics.Axes.Select(a => a.Field));
        var (x, time) = (statistics.Axes[1], statistics.Axes[4]);
        Assert.Equal([-32, -2, 28], x.Axis.Edges);
        Assert.True(x.Axis.HasIntegerEdges);
        Assert.Equal(11, x.HistogramEdges.Count);
        Assert.Equal((283, 176), (time.CutOffBelow, time.CutOffAbove));
        Assert.Equal([1, 3, 2], time.Histogram.Take(3));
        Assert.Equal(1, time.FileCount);
    }

    [Fact]
    public void WhatIsWrittenIsReadAgain()
    {
        var written = Example(new BinAxis("time", [0, 5, 10], integerEdges: true), [3, 4], 1, 2);
        Write("a.h5", written);
        var read = BinStatistics.Read(_folder["a.h5"])!.Axes.Single();
        Assert.Equal(written.Axes[0].Axis, read.Axis);
        Assert.True(read.Axis.HasIntegerEdges);
        Assert.Equal([3, 4], read.Histogram);
        Assert.Equal((1, 2, 10), (read.CutOffBelow, read.CutOffAbove, read.HitCount));
        Assert.Equal((0.1, 0.2), (read.FractionBelow, read.FractionAbove));
    }

    [Fact]
    public void AFileWithoutStatisticsHasNone()
    {
        H5File.Create(_folder["a.h5"]).Dispose();
        Assert.Null(BinStatistics.Read(_folder["a.h5"]));
    }

    [Theory]
    [InlineData("hist", new double[] { 1 }, "has 1 numbers, but hist_bin_edges has 3")]
    [InlineData("hist", new[] { 1, -1.0 }, "holds -1, which is no number of hits")]
    [InlineData("hist", new[] { 1, double.NaN }, "holds NaN")]
    [InlineData("hist", new[] { 1, 0.5 }, "holds 0.5")]
    [InlineData("cut_off", new[] { 1.0 }, "has 1 numbers, not two")]
    [InlineData("bin_edges", new[] { 5, 1.0 }, "must increase")]
    [InlineData("hist_bin_edges", new[] { 0, 5, double.PositiveInfinity }, "edges are finite numbers")]
    public void DamagedStatisticsAreRefused(string dataset, double[] values, string problem)
    {
        Write("a.h5", Example(new BinAxis("time", [0, 5, 10]), [3, 4], 1, 2), except: dataset, values);
        var error = Assert.Throws<EventFileException>(() => BinStatistics.Read(_folder["a.h5"]));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains("/bin_stats/time", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FilesAreAddedUp()
    {
        var (time, z) = (new BinAxis("time", [0, 5, 10]), new BinAxis("pos_z", [0, 10]));
        var first = new BinStatistics([Axis(time, [3, 4], 1, 2), Axis(z, [1, 0, 0, 0, 5], 0, 7)]);
        var second = new BinStatistics([Axis(z, [1, 1, 0, 0, 0], 2, 0), Axis(time, [10, 0], 0, 0)]);
        var sum = BinStatistics.Combine([new("a.h5", first), new("b.h5", second)]);
        Assert.Equal(["time", "pos_z"], sum.Axes.Select(a => a.Field));
        Assert.Equal([13, 4], sum.Axes[0].Histogram);
        Assert.Equal([2, 1, 0, 0, 5], sum.Axes[1].Histogram);
        Assert.Equal((2, 7, 2), (sum.Axes[1].CutOffBelow, sum.Axes[1].CutOffAbove, sum.Axes[1].FileCount));
        Assert.Equal([3, 4], first.Axes[0].Histogram);
    }

    [Fact]
    public void AllDifferencesAreReportedAtOnce()
    {
        var error = Assert.Throws<DifferentAxesException>(() => BinStatistics.Combine(
        [
            new("a.h5", Example(new BinAxis("time", [0, 5, 10]), [3, 4], 1, 2)),
            new("b.h5", Example(new BinAxis("time", [0, 5, 11]), [3, 4], 1, 2)),
            new("c.h5", Example(new BinAxis("time", [0, 5, 10]), [3, 4], 1, 2)),
            new("d.h5", Example(new BinAxis("time", [0, 4, 10]), [3, 4], 1, 2)),
            .. new[] { "e.h5", "f.h5", "g.h5", "h.h5" }.Select(name => new FileBinStatistics(name, Example(new BinAxis("pos_z", [0, 10]), [1, 2, 3, 4, 5], 1, 2))),
        ]));
        Assert.Equal(
        [
            "'b.h5': time has 2 bins from 0 to 11, not 2 bins from 0 to 10.",
            "'d.h5': time has 2 bins from 0 to 10, not 2 bins from 0 to 10 (other edges in between).",
            "'e.h5', 'f.h5', 'g.h5' and 1 more: the axes are pos_z, not time.",
        ],
        error.Differences);
        Assert.Contains("Other than in 'a.h5': 'b.h5': time has", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutHitsThereAreNoFractions()
    {
        var axis = Axis(new BinAxis("time", [0, 5, 10]), [0, 0], 0, 0);
        Assert.Equal((null, null), (axis.FractionBelow, axis.FractionAbove));
        Assert.Equal([0, 0], axis.Density());
    }

    [Fact]
    public void TheDensityHasTheAreaOne() =>
        Assert.Equal([0.1, 0, 0.1], Axis(new BinAxis("time", [0, 5, 5, 10]), [4, 0, 4], 9, 9).Density());

    private static AxisStatistics Axis(BinAxis axis, long[] histogram, long below, long above)
    {
        var statistics = new AxisStatistics(axis) { CutOffBelow = below, CutOffAbove = above };
        histogram.CopyTo(statistics.HistogramArray, 0);
        return statistics;
    }

    private static BinStatistics Example(BinAxis axis, long[] histogram, long below, long above) => new([Axis(axis, histogram, below, above)]);

    private void Write(string name, BinStatistics statistics, string? except = null, double[]? values = null)
    {
        using var file = H5File.Create(_folder[name]);
        if (except is null)
        {
            BinStatisticsFile.Write(file.Root, statistics);
            return;
        }

        var group = file.Root.CreateGroup("bin_stats").CreateGroup("time");
        foreach (var (dataset, good) in new (string, double[])[] { ("hist", [3, 4]), ("cut_off", [1, 2]), ("bin_edges", [0, 5, 10]), ("hist_bin_edges", [0, 5, 10]) })
        {
            var numbers = dataset == except ? values! : good;
            using var made = group.CreateDataset(dataset, new H5DatasetSpec { Type = H5Type.Float64, Shape = [numbers.Length] });
            made.Write<double>(numbers);
        }
    }
}
