using System.Globalization;
using OrcaSong.Events;
using OrcaSong.Images;
using OrcaSong.Running;
using OrcaSong.Statistics;
using OrcaSong.Training.Splitting;

namespace OrcaSong.PowerShell.Views;

/// <summary>Text for the views in OrcaSong.Format.ps1xml: the same in every culture, with the field's units.</summary>
public static class Shown
{
    // Lists indent what they show by as much as their longest label.
    private const int LineWidth = 66;
    private const int MostValues = 8;
    private const int FewestBlocks = 10;

    /// <summary>A number with thousands apart: <c>12,345</c>.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The text.</returns>
    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number with as many digits as it needs.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The text.</returns>
    public static string Number(double value) => value.ToString("G7", CultureInfo.InvariantCulture);

    /// <summary>A duration for people: <c>0.52 s</c>, <c>12.3 s</c>, <c>3 min 12 s</c>, <c>2 h 05 min</c>.</summary>
    /// <param name="value">The duration.</param>
    /// <returns>The text.</returns>
    public static string Duration(TimeSpan value) => value.TotalSeconds switch
    {
        < 10 => value.TotalSeconds.ToString("0.00 's'", CultureInfo.InvariantCulture),
        < 60 => value.TotalSeconds.ToString("0.0 's'", CultureInfo.InvariantCulture),
        < 3600 => value.ToString("m' min 'ss' s'", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)value.TotalHours} h {value.Minutes:00} min"),
    };

    /// <summary>A rate in megabytes a second.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="time">The time that they took.</param>
    /// <returns>The text.</returns>
    public static string Megabytes(long bytes, TimeSpan time) => (bytes / 1e6 / Math.Max(1e-3, time.TotalSeconds)).ToString("0", CultureInfo.InvariantCulture);

    /// <summary>The last part of a path.</summary>
    /// <param name="path">The path.</param>
    /// <returns>The text.</returns>
    public static string Name(string? path) => path is null ? string.Empty : Path.GetFileName(path);

    /// <summary>The last part of a path, its middle left out where it is too long: the names of runs differ at their ends.</summary>
    /// <param name="path">The path.</param>
    /// <param name="width">Characters at most.</param>
    /// <returns>The text.</returns>
    public static string Name(string? path, int width)
    {
        var name = Name(path);
        var head = (width - 1) / 2;
        return name.Length <= width ? name : $"{name[..head]}\u2026{name[^(width - 1 - head)..]}";
    }

    /// <summary>The events that were left out, and why: <c>3 without hits, 1 without a triggered hit</c>.</summary>
    /// <param name="result">The result of a file.</param>
    /// <returns>The text.</returns>
    public static string Skipped(RunResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.EventsSkipped == 0
            ? "0"
            : string.Join(", ", result.SkippedBy.Select(s => $"{Number(s.Value)} {SkipReasons.Describe(s.Key)}"));
    }

    /// <summary>The width of an axis' bins, with the field's unit.</summary>
    /// <param name="axis">The axis.</param>
    /// <returns>The text; <c>uneven</c> where bins differ.</returns>
    public static string BinWidth(BinAxis axis)
    {
        ArgumentNullException.ThrowIfNull(axis);
        var width = (axis.Maximum - axis.Minimum) / axis.BinCount;
        for (var bin = 0; bin < axis.BinCount; bin++)
        {
            if (Math.Abs(axis.Edges[bin + 1] - axis.Edges[bin] - width) > 1e-9 * Math.Abs(axis.Maximum - axis.Minimum))
            {
                return "uneven";
            }
        }

        return WithUnit(Number(width), axis.Field);
    }

    /// <summary>The limits of an axis: <c>-50 to 550 ns</c>.</summary>
    /// <param name="axis">The axis.</param>
    /// <returns>The text.</returns>
    public static string Limits(BinAxis axis)
    {
        ArgumentNullException.ThrowIfNull(axis);
        return WithUnit($"{Number(axis.Minimum)} to {Number(axis.Maximum)}", axis.Field);
    }

    /// <summary>A line for each axis, in columns.</summary>
    /// <param name="binner">What makes the images.</param>
    /// <param name="indent">What each line begins with.</param>
    /// <returns>The lines.</returns>
    public static string Axes(FileBinner binner, string indent)
    {
        ArgumentNullException.ThrowIfNull(binner);
        var (names, bins) = (binner.Axes.Max(a => a.Field.Length), binner.Axes.Max(a => Number(a.BinCount).Length));
        return string.Join('\n', binner.Axes.Select(a =>
            $"{indent}{a.Field.PadRight(names)}  {Number(a.BinCount).PadLeft(bins)} {(a.BinCount == 1 ? "bin " : "bins")}  {Limits(a)}{(BinWidth(a) == "uneven" ? ", uneven" : string.Empty)}"));
    }

    /// <summary>The shape of an image: <c>(18, 100, 31)</c>.</summary>
    /// <param name="binner">What makes the images.</param>
    /// <returns>The text.</returns>
    public static string Shape(FileBinner binner)
    {
        ArgumentNullException.ThrowIfNull(binner);
        return $"({string.Join(", ", binner.Shape)})";
    }

    /// <summary>What is calibrated, in words.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The text.</returns>
    public static string Calibration(ProcessingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.DetectorFile is null)
        {
            return "none: hits are taken as they stand";
        }

        var done = (options.CalibrateHits, options.CalibrateMcHits) switch
        {
            (true, true) => "hits and simulated hits",
            (true, false) => "hits",
            (false, true) => "simulated hits",
            _ => "nothing",
        };
        return $"{done}, with {Name(options.DetectorFile)}";
    }

    /// <summary>A fraction in per cent: <c>27.7%</c>; nothing where there is none.</summary>
    /// <param name="fraction">The fraction.</param>
    /// <returns>The text.</returns>
    public static string Percent(double? fraction) => fraction is { } f ? string.Create(CultureInfo.InvariantCulture, $"{100 * f:0.0}%") : string.Empty;

    /// <summary>A number of hits, and what part of all it is: <c>283 (27.7%)</c>.</summary>
    /// <param name="count">The number.</param>
    /// <param name="fraction">The fraction, if there is one.</param>
    /// <returns>The text.</returns>
    public static string WithPercent(long count, double? fraction) => fraction is null ? Number(count) : $"{Number(count)} ({Percent(fraction)})";

    /// <summary>The distribution of times in block characters.</summary>
    /// <param name="times">The distribution.</param>
    /// <param name="width">Characters at most; at least some are drawn in any case.</param>
    /// <returns>The text.</returns>
    public static string Distribution(TimeDistribution times, int width)
    {
        ArgumentNullException.ThrowIfNull(times);
        return times.HitCount == 0 ? "no hits" : times.Distribution(Math.Max(width, FewestBlocks));
    }

    /// <summary>The distribution of hits over an axis in block characters.</summary>
    /// <param name="axis">Statistics of the axis.</param>
    /// <param name="width">Characters at most; at least some are drawn in any case.</param>
    /// <returns>The text.</returns>
    public static string Distribution(AxisStatistics axis, int width)
    {
        ArgumentNullException.ThrowIfNull(axis);
        return axis.HitCount == 0 ? "no hits"
            : axis.Histogram.All(n => n == 0) ? "all are cut off"
            : axis.Distribution(Math.Max(width, FewestBlocks));
    }

    /// <summary>A line for each table that an event has rows in, in columns.</summary>
    /// <param name="e">The event.</param>
    /// <param name="indent">What each line begins with.</param>
    /// <returns>The lines.</returns>
    public static string Tables(EventView e, string indent)
    {
        ArgumentNullException.ThrowIfNull(e);
        var tables = e.Tables.Select(path => e[path]).Where(t => t.Count > 0 && t.Path != "/group_info").ToArray();
        var (names, counts) = (Longest(tables.Select(t => t.Path)), Longest(tables.Select(t => Number(t.Count))));
        return string.Join('\n', tables.Select(t =>
            Cut($"{indent}{t.Path.PadRight(names)}  {Number(t.Count).PadLeft(counts)} {(t.Count == 1 ? "row " : "rows")}  {string.Join(", ", t.Columns)}")));
    }

    /// <summary>A line for each column of a table, with the first of its values.</summary>
    /// <param name="table">The table of an event.</param>
    /// <param name="indent">What each line begins with.</param>
    /// <returns>The lines.</returns>
    public static string Columns(TableView table, string indent)
    {
        ArgumentNullException.ThrowIfNull(table);
        var names = Longest(table.Columns);
        return string.Join('\n', table.Columns.Select(c => Cut($"{indent}{c.PadRight(names)}  {Values(table[c])}")));
    }

    /// <summary>The runs of a part of a set: <c>100 to 103</c>.</summary>
    /// <param name="part">The part.</param>
    /// <returns>The text; empty where labels have no run_id.</returns>
    public static string Runs(DataSplitPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return part is { FirstRun: { } first, LastRun: { } last } ? new RunRange(first, last).ToString() : string.Empty;
    }

    /// <summary>A line for each group, with what it gave to the set of a part.</summary>
    /// <param name="part">The part.</param>
    /// <returns>The lines.</returns>
    public static string Statistics(DataSplitPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return string.Join('\n', part.Statistics.Where(s => s.Set == part.Set)
            .Select(s => Cut($"{s.Group}: {Number(s.Files)} {(s.Files == 1 ? "file" : "files")}, {Number(s.Events)} events, {Percent(s.Share)}")));
    }

    private static string Values(Array values) =>
        string.Join(", ", values.Cast<IFormattable>().Take(MostValues).Select(v => v.ToString(v is float or double ? "G7" : null, CultureInfo.InvariantCulture)));

    private static int Longest(IEnumerable<string> texts) => texts.Select(t => t.Length).DefaultIfEmpty().Max();

    private static string Cut(string line) => line.Length <= LineWidth ? line : line[..(LineWidth - 1)] + "\u2026";

    private static string WithUnit(string text, string field) => field switch
    {
        _ when field.StartsWith("pos_", StringComparison.Ordinal) => $"{text} m",
        "time" or "t0" or "tot" => $"{text} ns",
        _ => text,
    };
}
