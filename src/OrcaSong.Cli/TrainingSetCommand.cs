using System.CommandLine;
using System.Globalization;
using OrcaSong.Batch;
using OrcaSong.Training;
using OrcaSong.Training.Splitting;

namespace OrcaSong.Cli;

/// <summary><c>orcasong training_set FILE... --folder DIR</c>: merges, shuffles and splits files for training.</summary>
internal static class TrainingSetCommand
{
    internal static Command Create()
    {
        var files = new Argument<string[]>("file") { Description = "Files for training; or one text file that lists them, one path a line.", Arity = ArgumentArity.OneOrMore };
        var folder = new Option<string>("--folder", "-o") { Description = "Folder for the sets and their manifest.", Required = true };
        var fraction = new Option<string[]>("--fraction") { Description = "A set and its fraction of the events, such as train=0.8; once for each set. By default train=0.8 validate=0.1 test=0.1.", AllowMultipleArgumentsPerToken = true };
        var splitBy = new Option<SplitBy>("--split_by") { Description = "What decides to which set an event goes: event (a hash of its numbers) or random." };
        var eventColumns = new Option<string[]>("--event_columns") { Description = "The columns of y that identify an event; run_id and event_id by default.", AllowMultipleArgumentsPerToken = true };
        var splitSeed = new Option<ulong>("--split_seed") { Description = "Seed of the hash that events are split by." };
        var shardSize = new Option<int>("--shard_size") { Description = "The most events in a file.", DefaultValueFactory = _ => 200_000 };
        var seed = new Option<uint>("--seed") { Description = "Seed of the random order.", DefaultValueFactory = _ => 42 };
        var memory = new Option<long?>("--memory") { Description = "Bytes that events may take in memory; a quarter of what is granted by default." };
        var skipErrors = new Option<bool>("--skip_errors") { Description = "Leave out files that cannot be used, instead of writing nothing." };
        var columns = new Option<ColumnChoice>("--columns") { Description = "What becomes of columns that not all files have: same (an error), common (left out) or all (filled with NaN)." };
        var keepChecksum = new Option<bool>("--keep_checksum") { Description = "Keep the checksums of the first file's datasets." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace a training set that is there." };
        var log = new Option<string?>("--log") { Description = "A file to which a line is added that says what was made: JSON." };
        var threads = new Option<int?>("--threads", "-t") { Description = "Worker threads; by default one for each core." };
        var command = new Command("training_set", "Merges, shuffles and splits files for training.")
        {
            files, folder, fraction, splitBy, eventColumns, splitSeed, shardSize, seed, memory, skipErrors, columns, keepChecksum, overwrite, log, threads,
        };
        command.SetAction((parsed, cancellation) => Task.Run(
            () => Failures.Report(() => Run(
                parsed.GetRequiredValue(files),
                parsed.GetRequiredValue(folder),
                new TrainingSetOptions
                {
                    Fractions = new SetFractions(Fractions(parsed.GetValue(fraction) is { Length: > 0 } given ? given : ["train=0.8", "validate=0.1", "test=0.1"])),
                    SplitBy = parsed.GetValue(splitBy),
                    EventColumns = parsed.GetValue(eventColumns) is { Length: > 0 } names ? names : null,
                    SplitSeed = parsed.GetValue(splitSeed),
                    ShardSize = parsed.GetValue(shardSize),
                    Seed = parsed.GetValue(seed),
                    MemoryLimit = parsed.GetValue(memory),
                    Merge = new MergeOptions
                    {
                        Columns = parsed.GetValue(columns),
                        SkipInvalid = parsed.GetValue(skipErrors),
                        KeepChecksum = parsed.GetValue(keepChecksum),
                        AllowDuplicates = true, // as for concatenate
                    },
                },
                parsed.GetValue(overwrite),
                parsed.GetValue(log),
                parsed.GetValue(threads),
                cancellation)),
            CancellationToken.None));
        return command;
    }

    private static void Run(string[] files, string folder, TrainingSetOptions options, bool overwrite, string? logFile, int? threads, CancellationToken cancellation)
    {
        using var log = new JobLog(logFile);
        using var progress = new ProgressLine();
        var inputs = files is [var only] && !FileList.IsHdf5(only) ? FileList.Read(only) : files;
        TrainingSetResult result = null!;
        log.Write(files[0], folder, entry => entry with { TrainingSet = result = TrainingSet.Make(inputs, folder, options, overwrite, threads, progress.Progress, cancellation) });
        progress.Dispose();
        foreach (var problem in result.Skipped)
        {
            Console.Error.WriteLine($"orcasong: left out: {problem}");
        }

        foreach (var warning in result.Warnings)
        {
            Console.Error.WriteLine($"orcasong: warning: {warning}");
        }

        foreach (var file in result.Files)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file.Path}: {file.Events} events"));
        }
    }

    private static Dictionary<string, double> Fractions(IEnumerable<string> given)
    {
        var fractions = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            fractions[text.Split('=')[0]] = text.Split('=') is [_, var number] && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new ArgumentException($"'{text}' is no fraction of a set; expected for instance train=0.8.");
        }

        return fractions;
    }
}
