using System.CommandLine;
using OrcaSong.Plots;
using OrcaSong.Statistics;

namespace OrcaSong.Cli;

/// <summary><c>orcasong plot_binstats [--save_as FILE] FILES…</c>, with the options of the Python tool.</summary>
internal static class PlotBinstatsCommand
{
    // The Python tool's.
    private const string StandardName = "bin_stats_plot.pdf";

    internal static Command Create()
    {
        var saveAs = new Option<string>("--save_as", "--save-as", "-o")
        {
            Description = "The picture to make: .pdf with a page for each axis, .png or .svg with all on one, or .gp, the script that draws it.",
            DefaultValueFactory = _ => StandardName,
        };
        var files = new Argument<string[]>("files") { Description = "Files with images; by default all .h5 files of the current folder.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("plot_binstats", "Draws how the hits lie on the axes of the images of files.") { saveAs, files };
        command.SetAction((parsed, cancellation) => Task.Run(
            () => Failures.Report(() => Run(parsed.GetRequiredValue(saveAs), parsed.GetValue(files) ?? [], cancellation)), CancellationToken.None));
        return command;
    }

    private static void Run(string saveAs, string[] files, CancellationToken cancellation)
    {
        var format = PlotFile.Check(saveAs, overwrite: false);
        var sum = new BinStatisticsSum();
        foreach (var file in files.Length > 0 ? files : [.. Directory.EnumerateFiles(".", "*.h5").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)])
        {
            cancellation.ThrowIfCancellationRequested();
            if (!sum.TryAddFile(file))
            {
                Console.Error.WriteLine($"orcasong: warning: {BinStatisticsSum.NoStatistics(file)}");
            }
        }

        var total = sum.Total();
        PlotFile.Save(BinStatisticsPlot.Draw(total, onePagePerAxis: format == PlotFormat.Pdf), saveAs, overwrite: false, cancellation);
        Console.Out.WriteLine($"{saveAs}: {string.Join(", ", total.Axes.Select(a => a.Field))} of {total.Axes[0].FileCount} {(total.Axes[0].FileCount == 1 ? "file" : "files")}");
    }
}
