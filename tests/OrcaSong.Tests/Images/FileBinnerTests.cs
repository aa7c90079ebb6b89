using OrcaSong.Images;
using OrcaSong.Numerics;
using OrcaSong.Running;
using Xunit;

namespace OrcaSong.Tests.Images;

public sealed class FileBinnerTests : IDisposable
{
    private static readonly BinAxis Z = BinAxis.Uniform("pos_z", 0, 10, 10);
    private static readonly BinAxis Time = BinAxis.Uniform("time", 0, 100, 100);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ShowsFieldsAndShape() => Assert.Equal("<FileBinner: pos_z, time (10, 100)>", new FileBinner([Z, Time]).ToString());

    [Fact]
    public void RefusesWhatCannotBe()
    {
        Refusal.Of(() => _ = new FileBinner([]), "1 to 31 axes", "got 0");
        Refusal.Of(() => _ = new FileBinner([Z, Time, Z]), "pos_z has 2 axes");
        Refusal.Of(() => _ = new FileBinner([Z], hitWeights: " "), "weights");
        Refusal.Of(() => _ = new FileBinner(Enumerable.Range(0, 5).Select(i => BinAxis.Uniform($"f{i}", 0, 1, 1000))), "(1000, 1000, 1000, 1000, 1000)", "too large", "wider bins");
        Refusal.Of(() => _ = new FileBinner([BinAxis.Uniform("time", 0, 1, 1_000_000)], new ProcessingOptions { ChunkSize = 10_000 }), "chunk", "at most 2147");
        Refusal.Of(() => _ = new FileBinner([Z], new ProcessingOptions { CenterHitsTo = new CentreTarget(0, 0, null) }), "detector file");
        Refusal.Of(() => _ = new FileBinner([Z], new ProcessingOptions { CenterHitsTo = new CentreTarget(0, 0, null), DetectorFile = "d.detx", CalibrateHits = false }), "calibrated");
        Refusal.Of(() => _ = new FileBinner([Z], new ProcessingOptions { CenterHitsTo = new CentreTarget(double.NaN, 0, null), DetectorFile = "d.detx" }), "NaN");
        Refusal.Of(() => _ = new FileBinner([Z], new ProcessingOptions { ChunkSize = 0 }), "chunk size", "got 0");
        Refusal.Of(() => _ = new FileBinner([Z], new ProcessingOptions { CompressionLevel = 10 }), "compression level", "got 10");
        Refusal.Of(() => BinAxis.Uniform("time", 1, 1, 5), "time", "above");
        Refusal.Of(() => BinAxis.Uniform("time", 0, 1, 0), "at least one bin");
        Refusal.Of(() => _ = new BinAxis("a/b", [0, 1]), "'a/b'", "slash");
        Refusal.Of(() => BinAxisPresets.Get("ztc"), "'ztc'", "ztc_2017, four_line_low, four_line_high");
    }

    [Fact]
    public void AxesKeepTheirOwnEdges()
    {
        double[] edges = [0, 1, 2];
        var axis = new BinAxis("time", edges);
        edges[1] = 5;
        Assert.Equal([0, 1, 2], axis.Edges);
        Assert.Equal(new BinAxis("time", [0, 1, 2]), axis);
        Assert.NotEqual(new BinAxis("time", [0, 1.5, 2]), axis);
    }

    [Theory]
    [InlineData("ztc_2017", new[] { 18, 100, 31 })]
    [InlineData("four_line_low", new[] { 2, 2, 18, 100, 31 })]
    [InlineData("FOUR_LINE_HIGH", new[] { 2, 2, 18, 300, 31 })]
    public void PresetsHaveTheShapesOfThePythonTool(string name, int[] shape)
    {
        var axes = BinAxisPresets.Get(name);
        Assert.Equal(shape, new FileBinner(axes).Shape);
        Assert.Equal(NumPy.Linspace(-0.5, 30.5, 32), axes[^1].Edges);
    }

    /// <summary>What becomes of counts and sums that a byte cannot hold.</summary>
    [Theory]
    [InlineData(255, 255, 255, 0)]
    [InlineData(256, 255, 0, 1)]
    [InlineData(300, 255, 44, 1)]
    [InlineData(511, 255, 255, 1)]
    [InlineData(70_000, 255, 112, 1)]
    public void CountsSaturateOrWrap(int hits, int saturated, int wrapped, int overflows)
    {
        var path = new TestFile(hits).Set("time", (_, _, _) => 0.0).Write(_folder["in.h5"]);
        var axis = new BinAxis("time", [-1, 1]);
        AssertImage(path, [axis], null, saturated, wrapped, overflows);
    }

    [Theory]
    [InlineData(255.9, 255, 255, 0)]
    [InlineData(511.9, 255, 255, 1)]
    [InlineData(-0.9, 0, 0, 0)]
    [InlineData(-1, 0, 255, 1)]
    [InlineData(-3.7, 0, 253, 1)]
    [InlineData(double.NaN, 0, 0, 1)]
    [InlineData(double.PositiveInfinity, 255, 0, 1)]
    [InlineData(double.NegativeInfinity, 0, 0, 1)]
    [InlineData(1e20, 255, 0, 1)]
    public void SumsAreCutOffThenSaturateOrWrap(double weight, int saturated, int wrapped, int overflows)
    {
        var path = new TestFile(2).Set("time", (_, _, _) => 0.0).Set("weight", (_, hit, _) => hit == 0 ? weight : 0).Write(_folder["in.h5"]);
        AssertImage(path, [new BinAxis("time", [-1, 1])], "weight", saturated, wrapped, overflows);
    }

    private void AssertImage(string path, BinAxis[] axes, string? weights, int saturated, int wrapped, int overflows)
    {
        foreach (var (overflow, expected) in new[] { (OverflowHandling.Saturate, saturated), (OverflowHandling.Wrap, wrapped) })
        {
            var result = new Runner(1).Run(new FileBinner(axes, hitWeights: weights, overflow: overflow), path, _folder["out.h5"], overwrite: true);
            Assert.Equal([(byte)expected], Output.Images(result.Output));
            Assert.Equal(overflows, result.Overflows);
        }
    }

    [Fact]
    public void StatisticsAreThoseOfTheExample()
    {
        // Edges z [0, 10, 20], time [0, 5, 10]; the hits lie on limits, beyond them, and nowhere.
        double[] z = [0, 10, 20, -1, 21, 5, 20];
        double[] time = [0, 5, 10, 3, 3, 11, double.NaN];
        var path = new TestFile(7).Set("pos_z", (_, hit, _) => z[hit]).Set("time", (_, hit, _) => time[hit]).Write(_folder["in.h5"]);
        var binner = new FileBinner([new BinAxis("pos_z", [0, 10, 20]), new BinAxis("time", [0, 5, 10])], new ProcessingOptions { CenterTime = false });
        var statistics = new Runner(1).Run(binner, path, _folder["out.h5"]).BinStatistics!;
        Assert.Equal([1, 0, 0, 0, 0, 1, 0, 0, 0, 1], statistics.Axes[0].Histogram);
        Assert.Equal((1, 1), (statistics.Axes[0].CutOffBelow, statistics.Axes[0].CutOffAbove));
        Assert.Equal([1, 2], statistics.Axes[1].Histogram);
        Assert.Equal((0, 1), (statistics.Axes[1].CutOffBelow, statistics.Axes[1].CutOffAbove));
        Assert.Null(new Runner(1).Run(new FileBinner(binner.Axes, addBinStatistics: false), path, _folder["none.h5"]).BinStatistics);
    }
}
