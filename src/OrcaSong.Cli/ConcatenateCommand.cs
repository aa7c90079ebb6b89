using System.CommandLine;
using System.Globalization;
using OrcaSong.Batch;
using OrcaSong.Training;

namespace OrcaSong.Cli;

/// <summary><c>orcasong concatenate FILE... [--outfile F]</c>: merges files for training.</summary>
internal static class ConcatenateCommand
{
    internal static Command Create()
    {
        var files = new Argument<string[]>("file") { Description = "Files to merge, in order; or one text file that lists them, one path a line.", Arity = ArgumentArity.OneOrMore };
        var outfile = new Option<string>("--outfile", "-o") { Description = "The file to make.", DefaultValueFactory = _ => "concatenated.h5" };
        var noUsedFiles = new Option<bool>("--no_used_files") { Description = "Do not list the merged files in the output." };
        var skipErrors = new Option<bool>("--skip_errors") { Description = "Leave out files that cannot be used, instead of writing nothing." };
        var columns = new Option<ColumnChoice>("--columns") { Description = "What becomes of columns that not all files have: same (an error), common (left out) or all (filled with NaN)." };
        var keepChecksum = new Option<bool>("--keep_checksum") { Description = "Keep the checksums of the first file's datasets." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace a file that is there." };
        var log = new Option<string?>("--log") { Description = "A file to which a line is added that says what was made: JSON." };
        var threads = new Option<int?>("--threads", "-t") { Description = "Worker threads; by default one for each core." };
        var command = new Command("concatenate", "Merges files for training into one.") { files, outfile, noUsedFiles, skipErrors, columns, keepChecksum, overwrite, log, threads };
        command.SetAction((parsed, cancellation) => Task.Run(
            () => Failures.Report(() => Run(
                parsed.GetRequiredValue(files),
                parsed.GetRequiredValue(outfile),
                new MergeOptions
                {
                    Columns = parsed.GetValue(columns),
                    SkipInvalid = parsed.GetValue(skipErrors),
                    NoUsedFiles = parsed.GetValue(noUsedFiles),
                    KeepChecksum = parsed.GetValue(keepChecksum),

                    // As the Python tool: who writes a name twice at a prompt means it, and is told.
                    AllowDuplicates = true,
                },
                parsed.GetValue(overwrite),
                parsed.GetValue(log),
                parsed.GetValue(threads),
                cancellation)),
            CancellationToken.None));
        return command;
    }

    private static void Run(string[] files, string outfile, MergeOptions options, bool overwrite, string? logFile, int? threads, CancellationToken cancellation)
    {
        using var log = new JobLog(logFile);
        using var progress = new ProgressLine();
        var inputs = files is [var only] && !FileList.IsHdf5(only) ? FileList.Read(only) : files;
        MergeResult result = null!;
        log.Write(files[0], outfile, entry => entry with { Merge = result = Merger.Merge(inputs, outfile, options, overwrite, threads, progress.Progress, cancellation) });
        progress.Dispose();
        foreach (var problem in result.Skipped)
        {
            Console.Error.WriteLine($"orcasong: left out: {problem}");
        }

        foreach (var warning in result.Warnings)
        {
            Console.Error.WriteLine($"orcasong: warning: {warning}");
        }

        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Output}: {result.Events} events of {result.FileCount} files; {result.Elapsed.TotalSeconds:0.00} s, {result.Bytes / 1e6 / Math.Max(1e-3, result.Elapsed.TotalSeconds):0} MB/s"));
    }
}
