namespace OrcaSong.Slurm;

/// <summary>Says in words why a task ended before its work was done: from what Slurm knows, and from what its daemon wrote into the task's log.</summary>
internal static class TaskEnd
{
    // What slurmstepd and slurmd write; the same words for many years.
    private static readonly (string Words, SlurmFailureKind Kind, string Reason)[] Marks =
    [
        ("DUE TO TIME LIMIT", SlurmFailureKind.TimeLimit, "it was over its time limit"),
        ("Exceeded job memory limit", SlurmFailureKind.Memory, "it took more memory than it was granted"),
        ("oom-kill", SlurmFailureKind.Memory, "it took more memory than it was granted"),
        ("oom_kill", SlurmFailureKind.Memory, "it took more memory than it was granted"),
        ("DUE TO NODE FAILURE", SlurmFailureKind.Node, "its node failed"),
        ("DUE TO JOB REQUEUE", SlurmFailureKind.Node, "it was begun anew on another node"),
        ("DUE TO PREEMPTION", SlurmFailureKind.Node, "it had to make room for others"),
        ("CANCELLED AT", SlurmFailureKind.Cancelled, "it was cancelled"),
    ];

    /// <summary>Describes the end of a task.</summary>
    /// <param name="state">What Slurm says of it, if it knows.</param>
    /// <param name="printed">The end of what it printed.</param>
    /// <param name="hasLog">Whether it could print at all.</param>
    /// <param name="hasBegun">Whether it has finished any file.</param>
    /// <param name="folder">The folder of the job.</param>
    /// <param name="isRepeated">Whether it was begun anew, and has made all files then.</param>
    internal static (SlurmFailureKind Kind, string Reason) Describe(TaskState? state, string printed, bool hasLog, bool hasBegun, string folder, bool isRepeated)
    {
        if (isRepeated)
        {
            return (SlurmFailureKind.Node, "its node failed, or it had to make room; Slurm has begun it anew");
        }

        // The daemon knows best: to the controller a task that was killed for its memory has failed, or was cancelled.
        if (Marks.FirstOrDefault(m => printed.Contains(m.Words, StringComparison.OrdinalIgnoreCase)) is { Words: not null } mark)
        {
            // What is cancelled is CANCELLED to the controller as well; what has FAILED by a KILL was killed for its memory, even where the daemon does not say so.
            return mark.Kind == SlurmFailureKind.Cancelled && state is { State: "FAILED", ExitCode: "0:9" }
                ? (SlurmFailureKind.Memory, "it was killed, as tasks are that take more memory than they were granted")
                : (mark.Kind, mark.Reason);
        }

        return state switch
        {
            { State: "TIMEOUT" or "DEADLINE" } => (SlurmFailureKind.TimeLimit, "it was over its time limit"),
            { State: "OUT_OF_MEMORY" } => (SlurmFailureKind.Memory, "it took more memory than it was granted"),
            { State: "NODE_FAIL" or "BOOT_FAIL" } => (SlurmFailureKind.Node, "its node failed"),
            { State: "PREEMPTED" } => (SlurmFailureKind.Node, "it had to make room for others"),
            { State: "CANCELLED" } => (SlurmFailureKind.Cancelled, state.Reason.StartsWith("Dependency", StringComparison.Ordinal) ? "it was cancelled, as a job that it waited for failed" : "it was cancelled"),
            { State: "FAILED" } when !hasLog => (SlurmFailureKind.NotStarted, $"it could not begin: it seems that the nodes do not see the folder '{folder}', or may not write there. Choose a working folder on a file system that all nodes share"),
            { State: "FAILED" } => (hasBegun ? SlurmFailureKind.Ended : SlurmFailureKind.NotStarted, $"it ended with exit code {state.ExitCode.Replace(":0", string.Empty, StringComparison.Ordinal)}{LastLine(printed)}"),
            null when !hasLog => (SlurmFailureKind.NotStarted, "it has left no log, and Slurm knows it no more"),
            _ => (SlurmFailureKind.Ended, $"it ended{LastLine(printed)}"),
        };
    }

    private static string LastLine(string printed) =>
        printed.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last] ? $": {Printable.Line(last)}" : string.Empty;
}
