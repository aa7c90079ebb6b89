namespace OrcaSong.Running;

/// <summary>A file to be run.</summary>
/// <param name="Processor">What is made of its events.</param>
/// <param name="Input">Path of the input.</param>
/// <param name="Output">Path of the output.</param>
/// <param name="Overwrite">Whether an existing output is replaced.</param>
/// <param name="Resume">Whether an existing output is kept if it is right, and replaced only if not; see <see cref="Runner.Resume"/>.</param>
public sealed record RunJob(EventProcessor Processor, string Input, string Output, bool Overwrite = false, bool Resume = false);

/// <summary>How a file went: a result, or an error.</summary>
/// <param name="Job">The file.</param>
/// <param name="Result">The result, if it went well.</param>
/// <param name="Error">What was wrong, if not; an <see cref="OperationCanceledException"/> when it was stopped.</param>
public sealed record RunOutcome(RunJob Job, RunResult? Result, Exception? Error);

/// <summary>
/// Runs many files, several at once. Jobs are added and outcomes taken by one thread, as in a pipeline: a job starts as soon as there
/// is room, outcomes come in the order of the jobs, whichever ends first: what is made of them next does not depend on chance. One bad file
/// is one outcome with an error; the others go on. Users' code that must see events in order runs on the thread that takes outcomes, while
/// it waits for them.
/// </summary>
public sealed class RunQueue : IDisposable
{
    private readonly Runner _runner;
    private readonly TaskFactory _files;
    private readonly CancellationTokenSource _stop = new();
    private readonly CallQueue<Ended> _ended;
    private readonly Dictionary<int, RunOutcome> _early = [];
    private readonly Dictionary<string, string> _targets = new(StringComparer.Ordinal);
    private readonly List<Task> _tasks = [];
    private int _added;
    private int _taken;

    /// <summary>Sets up a queue.</summary>
    /// <param name="runner">Runs the files; it says how many at once.</param>
    public RunQueue(Runner runner)
    {
        ArgumentNullException.ThrowIfNull(runner);
        _runner = runner;
        _ended = new CallQueue<Ended>(_stop.Token);
        _files = new TaskFactory(
            CancellationToken.None,
            TaskCreationOptions.None,
            TaskContinuationOptions.None,
            new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, runner.FilesAtOnce).ConcurrentScheduler);
    }

    /// <summary>How far all files together are.</summary>
    public RunProgress Progress { get; } = new();

    /// <summary>Jobs whose outcome has not been taken.</summary>
    public int Pending => _added - _taken;

    /// <summary>Adds a file.</summary>
    /// <param name="job">The file.</param>
    public void Add(RunJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        var place = _added++;
        if (!string.IsNullOrWhiteSpace(job.Output) && !_targets.TryAdd(Path.GetFullPath(job.Output), job.Input))
        {
            var other = _targets[Path.GetFullPath(job.Output)];
            _early[place] = new RunOutcome(job, null, new InvalidOutputException(
                job.Output, $"'{job.Input}' would be written to '{job.Output}', as '{other}' is in the same call; give them different folders or names."));
            return;
        }

        _tasks.Add(_files.StartNew(() => _ended.Add(new Ended(place, Run(job)))));
    }

    /// <summary>Takes the next outcome.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="patience">How long to wait until a file ends.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryTake(out RunOutcome? outcome, TimeSpan patience)
    {
        while (!_early.Remove(_taken, out outcome))
        {
            if (!_ended.TryTake(out var ended, patience))
            {
                return false;
            }

            _early.Add(ended!.Place, ended.Outcome);
        }

        _taken++;
        return true;
    }

    /// <summary>Stops all files; those under way leave nothing behind.</summary>
    public void Cancel() => _stop.Cancel();

    /// <summary>Stops all files and waits for them.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        Task.WaitAll([.. _tasks]);
        _ended.Dispose();
        _stop.Dispose();
    }

    private RunOutcome Run(RunJob job)
    {
        try
        {
            _stop.Token.ThrowIfCancellationRequested();
            return new RunOutcome(job, _runner.Run(job, Progress, _ended, _stop.Token), null);
        }
        catch (Exception e)
        {
            return new RunOutcome(job, null, e);
        }
    }

    /// <summary>A job that is done: its place among all, and how it went.</summary>
    private sealed record Ended(int Place, RunOutcome Outcome);
}
