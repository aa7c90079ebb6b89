using System.CommandLine;
using System.Globalization;
using OrcaSong.Batch;
using OrcaSong.Inspection;
using OrcaSong.Training;

namespace OrcaSong.Cli;

/// <summary><c>orcasong check FILE...</c>: whether files are whole and consistent.</summary>
internal static class CheckCommand
{
    internal static Command Create()
    {
        var files = new Argument<string[]>("file") { Description = "Files to check: events, images or graphs; or one text file that lists them, one path a line.", Arity = ArgumentArity.OneOrMore };
        var threads = new Option<int?>("--threads", "-t") { Description = "Worker threads; by default one for each core." };
        var log = new Option<string?>("--log") { Description = "A file to which a line is added for each file that is checked: JSON." };
        var command = new Command("check", "Checks that files are whole and consistent; the exit code is 1 if one is not.") { files, threads, log };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var isValid = true;
                var code = Failures.Report(() => isValid = Check(parsed.GetRequiredValue(files), parsed.GetValue(threads), parsed.GetValue(log), cancellation));
                return isValid ? code : 1;
            },
            CancellationToken.None));
        return command;
    }

    private static bool Check(IReadOnlyList<string> files, int? threads, string? logFile, CancellationToken cancellation)
    {
        using var log = new JobLog(logFile);
        var isValid = true;
        foreach (var file in files is [var only] && File.Exists(only) && !FileList.IsHdf5(only) ? FileList.Read(only) : files)
        {
            using var progress = new ProgressLine();
            var report = FileCheck.Run(file, threads, progress.Progress, cancellation);
            progress.Dispose();
            log.Write(report);
            isValid &= report.IsValid;
            foreach (var problem in report.Problems)
            {
                Console.Out.WriteLine(problem.ToString().ReplaceLineEndings(" "));
            }

            if (report.IsValid)
            {
                Console.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{file}: ok, {report.EventCount} events{(report.IsComplete == true ? ", complete" : string.Empty)}; {report.Elapsed.TotalSeconds:0.00} s, {report.BytesRead / 1e6 / Math.Max(1e-3, report.Elapsed.TotalSeconds):0} MB/s"));
            }
        }

        return isValid;
    }
}
