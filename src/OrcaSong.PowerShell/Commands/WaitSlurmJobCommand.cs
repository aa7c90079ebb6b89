using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using OrcaSong.Slurm;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Waits until nothing of jobs on a cluster runs any more.</summary>
[Cmdlet(VerbsLifecycle.Wait, "SlurmJob")]
[OutputType(typeof(SlurmJob))]
public sealed class WaitSlurmJobCommand : SlurmJobCommand
{
    /// <summary>Seconds to wait at most. Then the jobs are emitted as they are.</summary>
    /// <value>no limit</value>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Timeout { get; set; }

    /// <summary>Seconds between two looks at the jobs. Slurm's controller has others to serve as well.</summary>
    /// <value>10</value>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int Interval { get; set; } = 10;

    private protected override void Run(IReadOnlyList<string> folders)
    {
        var watch = Stopwatch.StartNew();
        ForEach(folders, folder => WriteObject(Wait(folder, watch)));
    }

    private SlurmJob Wait(string folder, Stopwatch watch)
    {
        var bar = new ProgressRecord(Math.Abs(folder.GetHashCode(StringComparison.Ordinal)), "Waiting for the job", "Asking") { CurrentOperation = folder };
        var isOver = false;
        try
        {
            while (true)
            {
                var job = Await("Asking Slurm", (_, _) => SlurmJobs.Get(folder));
                var left = Timeout is { } most ? TimeSpan.FromSeconds(most) - watch.Elapsed : System.Threading.Timeout.InfiniteTimeSpan;

                // What tasks wrote last may come late through a network file system: something seems to be missing only if it does so twice.
                var wasOver = isOver;
                isOver = job.State == SlurmJobState.Incomplete;
                if (job.State == SlurmJobState.Completed || (isOver && wasOver) || (Timeout is not null && left <= TimeSpan.Zero))
                {
                    return job;
                }

                bar.StatusDescription = Status(job);
                bar.PercentComplete = 100 * job.FilesDone / Math.Max(1, job.Files);
                bar.SecondsRemaining = job.TimeLeft is { } time ? (int)Math.Min(int.MaxValue, time.TotalSeconds) : -1;
                WriteProgress(bar);
                var pause = TimeSpan.FromSeconds(Interval);
                if (Stopped.WaitHandle.WaitOne(Timeout is not null && left < pause ? left : pause))
                {
                    throw new PipelineStoppedException();
                }
            }
        }
        finally
        {
            bar.RecordType = ProgressRecordType.Completed;
            if (!Stopping)
            {
                WriteProgress(bar);
            }
        }
    }

    private static string Status(SlurmJob job)
    {
        var tasks = job.State == SlurmJobState.Checking
            ? "checking"
            : string.Create(CultureInfo.InvariantCulture, $"{job.TasksRunning} tasks run, {job.TasksPending} wait");
        var failed = job.FilesFailed == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $", {job.FilesFailed} failed");
        return string.Create(CultureInfo.InvariantCulture, $"{job.FilesDone} of {job.Files} files{failed}, {job.EventsPerSecond:N0} events/s; {tasks}");
    }
}
