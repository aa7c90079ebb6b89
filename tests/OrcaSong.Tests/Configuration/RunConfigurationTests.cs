using OrcaSong.Configuration;
using OrcaSong.Images;
using OrcaSong.Running;
using Xunit;

namespace OrcaSong.Tests.Configuration;

public sealed class RunConfigurationTests
{
    private const string Image = "mode = \"image\"\nbin_edges_list = \"ztc_2017\"\n";

    [Fact]
    public void DefaultsAreThoseOfThePythonTool()
    {
        var configuration = RunConfiguration.Parse(Image);
        var binner = Assert.IsType<FileBinner>(configuration.Processor);
        Assert.True(configuration.Overwrite);
        Assert.Equal(BinAxisPresets.Get("ztc_2017"), binner.Axes);
        Assert.Equal(ProcessingOptions.Default with { ChunkSize = 32 }, binner.Options);
        Assert.True(binner.AddBinStatistics);
        Assert.Null(binner.HitWeights);
        Assert.Equal(OverflowHandling.Saturate, binner.Overflow);
    }

    [Fact]
    public void EveryKeyIsObeyed()
    {
        var configuration = RunConfiguration.Parse("""
            mode = "image"
            bin_edges_list = [["pos_z", [0, 10, 20]], ["time", [-1, 0.5, inf]]]
            """.Replace("inf", "2", StringComparison.Ordinal) + """

            add_bin_stats = false
            hit_weights = "tot"
            overflow = "wrap"
            chunksize = 7
            correct_mc_time = false
            center_time = false
            calib_hits = true
            calib_mchits = false
            add_t0 = true
            correct_timeslew = false
            center_hits_to = [0, "none", -1.5]
            keep_event_info = true
            raw_header = false
            overwrite = false
            sort_y = false
            y_to_float64 = false
            extractor = "nu_chain_data"
            det_file = "d.detx"
            complevel = 9
            seed = 4294967295

            [extractor_config]
            """);
        var binner = Assert.IsType<FileBinner>(configuration.Processor);
        Assert.False(configuration.Overwrite);
        Assert.Equal([new BinAxis("pos_z", [0, 10, 20]), new BinAxis("time", [-1, 0.5, 2])], binner.Axes);
        Assert.Equal((true, false), (binner.Axes[0].HasIntegerEdges, binner.Axes[1].HasIntegerEdges));
        Assert.Equal((false, "tot", OverflowHandling.Wrap), (binner.AddBinStatistics, binner.HitWeights, binner.Overflow));
        Assert.Equal("nu_chain_data", binner.Options.Extractor!.Name);
        Assert.Equal(
            new ProcessingOptions
            {
                Extractor = binner.Options.Extractor,
                DetectorFile = "d.detx",
                CorrectMcTime = false,
                CenterTime = false,
                CalibrateMcHits = false,
                AddT0 = true,
                CorrectTimeSlewing = false,
                CenterHitsTo = new CentreTarget(0, null, -1.5),
                ChunkSize = 7,
                KeepEventInfo = true,
                KeepRawHeader = false,
                CompressionLevel = 9,
                Seed = uint.MaxValue,
                SortLabels = false,
                LabelsToFloat64 = false,
            },
            binner.Options);
    }

    [Theory]
    [InlineData("complevel = \"none\"", 0)]
    [InlineData("complevel = \"Fast\"", 1)]
    [InlineData("complevel = \"default\"", 1)]
    [InlineData("complevel = \"small\"", 9)]
    [InlineData("complevel = 4", 4)]
    public void TheCompressionHasNamesToo(string line, int expected) =>
        Assert.Equal(expected, RunConfiguration.Parse(Image + line).Processor.Options.CompressionLevel);

    [Theory]
    [InlineData("chunksize = \"auto\"", null)]
    [InlineData("chunksize = 1", 1)]
    public void TheChunkSizeMayBeLeftToTheSize(string line, int? expected) =>
        Assert.Equal(expected, RunConfiguration.Parse(Image + line).Processor.Options.ChunkSize);

    [Fact]
    public void AnotherDetectorFileGoesFirst()
    {
        Assert.Equal("other.detx", RunConfiguration.Parse(Image + "det_file = \"d.detx\"", detectorFile: "other.detx").Processor.Options.DetectorFile);
        Assert.Equal("other.detx", RunConfiguration.Parse(Image + "center_hits_to = [0, 0, 0]", detectorFile: "other.detx").Processor.Options.DetectorFile);
        Assert.Null(RunConfiguration.Parse(Image + "center_hits_to = \"none\"").Processor.Options.CenterHitsTo);
    }

    [Theory]
    [InlineData("chunk_size = 7", "(3,1): unknown key 'chunk_size'; did you mean 'chunksize'?")]
    [InlineData("keep_eventinfo = true", "'keep_eventinfo'; did you mean 'keep_event_info'?")]
    [InlineData("Overwrite = true", "'Overwrite'; did you mean 'overwrite'?")]
    [InlineData("det_fil = \"x\"", "did you mean 'det_file'?")]
    [InlineData("telescope = true", "'telescope'; there are add_bin_stats, add_t0,")]
    [InlineData("max_n_hits = 3", "unknown key 'max_n_hits'")]
    [InlineData("chunksize = 0", "(3,13): expected a whole number from 1 to 1000000 for 'chunksize', found")]
    [InlineData("chunksize = 3.5", "expected a whole number")]
    [InlineData("chunksize = \"big\"", "for 'chunksize', found")]
    [InlineData("complevel = 10", "from 0 to 9 for 'complevel'")]
    [InlineData("seed = -1", "'seed'")]
    [InlineData("center_time = 1", "(3,15): expected true or false for 'center_time'")]
    [InlineData("hit_weights = 3", "expected a text in quotes for 'hit_weights'")]
    [InlineData("overflow = \"clip\"", "expected \"saturate\" or \"wrap\" for 'overflow'")]
    [InlineData("center_hits_to = [0, 0]", "expected [x, y, z] in m")]
    [InlineData("center_hits_to = [0, 0, \"all\"]", "'center_hits_to'")]
    [InlineData("extractor = \"nu_chain_dat\"", "(3,13): There is no extractor 'nu_chain_dat'")]
    [InlineData("extractor_config = 3", "expected a table for 'extractor_config'")]
    [InlineData("extractor = \"nu_chain_data\"\n[extractor_config]\nx = 1", "(5,1): unknown key 'x'; extractor nu_chain_data has no options")]
    [InlineData("center_hits_to = [0, 0, 0]", "detector file")]
    public void WhatIsWrongIsNamedWithItsPlace(string lines, string expected) =>
        Refusal.Of(() => RunConfiguration.Parse(Image + lines, "c.toml"), "c.toml(", expected);

    [Theory]
    [InlineData("", "c.toml(1,1): expected mode = \"image\"")]
    [InlineData("mode = \"film\"", "c.toml(1,8): expected \"image\" or \"graph\" for 'mode', found")]
    [InlineData("mode = 3", "c.toml(1,8)")]
    [InlineData("mode = \"image\"", "bin_edges_list")]
    [InlineData("mode = \"image\"\nbin_edges_list = \"ztc\"", "(2,18): There are no axes called 'ztc'; there are ztc_2017")]
    [InlineData("mode = \"image\"\nbin_edges_list = []", "(2,1): An image has 1 to 31 axes; got 0.")]
    [InlineData("mode = \"image\"\nbin_edges_list = [[\"time\", [1]]]", "(2,28): Axis time needs at least two bin edges")]
    [InlineData("mode = \"image\"\nbin_edges_list = [[\"time\", [0, nan]]]", "Bin edge 1 of axis time is NaN")]
    [InlineData("mode = \"image\"\nbin_edges_list = [[\"time\", \"x\"]]", "expected a list of bin edges for 'time'")]
    [InlineData("mode = \"image\"\nbin_edges_list = [[\"time\", [0, \"x\"]]]", "expected a number for 'time'")]
    [InlineData("mode = \"image\"\nbin_edges_list = [\"time\"]", "expected [\"field\", [edges]]")]
    [InlineData("mode = \"image\"\nbin_edges_list = [[\"time\", [0, 1]], [\"time\", [0, 1]]]", "(2,1): Field time has 2 axes")]
    [InlineData("mode = \"image\"\nbin_edges_list = 3", "expected a preset's name")]
    public void AxesThatCannotBeAreNamedWithTheirPlace(string text, string expected) =>
        Refusal.Of(() => RunConfiguration.Parse(text, "c.toml"), "c.toml(", expected);
}
