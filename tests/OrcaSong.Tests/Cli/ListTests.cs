using OrcaSong.Batch;
using Xunit;

namespace OrcaSong.Tests.Cli;

/// <summary>Lists of files, and logs, of the commands.</summary>
public sealed class ListTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public ListTests()
    {
        File.WriteAllText(_folder["c.toml"], "mode = \"image\"\nbin_edges_list = [[\"pos_z\", [0, 10, 20, 50]]]\n");
        new TestFile(3, 0, 4).Write(_folder["a b.h5"]);
        new TestFile(2).Write(_folder["c.h5"]);
        File.WriteAllText(_folder["bad.h5"], "no HDF5");
        File.WriteAllText(_folder["list.txt"], $"a b.h5\n\nbad.h5\nc.h5\t{_folder["other.h5"]}\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OneBadFileOfAListIsALineAndTheOthersAreMade()
    {
        var (output, error, exitCode) = Command.Run(_folder.Path, "run", "list.txt", "c.toml", "--log", "log.jsonl");
        Assert.Equal(1, exitCode);
        Assert.Matches(@"\Aorcasong: .*bad\.h5.*\n\z", error);
        Assert.Equal(2, output.TrimEnd().Split('\n').Length);
        Assert.Contains("other.h5", _folder.Names);
        Assert.Contains("a b_dl.h5", _folder.Names);
        var log = JobLog.Read(_folder["log.jsonl"]);
        Assert.Equal([LogState.Done, LogState.Failed, LogState.Done], log.Select(e => e.State));
        Assert.Equal((_folder["a b.h5"], _folder["a b_dl.h5"], 3L, 2L), (log[0].Input, log[0].Output, log[0].Run!.EventsRead, log[0].Run!.EventsWritten));
        Assert.Equal(1, log[0].Run!.SkippedBy[OrcaSong.Calibration.SkipReason.NoHits]);
        Assert.Equal(new FileInfo(_folder["other.h5"]).Length, log[2].Bytes);
        Assert.Contains("bad.h5", log[1].Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ARepeatedListKeepsWhatIsCompleteAndAddsToTheLog()
    {
        Command.Run(_folder.Path, "run", "list.txt", "c.toml", "--log", "log.jsonl");
        File.Delete(_folder["other.h5"]);

        // The line that was being written when the first process was killed.
        File.AppendAllText(_folder["log.jsonl"], "{\"time\":\"2026-11-2\n");
        var made = File.GetLastWriteTimeUtc(_folder["a b_dl.h5"]);
        Assert.Equal(1, Command.Run(_folder.Path, "run", "list.txt", "c.toml", "--resume", "--log", "log.jsonl").ExitCode);
        Assert.Equal(made, File.GetLastWriteTimeUtc(_folder["a b_dl.h5"]));
        Assert.Equal([LogState.Kept, LogState.Failed, LogState.Done], JobLog.Read(_folder["log.jsonl"]).Skip(3).Select(e => e.State));
    }

    [Fact]
    public void OutputsOfAListGoToTheFolderThatIsNamed()
    {
        File.WriteAllText(_folder["list.txt"], "a b.h5\nc.h5\n");
        _folder.Folder("out");
        Assert.Equal(0, Command.Run(_folder.Path, "run", "list.txt", "c.toml", "-o", "out").ExitCode);
        Assert.Equal(["a b_dl.h5", "c_dl.h5"], Directory.EnumerateFiles(_folder["out"]).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("a\tb\tc\n", "control characters")]
    [InlineData("\n\n", "names no file")]
    public void WhatIsNoListIsRefused(string text, string word)
    {
        File.WriteAllText(_folder["list.txt"], text);
        Assert.Contains(word, Command.Fail(_folder.Path, "run", "list.txt", "c.toml"), StringComparison.Ordinal);
    }

    [Fact]
    public void AListIsCheckedAndTheLogNamesWhatIsBroken()
    {
        Command.Run(_folder.Path, "run", "list.txt", "c.toml");
        File.WriteAllText(_folder["made.txt"], "a b_dl.h5\nother.h5\nlost.h5\n");
        File.WriteAllBytes(_folder["other.h5"], File.ReadAllBytes(_folder["other.h5"])[..^100]);
        Assert.Equal(1, Command.Run(_folder.Path, "check", "made.txt", "--log", "log.jsonl").ExitCode);
        var log = JobLog.Read(_folder["log.jsonl"]);
        Assert.Equal([LogState.Valid, LogState.Invalid, LogState.Invalid], log.Select(e => e.State));
        Assert.Null(log[0].Problems);
        Assert.NotEmpty(log[1].Problems!);
    }

    [Fact]
    public void MergesShufflesAndTrainingSetsAreLoggedToo()
    {
        File.WriteAllText(_folder["list.txt"], "a b.h5\nc.h5\n");
        Command.Run(_folder.Path, "run", "list.txt", "c.toml");
        File.WriteAllText(_folder["made.txt"], "a b_dl.h5\nc_dl.h5\n");
        Command.Succeed(_folder.Path, "concatenate", "made.txt", "-o", "merged.h5", "--log", "log.jsonl");
        Command.Succeed(_folder.Path, "h5shuffle", "merged.h5", "-o", "shuffled.h5", "--log", "log.jsonl");
        Command.Fail(_folder.Path, "h5shuffle", "merged.h5", "-o", "shuffled.h5", "--log", "log.jsonl");
        Command.Succeed(_folder.Path, "h5shuffle", "merged.h5", "-o", "shuffled.h5", "--overwrite");
        var (output, error, exitCode) = Command.Run(_folder.Path, "training_set", "made.txt", "-o", "sets", "--fraction", "a=0.5", "--fraction", "b=0.5", "--split_by", "random", "--log", "log.jsonl");
        Assert.True(exitCode == 0, error);
        Assert.Equal(2, output.TrimEnd().Split('\n').Length);
        var log = JobLog.Read(_folder["log.jsonl"]);
        Assert.Equal([LogState.Done, LogState.Done, LogState.Failed, LogState.Done], log.Select(e => e.State));
        Assert.Equal((3L, 3L, 3L), (log[0].Merge!.Events, log[1].Shuffle!.Events, log[3].TrainingSet!.Events));
        Assert.Equal(["a", "b"], log[3].TrainingSet!.Files.Select(f => f.Set));
        Assert.Contains("exists already", log[2].Error, StringComparison.Ordinal);
    }
}
