using OrcaSong.Images;
using OrcaSong.Running;
using OrcaSong.Tests.Plots;
using Xunit;

namespace OrcaSong.Tests.Cli;

public sealed class PlotBinstatsCommandTests : IDisposable
{
    private static readonly BinAxis[] Axes = [new("pos_z", [0, 10, 50]), new("time", [0, 20, 40])];
    private readonly TempFolder _folder = new();

    public PlotBinstatsCommandTests()
    {
        new TestFile(9, 5).Write(_folder["in"]);
        new Runner(1).Run(new FileBinner(Axes), _folder["in"], _folder["a.h5"]);
        new Runner(1).Run(new FileBinner(Axes), _folder["in"], _folder["b.h5"]);
        new Runner(1).Run(new FileBinner(Axes, addBinStatistics: false), _folder["in"], _folder["none.h5"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void DrawsAllFilesOfTheFolderByDefault()
    {
        PlotFileTests.RequireGnuplot();
        var (output, error, exitCode) = Command.Run(_folder.Path, "plot_binstats");
        Assert.Equal(("bin_stats_plot.pdf: pos_z, time of 2 files", 0), (output.TrimEnd(), exitCode));
        Assert.Equal("orcasong: warning: 'none.h5' has no bin statistics (graphs have none, nor images that were made without); it is left out.", error.TrimEnd());
        Assert.Contains("bin_stats_plot.pdf", _folder.Names);
        Assert.Contains("exists already", Command.Fail(_folder.Path, "plot_binstats"), StringComparison.Ordinal);
    }

    [Fact]
    public void DrawsTheFilesThatAreNamed()
    {
        Assert.Equal("x.gp: pos_z, time of 1 file", Command.Succeed(_folder.Path, "plot_binstats", "--save_as", "x.gp", "b.h5"));
        Assert.Contains("'1 file'", File.ReadAllText(_folder["x.gp"]), StringComparison.Ordinal);
    }

    [Fact]
    public void FailsInOneLine()
    {
        new Runner(1).Run(new FileBinner([new BinAxis("time", [0, 20, 41])]), _folder["in"], _folder["c.h5"]);
        File.WriteAllText(_folder["text.h5"], "text");
        Assert.Contains(".pdf, .png, .svg, .gp", Command.Fail(_folder.Path, "plot_binstats", "--save_as", "x.jpg"), StringComparison.Ordinal);
        Assert.Contains("absent/x.gp' does not exist", Command.Fail(_folder.Path, "plot_binstats", "--save_as", "absent/x.gp"), StringComparison.Ordinal);
        Assert.Contains("absent.h5", Command.Fail(_folder.Path, "plot_binstats", "--save_as", "x.gp", "a.h5", "absent.h5"), StringComparison.Ordinal);
        Assert.Contains("text.h5", Command.Fail(_folder.Path, "plot_binstats", "--save_as", "x.gp", "a.h5", "text.h5"), StringComparison.Ordinal);
        var different = Command.Fail(_folder.Path, "plot_binstats", "--save_as", "x.gp", "a.h5", "c.h5", "b.h5");
        Assert.Contains("'c.h5': the axes are time, not pos_z, time; time has 2 bins from 0 to 41, not 2 bins from 0 to 40.", different, StringComparison.Ordinal);
        var (_, error, exitCode) = Command.Run(_folder.Path, "plot_binstats", "--save_as", "x.gp", "none.h5");
        Assert.Equal(1, exitCode);
        Assert.Contains("None of the files has bin statistics", error, StringComparison.Ordinal);
        Assert.DoesNotContain("x.gp", _folder.Names);
    }
}
