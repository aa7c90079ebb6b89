using OrcaSong.Configuration.Toml;
using OrcaSong.Graphs;
using OrcaSong.Images;
using OrcaSong.Labels;
using OrcaSong.Running;

namespace OrcaSong.Configuration;

/// <summary>Turns a configuration back into TOML: the mode, and what differs from the defaults, in the order in which it is read.</summary>
internal sealed class ConfigurationWriter
{
    private readonly List<KeyValuePair<string, TomlValue>> _items = [];

    private readonly bool _complete;

    private ConfigurationWriter(bool complete) => _complete = complete;

    internal static TomlTable Table(RunConfiguration configuration)
    {
        var writer = new ConfigurationWriter(complete: false);
        writer.AddProcessor(configuration.Processor, configuration.Processor.Options);
        writer.AddIfNot(true, "overwrite", configuration.Overwrite);
        return new TomlTable(writer._items);
    }

    /// <summary>What is made of events, with every option and all bin edges, so that it means the same when defaults or presets are others.</summary>
    /// <param name="processor">What is made of them.</param>
    /// <param name="detectorFile">The name of its detector file, if it has one.</param>
    /// <returns>The text (TOML 1.0). Labels and skippers of users' own code are not in it.</returns>
    internal static string Complete(EventProcessor processor, string? detectorFile)
    {
        var options = processor.Options with { DetectorFile = detectorFile };
        var writer = new ConfigurationWriter(complete: true);
        writer.AddProcessor(processor, options with { Extractor = options.Extractor is CustomExtractor ? null : options.Extractor });
        return Toml.Toml.Write(new TomlTable(writer._items));
    }

    private void AddProcessor(EventProcessor processor, ProcessingOptions options)
    {
        switch (processor)
        {
            case FileBinner binner:
                Add("mode", "image");
                AddBinner(binner);
                AddOptions(options, FileBinner.StandardChunkSize);
                break;
            case FileGraph graph:
                Add("mode", "graph");
                AddGraph(graph);
                AddOptions(options, standardChunkSize: null);
                break;
            default:
                throw new ArgumentException($"A configuration describes images or graphs, not {processor}.", nameof(processor));
        }
    }

    private void AddBinner(FileBinner binner)
    {
        var preset = _complete ? null : BinAxisPresets.Names.FirstOrDefault(name => BinAxisPresets.Get(name).SequenceEqual(binner.Axes));
        Add("bin_edges_list", preset is null ? new TomlArray(binner.Axes.Select(Axis)) : new TomlString(preset));
        AddIfNot(true, "add_bin_stats", binner.AddBinStatistics);
        Add("hit_weights", binner.HitWeights);
        if (_complete || binner.Overflow == OverflowHandling.Wrap)
        {
            Add("overflow", binner.Overflow == OverflowHandling.Wrap ? "wrap" : "saturate");
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

        if (_complete || options.ChunkSize != standardChunkSize)
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
        if (_complete || value != standard)
        {
            Add(key, new TomlBoolean(value));
        }
    }

    private void AddIfNot(long standard, string key, long value)
    {
        if (_complete || value != standard)
        {
            Add(key, Integer(value));
        }
    }
}
