using System.Globalization;
using OrcaSong.Batch;
using OrcaSong.Configuration;
using OrcaSong.Images;
using OrcaSong.Running;
using OrcaSong.Slurm;
using Xunit;

namespace OrcaSong.Tests.Slurm;

/// <summary>Jobs as far as they can be tested without a cluster: commands stand in for Slurm's. With one they are in tests/Slurm.</summary>
public sealed class SlurmJobsTests : IDisposable
{
    private static readonly FileBinner Binner = new([new BinAxis("pos_z", [0, 10, 20])]);
    private readonly TempFolder _folder = new();
    private readonly FakeSlurm _slurm;

    public SlurmJobsTests()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("the commands that stand in for Slurm's are shell scripts");
        }

        _slurm = new FakeSlurm(_folder.Path);
        _folder.Folder("in $(x)'s");
        _folder.Folder("out");
    }

    public void Dispose()
    {
        _slurm?.Dispose();
        _folder.Dispose();
    }

    private SlurmOptions Options => new() { Folder = _folder["jobs of 'mine'"], FilesPerTask = 2, TasksAtOnce = 3, Queue = "htc", Account = "km3net", Licences = "sps", Memory = 1L << 30 };

    [Fact]
    public void AnArrayAndItsCheckAreSubmittedFromTheJobsFolder()
    {
        var job = Submit(5, Options with { Directives = ["--constraint=el9"], Modules = ["dotnet/10"], Command = "/opt/orca song/orcasong" });
        Assert.Equal(("101", SlurmJobKind.Images, 3, 5, 1), (job.Id, job.Kind, job.Tasks, job.Files, job.Submissions));
        Assert.Equal(["run.sh", "--dependency=afterany:101 check.sh 101"], _slurm.Submitted);
        Assert.Equal([Path.Combine(job.Folder, "1"), Path.Combine(job.Folder, "1")], File.ReadAllLines(Path.Combine(_slurm.Folder, "folders")));
        var script = File.ReadAllText(Path.Combine(job.Folder, "1", "run.sh"));
        foreach (var line in new[]
        {
            "#SBATCH --partition=htc", "#SBATCH --account=km3net", "#SBATCH --licenses=sps", "#SBATCH --mem=1024M", "#SBATCH --cpus-per-task=1", "#SBATCH --array=1-3%3",
            "#SBATCH --constraint=el9", "#SBATCH --requeue", "#SBATCH --open-mode=append", "#SBATCH --output=log/%A_%a.out", "module load dotnet/10 || exit 1",
        })
        {
            Assert.Contains(line + "\n", script, StringComparison.Ordinal);
        }

        Assert.Contains("exec '/opt/orca song/orcasong' run \"lists/$task.txt\" ../config.toml --resume --log \"log/${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID.jsonl\"\n", script, StringComparison.Ordinal);
        Assert.True(script.IndexOf("module load", StringComparison.Ordinal) < script.IndexOf("set -euo", StringComparison.Ordinal));
        Assert.True(RunConfiguration.Load(Path.Combine(job.Folder, "config.toml")).Processor is FileBinner binner && binner.Axes.SequenceEqual(Binner.Axes));
        Assert.Equal(5, Directory.EnumerateFiles(Path.Combine(job.Folder, "1", "lists")).SelectMany(File.ReadLines).Count());
        Assert.Equal([job.Folder], SlurmJobs.Find(Options.Folder));
    }

    [Fact]
    public void AContainerIsRunWithApptainer()
    {
        var job = Submit(1, Options with { Container = "/images/it's.sif" });
        Assert.Contains("exec apptainer exec '/images/it'\\''s.sif' orcasong run ", File.ReadAllText(Path.Combine(job.Folder, "1", "run.sh")), StringComparison.Ordinal);
    }

    /// <summary>The scripts run as they stand: whatever is in names, they call the command with the right arguments, in the right folder.</summary>
    [Fact]
    public void TheScriptsExecuteNothingOfNames()
    {
        var command = _folder["command; touch executed"];
        File.WriteAllText(command, "#!/usr/bin/env bash\nprintf '%s\\n' \"$PWD\" \"$@\" > \"$CALLS\"\n");
        FakeSlurm.MakeExecutable(command);
        var job = SlurmJobs.Submit(
            new SlurmWork { Kind = SlurmJobKind.Merge, Inputs = [Input(0)], Files = [new RunItem(Input(0), _folder["out/$(touch executed) 'x\".h5"])], Arguments = ["concatenate", "--columns", "$(touch executed)"] },
            Options with { Command = command });
        var (_, error, exitCode) = Tool.Run(
            "/bin/bash", ["-c", "export CALLS=\"$1\" SLURM_ARRAY_JOB_ID=7 SLURM_ARRAY_TASK_ID=1; exec bash \"$2\"", "x", _folder["calls"], Path.Combine(job.Folder, "1", "run.sh")], _folder.Path);
        Assert.Equal((string.Empty, 0), (error, exitCode));
        Assert.Equal(
            [Path.Combine(job.Folder, "1"), "concatenate", "../inputs.txt", "--outfile", _folder["out/$(touch executed) 'x\".h5"], "--columns", "$(touch executed)", "--log", "log/7_1.jsonl"],
            File.ReadAllLines(_folder["calls"]));
        Assert.DoesNotContain("executed", _folder.Names);
    }

    [Fact]
    public void WhatSlurmRefusesLeavesNothingBehindAndIsToldInItsWords()
    {
        _slurm.Refuse("sbatch: error: invalid partition specified: htc\nsbatch: error: Batch job submission failed: Invalid partition name specified");
        var error = Assert.Throws<SlurmException>(() => Submit(2, Options));
        Assert.Equal(SlurmProblem.Refused, error.Problem);
        Assert.EndsWith("sbatch: error: invalid partition specified: htc sbatch: error: Batch job submission failed: Invalid partition name specified", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Options.Folder));
    }

    [Fact]
    public void WhatCannotBeDoneElsewhereIsRefusedBeforeItIsSubmitted()
    {
        Refusal.Of(() => Submit(1, Options with { Queue = "a b" }), "queue");
        var own = new FileBinner([new BinAxis("pos_z", [0, 10])], new ProcessingOptions { DetectorFile = _folder["none.detx"] });
        Refusal.Of(() => SlurmJobs.Submit(Work(1) with { Processor = own }, Options), "none.detx' does not exist");
        Refusal.Of(() => SlurmJobs.Submit(Work(1) with { Files = [new RunItem("/in/a\nb.h5", "/out/a.h5")] }, Options), "a\\u000ab.h5", "list");
        Assert.Empty(_slurm.Submitted);
    }

    [Fact]
    public void ProgressIsThatOfTheLogsAndOfTheTasks()
    {
        var job = Submit(6, Options);
        _slurm.Tell("101", (1, "COMPLETED"), (2, "RUNNING"), (3, "PENDING"));
        Log(job, "101_1", Made(0, 1000, 10), Made(3, 1000, 20));
        Log(job, "101_2", Made(1, 500, 20));
        var now = SlurmJobs.Get(job.Folder);
        Assert.Equal((SlurmJobState.Running, 3, 0, 2500L, 1, 1), (now.State, now.FilesDone, now.FilesFailed, now.EventsDone, now.TasksRunning, now.TasksPending));
        Assert.Equal(125, now.EventsPerSecond, 6);
        Assert.Equal(TimeSpan.FromSeconds(20), now.TimeLeft);
        Assert.Empty(now.Failures);
        Assert.Equal([Output(0), Output(1), Output(3)], SlurmJobs.Results(job.Folder).Select(e => e.Run!.Output));
    }

    [Fact]
    public void WhatIsMissingFailedOrBrokenIsMadeAgainAndNothingElse()
    {
        var job = Submit(6, Options);
        _slurm.Tell("101", (1, "COMPLETED"), (2, "TIMEOUT"), (3, "COMPLETED"));
        _slurm.Tell("102", (1, "FAILED"));
        Log(job, "101_1", Made(0), Made(3));
        Log(job, "101_2", Made(1));
        Log(job, "101_3", Made(2), Entry(5, LogState.Failed, 1) with { Error = "no HDF5" });
        Log(job, "102_1", Entry(0, LogState.Valid, 60), Entry(1, LogState.Valid, 60), Entry(2, LogState.Invalid, 60) with { Problems = ["expected x"] }, Entry(3, LogState.Valid, 60), Entry(4, LogState.Invalid, 60), Entry(5, LogState.Invalid, 60));
        File.Delete(Output(3));
        var ended = SlurmJobs.Get(job.Folder);
        Assert.Equal((SlurmJobState.Incomplete, 3, 2, 3), (ended.State, ended.FilesDone, ended.FilesFailed, ended.FilesChecked));
        Assert.Equal(
            [(SlurmFailureKind.Check, Input(2), "expected x"), (SlurmFailureKind.File, Input(5), "no HDF5"), (SlurmFailureKind.TimeLimit, null, "it was over its time limit")],
            ended.Failures.Select(f => (f.Kind, f.Input, f.Reason)));

        var (again, files) = SlurmJobs.Restart(job.Folder);
        Assert.Equal((4, 2, 2), (files, again.Submissions, again.Tasks));
        Assert.False(File.Exists(Output(2)), "what is broken goes");
        Assert.Equal(
            [Output(2), Output(3), Output(4), Output(5)],
            Directory.EnumerateFiles(Path.Combine(job.Folder, "2", "lists")).SelectMany(File.ReadLines).Select(l => l.Split('\t')[1]).Order());
        Assert.Equal(["run.sh", "--dependency=afterany:103 check.sh 103"], _slurm.Submitted[2..]);

        _slurm.Tell("103", (1, "COMPLETED"), (2, "COMPLETED"));
        foreach (var task in new[] { 1, 2 })
        {
            var list = File.ReadAllText(Path.Combine(job.Folder, "2", "lists", $"000{task}.txt"));
            Log(again, $"103_{task}", [.. Enumerable.Range(2, 4).Where(i => list.Contains(Output(i), StringComparison.Ordinal)).Select(i => Made(i, at: 100))]);
        }

        Log(again, "104_1", Entry(2, LogState.Valid, 160), Entry(3, LogState.Valid, 160), Entry(4, LogState.Valid, 160), Entry(5, LogState.Valid, 160));
        var done = SlurmJobs.Get(job.Folder);
        Assert.Equal((SlurmJobState.Completed, 6, 0), (done.State, done.FilesDone, done.FilesFailed));
        Assert.Equal([true, true, true], done.Failures.Select(f => f.IsResolved));
        Assert.Equal((0, 2), (SlurmJobs.Restart(job.Folder).Files, SlurmJobs.Get(job.Folder).Submissions));
    }

    [Fact]
    public void FilesOfTasksThatRunAreLeftAlone()
    {
        var job = Submit(6, Options);
        _slurm.Tell("101", (1, "RUNNING"), (2, "CANCELLED"), (3, "PENDING"));
        var (again, files) = SlurmJobs.Restart(job.Folder);
        Assert.Equal((2, 1), (files, again.Tasks));
        Assert.Equal([Output(1), Output(4)], File.ReadLines(Path.Combine(job.Folder, "2", "lists", "0001.txt")).Select(l => l.Split('\t')[1]));
    }

    [Fact]
    public void AJobBeginsWhenThoseBeforeItAreCompleted()
    {
        var first = Submit(2, Options);
        _slurm.Tell("101", (1, "RUNNING"));
        _slurm.Tell("102", (1, "PENDING"));
        var work = new SlurmWork { Kind = SlurmJobKind.Merge, Inputs = first.Output, Files = [new RunItem(Output(0), _folder["out/all.h5"])], Arguments = ["concatenate"], After = [first] };
        SlurmJobs.Submit(work, Options);
        Assert.Equal("--dependency=afterok:102 --kill-on-invalid-dep=yes run.sh", _slurm.Submitted[2]);

        _slurm.Tell("101", (1, "FAILED"));
        _slurm.Tell("102", (1, "FAILED"));
        Refusal.Of(() => SlurmJobs.Submit(work, Options), "Restart it first");
        Log(first, "101_1", Made(0), Made(1));
        Log(first, "102_1", Entry(0, LogState.Valid, 60), Entry(1, LogState.Valid, 60));
        SlurmJobs.Submit(work, Options);
        Assert.Equal("run.sh", _slurm.Submitted[^2]);
    }

    [Fact]
    public void AllThatIsActiveIsEnded()
    {
        var job = Submit(4, Options);
        _slurm.Tell("101", (1, "COMPLETED"), (2, "RUNNING"));
        _slurm.Tell("102", (1, "PENDING"));
        SlurmJobs.Stop(job.Folder);
        Assert.Contains("scancel 102 101", _slurm.Calls);
    }

    [Fact]
    public void OtherFoldersAreNoJobs()
    {
        Refusal.Of(() => SlurmJobs.Get(_folder["out"]), "is no folder of a job");
        File.WriteAllText(_folder["out/job.json"], "{");
        Refusal.Of(() => SlurmJobs.Get(_folder["out"]), "cannot be read");
        Assert.Empty(SlurmJobs.Find(_folder["absent"]));
    }

    private SlurmJob Submit(int files, SlurmOptions options) => SlurmJobs.Submit(Work(files), options);

    private SlurmWork Work(int files)
    {
        for (var i = 0; i < files; i++)
        {
            File.WriteAllText(Input(i), new string('x', 1000));
        }

        return new SlurmWork { Kind = SlurmJobKind.Images, Processor = Binner, Files = [.. Enumerable.Range(0, files).Select(i => new RunItem(Input(i), Output(i)))], Arguments = ["run"] };
    }

    private string Input(int i) => _folder[string.Create(CultureInfo.InvariantCulture, $"in $(x)'s/{i}.h5")];

    private string Output(int i) => _folder[string.Create(CultureInfo.InvariantCulture, $"out/{i}.h5")];

    private static LogEntry At(LogEntry entry, double seconds) => entry with { Time = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(seconds) };

    private LogEntry Entry(int file, LogState state, double at) => At(new LogEntry { Time = default, State = state, Input = Input(file), Output = Output(file) }, at);

    /// <summary>A file that took ten seconds.</summary>
    private LogEntry Made(int file, long events = 10, double at = 10)
    {
        File.WriteAllText(Output(file), "made");
        return Entry(file, LogState.Done, at) with
        {
            Bytes = 4,
            Run = new RunResult
            {
                Input = Input(file),
                Output = Output(file),
                EventsRead = events,
                EventsWritten = events,
                SkippedBy = new Dictionary<OrcaSong.Calibration.SkipReason, long>(),
                Hits = 1,
                Overflows = 0,
                Warnings = [],
                Elapsed = TimeSpan.FromSeconds(10),
            },
        };
    }

    private static void Log(SlurmJob job, string task, params LogEntry[] entries)
    {
        using var log = new JobLog(Path.Combine(job.Folder, job.Submissions.ToString(CultureInfo.InvariantCulture), "log", task + ".jsonl"));
        foreach (var entry in entries)
        {
            log.Write(entry);
        }
    }
}
