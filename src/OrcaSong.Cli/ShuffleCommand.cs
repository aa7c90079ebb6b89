using System.CommandLine;
using System.Globalization;
using OrcaSong.Batch;
using OrcaSong.Training;

namespace OrcaSong.Cli;

/// <summary><c>orcasong h5shuffle FILE</c> and <c>orcasong h5shuffle2 FILE</c>: bring events into a random order.</summary>
internal static class ShuffleCommand
{
    /// <summary>Every order is as likely as any other.</summary>
    internal static Command CreateUniform()
    {
        var arguments = new Arguments();
        var memory = new Option<long?>("--memory") { Description = "Bytes that events may take in memory; a quarter of what is granted by default." };
        return arguments.Create("h5shuffle", "Shuffles the events of a file, all of its datasets.", [memory], parsed => new ShuffleOptions { MemoryLimit = parsed.GetValue(memory) });
    }

    /// <summary>The order of the Python tool's h5shuffle2.</summary>
    internal static Command CreateCompatible()
    {
        var arguments = new Arguments();
        var iterations = new Option<int?>("--iterations") { Description = "Passes over the file; by default as many as it takes." };
        var maxRam = new Option<long?>("--max_ram") { Description = "Bytes that a batch may take; a quarter of what is granted by default. The order depends on it." };
        return arguments.Create(
            "h5shuffle2",
            "Shuffles the events of a file batch by batch, in the Python tool's order.",
            [iterations, maxRam],
            parsed => new ShuffleOptions { Order = ShuffleOrder.Compatible, Iterations = parsed.GetValue(iterations), MemoryLimit = parsed.GetValue(maxRam) });
    }

    /// <summary>What both have in common.</summary>
    private sealed class Arguments
    {
        private readonly Argument<string> _infile = new("infile") { Description = "The file to shuffle." };
        private readonly Option<string?> _output = new("--output_file", "-o") { Description = "The file to make; by default <infile>_shuffled.h5 beside it." };
        private readonly Option<string[]> _datasets = new("--datasets") { Description = "The datasets to keep.", AllowMultipleArgumentsPerToken = true };
        private readonly Option<uint> _seed = new("--seed") { Description = "Seed of the random order.", DefaultValueFactory = _ => new ShuffleOptions().Seed };
        private readonly Option<bool> _keepChecksum = new("--keep_checksum") { Description = "Keep the checksums of the datasets." };
        private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace a file that is there." };
        private readonly Option<string?> _log = new("--log") { Description = "A file to which a line is added that says what was made: JSON." };
        private readonly Option<int?> _threads = new("--threads", "-t") { Description = "Worker threads; by default one for each core." };

        internal Command Create(string name, string description, IEnumerable<Option> own, Func<ParseResult, ShuffleOptions> options)
        {
            var command = new Command(name, description) { _infile, _output, _datasets, _seed, _keepChecksum, _overwrite, _log, _threads };
            foreach (var option in own)
            {
                command.Add(option);
            }

            command.SetAction((parsed, cancellation) => Task.Run(
                () => Failures.Report(() => Run(
                    parsed.GetRequiredValue(_infile),
                    parsed.GetValue(_output),
                    options(parsed) with { Seed = parsed.GetValue(_seed), KeepChecksum = parsed.GetValue(_keepChecksum), Datasets = parsed.GetValue(_datasets) is { Length: > 0 } names ? names : null },
                    parsed.GetValue(_overwrite),
                    parsed.GetValue(_log),
                    parsed.GetValue(_threads),
                    cancellation)),
                CancellationToken.None));
            return command;
        }

        private static void Run(string infile, string? output, ShuffleOptions options, bool overwrite, string? logFile, int? threads, CancellationToken cancellation)
        {
            output ??= Shuffler.DefaultOutput(infile);
            using var log = new JobLog(logFile);
            using var progress = new ProgressLine();
            ShuffleResult result = null!;
            log.Write(infile, output, entry => entry with { Shuffle = result = Shuffler.Shuffle(infile, output, options, overwrite, threads, progress.Progress, cancellation) });
            progress.Dispose();
            foreach (var warning in result.Warnings)
            {
                Console.Error.WriteLine($"orcasong: warning: {warning}");
            }

            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Output}: {result.Events} events shuffled with seed {result.Seed}, in {result.Parts} {(result.Parts == 1 ? "part" : "parts")} within {result.MemoryLimit / 1e6:0} MB; {result.Elapsed.TotalSeconds:0.00} s, {result.Bytes / 1e6 / Math.Max(1e-3, result.Elapsed.TotalSeconds):0} MB/s"));
        }
    }
}
