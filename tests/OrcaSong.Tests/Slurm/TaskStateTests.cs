using OrcaSong.Slurm;
using Xunit;

namespace OrcaSong.Tests.Slurm;

public sealed class TaskStateTests
{
    // As Slurm 22.05 writes it, but for the fields in between; the last two lines are another job, and one whose script is called like a field.
    private const string Text = """
        JobId=1 ArrayJobId=1 ArrayTaskId=5-8,10%2 JobName=orcasong-images JobState=PENDING Reason=Resources Dependency=(null) Requeue=1 Restarts=0 ExitCode=0:0
        JobId=7 ArrayJobId=1 ArrayTaskId=4 JobName=orcasong-images JobState=FAILED Reason=JobLaunchFailure Dependency=(null) Requeue=1 Restarts=0 ExitCode=0:9
        JobId=6 ArrayJobId=1 ArrayTaskId=3 JobName=orcasong-images JobState=RUNNING Reason=None Dependency=(null) Requeue=1 Restarts=2 ExitCode=0:0
        JobId=9 ArrayJobId=2 ArrayTaskId=1 JobName=orcasong-images JobState=RUNNING Reason=None Restarts=0 ExitCode=0:0
        JobId=4 ArrayJobId=1 ArrayTaskId=1 JobName=orcasong-images JobState=COMPLETED Reason=None Restarts=0 ExitCode=0:0 Command=/a b JobState=FAILED/run.sh

        """;

    [Fact]
    public void TheControllersWordsAreRead()
    {
        var states = new Dictionary<int, TaskState>();
        TaskState.ReadController(Text, "1", states);
        Assert.Equal([1, 3, 4, 5, 6, 7, 8, 10], states.Keys.Order());
        Assert.Equal(("PENDING", "Resources", false, false), (states[7].State, states[7].Reason, states[7].HasEnded, states[7].IsRunning));
        Assert.Equal(("FAILED", "0:9", true), (states[4].State, states[4].ExitCode, states[4].HasEnded));
        Assert.Equal((2, true), (states[3].Restarts, states[3].IsRunning));
        Assert.Equal("COMPLETED", states[1].State);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("3-5", 3, 4, 5)]
    [InlineData("1,4-6%2", 1, 4, 5, 6)]
    [InlineData("1-9:4", 1, 5, 9)]
    [InlineData("1-12%1", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)]
    [InlineData("N/A")]
    [InlineData("2-1")]
    public void NumbersOfTasksAreReadAsSlurmWritesThem(string text, params int[] expected) => Assert.Equal(expected, TaskState.Numbers(text));

    [Theory]
    [InlineData(SlurmFailureKind.TimeLimit, "COMPLETED", "slurmstepd: error: *** JOB 5 ON n1 CANCELLED AT 2026-11-22T23:52:21 DUE TO TIME LIMIT ***")]
    [InlineData(SlurmFailureKind.Memory, "FAILED", "slurmstepd: error: Exceeded job memory limit\nslurmstepd: error: *** JOB 7 ON n1 CANCELLED AT 2026-11-22T23:52:14 ***")]
    [InlineData(SlurmFailureKind.Memory, "CANCELLED", "slurmstepd: error: Detected 1 oom-kill event(s) in StepId=7.batch.")]
    [InlineData(SlurmFailureKind.Cancelled, "CANCELLED", "slurmstepd: error: *** JOB 6 ON n1 CANCELLED AT 2026-11-22T23:52:21 ***")]
    [InlineData(SlurmFailureKind.Node, "PENDING", "slurmd: error: *** JOB 6 ON n1 CANCELLED AT 2026-11-22T23:52:21 DUE TO NODE FAILURE, SEE SLURMCTLD LOG FOR DETAILS ***")]
    [InlineData(SlurmFailureKind.TimeLimit, "TIMEOUT", "")]
    [InlineData(SlurmFailureKind.Memory, "OUT_OF_MEMORY", "")]
    [InlineData(SlurmFailureKind.Node, "NODE_FAIL", "")]
    [InlineData(SlurmFailureKind.NotStarted, "FAILED", "/jobs/run.sh: line 9: orcasong: command not found")]
    public void TheEndOfATaskIsToldByWhatTheDaemonWroteAndWhatTheControllerKnows(SlurmFailureKind kind, string state, string printed)
    {
        var (found, reason) = TaskEnd.Describe(new TaskState(state, "None", "127:0", 0), printed, hasLog: true, hasBegun: false, "/jobs", isRepeated: false);
        Assert.Equal(kind, found);
        Assert.NotEmpty(reason);
        Assert.Equal(kind == SlurmFailureKind.NotStarted, reason.Contains("command not found", StringComparison.Ordinal));
    }

    [Fact]
    public void ATaskThatFailedByAKillWasKilledForItsMemoryThoughItsLogSaysCancelled()
    {
        var printed = "slurmstepd: error: *** JOB 7 ON n1 CANCELLED AT 2026-11-22T23:52:14 ***";
        Assert.Equal(SlurmFailureKind.Memory, TaskEnd.Describe(new TaskState("FAILED", "JobLaunchFailure", "0:9", 0), printed, true, false, "/jobs", false).Kind);
    }

    [Fact]
    public void ATaskThatCouldNotEvenOpenItsLogSawNoFolder()
    {
        var (kind, reason) = TaskEnd.Describe(new TaskState("FAILED", "RaisedSignal:53", "0:53", 0), string.Empty, hasLog: false, hasBegun: false, "/home/me/jobs", isRepeated: false);
        Assert.Equal(SlurmFailureKind.NotStarted, kind);
        Assert.Contains("nodes do not see the folder '/home/me/jobs'", reason, StringComparison.Ordinal);
    }
}
