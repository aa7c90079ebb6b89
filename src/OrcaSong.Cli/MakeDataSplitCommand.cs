using System.CommandLine;
using System.Globalization;
using OrcaSong.Batch;
using OrcaSong.Training.Splitting;

namespace OrcaSong.Cli;

/// <summary><c>orcasong make_data_split CONFIG.toml</c></summary>
internal static class MakeDataSplitCommand
{
    private const int MostProblemsShown = 50;

    internal static Command Create()
    {
        var config = new Argument<string>("config") { Description = "The configuration (TOML): groups of files, the runs of each set, and where lists go." };
        var scheduler = new Option<Scheduler?>("--scheduler") { Description = "Write job scripts for Slurm or Torque, or for no batch system (None)." };
        var time = new Option<string?>("--time") { Description = "Time of a job, such as 12:00:00 or 1-12:00:00." };
        var memory = new Option<string?>("--memory") { Description = "Memory of a job, such as 4G." };
        var cores = new Option<int?>("--cores") { Description = "Cores of a job." };
        var licences = new Option<string?>("--licences", "--licenses") { Description = "Licences of a job, such as sps." };
        var account = new Option<string?>("--account") { Description = "Account that jobs are booked on." };
        var queue = new Option<string?>("--queue", "--partition") { Description = "Queue (Slurm: partition) for jobs." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the lists and scripts of an earlier split of the same name." };
        var threads = new Option<int?>("--threads", "-t") { Description = "Files read at once; by default one for each core." };
        var command = new Command("make_data_split", "Splits files into sets by their runs: lists of files, and scripts that merge and shuffle them.")
        {
            config, scheduler, time, memory, cores, licences, account, queue, overwrite, threads,
        };
        threads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < 1)
            {
                result.AddError("--threads needs 1 or more.");
            }
        });
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var failed = false;
                var code = Failures.Report(() =>
                {
                    try
                    {
                        var jobs = new JobOptions
                        {
                            Time = parsed.GetValue(time) is { } t ? JobOptions.ParseTime(t) : null,
                            Memory = parsed.GetValue(memory) is { } m ? JobOptions.ParseMemory(m) : null,
                            Cores = parsed.GetValue(cores),
                            Licences = parsed.GetValue(licences),
                            Account = parsed.GetValue(account),
                            Queue = parsed.GetValue(queue),
                        };
                        Run(parsed.GetRequiredValue(config), parsed.GetValue(scheduler), jobs, parsed.GetValue(overwrite), parsed.GetValue(threads), cancellation);
                    }
                    catch (DataSplitException e)
                    {
                        Tell(e.Problems);
                        failed = true;
                    }
                });
                return failed ? 1 : code;
            },
            CancellationToken.None));
        return command;
    }

    private static void Run(string path, Scheduler? scheduler, JobOptions options, bool overwrite, int? threads, CancellationToken cancellation)
    {
        var configuration = DataSplitConfiguration.Load(path);
        var writer = configuration.Writer(options, scheduler) with { Overwrite = overwrite };
        if (!configuration.PrintOnly)
        {
            writer.Check(DataSplitConfiguration.SetNames);
        }

        var files = configuration.FindFiles();
        using var progress = new ProgressLine();
        var split = configuration.Split(LabelScan.Read(files, needRuns: true, threads, progress.Progress, cancellation));
        progress.Dispose();
        foreach (var warning in split.Warnings)
        {
            Console.Error.WriteLine($"orcasong: warning: {warning}");
        }

        WriteTable(
            ["group", "set", "files", "events", "share"],
            split.Statistics.Select(s => new[] { s.Group, s.Set ?? "(none)", Number(s.Files), Number(s.Events), s.Share.ToString("0.0 %", CultureInfo.InvariantCulture) }));
        if (configuration.PrintOnly)
        {
            return;
        }

        split = writer.Write(split);
        Console.Out.WriteLine();
        WriteTable(
            ["list", "files", "events", "runs"],
            split.Parts.Select(p => new[] { Shorter(p.ListFile!), Number(p.Files.Count), Number(p.Events), new RunRange(p.FirstRun!.Value, p.LastRun!.Value).ToString() }));
    }

    private static void Tell(IReadOnlyList<SplitProblem> problems)
    {
        foreach (var problem in problems.Take(MostProblemsShown))
        {
            Console.Error.WriteLine($"orcasong: {problem.Message}");
        }

        if (problems.Count > MostProblemsShown)
        {
            Console.Error.WriteLine($"orcasong: {Number(problems.Count - MostProblemsShown)} more such problems.");
        }
    }

    private static string Shorter(string path) =>
        Path.GetRelativePath(Environment.CurrentDirectory, path) is var relative && relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Writes columns: text to the left, numbers to the right.</summary>
    private static void WriteTable(string[] names, IEnumerable<string[]> rows)
    {
        string[][] all = [names, .. rows];
        var widths = names.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all)
        {
            Console.Out.WriteLine(string.Join("  ", row.Select((text, column) =>
                names[column] is "group" or "set" or "list" ? text.PadRight(widths[column]) : text.PadLeft(widths[column]))).TrimEnd());
        }
    }
}
