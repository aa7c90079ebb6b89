using OrcaSong.Configuration.Toml;
using OrcaSong.Graphs;
using OrcaSong.Images;
using OrcaSong.Running;

namespace OrcaSong.Configuration;

/// <summary>Turns a configuration back into TOML: the mode, and what differs from the defaults, in the order in which it is read.</summary>
internal sealed class ConfigurationWriter
{
    private readonly List<KeyValuePair<string, TomlValue>> _items = [];

    private ConfigurationWriter()
    {
    }

    internal static TomlTable Table(RunConfiguration configuration)
    {
        var writer = new ConfigurationWriter();
        switch (configuration.Processor)
        {
            case FileBinner binner:
                writer.Add("mode", "image");
                writer.AddBinner(binner);
                writer.AddOptions(binner.Options, FileBinner.StandardChunkSize);
                break;
            case FileGraph graph:
                writer.Add("mode", "graph");
                writer.AddGraph(graph);
                writer.AddOptions(graph.Options, standardChunkSize: null);
                break;
            default:
                throw new ArgumentException($"A configuration describes images or graphs, not {configuration.Processor}.", nameof(configuration));
        }

        writer.AddIfNot(true, "overwrite", configuration.Overwrite);
        return new TomlTable(writer._items);
    }

    private void AddBinner(FileBinner binner)
    {
        var preset = BinAxisPresets.Names.FirstOrDefault(name => BinAxisPresets.Get(name).SequenceEqual(binner.Axes));
        Add("bin_edges_list", preset is null ? new TomlArray(binner.Axes.Select(Axis)) : new TomlString(preset));
        AddIfNot(true, "add_bin_stats", binner.AddBinStatistics);
        Add("hit_weights", binner.HitWeights);
        if (binner.Overflow == OverflowHandling.Wrap)
        {
            Add("overflow", "wrap");
        }
    }

    private static TomlArray Axis(BinAxis axis) =>
        new([new TomlString(axis.Field), new TomlArray(axis.Edges.Select<double, TomlValue>(e => axis.HasIntegerEdges ? Integer((long)e) : Number(e)))]);

    private void AddGraph(FileGraph graph)
    {
        if (graph.HitFields is { } fields)
        {
            Add("hit_infos", new TomlArray(fields.Select(f => new TomlString(f))));
        }

        if (graph.TimeWindow is { } window)
        {
            Add("time_window", new TomlArray([Number(window.Start), Number(window.End)]));
        }

        AddIfNot(false, "only_triggered_hits", graph.OnlyTriggeredHits);
        if (graph.MaxHits is { } most)
        {
            Add("max_n_hits", Integer(most));
        }

        AddIfNot(false, "fixed_length", graph.FixedLength);
    }

    private void AddOptions(ProcessingOptions options, int? standardChunkSize)
    {
        var standard = ProcessingOptions.Default;
        Add("det_file", options.DetectorFile);
        AddIfNot(standard.CorrectMcTime, "correct_mc_time", options.CorrectMcTime);
        AddIfNot(standard.CenterTime, "center_time", options.CenterTime);
        AddIfNot(standard.CalibrateHits, "calib_hits", options.CalibrateHits);
        AddIfNot(standard.CalibrateMcHits, "calib_mchits", options.CalibrateMcHits);
        AddIfNot(standard.AddT0, "add_t0", options.AddT0);
        AddIfNot(standard.CorrectTimeSlewing, "correct_timeslew", options.CorrectTimeSlewing);
        if (options.CenterHitsTo is { } target)
        {
            Add("center_hits_to", new TomlArray(new[] { target.X, target.Y, target.Z }.Select<double?, TomlValue>(v => v is { } n ? Number(n) : new TomlString("none"))));
        }

        if (options.ChunkSize != standardChunkSize)
        {
            Add("chunksize", options.ChunkSize is { } rows ? Integer(rows) : new TomlString("auto"));
        }

        AddIfNot(standard.KeepEventInfo, "keep_event_info", options.KeepEventInfo);
        AddIfNot(standard.KeepRawHeader, "raw_header", options.KeepRawHeader);
        AddIfNot(standard.CompressionLevel, "complevel", options.CompressionLevel);
        AddIfNot(standard.Seed, "seed", options.Seed);
        AddIfNot(standard.SortLabels, "sort_y", options.SortLabels);
        AddIfNot(standard.LabelsToFloat64, "y_to_float64", options.LabelsToFloat64);
        if (options.Extractor is { } extractor)
        {
            _items.AddRange(ExtractorConfiguration.Write(extractor));
        }
    }

    private static TomlInteger Integer(long value) => new(value);

    private static TomlFloat Number(double value) => new TomlFloat(value);

    private void Add(string key, TomlValue value) => _items.Add(KeyValuePair.Create(key, value));

    private void Add(string key, string? value)
    {
        if (value is not null)
        {
            Add(key, new TomlString(value));
        }
    }

    private void AddIfNot(bool standard, string key, bool value)
    {
        if (value != standard)
        {
            Add(key, new TomlBoolean(value));
        }
    }

    private void AddIfNot(long standard, string key, long value)
    {
        if (value != standard)
        {
            Add(key, Integer(value));
        }
    }
}
