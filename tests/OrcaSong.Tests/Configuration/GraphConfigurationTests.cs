using OrcaSong.Configuration;
using OrcaSong.Configuration.Toml;
using OrcaSong.Graphs;
using OrcaSong.Images;
using OrcaSong.Labels;
using OrcaSong.Running;
using Xunit;

namespace OrcaSong.Tests.Configuration;

public class GraphConfigurationTests
{
    [Fact]
    public void TheModeAloneIsAGraphOfEverything() =>
        Assert.Equal(new RunConfiguration(new FileGraph(), Overwrite: true), RunConfiguration.Parse("mode = \"graph\""));

    [Fact]
    public void ReadsEveryKey()
    {
        var read = RunConfiguration.Parse(
            """
            mode = "graph"
            hit_infos = ["pos_z", "time"]
            time_window = [-250, 1000.5]
            only_triggered_hits = true
            max_n_hits = 2000
            fixed_length = true
            det_file = "d.detx"
            correct_mc_time = false
            center_time = false
            calib_hits = true
            calib_mchits = false
            add_t0 = true
            correct_timeslew = false
            center_hits_to = [0.5, "none", 3]
            chunksize = 16
            keep_event_info = true
            raw_header = false
            complevel = 6
            seed = 7
            sort_y = false
            y_to_float64 = false
            overwrite = false
            """);
        var options = new ProcessingOptions
        {
            DetectorFile = "d.detx",
            CorrectMcTime = false,
            CenterTime = false,
            CalibrateMcHits = false,
            AddT0 = true,
            CorrectTimeSlewing = false,
            CenterHitsTo = new CentreTarget(0.5, null, 3),
            ChunkSize = 16,
            KeepEventInfo = true,
            KeepRawHeader = false,
            CompressionLevel = 6,
            Seed = 7,
            SortLabels = false,
            LabelsToFloat64 = false,
        };
        Assert.Equal(new RunConfiguration(new FileGraph(["pos_z", "time"], new TimeWindow(-250, 1000.5), true, 2000, true, options), Overwrite: false), read);
        Assert.Equal(read, RunConfiguration.Parse(read.ToToml()));
    }

    [Theory]
    [InlineData("", "(1,1): expected mode = \"image\" or mode = \"graph\"")]
    [InlineData("mode = \"grahp\"", "(1,8): expected \"image\" or \"graph\"")]
    [InlineData("mode = \"graph\"\ntime_windw = [0, 1]", "(2,1): unknown key 'time_windw'; did you mean 'time_window'?")]
    [InlineData("mode = \"graph\"\ntime_window = [5, 1]", "(2,15): The time window")]
    [InlineData("mode = \"graph\"\ntime_window = 5", "(2,15): expected [start, end] in ns")]
    [InlineData("mode = \"graph\"\ntime_window = [0, \"end\"]", "expected a number")]
    [InlineData("mode = \"graph\"\nhit_infos = [\"time\", 3]", "(2,22): expected names of hit fields")]
    [InlineData("mode = \"graph\"\nhit_infos = \"time\"", "expected a list of hit fields")]
    [InlineData("mode = \"graph\"\nhit_infos = [\"time\", \"time\"]", "comes 2 times")]
    [InlineData("mode = \"graph\"\nmax_n_hits = 0", "(2,14): expected a whole number from 1")]
    [InlineData("mode = \"graph\"\nfixed_length = true", "(2,16): Graphs of fixed length need a maximum")]
    [InlineData("mode = \"graph\"\nbin_edges_list = \"ztc_2017\"", "unknown key 'bin_edges_list'")]
    [InlineData("mode = \"image\"\nbin_edges_list = \"ztc_2017\"\nmax_n_hits = 5", "unknown key 'max_n_hits'")]
    [InlineData("mode = \"image\"", "expected bin_edges_list")]
    public void RefusesWithThePlace(string text, string words) =>
        Assert.Contains(words, Assert.Throws<TomlException>(() => RunConfiguration.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void WritesOnlyWhatDiffersFromTheDefaults()
    {
        Assert.Equal("mode = \"graph\"\n", new RunConfiguration(new FileGraph(), Overwrite: true).ToToml());
        Assert.Equal(
            "mode = \"image\"\nbin_edges_list = \"ztc_2017\"\n",
            new RunConfiguration(new FileBinner(BinAxisPresets.Get("ztc_2017")), Overwrite: true).ToToml());
    }

    [Fact]
    public void ImagesComeBackEqual()
    {
        BinAxis[] axes = [BinAxis.Uniform("pos_z", 26, 198, 18), new("time", [-50, 0.1, 1 / 3.0, 1e6]), new("channel_id", [0, 10, 31], integerEdges: true)];
        var options = new ProcessingOptions { ChunkSize = null, DetectorFile = "a \"quoted\" \\ path.detx" };
        var written = new RunConfiguration(new FileBinner(axes, options, false, "tot", OverflowHandling.Wrap), Overwrite: false);

        var read = RunConfiguration.Parse(written.ToToml());
        Assert.Equal(written, read);
        Assert.Equal([false, false, true], ((FileBinner)read.Processor).Axes.Select(a => a.HasIntegerEdges));
        Assert.NotEqual(written, read with { Processor = new FileBinner(axes, options, false, "tot") });
    }

    [Fact]
    public void LabelsAreWrittenByName()
    {
        var text = new RunConfiguration(new FileGraph(options: new ProcessingOptions { Extractor = LabelExtractors.Get("nu_chain_data") }), Overwrite: true).ToToml();
        Assert.Equal("nu_chain_data", RunConfiguration.Parse(text).Processor.Options.Extractor?.Name);
    }

    [Fact]
    public void SixConfigurationsAreBuiltIn()
    {
        Assert.Equal(
            [
                "orcasong:bundle_ORCA4_corsika_sibyll_2-3c.toml",
                "orcasong:bundle_ORCA4_data_v5-40.toml",
                "orcasong:bundle_ORCA4_mupage_v5-40.toml",
                "orcasong:nu_chain_data_ORCA6.toml",
                "orcasong:nu_chain_muon_ORCA6.toml",
                "orcasong:nu_chain_neutrino_ORCA6.toml",
            ],
            BuiltInConfigurations.All);
        Assert.All(BuiltInConfigurations.All, name => Assert.Equal(new TomlString("graph"), Toml.Parse(BuiltInConfigurations.Get(name), name)["mode"]));
    }

    [Theory]
    [InlineData("orcasong:nu_chain_data_ORCA6.toml")]
    [InlineData("orcasong:nu_chain_data_ORCA6")]
    public void BuiltInConfigurationsAreFoundByName(string name)
    {
        var graph = Assert.IsType<FileGraph>(RunConfiguration.Load(name, "d.detx").Processor);
        Assert.Equal("d.detx", graph.Options.DetectorFile);
        Assert.Equal("nu_chain_data", graph.Options.Extractor?.Name);
        Assert.False(graph.Options.CorrectMcTime);
    }

    [Fact]
    public void AnUnknownNameIsAnErrorThatListsTheNames()
    {
        var error = Assert.Throws<FileNotFoundException>(() => RunConfiguration.Load("orcasong:nu_chain_ORCA7.toml"));
        Assert.Contains("orcasong:nu_chain_data_ORCA6.toml", error.Message, StringComparison.Ordinal);
    }
}
