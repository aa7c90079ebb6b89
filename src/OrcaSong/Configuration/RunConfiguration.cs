using OrcaSong.Configuration.Toml;
using OrcaSong.Graphs;
using OrcaSong.Images;
using OrcaSong.Running;

namespace OrcaSong.Configuration;

/// <summary>A configuration file: what is made of events, and whether existing outputs are replaced.</summary>
/// <param name="Processor">What is made of events.</param>
/// <param name="Overwrite">Whether existing outputs are replaced; as upstream, yes unless the file says otherwise.</param>
public sealed record RunConfiguration(EventProcessor Processor, bool Overwrite)
{
    /// <summary>Reads a configuration file (TOML 1.0). Its keys are the names of the Python tool's options.</summary>
    /// <param name="path">Path of the file, or <c>orcasong:NAME.toml</c> for one of the <see cref="BuiltInConfigurations"/>.</param>
    /// <param name="detectorFile">A detector file that is used in place of the one that the file names.</param>
    /// <returns>What it describes.</returns>
    /// <exception cref="TomlException">It is not TOML, or a key or a value is not known; the message has line and column.</exception>
    /// <exception cref="IOException">There is no such file, no such built-in configuration, or the file cannot be read.</exception>
    public static RunConfiguration Load(string path, string? detectorFile = null)
    {
        if (BuiltInConfigurations.IsName(path))
        {
            return Parse(BuiltInConfigurations.Get(path), path, detectorFile);
        }

        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The configuration file '{path}' does not exist.", path);
        }

        return Read(Toml.Toml.Load(path), path, detectorFile);
    }

    /// <summary>Reads a configuration from a text.</summary>
    /// <param name="text">The text (TOML 1.0).</param>
    /// <param name="source">A name for it in messages.</param>
    /// <param name="detectorFile">A detector file that is used in place of the one that the text names.</param>
    /// <returns>What it describes.</returns>
    /// <exception cref="TomlException">It is not TOML, or a key or a value is not known; the message has line and column.</exception>
    public static RunConfiguration Parse(string text, string source = "configuration", string? detectorFile = null) =>
        Read(Toml.Toml.Parse(text, source), source, detectorFile);

    /// <summary>Writes the configuration as a text. Reading it gives an equal configuration.</summary>
    /// <returns>The text (TOML 1.0): what differs from the defaults.</returns>
    /// <exception cref="ArgumentException">The labels come from an extractor of your own, which a text cannot describe.</exception>
    public string ToToml() => Toml.Toml.Write(ConfigurationWriter.Table(this));

    internal static RunConfiguration Read(TomlTable root, string source, string? detectorFile = null)
    {
        var table = new ConfigurationTable(root, source);
        var mode = table.Find("mode")
            ?? throw new TomlException("expected mode = \"image\" or mode = \"graph\", found no mode", source, new TomlPosition(1, 1));
        var overwrite = table.Boolean("overwrite", true);
        EventProcessor processor = mode switch
        {
            TomlString { Value: "image" } => ReadBinner(table, mode.Position, ReadOptions(table, source, detectorFile, FileBinner.StandardChunkSize)),
            TomlString { Value: "graph" } => ReadGraph(table, mode.Position, ReadOptions(table, source, detectorFile, standardChunkSize: null)),
            _ => throw table.Wrong("mode", "\"image\" or \"graph\"", mode),
        };
        return new RunConfiguration(processor, overwrite);
    }

    private static FileBinner ReadBinner(ConfigurationTable table, TomlPosition mode, ProcessingOptions options)
    {
        const string AxesKey = "bin_edges_list";
        var list = table.Find(AxesKey);
        var statistics = table.Boolean("add_bin_stats", true);
        var weights = table.Text("hit_weights");
        var overflow = table.Find("overflow") switch
        {
            null or TomlString { Value: "saturate" } => OverflowHandling.Saturate,
            TomlString { Value: "wrap" } => OverflowHandling.Wrap,
            var other => throw table.Wrong("overflow", "\"saturate\" or \"wrap\"", other),
        };

        // A misspelt key first: it may be the one that is missing.
        table.RefuseUnknownKeys();
        var axes = ReadAxes(table, list ?? throw table.Missing(
            "bin_edges_list, the axes of the images: a preset's name, or [[\"pos_z\", [26.0, 35.5, ...]], ...]", mode));
        return table.Make(table.Table.KeyPosition(AxesKey), () => new FileBinner(axes, options, statistics, weights, overflow));
    }

    private static FileGraph ReadGraph(ConfigurationTable table, TomlPosition mode, ProcessingOptions options)
    {
        var fields = ReadFields(table);
        var window = ReadTimeWindow(table);
        var triggered = table.Boolean("only_triggered_hits", false);
        var most = (int?)table.Integer("max_n_hits", 1, int.MaxValue);
        var fixedLength = table.Boolean("fixed_length", false);
        table.RefuseUnknownKeys();
        var position = table.Find("fixed_length")?.Position ?? mode;
        return table.Make(position, () => new FileGraph(fields, window, triggered, most, fixedLength, options));
    }

    private static string[]? ReadFields(ConfigurationTable table)
    {
        const string Key = "hit_infos";
        return table.Find(Key) switch
        {
            null => null,
            TomlArray names => [.. names.Select(name => name is TomlString s ? s.Value : throw table.Wrong(Key, "names of hit fields", name))],
            var other => throw table.Wrong(Key, "a list of hit fields", other),
        };
    }

    private static TimeWindow? ReadTimeWindow(ConfigurationTable table)
    {
        const string Key = "time_window";
        return table.Find(Key) switch
        {
            null => null,
            TomlArray { Count: 2 } limits => table.Make(
                limits.Position, () => new TimeWindow(table.Number(Key, limits[0]), table.Number(Key, limits[1]))),
            var other => throw table.Wrong(Key, "[start, end] in ns", other),
        };
    }

    private static ProcessingOptions ReadOptions(ConfigurationTable table, string source, string? detectorFile, int? standardChunkSize)
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
            ChunkSize = ReadChunkSize(table, standardChunkSize),
            KeepEventInfo = table.Boolean("keep_event_info", standard.KeepEventInfo),
            KeepRawHeader = table.Boolean("raw_header", standard.KeepRawHeader),
            CompressionLevel = ReadCompression(table) ?? standard.CompressionLevel,
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

    private static int? ReadCompression(ConfigurationTable table) =>
        table.Find("complevel") is TomlString name && CompressionLevels.TryParse(name.Value, out var level) ? level : (int?)table.Integer("complevel", 0, 9);

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
