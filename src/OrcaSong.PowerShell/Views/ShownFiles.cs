using System.Globalization;
using System.Management.Automation.Host;
using System.Text;
using System.Text.Json;
using OrcaSong.Detectors;
using OrcaSong.Inspection;

namespace OrcaSong.PowerShell.Views;

/// <summary>Text for the views of files and detectors in OrcaSong.Format.ps1xml.</summary>
public static class ShownFiles
{
    private const int LineWidth = 62;
    private const int ColumnsWidth = 78;
    private const int MostNames = 40;
    private const int NoWindow = 80;

    /// <summary>How many characters a line of the window holds.</summary>
    /// <param name="host">The host of the session.</param>
    /// <returns>The number, between 40 and 200; 80 where there is no window.</returns>
    public static int WindowWidth(PSHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        try
        {
            return host.UI.RawUI.WindowSize.Width is > 0 and var width ? Math.Clamp(width, 40, 200) : NoWindow;
        }
        catch (Exception e) when (e is HostException or NotImplementedException or NullReferenceException or IOException)
        {
            return NoWindow;
        }
    }

    /// <summary>A truth value that may be unknown.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The text.</returns>
    public static string Answer(bool? value) => value switch { true => "yes", false => "no", _ => "unknown" };

    /// <summary>A number that may be unknown, with thousands apart.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The text.</returns>
    public static string Number(long? value) => value is { } n ? Shown.Number(n) : "unknown";

    /// <summary>A size in bytes for people: <c>1.2 MB</c>.</summary>
    /// <param name="bytes">The size.</param>
    /// <returns>The text; powers of 1000.</returns>
    public static string Size(long bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => Scaled(bytes / 1e3, "kB"),
        < 1_000_000_000 => Scaled(bytes / 1e6, "MB"),
        < 1_000_000_000_000 => Scaled(bytes / 1e9, "GB"),
        _ => Scaled(bytes / 1e12, "TB"),
    };

    /// <summary>Names in lines that fit a list.</summary>
    /// <param name="names">The names.</param>
    /// <param name="none">What stands for none.</param>
    /// <returns>The text.</returns>
    public static string Names(IEnumerable<string> names, string none = "none")
    {
        var all = names.ToArray();
        var shown = all.Length <= MostNames ? all : [.. all.Take(MostNames), $"and {all.Length - MostNames} more"];
        return all.Length == 0 ? none : Wrap(shown, LineWidth, string.Empty);
    }

    /// <summary>Detectors: <c>49 (KM3NeT_00000049_00008349.v6.0_PMTeff.gdml)</c>.</summary>
    /// <param name="file">The file.</param>
    /// <returns>The text.</returns>
    public static string Detectors(EventFileSummary file)
    {
        var ids = file.DetectorIds.Count == 0 ? "unknown" : file.DetectorIds.ToString();
        return file.DetectorName is { } name ? $"{ids} (simulated with {Shown.Name(name, LineWidth - ids.Length - 18)})" : ids;
    }

    /// <summary>Runs: <c>8349</c>, or <c>8349 to 8420 (61 runs)</c>.</summary>
    /// <param name="file">The file.</param>
    /// <returns>The text.</returns>
    public static string Runs(EventFileSummary file)
    {
        var runs = file.RunIds;
        var rest = file.AllRunsKnown ? string.Empty : ", perhaps more: only some events were looked at";
        return runs.Count switch
        {
            0 => "unknown",
            <= 6 => runs + rest,
            _ => string.Create(CultureInfo.InvariantCulture, $"{runs[0]} to {runs[^1]} ({runs.Count} runs{rest})"),
        };
    }

    /// <summary>How hits are calibrated.</summary>
    /// <param name="file">The file.</param>
    /// <returns>The text.</returns>
    public static string Calibration(EventFileSummary file) => (file.IsCalibrated, file.Kind) switch
    {
        (false, EventFileKind.Events) => "no: a detector file is needed",
        _ => Answer(file.IsCalibrated),
    };

    /// <summary>What one sample is like: the axes of an image, the columns of a graph.</summary>
    /// <param name="file">The file.</param>
    /// <returns>The text.</returns>
    public static string Sample(EventFileSummary file) => file.Kind switch
    {
        EventFileKind.Images when file.Fields is { } fields =>
            Names(fields.Select((f, i) => string.Create(CultureInfo.InvariantCulture, $"{f} ({file.SampleShape![i]})"))),
        EventFileKind.Images => $"({file.SampleShape})",
        _ => Names(file.Fields ?? new([]), "unknown"),
    };

    /// <summary>How it is stored: size, filters, chunks.</summary>
    /// <param name="file">The file.</param>
    /// <returns>The text.</returns>
    public static string Storage(EventFileSummary file)
    {
        var chunks = file.ChunkShape is { } chunk ? $"; chunks of ({string.Join(", ", chunk.Select(Shown.Number))})" : string.Empty;
        return Size(file.FileSize) + (file.Compression is { } filters ? $"; {(filters == "none" ? "not compressed" : filters)}{chunks}" : string.Empty);
    }

    /// <summary>Who wrote it.</summary>
    /// <param name="file">The file.</param>
    /// <returns>The text.</returns>
    public static string Origin(EventFileSummary file)
    {
        var writers = file.WrittenBy.Count == 0 ? "unknown" : file.WrittenBy.ToString();
        return file.FormatVersion is { } format ? $"{writers}; format {format}" : writers;
    }

    /// <summary>What it says of how it was made: the entries of the JSON text that are a number or a text.</summary>
    /// <param name="json">The text.</param>
    /// <returns>A line for each entry.</returns>
    public static string Provenance(string? json)
    {
        if (string.IsNullOrEmpty(json))
        {
            return "unknown";
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? string.Join('\n', document.RootElement.EnumerateObject().Select(p => Cut($"{p.Name}: {Entry(p.Value)}")))
                : Cut(json);
        }
        catch (JsonException)
        {
            return Cut(json);
        }
    }

    /// <summary>Lines of problems.</summary>
    /// <param name="problems">The problems.</param>
    /// <returns>The text.</returns>
    public static string Problems(IEnumerable<string> problems) =>
        string.Join('\n', problems.Select(p => Wrap(p.Split(' '), LineWidth, "  ", " "))) is { Length: > 0 } text ? text : "none";

    /// <summary>A file table by table: a line for each with rows, shape of chunks, filters, sizes; and its columns.</summary>
    /// <param name="file">The file.</param>
    /// <returns>The lines.</returns>
    public static string Tables(EventFileDetails file)
    {
        var paths = file.Tables.Select(t => t.Path.Length).DefaultIfEmpty().Max();
        var text = new StringBuilder();
        foreach (var table in file.Tables)
        {
            var shape = table.Shape.Count > 1 ? $"({table.Shape}) {table.Type}"
                : table.Columns.Count > 0 ? $"{Shown.Number(table.Rows)} rows"
                : $"{Shown.Number(table.Rows)} rows of {table.Type}";
            text.Append(CultureInfo.InvariantCulture, $"  {table.Path.PadRight(Math.Min(paths, 24))}  {shape}\n");
            var ratio = table is { Ratio: { } r, Filters: not "none" } ? string.Create(CultureInfo.InvariantCulture, $", {r:0.#} times smaller") : string.Empty;
            text.Append(CultureInfo.InvariantCulture, $"      {Size(table.StoredBytes)}{ratio}; {Chunks(table)}\n");
            if (table.Columns.Count > 0)
            {
                text.Append("      ").Append(Wrap([.. table.Columns.Select(column => column.ToString())], ColumnsWidth - 6, "      ")).Append('\n');
            }
        }

        return text.ToString().TrimEnd('\n');
    }

    /// <summary>Each extractor, and why it does not work.</summary>
    /// <param name="file">The file.</param>
    /// <param name="indent">What each line begins with.</param>
    /// <returns>The lines.</returns>
    public static string Extractors(EventFileSummary file, string indent)
    {
        ArgumentNullException.ThrowIfNull(file);
        return string.Join('\n', file.ExtractorChecks.Select(e =>
            $"{indent}{e.Name,-18} {(e.Works ? "works" : Wrap(e.Problem!.Split(' '), ColumnsWidth - 19 - indent.Length, indent + new string(' ', 19), " "))}"));
    }

    /// <summary>A point or a vector in m.</summary>
    /// <param name="position">The point.</param>
    /// <returns>The text.</returns>
    public static string Metres(Position? position) =>
        position is { } p ? $"x {Coordinate(p.X)}, y {Coordinate(p.Y)}, z {Coordinate(p.Z)} m" : "unknown";

    /// <summary>The lowest and the highest coordinates.</summary>
    /// <param name="detector">The detector.</param>
    /// <returns>The text.</returns>
    public static string Extent(DetectorSummary detector) =>
        detector is { Lowest: { } low, Highest: { } high, Extent: { } extent }
            ? string.Join('\n', Line('x', extent.X, low.X, high.X), Line('y', extent.Y, low.Y, high.Y), Line('z', extent.Z, low.Z, high.Z))
            : "unknown";

    /// <summary>The place on Earth.</summary>
    /// <param name="utm">The reference.</param>
    /// <returns>The text.</returns>
    public static string Place(UtmReference? utm) =>
        utm?.ToString() ?? "unknown";

    /// <summary>From when until when it is valid.</summary>
    /// <param name="detector">The detector.</param>
    /// <returns>The text.</returns>
    public static string Validity(DetectorSummary detector) => detector switch
    {
        { Version: 1 } => "unknown",
        { ValidFrom: null, ValidUntil: null } => "always",
        _ => $"{(detector.ValidFrom is { } from ? $"from {Time(from)} " : string.Empty)}{(detector.ValidUntil is { } until ? $"until {Time(until)}" : "on")}",
    };

    private static string Chunks(StoredTable table) => table switch
    {
        { ChunkShape: { } chunk } => $"chunks of ({string.Join(", ", chunk.Select(Shown.Number))}), {table.Filters}",
        { Filters: "none" } => "not in chunks",
        _ => $"chunks differ by column, {table.Filters}",
    };

    private static string Line(char axis, double width, double low, double high) => $"{axis} {Coordinate(width)} m ({Coordinate(low)} to {Coordinate(high)})";

    // Without a sign where it rounds to zero.
    private static string Coordinate(double metres) => (Math.Round(metres, 1) + 0.0).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Scaled(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {unit}");

    private static string Entry(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Object => $"{value.EnumerateObject().Count()} entries",
        JsonValueKind.Array => $"{value.GetArrayLength()} entries",
        _ => value.GetRawText(),
    };

    private static string Cut(string line) => line.Length <= LineWidth ? line : line[..(LineWidth - 1)] + "\u2026";

    /// <summary>Words in lines of at most that width; lines after the first one are indented.</summary>
    private static string Wrap(string[] words, int width, string indent, string between = ", ")
    {
        var text = new StringBuilder();
        var length = 0;
        for (var i = 0; i < words.Length; i++)
        {
            var word = i == words.Length - 1 ? words[i] : words[i] + between.TrimEnd();
            if (length > 0 && length + 1 + word.Length > width)
            {
                text.Append('\n').Append(indent);
                length = 0;
            }
            else if (length > 0)
            {
                text.Append(' ');
                length++;
            }

            text.Append(word);
            length += word.Length;
        }

        return text.ToString();
    }
}
