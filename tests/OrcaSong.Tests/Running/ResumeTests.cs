using OrcaSong.Graphs;
using OrcaSong.Images;
using OrcaSong.Labels;
using OrcaSong.Running;
using OrcaSong.Simulation;
using OrcaSong.Tests.Cli;
using Xunit;

namespace OrcaSong.Tests.Running;

public sealed class ResumeTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FileBinner _binner;

    public ResumeTests()
    {
        var run = SimulatedRun.Write(new SimulationOptions { Events = 30, HitsPerEvent = 40 }, _folder["in.h5"]);
        _binner = new FileBinner(
            [BinAxis.Uniform("pos_z", 0, 200, 10), BinAxis.Uniform("time", -50, 550, 20)],
            new ProcessingOptions { DetectorFile = run.DetectorFile, Extractor = LabelExtractors.Get("nu_chain_data") });
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AnOutputThatIsRightIsKept()
    {
        var first = Resume(_binner);
        Assert.False(first.IsKept);
        Assert.Null(first.ResumeReason);
        var written = File.GetLastWriteTimeUtc(_folder["out.h5"]);
        var second = Resume(_binner);
        Assert.True(second.IsKept);
        Assert.Equal(written, File.GetLastWriteTimeUtc(_folder["out.h5"]));
        Assert.Equal((first.EventsRead, first.EventsWritten, first.Hits, first.Overflows), (second.EventsRead, second.EventsWritten, second.Hits, second.Overflows));
        Assert.Equal(first.BinStatistics!.Axes[0].Histogram, second.BinStatistics!.Axes[0].Histogram);
        Assert.Null(new Runner(1).Run(_binner, _folder["in.h5"], _folder["out.h5"], overwrite: true).ResumeReason);
    }

    [Fact]
    public void NamesAndTimesDoNotMatter()
    {
        Resume(_binner);
        File.Move(_folder["in.detx"], _folder["moved.detx"]);
        File.SetLastWriteTimeUtc(_folder["in.h5"], DateTime.UtcNow.AddDays(-1));
        Assert.True(Resume(new FileBinner(_binner.Axes, _binner.Options with { DetectorFile = _folder["moved.detx"] })).IsKept);
    }

    [Theory]
    [InlineData("configuration", "was made with another configuration")]
    [InlineData("graphs", "was made by another job (images)")]
    [InlineData("extractor", "was made with another configuration")]
    [InlineData("no detector", "was made with another detector file")]
    [InlineData("detector", "was made with another detector file")]
    [InlineData("input", "was made from another input, or the input was changed")]
    [InlineData("skipper", "is made with code of yours")]
    [InlineData("cut", "is damaged or incomplete: ")]
    [InlineData("text", "is damaged or incomplete: ")]
    [InlineData("other", "does not say how it was made")]
    [InlineData("merged", "was made by another job (merge)")]
    public void AnotherIsMadeAgain(string change, string reason)
    {
        Resume(_binner);
        EventProcessor next = _binner;
        switch (change)
        {
            case "configuration":
                next = new FileBinner(_binner.Axes, _binner.Options with { Seed = 7 });
                break;
            case "graphs":
                next = new FileGraph(["time"], options: _binner.Options);
                break;
            case "extractor":
                next = new FileBinner(_binner.Axes, _binner.Options with { Extractor = null });
                break;
            case "no detector":
                SimulatedRun.Write(new SimulationOptions { Events = 30, HitsPerEvent = 40, Calibrated = true }, _folder["in.h5"], overwrite: true);
                next = new FileBinner(_binner.Axes, _binner.Options with { DetectorFile = null });
                break;
            case "detector":
                File.AppendAllText(_folder["in.detx"], "\n");
                break;
            case "input":
                SimulatedRun.Write(new SimulationOptions { Events = 30, HitsPerEvent = 40, Seed = 8 }, _folder["in.h5"], overwrite: true);
                break;
            case "skipper":
                next = new FileBinner(_binner.Axes, _binner.Options with { EventSkipper = new EventSkipper(_ => false) });
                break;
            case "cut":
                File.WriteAllBytes(_folder["out.h5"], File.ReadAllBytes(_folder["out.h5"])[..^2000]);
                break;
            case "text":
                File.WriteAllText(_folder["out.h5"], "text");
                break;
            case "other":
                File.Copy(Shared.Path("golden", "conc_image_2", "out.h5"), _folder["out.h5"], overwrite: true);
                break;
            case "merged":
                File.Delete(_folder["out.h5"]);
                File.Move(new Runner(1).Run(_binner, _folder["in.h5"], _folder["one.h5"]).Output, _folder["two.h5"]);
                OrcaSong.Training.Merger.Merge([_folder["two.h5"]], _folder["out.h5"]);
                break;
        }

        var result = Resume(next);
        Assert.False(result.IsKept);
        Assert.StartsWith(reason, result.ResumeReason, StringComparison.Ordinal);
        Assert.Equal(30, result.EventsWritten);
        if (change != "skipper")
        {
            Assert.True(Resume(next).IsKept);
        }
    }

    [Fact]
    public void TheCommandSaysWhich()
    {
        File.WriteAllText(_folder["c.toml"], "mode = \"graph\"\nhit_infos = [\"time\"]\n");
        string Run() => Command.Run(_folder.Path, "run", "in.h5", "c.toml", "--resume", "-o", "g.h5").Output;
        Assert.StartsWith("g.h5: 30 events", Run(), StringComparison.Ordinal);
        Assert.StartsWith("g.h5: kept: it is complete, and was made from the same input with the same configuration\n", Run(), StringComparison.Ordinal);
        File.AppendAllText(_folder["c.toml"], "max_n_hits = 3\n");
        Assert.StartsWith("g.h5: made again: it was made with another configuration\n", Run(), StringComparison.Ordinal);
        var (output, _, exitCode) = Command.Run(_folder.Path, "check", "g.h5", "in.h5");
        Assert.Equal(0, exitCode);
        Assert.Matches(@"^g\.h5: ok, 30 events, complete; .*\nin\.h5: ok, 30 events; .*\n$", output);
        File.WriteAllText(_folder["text.h5"], "text");
        (output, _, exitCode) = Command.Run(_folder.Path, "check", "text.h5", "in.h5");
        Assert.Equal(1, exitCode);
        Assert.Matches(@"^'.*text\.h5': expected a readable HDF5 file, found .*\nin\.h5: ok", output);
    }

    private RunResult Resume(EventProcessor processor) => new Runner(2).Resume(processor, _folder["in.h5"], _folder["out.h5"]);
}
