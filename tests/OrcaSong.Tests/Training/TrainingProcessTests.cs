using System.Diagnostics;
using OrcaSong.Hdf5;
using OrcaSong.Tests.Cli;
using OrcaSong.Training;
using Xunit;

namespace OrcaSong.Tests.Training;

/// <summary>Merges and shuffles as processes of their own: their memory, and what is left when they are killed or the disk is full.</summary>
public sealed class TrainingProcessTests : IDisposable
{
    private const long MiB = 1 << 20;
    private readonly TempFolder _folder = new();
    private readonly TempFolder _inputs = new();

    public void Dispose()
    {
        _folder.Dispose();
        _inputs.Dispose();
    }

    [Fact]
    public void AShuffleStaysWithinItsMemory()
    {
        RequireLinux();
        var input = Large(300 * MiB);
        const long limit = 100 * MiB;
        using var process = Start("h5shuffle", input, "--output_file", _folder["out.h5"], "--memory", $"{limit}", "--threads", "2");
        var peak = Peak(process);
        Assert.Equal(0, process.ExitCode);
        Assert.True(peak < limit + (150 * MiB), $"{peak / MiB} MiB with a limit of {limit / MiB} MiB");
        using var file = H5File.OpenRead(_folder["out.h5"]);
        using var x = file.Root.OpenDataset("x");
        Assert.Equal(300 * MiB / 12_000 * 1000, x.Length);
    }

    [Fact]
    public void AMergeStaysWithinItsMemory()
    {
        RequireLinux();
        var input = Large(150 * MiB);
        using var process = Start("concatenate", input, input, input, "--outfile", _folder["out.h5"], "--threads", "2");
        var peak = Peak(process);
        Assert.Equal(0, process.ExitCode);
        Assert.True(peak < 300 * MiB, $"{peak / MiB} MiB");
    }

    [Theory]
    [InlineData("h5shuffle")]
    [InlineData("concatenate")]
    public void KilledItLeavesNothingUnderTheNameAndASecondRunWorks(string command)
    {
        RequireLinux();
        var input = Large(60 * MiB);
        var before = File.ReadAllBytes(input);
        string[] arguments = command == "h5shuffle" ? [command, input, "--output_file", _folder["out.h5"], "--memory", "34000000"] : [command, input, input, "--outfile", _folder["out.h5"]];
        using (var process = Start(arguments))
        {
            while (!Directory.EnumerateFiles(_folder.Path).Any(f => new FileInfo(f).Length > 100_000) && !process.HasExited)
            {
                Thread.Sleep(1);
            }

            process.Kill();
            process.WaitForExit();
            Assert.NotEqual(0, process.ExitCode);
        }

        Assert.All(_folder.Names, n => Assert.EndsWith(".partial", n, StringComparison.Ordinal));
        Assert.True(before.AsSpan().SequenceEqual(File.ReadAllBytes(input)));
        Assert.Equal(0, Command.Run(null, arguments).ExitCode);
        Assert.Contains("out.h5", _folder.Names);
        Assert.Equal((command == "h5shuffle" ? 1 : 2) * (60 * MiB / 12_000), SampleContents.Codes(_folder["out.h5"]).Length);
    }

    /// <summary>The input fits on the disk, the output does not; of a shuffle in parts, not even what is set aside.</summary>
    [Theory]
    [InlineData(4, "h5shuffle", "cannot be written", "room on the disk")]
    [InlineData(60, "h5shuffle", "set aside", "allow more memory")]
    [InlineData(4, "concatenate", "cannot be written", "room on the disk")]
    public void AFullDiskIsAnErrorThatSaysWhatToDo(int megabytes, string command, params string[] words)
    {
        RequireLinux();
        var input = Large(megabytes * MiB);
        var disk = _folder.Folder("disk");
        if (!Environment.IsPrivilegedProcess || Tool.Run("/bin/mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", disk]).ExitCode != 0)
        {
            Assert.Skip("only root may mount a small disk, where the system lets it");
        }

        try
        {
            var target = Path.Combine(disk, "out.h5");
            string[] arguments = command == "h5shuffle" ? [command, input, "--output_file", target, "--memory", "34000000"] : [command, input, "--outfile", target];
            var message = Command.Fail(null, arguments);
            Assert.All(words, w => Assert.Contains(w, message, StringComparison.Ordinal));
            Assert.Empty(Directory.EnumerateFileSystemEntries(disk));
        }
        finally
        {
            Tool.Run("/bin/umount", [disk]);
        }
    }

    [Fact]
    public void ATrainingSetOnAFullDiskLeavesNothing()
    {
        RequireLinux();
        var input = Large(4 * MiB);
        var disk = _folder.Folder("disk");
        if (!Environment.IsPrivilegedProcess || Tool.Run("/bin/mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", disk]).ExitCode != 0)
        {
            Assert.Skip("only root may mount a small disk, where the system lets it");
        }

        try
        {
            var options = new TrainingSetOptions { Fractions = new(new Dictionary<string, double> { ["train"] = 0.9, ["test"] = 0.1 }) };
            Refusal.Of(() => TrainingSet.Make([input], Path.Combine(disk, "set"), options), "cannot be written", "room on the disk");
            Assert.Empty(Directory.EnumerateFileSystemEntries(disk));
        }
        finally
        {
            Tool.Run("/bin/umount", [disk]);
        }
    }

    [Fact]
    public void TheCommandTakesAListOfFiles()
    {
        var (a, b) = (new SampleInput(3) { Run = 1 }.Write(_inputs["a.h5"]), new SampleInput(4) { Run = 2 }.Write(_inputs["b.h5"]));
        File.WriteAllText(_inputs["list.txt"], $"{a}\n\n  {b}  \n");
        var line = Command.Succeed(_folder.Path, "concatenate", _inputs["list.txt"]);
        Assert.Matches(@"concatenated\.h5: 7 events of 2 files; \d+\.\d\d s, \d+ MB/s$", line);
        Assert.Equal([.. SampleContents.Codes(a), .. SampleContents.Codes(b)], SampleContents.Codes(_folder["concatenated.h5"]));
        Assert.Contains("exists already", Command.Fail(_folder.Path, "concatenate", _inputs["list.txt"]), StringComparison.Ordinal);
        File.WriteAllText(_inputs["empty.txt"], "\n\n");
        Assert.Contains("names no file", Command.Fail(_folder.Path, "concatenate", _inputs["empty.txt"], "-o", "no.h5"), StringComparison.Ordinal);
        Assert.Contains("absent.txt", Command.Fail(_folder.Path, "concatenate", "absent.txt", "-o", "no.h5"), StringComparison.Ordinal);
        File.WriteAllBytes(_inputs["odd.txt"], [1, 2, 3, 4]);
        Assert.Contains("no list of files", Command.Fail(_folder.Path, "concatenate", _inputs["odd.txt"], "-o", "no.h5"), StringComparison.Ordinal);

        // A single HDF5 file is merged by itself.
        Assert.Contains("3 events of 1 files", Command.Succeed(_folder.Path, "concatenate", a, "-o", "one.h5"), StringComparison.Ordinal);
        Assert.Equal(["concatenated.h5", "one.h5"], _folder.Names);
    }

    [Fact]
    public void TheCommandSaysWhatIsLeftOutAndGivenTwice()
    {
        var a = new SampleInput(3).Write(_inputs["a.h5"]);
        File.WriteAllText(_inputs["text.h5"], "no HDF5");
        var (output, error, exitCode) = Command.Run(_folder.Path, "concatenate", a, _inputs["text.h5"], a, "--skip_errors", "--no_used_files");
        Assert.Equal(0, exitCode);
        Assert.Contains("6 events of 2 files", output, StringComparison.Ordinal);
        Assert.Matches("^orcasong: left out: .*text.h5.*\norcasong: warning: .*2 times", error);
        (_, error, exitCode) = Command.Run(_folder.Path, "concatenate", a, _inputs["text.h5"], "-o", "no.h5");
        Assert.Equal(1, exitCode);
        Assert.Matches("^orcasong: 1 of 2 files cannot be used; nothing was written.*\n  .*text.h5", error);
    }

    [Fact]
    public void TheShuffleCommandsNameTheirOutput()
    {
        var input = new SampleInput(50) { ChunkRows = 10, HitsOf = e => 1 + (e % 2) }.Write(_inputs["in.h5"]);
        Assert.Matches(@"in_shuffled\.h5: 50 events shuffled with seed 3", Command.Succeed(null, "h5shuffle", input, "--seed", "3"));
        Assert.Equal(Shuffler.UniformOrder(50, 3).Select(e => SampleInput.Code(1, e)), SampleContents.Codes(_inputs["in_shuffled.h5"]));
        Assert.Contains("exists already", Command.Fail(null, "h5shuffle2", input), StringComparison.Ordinal);
        Command.Succeed(_folder.Path, "h5shuffle2", input, "--output_file", "out.h5", "--max_ram", "1000", "--iterations", "2", "--datasets", "x", "y");
        Assert.Equal(50, SampleContents.Codes(_folder["out.h5"], renumbered: false).Distinct().Count());
        Assert.Contains("two chunks", Command.Fail(_folder.Path, "h5shuffle2", input, "--output_file", "no.h5", "--max_ram", "60"), StringComparison.Ordinal);
        Assert.Contains("too small", Command.Fail(_folder.Path, "h5shuffle", input, "--output_file", "no.h5", "--memory", "60"), StringComparison.Ordinal);
        Assert.Contains("absent.h5", Command.Run(_folder.Path, "h5shuffle", "absent.h5").Error, StringComparison.Ordinal);
        Assert.Equal(["out.h5"], _folder.Names);
    }

    private static void RequireLinux()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("processes are looked at as Linux shows them");
        }
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Command.Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static long Peak(Process process)
    {
        long peak = 0;
        while (!process.WaitForExit(20))
        {
            process.Refresh();
            try
            {
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                // It ended just now.
            }
        }

        return peak;
    }

    /// <summary>Events of a thousand hits each, not compressed.</summary>
    private string Large(long bytes) =>
        new SampleInput((int)(bytes / 12_000)) { HitsOf = _ => 1000, HitChunkRows = 10_000, ChunkRows = 500, Filters = [H5Filter.Shuffle(1)] }.Write(_inputs["large.h5"]);
}
