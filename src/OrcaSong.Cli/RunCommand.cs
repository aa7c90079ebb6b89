using System.CommandLine;
using System.Globalization;
using OrcaSong.Batch;
using OrcaSong.Configuration;
using OrcaSong.Running;
using OrcaSong.Training;

namespace OrcaSong.Cli;

/// <summary><c>orcasong run INFILE|LIST CONFIG.toml [--detx F] [--outfile F]</c></summary>
internal static class RunCommand
{
    internal static Command Create()
    {
        var infile = new Argument<string>("infile") { Description = "The event file (km3pipe HDF5); or a text file that lists event files, one a line, each with its output after a tab if wanted." };
        var config = new Argument<string>("config") { Description = "The configuration (TOML): what is made of the events." };
        var detx = new Option<string?>("--detx", "--detx_file") { Description = "A detector file (.detx) to calibrate with; goes before the configuration's det_file." };
        var outfile = new Option<string?>("--outfile", "-o") { Description = "The file to make, by default <infile>_dl.h5 in the current folder; with a list the folder." };
        var threads = new Option<int?>("--threads", "-t") { Description = "Worker threads; by default one for each core." };
        var resume = new Option<bool>("--resume") { Description = "Keep an output that is complete and made from the same input with the same configuration; make it again otherwise." };
        var log = new Option<string?>("--log") { Description = "A file to which a line is added for each file that is done: JSON." };
        var stats = new Option<bool>("--stats") { Description = "Draw how the hits lie on the axes of the images." };
        var command = new Command("run", "Makes images or graphs of the events of a file.") { infile, config, detx, outfile, threads, resume, log, stats };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var isGood = true;
                var code = Failures.Report(() => isGood = Run(
                    parsed.GetRequiredValue(infile),
                    RunConfiguration.Load(parsed.GetRequiredValue(config), parsed.GetValue(detx)),
                    parsed.GetValue(outfile),
                    parsed.GetValue(threads) ?? ResourceGrant.Cores,
                    parsed.GetValue(resume),
                    parsed.GetValue(log),
                    parsed.GetValue(stats),
                    cancellation));
                return isGood ? code : 1;
            },
            CancellationToken.None));
        return command;
    }

    private static bool Run(
        string infile, RunConfiguration configuration, string? outfile, int threads, bool resume, string? logFile, bool stats, CancellationToken cancellation)
    {
        var folder = Environment.CurrentDirectory;
        var isList = !FileList.IsHdf5(infile) && File.Exists(infile);
        var items = isList
            ? RunList.Read(infile, outfile ?? folder)
            : [new RunItem(infile, outfile ?? Path.Combine(folder, Runner.DefaultOutputName(infile)))];
        using var log = new JobLog(logFile);
        ProgressLine? line = null;
        try
        {
            return RunList.Run(
                [.. items.Select(i => new RunJob(configuration.Processor, i.Input, i.Output, configuration.Overwrite, resume))],
                waits: isList,
                new Runner(threads, isList ? ResourceGrant.FilesAtOnce(threads) : 1),
                outcome =>
                {
                    log.Write(outcome);
                    line?.Pause();
                    Tell(outcome, stats);
                },
                progress =>
                {
                    line?.Dispose();
                    line = new ProgressLine(progress);
                },
                cancellation);
        }
        finally
        {
            line?.Dispose();
        }
    }

    private static void Tell(RunOutcome outcome, bool stats)
    {
        if (outcome.Result is not { } result)
        {
            if (outcome.Error is not OperationCanceledException)
            {
                Failures.Tell(outcome.Error!);
            }

            return;
        }

        foreach (var warning in result.Warnings)
        {
            Console.Error.WriteLine($"orcasong: warning: {warning}");
        }

        if (result.ResumeReason is { } reason)
        {
            Console.Out.WriteLine($"{result.Output}: {(result.IsKept ? "kept" : "made again")}: it {reason}");
        }

        Console.Out.WriteLine(Summary(result));
        foreach (var axis in stats ? result.BinStatistics?.Axes ?? [] : [])
        {
            Console.Out.WriteLine($"{Environment.NewLine}{axis.Draw(width: 90)}");
        }
    }

    private static string Summary(RunResult result)
    {
        var skipped = result.EventsSkipped == 0
            ? string.Empty
            : $", {result.EventsSkipped} skipped ({string.Join(", ", result.SkippedBy.Select(s => $"{s.Value} {SkipReasons.Describe(s.Key)}"))})";
        var overflows = result.Overflows == 0 ? string.Empty : $", {result.Overflows} bins above 255";
        return string.Create(
            CultureInfo.InvariantCulture, $"{result.Output}: {result.EventsWritten} events{skipped}, {result.Hits} hits{overflows}; {result.Elapsed.TotalSeconds:0.00} s, {result.EventsPerSecond:0} events/s");
    }
}
