using OrcaSong.Configuration.Toml;
using OrcaSong.Images;
using OrcaSong.Running;

namespace OrcaSong.Configuration;

/// <summary>A configuration file: what is made of events, and whether existing outputs are replaced.</summary>
/// <param name="Processor">What is made of events.</param>
/// <param name="Overwrite">Whether existing outputs are replaced; as upstream, yes unless the file says otherwise.</param>
public sealed record RunConfiguration(EventProcessor Processor, bool Overwrite)
{
    /// <summary>Reads a configuration file (TOML 1.0). Its keys are the names of the Python tool's options.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="detectorFile">A detector file that is used in place of the one that the file names.</param>
    /// <returns>What it describes.</returns>
    /// <exception cref="TomlException">It is not TOML, or a key or a value is not known; the message has line and column.</exception>
    public static RunConfiguration Load(string path, string? detectorFile = null)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The configuration file '{path}' does not exist.", path);
        }

        return Read(Toml.Toml.Load(path), path, detectorFile);
    }

    internal static RunConfiguration Read(TomlTable root, string source, string? detectorFile = null)
    {
        var table = new ConfigurationTable(root, source);
        var mode = table.Find("mode") as TomlString
            ?? throw new TomlException("expected mode = \"image\", found no mode", source, table.Find("mode")?.Position ?? new TomlPosition(1, 1));
        if (mode.Value != "image")
        {
            throw new TomlException($"expected mode = \"image\", found \"{mode.Value}\"", source, mode.Position);
        }

        var overwrite = table.Boolean("overwrite", true);
        var options = ReadOptions(table, source, detectorFile);
        var axes = ReadAxes(table, table.Find("bin_edges_list") ?? throw new TomlException(
            "expected bin_edges_list, the axes of the images: a preset's name, or [[\"pos_z\", [26.0, 35.5, ...]], ...]", source, mode.Position));
        var statistics = table.Boolean("add_bin_stats", true);
        var weights = table.Text("hit_weights");
        var overflow = table.Find("overflow") switch
        {
            null or TomlString { Value: "saturate" } => OverflowHandling.Saturate,
            TomlString { Value: "wrap" } => OverflowHandling.Wrap,
            var other => throw table.Wrong("overflow", "\"saturate\" or \"wrap\"", other),
        };
        table.RefuseUnknownKeys();
        return new RunConfiguration(
            table.Make(root.KeyPosition("bin_edges_list"), () => new FileBinner(axes, options, statistics, weights, overflow)), overwrite);
    }

    private static ProcessingOptions ReadOptions(ConfigurationTable table, string source, string? detectorFile)
    {
        var standard = ProcessingOptions.Default;
        return new ProcessingOptions
        {
            Extractor = ExtractorConfiguration.Read(table, source),
            DetectorFile = table.Text("det_file") is var named && detectorFile is null ? named : detectorFile,
            CorrectMcTime = table.Boolean("correct_mc_time", standard.CorrectMcTime),
            CenterTime = table.Boolean("center_time", standard.CenterTime),
            CalibrateHits = table.Boolean("calib_hits", standard.CalibrateHits),
            CalibrateMcHits = table.Boolean("calib_mchits", standard.CalibrateMcHits),
            AddT0 = table.Boolean("add_t0", standard.AddT0),
            CorrectTimeSlewing = table.Boolean("correct_timeslew", standard.CorrectTimeSlewing),
            CenterHitsTo = ReadCentre(table),
            ChunkSize = ReadChunkSize(table, FileBinner.StandardChunkSize),
            KeepEventInfo = table.Boolean("keep_event_info", standard.KeepEventInfo),
            KeepRawHeader = table.Boolean("raw_header", standard.KeepRawHeader),
            CompressionLevel = (int?)table.Integer("complevel", 0, 9) ?? standard.CompressionLevel,
            Seed = (uint?)table.Integer("seed", 0, uint.MaxValue) ?? standard.Seed,
            SortLabels = table.Boolean("sort_y", standard.SortLabels),
            LabelsToFloat64 = table.Boolean("y_to_float64", standard.LabelsToFloat64),
        };
    }

    private static CentreTarget? ReadCentre(ConfigurationTable table)
    {
        const string Key = "center_hits_to";
        if (table.Find(Key) is not { } value || value is TomlString { Value: "none" })
        {
            return null;
        }

        double? Coordinate(TomlValue v) => v is TomlString { Value: "none" } ? null : table.Number(Key, v);
        return value is TomlArray { Count: 3 } target
            ? new CentreTarget(Coordinate(target[0]), Coordinate(target[1]), Coordinate(target[2]))
            : throw table.Wrong(Key, "[x, y, z] in m, where \"none\" leaves an axis alone", value);
    }

    private static int? ReadChunkSize(ConfigurationTable table, int? standard) =>
        table.Find("chunksize") is TomlString { Value: "auto" } ? null : (int?)table.Integer("chunksize", 1, 1_000_000) ?? standard;

    private static IReadOnlyList<BinAxis> ReadAxes(ConfigurationTable table, TomlValue value)
    {
        const string Key = "bin_edges_list";
        return value switch
        {
            TomlString preset => table.Make(preset.Position, () => BinAxisPresets.Get(preset.Value)),
            TomlArray list => [.. list.Select(entry => entry is TomlArray { Count: 2 } pair && pair[0] is TomlString field
                ? ReadAxis(table, field.Value, pair[1])
                : throw table.Wrong(Key, "[\"field\", [edges]]", entry))],
            _ => throw table.Wrong(Key, "a preset's name, or a list of [\"field\", [edges]]", value),
        };
    }

    private static BinAxis ReadAxis(ConfigurationTable table, string field, TomlValue edges) => edges is TomlArray list
        ? table.Make(edges.Position, () => new BinAxis(field, [.. list.Select(e => table.Number(field, e))], list.All(e => e is TomlInteger)))
        : throw table.Wrong(field, "a list of bin edges", edges);
}
