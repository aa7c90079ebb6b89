using System.Globalization;
using OrcaSong.Batch;
using OrcaSong.Configuration;
using OrcaSong.Hdf5;
using OrcaSong.Images;
using OrcaSong.Running;
using OrcaSong.Statistics;

namespace OrcaSong.Slurm;

/// <summary>Work that is to be given to Slurm.</summary>
public sealed record SlurmWork
{
    /// <summary>What it makes.</summary>
    public required SlurmJobKind Kind { get; init; }

    /// <summary>The files to make: for a merge or a training set the one file or folder, whose input is not looked at.</summary>
    public required IReadOnlyList<RunItem> Files { get; init; }

    /// <summary>For a merge or a training set, the files that it is made of.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>For images and graphs, how they are made.</summary>
    public EventProcessor? Processor { get; init; }

    /// <summary>The command <c>orcasong</c> is to run, and its options, beside inputs and outputs.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Jobs that make the inputs; it begins when they are completed.</summary>
    public IReadOnlyList<SlurmJob> After { get; init; } = [];
}

/// <summary>
/// Jobs on a cluster that runs Slurm. A job is an array of tasks; each runs <c>orcasong</c> over its share of the files, and a second array checks what was made. All there is
/// to know of it is in its folder: jobs outlive the process that has submitted them. Slurm distributes the work, the shared file system holds the files; nothing else is there.
/// </summary>
public static class SlurmJobs
{
    // Checks read outputs only, which takes a fraction of the time that making them took.
    private const int TasksToCheck = 8;

    /// <summary>Submits work.</summary>
    /// <param name="work">The work.</param>
    /// <param name="options">How it is submitted.</param>
    /// <returns>The job.</returns>
    /// <exception cref="SlurmException">There is no Slurm, or it refuses; nothing is left behind.</exception>
    /// <exception cref="ArgumentException">An option is not what Slurm takes, or the work cannot be done elsewhere.</exception>
    /// <exception cref="IOException">The job's folder cannot be written.</exception>
    public static SlurmJob Submit(SlurmWork work, SlurmOptions options)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (!SlurmClient.IsThere)
        {
            throw new SlurmException(SlurmProblem.Missing, "There is no Slurm here: the command sbatch was not found on the PATH. Submit from a machine of the cluster (a login node).");
        }

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (work.Processor is { } processor)
        {
            texts.Add(JobFolder.ConfigurationName, Configuration(processor));
        }

        if (work.Inputs.Count > 0)
        {
            texts.Add(JobFolder.InputsName, string.Concat(work.Inputs.Select(i => RunList.Checked(i) + "\n")));
        }

        var folder = JobFolder.Create(
            new JobDescription
            {
                Kind = work.Kind,
                Version = Runner.Version,
                Created = DateTime.UtcNow,
                Arguments = work.Arguments,
                After = [.. work.After.Select(j => j.Folder)],
                Options = options,
            },
            [.. work.Files.Select(f => new JobFile(f.Input, f.Output, work.Inputs.Count > 0 ? work.Inputs.Sum(SizeOf) : SizeOf(f.Input)))],
            texts);
        try
        {
            Submit(folder, folder.Files, folder.Files);
        }
        catch
        {
            Directory.Delete(folder.Path, recursive: true);
            throw;
        }

        return JobSurvey.Of(folder).Describe();
    }

    /// <summary>Refuses a file that could not be made on this machine either, before it is submitted.</summary>
    /// <param name="job">The file.</param>
    /// <exception cref="InvalidOutputException">The output is the input, the detector file or a folder.</exception>
    /// <exception cref="OutputExistsException">The output is there, and is neither to be replaced nor to be kept if it is right.</exception>
    /// <exception cref="IOException">The input or the output's folder is not there.</exception>
    public static void CheckTarget(RunJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        Targets.Check(job.Output, job.Overwrite || job.Resume, (job.Input, "the input itself"), (job.Processor.Options.DetectorFile, "the detector file"));
    }

    /// <summary>The first of some paths that lies where as a rule only this machine sees it: in a folder for temporary files, or in memory.</summary>
    /// <param name="paths">Full paths.</param>
    /// <returns>The path; <see langword="null"/> if there is none.</returns>
    public static string? FolderOfThisMachine(IEnumerable<string> paths)
    {
        string[] local = [Path.TrimEndingDirectorySeparator(Path.GetTempPath()), "/tmp", "/var/tmp", "/dev/shm", "/run"];
        return paths.FirstOrDefault(p => local.Any(l => p.StartsWith(l + "/", StringComparison.Ordinal)));
    }

    /// <summary>Whether a folder is that of a job.</summary>
    /// <param name="path">Path of the folder.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsJobFolder(string path) => JobFolder.IsOne(path);

    /// <summary>The folders of jobs in a folder, the newest last.</summary>
    /// <param name="folder">A working folder.</param>
    /// <returns>Full paths.</returns>
    public static IReadOnlyList<string> Find(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateDirectories(folder).Where(JobFolder.IsOne).Order(StringComparer.Ordinal)] : [];

    /// <summary>Looks how far a job is.</summary>
    /// <param name="folder">Its folder.</param>
    /// <returns>The job.</returns>
    /// <exception cref="SlurmException">It is no folder of a job, or cannot be read.</exception>
    public static SlurmJob Get(string folder) => JobSurvey.Of(Opened(folder)).Describe();

    /// <summary>What has become of a job's files so far: one line for each that was made or failed, in their order.</summary>
    /// <param name="folder">The job's folder.</param>
    /// <returns>The lines; those of images with the statistics that are in the files.</returns>
    /// <exception cref="SlurmException">It is no folder of a job, or cannot be read.</exception>
    public static IReadOnlyList<LogEntry> Results(string folder) => Results(Opened(folder));

    /// <summary>Ends what runs or waits of a job. What is made stays.</summary>
    /// <param name="folder">The job's folder.</param>
    /// <returns>The job.</returns>
    /// <exception cref="SlurmException">There is no Slurm, or it refuses; or it is no folder of a job.</exception>
    public static SlurmJob Stop(string folder)
    {
        var survey = JobSurvey.Of(Opened(folder));
        if (survey.ActiveIds is { Count: > 0 } ids)
        {
            // The check first, or it would begin at once.
            SlurmClient.Cancel([.. ids.Reverse()]);
        }

        return JobSurvey.Of(survey.Folder).Describe();
    }

    /// <summary>
    /// Submits what is missing, failed or broken of a job, and checks what has not been checked. Broken files are deleted first. Tasks that run or wait are left alone.
    /// </summary>
    /// <param name="folder">The job's folder.</param>
    /// <returns>The job, and how many files are made again.</returns>
    /// <exception cref="SlurmException">There is no Slurm, or it refuses; or it is no folder of a job; or the jobs that make its inputs have not made them.</exception>
    public static (SlurmJob Job, int Files) Restart(string folder)
    {
        var survey = JobSurvey.Of(Opened(folder));
        var missing = survey.Missing();
        var unchecked_ = survey.ActiveIds.Count > 0 ? [] : survey.Files.Where(f => !f.IsChecked).ToArray();
        if (missing.Count == 0 && unchecked_.Length == 0)
        {
            return (survey.Describe(), 0);
        }

        foreach (var file in missing.Where(f => f.IsBroken).SelectMany(f => f.Written).Where(File.Exists))
        {
            File.Delete(file);
        }

        Submit(survey.Folder, [.. missing.Select(f => f.File)], [.. missing.Union(unchecked_).Select(f => f.File)]);
        return (JobSurvey.Of(survey.Folder).Describe(), missing.Count);
    }

    private static LogEntry[] Results(JobFolder folder)
    {
        var configuration = Path.Combine(folder.Path, JobFolder.ConfigurationName);
        var binner = File.Exists(configuration) ? RunConfiguration.Load(configuration).Processor as FileBinner : null;
        return [.. JobSurvey.Of(folder).Files.Select(f => f.Last).OfType<LogEntry>().Select(entry => WithStatistics(entry, binner))];
    }

    private static JobFolder Opened(string folder)
    {
        var opened = JobFolder.Open(folder);
        return opened.Submissions().Count > 0
            ? opened
            : throw new SlurmException(SlurmProblem.NoJob, $"The job in '{opened.Path}' was never submitted.");
    }

    private static void Submit(JobFolder folder, IReadOnlyList<JobFile> files, IReadOnlyList<JobFile> checks)
    {
        var after = Dependencies(folder.Description.After);
        var options = folder.Description.Options;
        var most = files.Count > 1 ? SlurmClient.LargestTask() : 1;
        var tasks = files.Count == 0 ? [] : TaskPlan.Divide(files, folder.Description.Kind == SlurmJobKind.Shuffle ? 1 : options.FilesPerTask, most);
        var checkTasks = TaskPlan.Divide(checks, filesPerTask: (checks.Count + Parts(tasks.Count) - 1) / Parts(tasks.Count), most);
        if (tasks.Count < files.Count && folder.Description.Kind == SlurmJobKind.Shuffle)
        {
            throw new ArgumentException($"{files.Count} files are to be shuffled, each by a task of its own; the cluster allows {most} tasks. Merge them first, or shuffle fewer at a time.");
        }

        var number = folder.MakeNext();
        var submission = new Submission { Number = number, Time = DateTime.UtcNow, Tasks = tasks.Count, CheckTasks = checkTasks.Count };
        Write(folder, number, "lists", tasks, f => $"{f.Input}\t{f.Output}\n");
        Write(folder, number, "check", checkTasks, f => $"{f.Output}\n");
        var scripts = new SlurmScripts(folder, number);
        var here = folder.FolderOf(number);
        if (tasks.Count > 0)
        {
            folder.Write(Path.Combine(Path.GetFileName(here), "run.sh"), scripts.Run(tasks.Count));
        }

        folder.Write(Path.Combine(Path.GetFileName(here), "check.sh"), scripts.Check(checkTasks.Count));
        try
        {
            if (tasks.Count > 0)
            {
                string[] dependency = after.Count == 0 ? [] : ["--dependency=afterok:" + string.Join(':', after), "--kill-on-invalid-dep=yes"];
                submission = submission with { Run = SlurmClient.Submit(here, [.. dependency, "run.sh"]) };
            }

            string[] run = submission.Run is { } id ? ["--dependency=afterany:" + id, "check.sh", id] : ["check.sh"];
            submission = submission with { Check = SlurmClient.Submit(here, run) };
            folder.Save(submission);
        }
        catch
        {
            if (submission.Run is { } id)
            {
                SlurmClient.Cancel([id]);
            }

            Directory.Delete(here, recursive: true);
            throw;
        }
    }

    private static int Parts(int tasks) => Math.Max(1, (tasks + TasksToCheck - 1) / TasksToCheck);

    private static void Write(JobFolder folder, int number, string part, IReadOnlyList<IReadOnlyList<JobFile>> tasks, Func<JobFile, string> line)
    {
        for (var task = 0; task < tasks.Count; task++)
        {
            var file = Path.GetRelativePath(folder.Path, folder.TaskFile(number, part, task + 1));
            folder.Write(file, string.Concat(tasks[task].Select(line)));
        }
    }

    /// <summary>The checks that have to succeed before a job may begin.</summary>
    private static List<string> Dependencies(IReadOnlyList<string> folders)
    {
        var ids = new List<string>();
        foreach (var survey in folders.Select(f => JobSurvey.Of(Opened(f))))
        {
            var job = survey.Describe();
            if (job.State == SlurmJobState.Completed)
            {
                continue;
            }

            ids.Add(job.IsActive && survey.LastCheck is { } check
                ? check
                : throw new SlurmException(SlurmProblem.NoJob, string.Create(
                    CultureInfo.InvariantCulture, $"The job in '{job.Folder}' makes the inputs, but {job.Files - job.FilesChecked} of its {job.Files} files are missing, broken or not checked, and nothing of it runs. Restart it first.")));
        }

        return ids;
    }

    private static string Configuration(EventProcessor processor)
    {
        if (RunProvenance.OwnCode(processor.Options).FirstOrDefault() is { Purpose: not null } own)
        {
            throw new ArgumentException($"The {own.Purpose} are code of your own ('{own.Name}'), which runs in this session only: the nodes have no PowerShell. Use one of the extractors that there are, or leave -Slurm out.");
        }

        var detector = processor.Options.DetectorFile is { } path ? Path.GetFullPath(path) : null;
        if (detector is not null && !File.Exists(detector))
        {
            throw new FileNotFoundException($"The detector file '{detector}' does not exist.", detector);
        }

        return ConfigurationWriter.Complete(processor, detector);
    }

    private static long SizeOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>Adds the statistics that are in the output, axes in the order in which a run has them.</summary>
    private static LogEntry WithStatistics(LogEntry entry, FileBinner? binner)
    {
        if (binner is null || entry.Run is not { } run || !File.Exists(run.Output))
        {
            return entry;
        }

        try
        {
            using var file = H5File.OpenRead(run.Output);
            var axes = BinStatisticsFile.Read(file.Root)?.Axes.OrderBy(a => binner.Axes.Index().FirstOrDefault(b => b.Item.Field == a.Axis.Field).Index);
            return entry with { Run = run with { BinStatistics = axes is null ? null : new BinStatistics(axes) } };
        }
        catch (Exception e) when (e is H5Exception or Events.EventFileException)
        {
            return entry; // broken since: the check says so
        }
    }
}
