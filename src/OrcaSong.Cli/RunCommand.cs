using System.CommandLine;
using System.Globalization;
using OrcaSong.Configuration;
using OrcaSong.Running;

namespace OrcaSong.Cli;

/// <summary><c>orcasong run INFILE CONFIG.toml [--detx F] [--outfile F]</c></summary>
internal static class RunCommand
{
    internal static Command Create()
    {
        var infile = new Argument<string>("infile") { Description = "The event file (km3pipe HDF5)." };
        var config = new Argument<string>("config") { Description = "The configuration (TOML): what is made of the events." };
        var detx = new Option<string?>("--detx", "--detx_file") { Description = "A detector file (.detx) to calibrate with; goes before the configuration's det_file." };
        var outfile = new Option<string?>("--outfile", "-o") { Description = "The file to make; by default <infile>_dl.h5 in the current folder." };
        var threads = new Option<int?>("--threads", "-t") { Description = "Worker threads; by default one for each core." };
        var resume = new Option<bool>("--resume") { Description = "Keep an output that is complete and made from the same input with the same configuration; make it again otherwise." };
        var stats = new Option<bool>("--stats") { Description = "Draw how the hits lie on the axes of the images." };
        var command = new Command("run", "Makes images or graphs of the events of a file.") { infile, config, detx, outfile, threads, resume, stats };
        command.SetAction((parsed, cancellation) => Task.Run(
            () => Failures.Report(() => Run(
                parsed.GetRequiredValue(infile),
                parsed.GetRequiredValue(config),
                parsed.GetValue(detx),
                parsed.GetValue(outfile),
                parsed.GetValue(threads),
                parsed.GetValue(resume),
                parsed.GetValue(stats),
                cancellation)),
            CancellationToken.None));
        return command;
    }

    private static void Run(string infile, string config, string? detx, string? outfile, int? threads, bool resume, bool stats, CancellationToken cancellation)
    {
        var configuration = RunConfiguration.Load(config, detx);
        var output = outfile ?? Path.Combine(Environment.CurrentDirectory, Runner.DefaultOutputName(infile));
        using var progress = new ProgressLine();
        var runner = new Runner(threads);
        var result = resume
            ? runner.Resume(configuration.Processor, infile, output, progress.Progress, cancellation)
            : runner.Run(configuration.Processor, infile, output, configuration.Overwrite, progress.Progress, cancellation);
        progress.Dispose();
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
