using System.Globalization;
using OrcaSong.Batch;

namespace OrcaSong.Slurm;

/// <summary>What the logs of a job, and Slurm, say about it.</summary>
internal sealed class JobSurvey
{
    private const int ExcerptBytes = 16 << 10;
    private readonly JobFolder _folder;
    private readonly List<Attempt> _attempts;
    private Dictionary<string, FileState> _files = [];
    private string? _note;

    private JobSurvey(JobFolder folder)
    {
        _folder = folder;
        _attempts = [.. folder.Submissions().Select(s => new Attempt(s))];
        ReadLogs();
        if (Files.All(f => f.IsChecked))
        {
            foreach (var attempt in _attempts)
            {
                attempt.Run = TaskState.Noted(attempt.Submission.Run, NotesOf(attempt));
            }

            return;
        }

        // First the states, then what tasks wrote before they ended.
        Ask();
        ReadLogs();
    }

    /// <summary>Looks at a job.</summary>
    /// <param name="folder">Its folder.</param>
    internal static JobSurvey Of(JobFolder folder) => new(folder);

    internal JobFolder Folder => _folder;

    /// <summary>What is known of each file, in order.</summary>
    internal IEnumerable<FileState> Files => _folder.Files.Select(f => _files[f.Output]);

    /// <summary>Numbers of arrays of which anything runs or waits.</summary>
    internal IReadOnlyList<string> ActiveIds => [.. _attempts.SelectMany(a => new[] { a.RunIsActive ? a.Submission.Run : null, a.CheckIsActive ? a.Submission.Check : null }).OfType<string>()];

    /// <summary>Number of the check that others wait for.</summary>
    internal string? LastCheck => _attempts.LastOrDefault()?.Submission.Check;

    /// <summary>Files that are to be made again: missing, failed or broken, and not in the hands of a task that runs or waits.</summary>
    internal IReadOnlyList<FileState> Missing()
    {
        var busy = _attempts.Where(a => a.RunIsActive).SelectMany(a => Enumerable.Range(1, a.Submission.Tasks).Where(t => !a.HasEnded(t)).SelectMany(t => ListOf(a, t)))
            .ToHashSet(StringComparer.Ordinal);
        return [.. Files.Where(f => !busy.Contains(f.File.Output) && (!f.IsDone || f.IsBroken || !f.IsAsItWas()))];
    }

    /// <summary>The job as it is now.</summary>
    internal SlurmJob Describe()
    {
        var last = _attempts[^1];
        var failures = _attempts.SelectMany(FailuresOf).ToArray();
        var (done, isActive) = (Files.Count(f => f.IsDone && !f.IsBroken), _attempts.Any(a => a.RunIsActive));
        var (rate, left) = Rates(last);
        return new SlurmJob
        {
            Id = last.Submission.Run ?? last.Submission.Check ?? string.Empty,
            Kind = _folder.Description.Kind,
            State = StateOf(done, isActive),
            Folder = _folder.Path,
            Submitted = _attempts[0].Submission.Time,
            Submissions = _attempts.Count,
            Tasks = last.Submission.Tasks,
            TasksRunning = _attempts.Sum(a => a.Run.Values.Count(s => s.IsRunning)),
            TasksPending = _attempts.Sum(a => a.Run.Values.Count(s => !s.IsRunning && !s.HasEnded)),
            PendingReason = _attempts.SelectMany(a => a.Run.Values).FirstOrDefault(s => s is { State: "PENDING" } && s.Reason != "None")?.Reason,
            Files = _files.Count,
            FilesDone = done,
            FilesFailed = Files.Count(f => f.IsBroken || f.Last is { State: LogState.Failed }),
            FilesChecked = Files.Count(f => f.IsChecked),
            EventsDone = Files.Where(f => f.IsDone).Sum(f => Events(f.Last!)),
            EventsPerSecond = rate,
            TimeLeft = isActive ? left : null,
            Failures = failures,
            Output = _folder.Files.Select(f => f.Output).ToArray(),
            Options = _folder.Description.Options,
            Note = _note,
        };
    }

    private SlurmJobState StateOf(int done, bool isActive)
    {
        if (done == _files.Count && Files.All(f => f.IsChecked))
        {
            return SlurmJobState.Completed;
        }

        if (_note is not null)
        {
            return SlurmJobState.Unknown;
        }

        return isActive
            ? _attempts.Any(a => a.Run.Values.Any(s => s.IsRunning || s.HasEnded)) ? SlurmJobState.Running : SlurmJobState.Pending
            : _attempts.Any(a => a.CheckIsActive) ? SlurmJobState.Checking : SlurmJobState.Incomplete;
    }

    private void ReadLogs()
    {
        _files = _folder.Files.ToDictionary(f => f.Output, f => new FileState(f), StringComparer.Ordinal);
        foreach (var attempt in _attempts)
        {
            foreach (var output in Enumerable.Range(1, attempt.Submission.Tasks).SelectMany(task => ListOf(attempt, task)))
            {
                _files[output].BeginAnew();
            }

            ReadLogs(attempt);
        }
    }

    private void ReadLogs(Attempt attempt)
    {
        var logs = Path.Combine(_folder.FolderOf(attempt.Submission.Number), "log");
        if (!Directory.Exists(logs))
        {
            return;
        }

        foreach (var log in Directory.EnumerateFiles(logs, "*.jsonl").Order(StringComparer.Ordinal))
        {
            var task = Path.GetFileNameWithoutExtension(log);
            foreach (var entry in JobLog.Read(log))
            {
                attempt.Begun.Add(task);
                var state = _files.GetValueOrDefault(entry.Output) ?? (_folder.Description.Kind == SlurmJobKind.TrainingSet ? _files[_folder.Files[0].Output] : null);
                state?.Add(entry, task);
            }
        }
    }

    private void Ask()
    {
        try
        {
            foreach (var attempt in _attempts)
            {
                if (attempt.Submission.Run is { } run)
                {
                    attempt.Run = TaskState.Ask(run, attempt.Submission.Tasks, NotesOf(attempt));
                }

                if (attempt == _attempts[^1] && attempt.Submission.Check is { } check)
                {
                    attempt.Check = TaskState.Ask(check, attempt.Submission.CheckTasks, null);
                }
            }
        }
        catch (SlurmException e)
        {
            _note = e.Message;
        }
    }

    private string NotesOf(Attempt attempt) => Path.Combine(_folder.FolderOf(attempt.Submission.Number), "log", "ended.txt");

    private IReadOnlyList<string> ListOf(Attempt attempt, int task)
    {
        var list = _folder.TaskFile(attempt.Submission.Number, "lists", task);
        return File.Exists(list) ? [.. File.ReadLines(list).Select(l => l.Split('\t')[^1])] : [];
    }

    private IEnumerable<SlurmFailure> FailuresOf(Attempt attempt)
    {
        var logs = Path.Combine(_folder.FolderOf(attempt.Submission.Number), "log");
        foreach (var file in Files)
        {
            foreach (var (entry, task) in file.History.Where(h => h.Entry.State is LogState.Failed or LogState.Invalid && h.Task.Split('_')[0] is var id && attempt.Submission.Ids.Contains(id)))
            {
                var log = Path.Combine(logs, task + ".out");
                var isResolved = file.IsDone && !file.IsBroken && file.WasDoneAfter(entry);
                if (entry.State == LogState.Failed)
                {
                    yield return new SlurmFailure(SlurmFailureKind.File, task, 1, file.File.Input, file.File.Output, entry.Error ?? string.Empty, log, isResolved);
                }
                else if (file.WasDoneBefore(entry))
                {
                    // That a file is missing is told once, by what kept it from being made.
                    yield return new SlurmFailure(SlurmFailureKind.Check, task, 1, file.File.Input, file.File.Output, string.Join("; ", entry.Problems ?? []), log, isResolved);
                }
            }
        }

        for (var task = 1; task <= attempt.Submission.Tasks && _note is null; task++)
        {
            if (attempt.HasEnded(task) && FailureOf(attempt, task, logs) is { } failure)
            {
                yield return failure;
            }
        }
    }

    /// <summary>What happened to a task that has not made all of its files, or had to be begun anew.</summary>
    private SlurmFailure? FailureOf(Attempt attempt, int task, string logs)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{attempt.Submission.Run}_{task}");
        var left = ListOf(attempt, task).Select(output => _files[output]).Where(f => f.History.All(h => h.Task != name || h.Entry.State == LogState.Stopped)).ToArray();
        var state = attempt.Run.GetValueOrDefault(task);
        if (left.Length == 0 && state is not { Restarts: > 0 })
        {
            return null;
        }

        var log = Path.Combine(logs, name + ".out");
        var (kind, reason) = TaskEnd.Describe(state, Excerpt(log), File.Exists(log), attempt.Begun.Contains(name), _folder.Path, left.Length == 0);
        return new SlurmFailure(kind, name, left.Length, null, null, reason, log, left.All(f => f.IsDone && !f.IsBroken));
    }

    /// <summary>What a task printed last.</summary>
    private static string Excerpt(string log)
    {
        try
        {
            using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(-Math.Min(ExcerptBytes, file.Length), SeekOrigin.End);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }

    private (double EventsPerSecond, TimeSpan? TimeLeft) Rates(Attempt last)
    {
        var made = Files.SelectMany(f => f.History.Where(h => h.Entry.Run is not null || h.Entry.State == LogState.Done).Select(h => (f.File.Bytes, h)))
            .Where(m => m.h.Task.Split('_')[0] == last.Submission.Run).ToArray();
        if (made.Length == 0)
        {
            return (0, null);
        }

        var wall = made.Max(m => m.h.Entry.Time) - made.Min(m => m.h.Entry.Time - Elapsed(m.h.Entry));
        var seconds = Math.Max(1e-3, wall.TotalSeconds);
        var bytes = made.Sum(m => m.Bytes);
        var left = Files.Where(f => !f.IsDone && f.Last is not { State: LogState.Failed }).Sum(f => f.File.Bytes);
        return (made.Sum(m => Events(m.h.Entry)) / seconds, bytes > 0 ? TimeSpan.FromSeconds(left / (bytes / seconds)) : null);
    }

    private static TimeSpan Elapsed(LogEntry entry) => entry.Run?.Elapsed ?? entry.Merge?.Elapsed ?? entry.Shuffle?.Elapsed ?? entry.TrainingSet?.Elapsed ?? TimeSpan.Zero;

    private static long Events(LogEntry entry) => entry.Run?.EventsRead ?? entry.Merge?.Events ?? entry.Shuffle?.Events ?? entry.TrainingSet?.Events ?? 0;

    /// <summary>What was submitted at one time, and what Slurm says of it.</summary>
    private sealed class Attempt(Submission submission)
    {
        internal Submission Submission { get; } = submission;

        internal IReadOnlyDictionary<int, TaskState> Run { get; set; } = new Dictionary<int, TaskState>();

        internal IReadOnlyDictionary<int, TaskState> Check { get; set; } = new Dictionary<int, TaskState>();

        /// <summary>Tasks that have a log.</summary>
        internal HashSet<string> Begun { get; } = new(StringComparer.Ordinal);

        internal bool RunIsActive => Run.Values.Any(s => !s.HasEnded);

        internal bool CheckIsActive => Check.Values.Any(s => !s.HasEnded);

        // The controller forgets tasks only after their end.
        internal bool HasEnded(int task) => !Run.TryGetValue(task, out var state) || state.HasEnded;
    }
}

/// <summary>What the logs say about one file.</summary>
internal sealed class FileState(JobFile file)
{
    // Lines before are those of earlier submissions.
    private int _begin;

    internal JobFile File { get; } = file;

    /// <summary>All lines about it, submission after submission, those of each in the order of time, and the tasks that wrote them.</summary>
    internal List<(LogEntry Entry, string Task)> History { get; } = [];

    /// <summary>The last line that says how making it went; none if it is to be made again, and nothing has become of that yet.</summary>
    internal LogEntry? Last => Lines.LastOrDefault(e => e.State is LogState.Done or LogState.Kept or LogState.Failed);

    /// <summary>Whether it is made.</summary>
    internal bool IsDone => Last is { State: LogState.Done or LogState.Kept };

    /// <summary>Whether it was checked after it was made, and found whole.</summary>
    internal bool IsChecked => IsDone && Checks.Contains(LogState.Valid) && !IsBroken;

    /// <summary>Whether it was checked after it was made, and found broken.</summary>
    internal bool IsBroken => IsDone && Checks.Contains(LogState.Invalid);

    /// <summary>The files that it consists of.</summary>
    internal IEnumerable<string> Written => Last?.TrainingSet is { } set ? [set.Manifest, .. set.Files.Select(f => f.Path)] : [File.Output];

    private IEnumerable<LogEntry> Lines => History.Skip(_begin).Select(h => h.Entry);

    private IEnumerable<LogState> Checks => Lines.Select(e => e.State).Reverse().TakeWhile(s => s != LogState.Done);

    /// <summary>From here on only what follows counts: it was submitted again.</summary>
    internal void BeginAnew() => _begin = History.Count;

    /// <summary>Whether the file is there, and of the size that it was made with.</summary>
    internal bool IsAsItWas() => Last?.Bytes is { } bytes
        ? System.IO.File.Exists(File.Output) && new FileInfo(File.Output).Length == bytes
        : Directory.Exists(File.Output);

    internal bool WasDoneBefore(LogEntry entry) => History.TakeWhile(h => h.Entry != entry).Any(h => h.Entry.State is LogState.Done or LogState.Kept);

    internal bool WasDoneAfter(LogEntry entry) => History.SkipWhile(h => h.Entry != entry).Any(h => h.Entry.State is LogState.Done or LogState.Kept);

    /// <summary>Adds a line of the submission that was begun last.</summary>
    internal void Add(LogEntry entry, string task)
    {
        var place = Math.Max(_begin, History.FindLastIndex(h => h.Entry.Time <= entry.Time) + 1);
        History.Insert(Math.Min(place, History.Count), (entry, task));
    }
}
