using System.Diagnostics;
using OrcaSong.Simulation;
using Xunit;

namespace OrcaSong.Tests.Cli;

public sealed class RunCommandTests : IDisposable
{
    private const string Configuration = "mode = \"image\"\nbin_edges_list = [[\"pos_z\", [0, 10, 20, 50]], [\"time\", [-50.0, 0.0, 50.0]]]\n";
    private readonly TempFolder _folder = new();

    public RunCommandTests() => File.WriteAllText(_folder["c.toml"], Configuration);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void MakesAnImageFileInTheCurrentFolder()
    {
        new TestFile(3, 0, 4).Write(_folder["run.1.h5"]);
        var line = Command.Succeed(_folder.Path, "run", "run.1.h5", "c.toml");
        Assert.Matches(@"run\.1_dl\.h5: 2 events, 1 skipped \(1 without hits\), 7 hits; \d+\.\d\d s, \d+ events/s$", line);
        Assert.Equal(["c.toml", "run.1.h5", "run.1_dl.h5"], _folder.Names);

        // Again: it overwrites unless the configuration says otherwise. From another folder the name is the same.
        var other = _folder.Folder("other");
        Command.Succeed(_folder.Path, "run", "run.1.h5", "c.toml", "--threads", "1");
        Command.Succeed(other, "run", "../run.1.h5", "../c.toml");
        Assert.Equal(File.ReadAllBytes(_folder["run.1_dl.h5"]), File.ReadAllBytes(Path.Combine(other, "run.1_dl.h5")));

        File.AppendAllText(_folder["c.toml"], "overwrite = false\n");
        Assert.Contains("exists already", Command.Fail(_folder.Path, "run", "run.1.h5", "c.toml"), StringComparison.Ordinal);
        Command.Succeed(_folder.Path, "run", "run.1.h5", "c.toml", "--outfile", "new.h5");
    }

    [Fact]
    public void TheDetectorOfTheCommandGoesBeforeThatOfTheConfiguration()
    {
        SimulatedRun.Write(new SimulationOptions { Events = 5, HitsPerEvent = 20 }, _folder["in.h5"]);
        File.AppendAllText(_folder["c.toml"], "det_file = \"none.detx\"\n");
        Assert.Contains("none.detx", Command.Fail(_folder.Path, "run", "in.h5", "c.toml"), StringComparison.Ordinal);
        foreach (var option in new[] { "--detx", "--detx_file" })
        {
            Assert.Contains("5 events", Command.Succeed(_folder.Path, "run", "in.h5", "c.toml", option, "in.detx", "-o", "out.h5"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TellsOfOverflowsAndWarnings()
    {
        new TestFile(400) { FormatVersion = null }.Set("pos_z", (_, _, _) => 5.0).Set("time", (_, _, _) => 0.0).Write(_folder["in.h5"]);
        var (output, error, exitCode) = Command.Run(_folder.Path, "run", "in.h5", "c.toml");
        Assert.Contains("400 hits, 1 bins above 255;", output, StringComparison.Ordinal);
        Assert.StartsWith("orcasong: warning: ", error, StringComparison.Ordinal);
        Assert.Contains("format_version", error, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
    }

    [Theory]
    [InlineData("absent.h5 does not exist", "run", "absent.h5", "c.toml")]
    [InlineData("configuration file 'absent.toml' does not exist", "run", "in.h5", "absent.toml")]
    [InlineData("detector file 'absent.detx' does not exist", "run", "in.h5", "c.toml", "--detx", "absent.detx")]
    [InlineData("wrong.toml(2,1): unknown key 'chunk_size'; did you mean 'chunksize'?", "run", "in.h5", "wrong.toml")]
    [InlineData("threads", "run", "in.h5", "c.toml", "--threads", "0")]
    [InlineData("HitsPerEvent", "simulate", "out.h5", "--hits", "0")]
    [InlineData("compression", "simulate", "out.h5", "-n", "1", "--complevel", "10")]
    [InlineData("threads", "simulate", "out.h5", "-n", "1", "-t", "0")]
    [InlineData("detector file", "simulate", "out.detx", "-n", "1")]
    [InlineData("in.h5' exists already", "simulate", "in.h5", "--no-overwrite")]
    [InlineData("absent/out.h5' does not exist", "simulate", "absent/out.h5")]
    [InlineData("in.h5' is the input itself", "run", "in.h5", "c.toml", "--outfile", "in.h5")]
    [InlineData("output", "run", "in.h5", "c.toml", "--outfile", "")]
    public void FailsInOneLine(string expected, params string[] arguments)
    {
        new TestFile(3).Write(_folder["in.h5"]);
        File.WriteAllText(_folder["wrong.toml"], "mode = \"image\"\nchunk_size = 3\nbin_edges_list = \"ztc_2017\"\n");
        var line = Command.Fail(_folder.Path, arguments);
        foreach (var word in expected.Split(' '))
        {
            Assert.Contains(word, line, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal(["c.toml", "in.h5", "wrong.toml"], _folder.Names);
    }

    [Theory]
    [InlineData]
    [InlineData("run")]
    [InlineData("run", "in.h5")]
    [InlineData("fly")]
    [InlineData("run", "in.h5", "c.toml", "--nope")]
    [InlineData("simulate", "out.h5", "-n", "many")]
    public void AWrongCommandLineIsRefused(params string[] arguments)
    {
        var (_, error, exitCode) = Command.Run(_folder.Path, arguments);
        Assert.NotEqual(0, exitCode);
        Assert.NotEqual(string.Empty, error);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal(["c.toml"], _folder.Names);
    }

    [Fact]
    public void HelpNamesTheCommands()
    {
        var (output, error, exitCode) = Command.Run(_folder.Path, "--help");
        Assert.Equal((string.Empty, 0), (error, exitCode));
        Assert.Contains("run <infile> <config>", output, StringComparison.Ordinal);
        Assert.Contains("simulate <outfile>", output, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSimulationIsWhatItsOptionsSay()
    {
        var line = Command.Succeed(_folder.Path, "simulate", "s.h5", "-n", "7", "--kind", "Muon", "--hits", "30", "--units", "2", "--floors", "3", "--seed", "9", "--run", "12", "--calibrated");
        Assert.Matches(@"^s\.h5: 7 events, \d+ hits; s\.detx; \d+\.\d\d s$", line);
        var same = SimulatedRun.Write(
            new SimulationOptions { Events = 7, Kind = SimulatedEventKind.Muon, HitsPerEvent = 30, DetectionUnits = 2, FloorsPerUnit = 3, Seed = 9, RunId = 12, Calibrated = true },
            _folder["same.h5"]);
        Assert.Equal(File.ReadAllBytes(same.Path), File.ReadAllBytes(_folder["s.h5"]));
        Assert.Equal(File.ReadAllBytes(same.DetectorFile), File.ReadAllBytes(_folder["s.detx"]));
        Command.Succeed(_folder.Path, "simulate", "s.h5", "-n", "1");
    }

    /// <summary>The system refuses to write on in the middle of the file, as on a full disk.</summary>
    [Fact]
    public void AnOutputThatCannotGrowIsRemoved()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("the size of files is limited as on Linux");
        }

        SimulatedRun.Write(new SimulationOptions { Events = 200, HitsPerEvent = 100 }, _folder["in.h5"]);
        File.WriteAllText(_folder["c.toml"], "mode = \"image\"\nbin_edges_list = \"ztc_2017\"\ncomplevel = 0\n");
        const string Limited = "trap '' XFSZ; ulimit -f 1000; export DOTNET_EnableWriteXorExecute=0; exec \"$0\" run in.h5 c.toml --detx in.detx";
        var (output, error, exitCode) = Tool.Run("/bin/sh", ["-c", Limited, Command.Program], _folder.Path);
        Assert.Equal((string.Empty, 1), (output, exitCode));
        Assert.Matches("^orcasong: The output '.*in_dl.h5' cannot be written: File too large. Is there room on the disk, .*\n$", error);
        Assert.Equal(["c.toml", "in.detx", "in.h5"], _folder.Names);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void ASignalStopsItAndNothingIsLeft(string signal)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("there are no signals");
        }

        using var process = Process.Start(new ProcessStartInfo(Command.Program, ["simulate", "s.h5", "-n", "100000000"])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        while (_folder.Names.Length == 1 && !process.HasExited)
        {
            Thread.Sleep(5);
        }

        Assert.Equal(0, Tool.Run("/bin/sh", ["-c", $"kill -{signal} {process.Id}"]).ExitCode);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(10)));
        Assert.Equal("orcasong: stopped; nothing was written.\n", process.StandardError.ReadToEnd());
        Assert.Equal(130, process.ExitCode);
        Assert.Equal(["c.toml"], _folder.Names);
    }
}
