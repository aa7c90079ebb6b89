using OrcaSong.Batch;
using OrcaSong.Training.Splitting;
using Xunit;

namespace OrcaSong.Tests.Training;

public sealed class SplitWriterTests : IDisposable
{
    private static readonly string[] Hostile =
    [
        "a b'$(touch pwned).h5", "`touch pwned`.h5", "a;touch pwned;.h5", "a\"&touch pwned&\".h5", "$HOME \\ *.h5", "-rf.h5", "@args.h5", "~.h5", "ü €.h5", "# x.h5", "!!.h5",
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> HostileNames() => [.. Hostile];

    [Fact]
    public void ListsHaveAPathInEachLine()
    {
        var split = Writer().Write(Split(1));
        Assert.Equal(["conc_list_files"], _folder.Names);
        Assert.Equal(_folder["conc_list_files/lst_train_0.txt"], split.Parts[0].ListFile);
        Assert.Equal("file0.h5\nother0.h5\n", File.ReadAllText(split.Parts[0].ListFile!));
        Assert.Equal(["lst_train_0.txt"], Names("conc_list_files"));
        Assert.Empty(split.Parts[0].JobScripts);
    }

    [Fact]
    public void ScriptsAreNamedAsUpstreamsAndCallTheSameCommands()
    {
        var jobs = new JobOptions { VirtualEnvironment = "/venv/bin/", DeleteUnshuffled = true };
        var part = (Writer() with { Folder = "out/", BaseFolder = _folder.Path, Jobs = jobs }).Write(Split(1)).Parts.Single();
        Assert.Equal(["conc_list_files", "data_split", "job_scripts", "logs"], Directory.EnumerateDirectories(_folder["out"]).Select(d => Path.GetFileName(d)).Order());
        Assert.Equal([_folder["out/job_scripts/concatenate_h5_lst_train_0.sh"], _folder["out/job_scripts/shuffle_h5_lst_train_0.sh"]], part.JobScripts);
        Assert.Equal(
            "#!/usr/bin/env bash\n\nsource /venv/bin/activate || exit 1\nset -euo pipefail\n\n# Concatenate the files in the list\n"
            + "orcasong concatenate out/conc_list_files/lst_train_0.txt --outfile out/data_split/lst_train_0.h5\n",
            File.ReadAllText(part.JobScripts[0]));
        Assert.EndsWith("\norcasong h5shuffle2 out/data_split/lst_train_0.h5\nrm out/data_split/lst_train_0.h5\n", File.ReadAllText(part.JobScripts[1]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/venv/bin/", "source /venv/bin/activate")]
    [InlineData("/venv/bin", "source /venv/bin/activate")]
    [InlineData("/venv/", "source /venv/bin/activate")]
    [InlineData("my venv", "source 'my venv/bin/activate'")]
    [InlineData(null, "")]
    public void TheEnvironmentIsActivatedIfThereIsOne(string? environment, string line)
    {
        var part = (Writer() with { Jobs = new JobOptions { VirtualEnvironment = environment } }).Write(Split(1)).Parts[0];
        Assert.All(part.JobScripts, script => Assert.Equal(line.Length > 0, File.ReadAllText(script).Contains("source", StringComparison.Ordinal)));
        Assert.All(part.JobScripts, script => Assert.Contains(line, File.ReadAllText(script), StringComparison.Ordinal));
    }

    [Fact]
    public void DirectivesOfSlurm()
    {
        var lines = Directives(Scheduler.Slurm, "#SBATCH");
        Assert.Equal(
            [
                "#SBATCH --job-name=concatenate_h5_lst_train_0",
                $"#SBATCH --output={_folder.Path}/logs/concatenate_h5_lst_train_0_%j.log",
                "#SBATCH --time=1-12:30:00",
                "#SBATCH --mem=4097M",
                "#SBATCH --cpus-per-task=2",
                "#SBATCH --licenses=sps:1,irods",
                "#SBATCH --account=km3net",
                "#SBATCH --partition=htc",
            ],
            lines);
        Assert.Contains("sbatch --dependency=afterok:\"${job%%;*}\"", File.ReadAllText(_folder["job_scripts/submit_lst.sh"]), StringComparison.Ordinal);
    }

    [Fact]
    public void DirectivesOfTorque()
    {
        var lines = Directives(Scheduler.Torque, "#PBS");
        Assert.Equal(
            [
                "#PBS -N concatenate_h5_lst_train_0",
                "#PBS -j oe",
                $"#PBS -o {_folder.Path}/logs/concatenate_h5_lst_train_0.log",
                "#PBS -l walltime=36:30:00",
                "#PBS -l mem=4097mb",
                "#PBS -l nodes=1:ppn=2",
                "#PBS -l software=sps:1,irods",
                "#PBS -A km3net",
                "#PBS -q htc",
            ],
            lines);
        Assert.Contains("qsub -W depend=afterok:\"$job\"", File.ReadAllText(_folder["job_scripts/submit_lst.sh"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12:00:00", "12:00:00")]
    [InlineData("36:00:00", "1.12:00:00")]
    [InlineData("2-00:30:00", "2.00:30:00")]
    [InlineData("0:05:00", "00:05:00")]
    public void TimesAreReadAsBatchSystemsWriteThem(string text, string time) => Assert.Equal(TimeSpan.Parse(time), JobOptions.ParseTime(text));

    [Theory]
    [InlineData("4G", 4L << 30)]
    [InlineData("4GB", 4L << 30)]
    [InlineData("500M", 500L << 20)]
    [InlineData("4gib", 4L << 30)]
    [InlineData("1073741824", 1L << 30)]
    public void MemoryIsReadWithItsUnit(string text, long bytes) => Assert.Equal(bytes, JobOptions.ParseMemory(text));

    [Fact]
    public void WhatNoScriptCanHoldIsRefused()
    {
        Assert.All(["12", "12:00", "1:60:00", "0:00:00", "x", "12:00:00\n"], text => Refusal.Of(() => JobOptions.ParseTime(text), "12:00:00"));
        Assert.All(["0", "4 GB", "4X", "", "-1G", "99999999999999999999G"], text => Refusal.Of(() => JobOptions.ParseMemory(text), "4G"));
        var slurm = new JobOptions { Scheduler = Scheduler.Slurm };
        Assert.All(
            [slurm with { Account = "a\n#SBATCH --uid=0" }, slurm with { Queue = "a b" }, slurm with { Licences = "$(x)" }, slurm with { Cores = 0 }, slurm with { Memory = 0 }, slurm with { Time = TimeSpan.Zero }],
            jobs => Refusal.Of(() => (Writer() with { Jobs = jobs }).Check(["train"]), "expected"));
        Refusal.Of(() => (Writer() with { Jobs = new JobOptions { Account = "km3net" } }).Check(["train"]), "Slurm or Torque");
        Refusal.Of(() => (Writer() with { Folder = _folder["a$b"], Jobs = slurm }).Check(["train"]), "directives");
        Refusal.Of(() => (Writer() with { Name = "a/b" }).Check(["train"]), "'a/b'");
        Refusal.Of(() => (Writer() with { Name = "a\nb" }).Check(["train"]), "a\\u000ab");
        Assert.Empty(_folder.Names);
    }

    [Theory]
    [MemberData(nameof(HostileNames))]
    public void ScriptsExecuteNothingOfNames(string name)
    {
        // It writes down what it is called with.
        var bin = Command("printf '%s\\n' \"$@\" >> \"$CALLS\"");
        var work = _folder.Folder("work");
        var environment = Directory.CreateDirectory(Path.Combine(work, name + "-venv", "bin")).FullName;
        File.WriteAllText(Path.Combine(environment, "activate"), "echo activated >> \"$CALLS\"\necho \"${PS1}\" > /dev/null\n");
        var writer = new DataSplitWriter
        {
            Folder = name,
            Name = "lst",
            BaseFolder = work,
            Jobs = new JobOptions { DeleteUnshuffled = true, VirtualEnvironment = name + "-venv" },
        };
        var part = writer.Write(Split(1)).Parts.Single();
        File.WriteAllText(Path.Combine(work, name, "data_split", "lst_train_0.h5"), "merged");
        foreach (var script in part.JobScripts)
        {
            var (_, error, exitCode) = Tool.Run("/bin/bash", ["-c", "export PATH=\"$1:$PATH\" CALLS=\"$2\"; exec bash -- \"$3\"", "x", bin, _folder["calls"], script], work);
            Assert.Equal((string.Empty, 0), (error, exitCode));
        }

        var written = name[0] is '-' or '@' ? "./" + name : name;
        Assert.Equal(
            ["activated", "concatenate", $"{written}/conc_list_files/lst_train_0.txt", "--outfile", $"{written}/data_split/lst_train_0.h5", "activated", "h5shuffle2", $"{written}/data_split/lst_train_0.h5"],
            File.ReadAllLines(_folder["calls"]));
        Assert.Equal(new[] { name, name + "-venv" }.Order(), Directory.EnumerateFileSystemEntries(work).Select(f => Path.GetFileName(f)).Order());
        Assert.False(File.Exists(Path.Combine(work, name, "data_split", "lst_train_0.h5")), "the merged file is to be deleted");
    }

    [Fact]
    public void TheMergedFileStaysWhereShufflingFails()
    {
        var bin = Command("exit 3");
        var part = (Writer() with { Jobs = new JobOptions { DeleteUnshuffled = true } }).Write(Split(1)).Parts.Single();
        File.WriteAllText(_folder["data_split/lst_train_0.h5"], "merged");
        var (_, _, exitCode) = Tool.Run("/bin/bash", ["-c", "PATH=\"$1:$PATH\" exec bash \"$2\"", "x", bin, part.JobScripts[1]]);
        Assert.Equal(3, exitCode);
        Assert.True(File.Exists(_folder["data_split/lst_train_0.h5"]));
    }

    [Fact]
    public void AnEarlierSplitIsReplacedOnlyWhereThatIsAllowed()
    {
        var jobs = new JobOptions { Scheduler = Scheduler.Slurm };
        (Writer() with { Jobs = jobs }).Write(Split(3));
        Writer("lst_train").Write(Split(1));
        var error = Assert.Throws<DataSplitException>(() => Writer().Write(Split(1)));
        Assert.Equal(SplitProblemKind.OutputExists, error.Problems.Single().Kind);
        Assert.Contains("10 files", error.Message, StringComparison.Ordinal);

        // Lists of the earlier split that have no counterpart would be merged with the new ones.
        (Writer() with { Overwrite = true }).Write(Split(2));
        Assert.Equal(["lst_train_0.txt", "lst_train_1.txt", "lst_train_train_0.txt"], Names("conc_list_files"));
        Assert.Empty(Names("job_scripts"));
    }

    [Fact]
    public void ASplitThatCannotBeWrittenLeavesNothing()
    {
        _folder.Folder("conc_list_files/lst_train_1.txt.partial");
        Assert.ThrowsAny<Exception>(() => Writer().Write(Split(2)));
        Assert.Equal(["lst_train_1.txt.partial"], Directory.EnumerateFileSystemEntries(_folder["conc_list_files"]).Select(f => Path.GetFileName(f)));
    }

    [Fact]
    public void ANameWithALineEndIsRefusedBeforeItGetsIntoAList()
    {
        var path = SplitInput.Write(_folder["a\nb.h5"], 1);
        var problem = Assert.Throws<DataSplitException>(() => LabelScan.Read([new SplitSource(path, "a", path)], needRuns: true)).Problems.Single();
        Assert.Equal(SplitProblemKind.InvalidPath, problem.Kind);
        Assert.Contains("a\\u000ab.h5' has a line end in its name", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APathThatReadersOfListsWouldTrimIsRefused()
    {
        var path = SplitInput.Write(_folder["a.h5 "], 1);
        var problem = Assert.Throws<DataSplitException>(() => LabelScan.Read([new SplitSource(path, "a", path)], needRuns: true)).Problems.Single();
        Assert.Equal(SplitProblemKind.InvalidPath, problem.Kind);
    }

    private static DataSplit Split(int parts)
    {
        var all = new Dictionary<string, IReadOnlyList<RunRange>> { ["train"] = [new RunRange(0, 10)] };
        return new RunSplit { Sets = ["train"], RangesOf = _ => all, PartCounts = new Dictionary<string, int> { ["train"] = parts } }.Split(
            [.. Enumerable.Range(0, parts).SelectMany(i => new[] { SplitInput.File($"file{i}.h5", "a", 1, 1), SplitInput.File($"other{i}.h5", "b", 1, 1) })]);
    }

    /// <summary>A folder with a stand-in for the command.</summary>
    private string Command(string text)
    {
        if (!File.Exists("/bin/bash"))
        {
            Assert.Skip("bash is absent");
        }

        var bin = _folder.Folder("bin");
        File.WriteAllText(Path.Combine(bin, "orcasong"), $"#!/bin/bash\n{text}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(bin, "orcasong"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return bin;
    }

    private DataSplitWriter Writer(string name = "lst") => new() { Folder = _folder.Path, Name = name };

    private string[] Names(string folder) => [.. Directory.EnumerateFiles(_folder[folder]).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    private string[] Directives(Scheduler scheduler, string prefix)
    {
        var jobs = new JobOptions
        {
            Scheduler = scheduler,
            Time = new TimeSpan(36, 30, 0),
            Memory = (4L << 30) + 1,
            Cores = 2,
            Licences = "sps:1,irods",
            Account = "km3net",
            Queue = "htc",
        };
        var part = (Writer() with { Jobs = jobs }).Write(Split(1)).Parts[0];
        return [.. File.ReadAllLines(part.JobScripts[0]).Where(l => l.StartsWith(prefix, StringComparison.Ordinal))];
    }
}
