namespace OrcaSong.Slurm;

/// <summary>How far a job is.</summary>
public enum SlurmJobState
{
    /// <summary>Nothing of it has begun.</summary>
    Pending,

    /// <summary>Its files are being made.</summary>
    Running,

    /// <summary>Its files are being checked.</summary>
    Checking,

    /// <summary>All files are made, and found whole.</summary>
    Completed,

    /// <summary>Nothing of it runs any more, but files are missing, broken, or not checked: <c>Restart-SlurmJob</c> goes on.</summary>
    Incomplete,

    /// <summary>Slurm does not say; the numbers are those of the logs.</summary>
    Unknown,
}

/// <summary>What kind of thing went wrong.</summary>
public enum SlurmFailureKind
{
    /// <summary>A file could not be made.</summary>
    File,

    /// <summary>A file was made, but a check has found it broken.</summary>
    Check,

    /// <summary>A task was over its time limit.</summary>
    TimeLimit,

    /// <summary>A task took more memory than it was granted.</summary>
    Memory,

    /// <summary>A task was cancelled.</summary>
    Cancelled,

    /// <summary>The node of a task failed, or the task had to make room for others.</summary>
    Node,

    /// <summary>A task never began to work.</summary>
    NotStarted,

    /// <summary>A task ended in another way.</summary>
    Ended,
}

/// <summary>Something that went wrong in a job.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Task">The task, as Slurm names it: number of the array and of the task, such as 12_3.</param>
/// <param name="Files">How many files were not made because of it.</param>
/// <param name="Input">The input, if it is about one file.</param>
/// <param name="Output">The output, if it is about one file.</param>
/// <param name="Reason">What happened.</param>
/// <param name="Log">What the task has printed.</param>
/// <param name="IsResolved">Whether the files have been made since.</param>
public sealed record SlurmFailure(SlurmFailureKind Kind, string Task, int Files, string? Input, string? Output, string Reason, string Log, bool IsResolved)
{
    /// <inheritdoc/>
    public override string ToString() => Input is null ? $"task {Task}: {Reason}" : $"{Input}: {Reason}";
}

/// <summary>A job on a cluster, as it was when it was asked for.</summary>
public sealed record SlurmJob
{
    /// <summary>Slurm's number of the array of tasks that was submitted last.</summary>
    public required string Id { get; init; }

    /// <summary>What it makes.</summary>
    public required SlurmJobKind Kind { get; init; }

    /// <summary>How far it is.</summary>
    public required SlurmJobState State { get; init; }

    /// <summary>Full path of its folder, by which it is found again.</summary>
    public required string Folder { get; init; }

    /// <summary>When it was submitted first (UTC).</summary>
    public required DateTime Submitted { get; init; }

    /// <summary>How often something was submitted: once, and once for each restart.</summary>
    public required int Submissions { get; init; }

    /// <summary>Tasks that make files, of the last submission.</summary>
    public required int Tasks { get; init; }

    /// <summary>Tasks that run now.</summary>
    public int TasksRunning { get; init; }

    /// <summary>Tasks that wait to run.</summary>
    public int TasksPending { get; init; }

    /// <summary>Slurm's word for why tasks wait.</summary>
    public string? PendingReason { get; init; }

    /// <summary>Files that it is to make.</summary>
    public required int Files { get; init; }

    /// <summary>Files that are made.</summary>
    public int FilesDone { get; init; }

    /// <summary>Files that could not be made, or are broken.</summary>
    public int FilesFailed { get; init; }

    /// <summary>Files that are made, and found whole by the check.</summary>
    public int FilesChecked { get; init; }

    /// <summary>Events that were read for the files that are made.</summary>
    public long EventsDone { get; init; }

    /// <summary>Events in a second, of all tasks together, since the first one of the last submission began.</summary>
    public double EventsPerSecond { get; init; }

    /// <summary>How long the rest will take if it goes on like this; <see langword="null"/> as long as nothing is known.</summary>
    public TimeSpan? TimeLeft { get; init; }

    /// <summary>All that went wrong so far, also what has been made good.</summary>
    public IReadOnlyList<SlurmFailure> Failures { get; init; } = [];

    /// <summary>Full paths of the files that it makes, whether they are there or not; of a training set its folder.</summary>
    public required IReadOnlyList<string> Output { get; init; }

    /// <summary>How it was submitted.</summary>
    public required SlurmOptions Options { get; init; }

    /// <summary>What Slurm has to say where it does not answer.</summary>
    public string? Note { get; init; }

    /// <summary>Whether anything of it still runs or waits to run.</summary>
    public bool IsActive => State is SlurmJobState.Pending or SlurmJobState.Running or SlurmJobState.Checking;

    /// <inheritdoc/>
    public override string ToString() => Folder;
}
