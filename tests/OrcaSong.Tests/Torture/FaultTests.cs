using System.Diagnostics;
using OrcaSong.Images;
using OrcaSong.Output;
using OrcaSong.Running;
using Xunit;

namespace OrcaSong.Tests.Torture;

/// <summary>What happens around a job while it runs.</summary>
public sealed class FaultTests : IDisposable
{
    private static readonly FileBinner Binner = new([BinAxis.Uniform("channel_id", -0.5, 30.5, 31)], new ProcessingOptions { CenterTime = false });
    private readonly TempFolder _inputs = new();
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        _inputs.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public void AnInputThatShrinksWhileItIsRead(double share)
    {
        var (bad, good) = (Large("bad.h5"), Large("good.h5"));
        using var queue = new RunQueue(new Runner(1));
        queue.Add(new RunJob(Binner, bad, _folder["bad.h5"]));
        while (queue.Progress.EventsDone == 0)
        {
            Thread.Sleep(1);
        }

        using (var file = new FileStream(bad, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength((long)(file.Length * share));
        }

        queue.Add(new RunJob(Binner, good, _folder["good.h5"]));
        var outcomes = new[] { Take(queue), Take(queue) };
        Refusal.Of(() => throw outcomes.Single(o => o.Job.Input == bad).Error!, "bad.h5");
        Assert.Equal(20_000, outcomes.Single(o => o.Job.Input == good).Result!.EventsWritten);
        Assert.Equal(["good.h5"], _folder.Names);
    }

    [Fact]
    public void AnOutputFolderThatGoesAway()
    {
        var input = Large("in.h5");
        var folder = _folder.Folder("outputs");
        using var queue = new RunQueue(new Runner(1));
        queue.Add(new RunJob(Binner, input, Path.Combine(folder, "out.h5")));
        while (queue.Progress.EventsDone == 0)
        {
            Thread.Sleep(1);
        }

        Directory.Delete(folder, recursive: true);
        Refusal.Of(() => throw Take(queue).Error!, "out.h5", "cannot be written");
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void PermissionThatIsLostMidway()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("permissions of Unix");
            return;
        }

        if (Environment.UserName == "root")
        {
            Assert.Skip("root may write anywhere");
        }

        var input = Large("in.h5");
        var folder = _folder.Folder("outputs");
        using var queue = new RunQueue(new Runner(1));
        queue.Add(new RunJob(Binner, input, Path.Combine(folder, "out.h5")));
        while (queue.Progress.EventsDone == 0)
        {
            Thread.Sleep(1);
        }

        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            Refusal.Of(() => throw Take(queue).Error!, "out.h5", "cannot be written");
        }
        finally
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void AClockThatGoesBack()
    {
        // A claim that seems to come from the future is that of a job that works.
        File.WriteAllText(_folder["out.h5" + OutputClaim.Suffix], "another machine\n1\nx\n1\n");
        File.SetLastWriteTimeUtc(_folder["out.h5" + OutputClaim.Suffix], DateTime.UtcNow.AddHours(5));
        Assert.Throws<OutputInUseException>(() => OutputClaim.Take(_folder["out.h5"]));

        // An input from the future is an input.
        var input = new TestFile(3, 4).Write(_inputs["in.h5"]);
        File.SetLastWriteTimeUtc(input, DateTime.UtcNow.AddYears(5));
        Assert.Equal(2, new Runner(1).Run(Binner, input, _folder["other.h5"]).EventsWritten);
        Assert.True(new Runner(1).Resume(Binner, input, _folder["other.h5"]).IsKept);
    }

    [Fact]
    public void ALimitOfMemoryIsOneErrorOrNone()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("limits are set by the shell of Linux");
        }

        var input = Large("in.h5");
        File.WriteAllText(_inputs["c.toml"], "mode = \"graph\"\ncenter_time = false\n");
        foreach (var megabytes in new[] { 24, 48, 96, 400 })
        {
            var start = new ProcessStartInfo(Cli.Command.Program, ["run", input, _inputs["c.toml"], "-o", _folder["out.h5"]]) { RedirectStandardError = true, RedirectStandardOutput = true };
            start.Environment["DOTNET_GCHeapHardLimit"] = $"{(long)megabytes << 20:x}";
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0)
            {
                Assert.Equal(["out.h5"], _folder.Names);
                File.Delete(_folder["out.h5"]);
            }
            else
            {
                Assert.Contains("memory", error, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("out.h5", _folder.Names);
            }
        }
    }

    /// <summary>In a process of its own: other tests use memory meanwhile.</summary>
    [Fact]
    public void ManyFilesAndRunsLeaveNothingBehind()
    {
        var (output, error, exitCode) = Tool.Run(Tool.Beside(OperatingSystem.IsWindows() ? "OrcaSong.Torture.exe" : "OrcaSong.Torture"), ["load", "100", "2", "0"]);
        Assert.True(exitCode == 0, output + error);
    }

    private static RunOutcome Take(RunQueue queue)
    {
        Assert.True(queue.TryTake(out var outcome, TimeSpan.FromMinutes(2)));
        return outcome!;
    }

    // Random numbers, which take room, in few columns.
    private string Large(string name)
    {
        var random = new Random(1);
        return new TestFile([.. Enumerable.Repeat(20, 20_000)]) { ChunkRows = 2000 }.Set("tot", (_, _, _) => (uint)random.Next(256)).Set("pos_z", (_, _, _) => random.NextDouble()).Write(_inputs[name]);
    }
}
