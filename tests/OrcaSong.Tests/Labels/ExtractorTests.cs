using OrcaSong.Calibration;
using OrcaSong.Configuration;
using OrcaSong.Configuration.Toml;
using OrcaSong.Events;
using OrcaSong.Images;
using OrcaSong.Labels;
using OrcaSong.Running;
using OrcaSong.Simulation;
using Xunit;

namespace OrcaSong.Tests.Labels;

public sealed class ExtractorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mcv5.40.mupage_10G.sirene.jterbr00005782.jorcarec.aanet.365.h5", 365, 365L)]
    [InlineData("mcv6.0.gsg_anti-muon-NC_1-500GeV.km3sim.jterbr00008349.jorcarec.jsh.aanet.897.root.h5", 897, 897L)]
    [InlineData("mupage.root.h5", 0, null)]
    [InlineData("mcv5.40.mupage.h5", 40, null)]
    [InlineData("run7.h5", 7, null)]
    [InlineData("nothing", 0, null)]
    [InlineData("x.20.h5", 20, 20L)]
    [InlineData("x.00897.h5", 897, 897L)]
    public void ReadsTheNumbersInFileNames(string name, double part, long? index)
    {
        var path = Path.Combine("some.12.folder", name);
        Assert.Equal(part, FileNames.PartNumber(path));
        Assert.Equal(index, FileNames.McIndex(path));
    }

    [Fact]
    public void EveryExtractorIsFoundByItsName()
    {
        Assert.Equal(
            ["nu_chain_neutrino", "nu_chain_muon", "nu_chain_noise", "nu_chain_data", "bundle_mc", "bundle_data"], LabelExtractors.Names);
        Assert.All(LabelExtractors.All, e => Assert.Equal(e.Name, LabelExtractors.Get(e.Name).Name));
        Assert.Contains("did you mean 'bundle_mc'?", Assert.Throws<ArgumentException>(() => LabelExtractors.Get("bundel_mc")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheStandardOptionsAreThoseThatAreListed()
    {
        foreach (var extractor in LabelExtractors.All)
        {
            var options = extractor.Options.Where(o => !o.EndsWith("(none)", StringComparison.Ordinal));
            Assert.Equal(extractor.Standard, Read($"extractor = \"{extractor.Name}\"\n[extractor_config]\n{string.Join('\n', options)}\n"));
        }
    }

    [Theory]
    [InlineData("extractor = \"nu_chain_neutrino\"\nextractor_config = { prod_identifier = 7 }")]
    [InlineData("extractor = \"nu_chain_muon\"\nextractor_config = { inactive_du = 1 }")]
    [InlineData("extractor = \"nu_chain_noise\"")]
    [InlineData("extractor = \"bundle_data\"\nextractor_config = { only_downgoing_tracks = true }")]
    [InlineData("extractor = \"bundle_mc\"\nextractor_config = { inactive_du = 1, min_n_mchits_list = [0, 5], plane_point = [17, 17.5, 111], with_mc_index = false, is_corsika = true, only_downgoing_tracks = true, missing_value = -1 }")]
    public void ConfigurationsReadBackWhatTheyWrite(string extractor)
    {
        var read = Read(extractor);
        Assert.NotNull(read);
        var again = RunConfiguration.Parse(Configuration(extractor)).ToToml();
        Assert.Equal(read, RunConfiguration.Parse(again).Processor.Options.Extractor);
        Assert.NotEqual(read, LabelExtractors.Get("nu_chain_data"));
    }

    [Theory]
    [InlineData("extractor = \"nu_chain_dada\"", "did you mean 'nu_chain_data'?")]
    [InlineData("extractor = \"bundle_mc\"\nextractor_config = { inactive_dus = 1 }", "did you mean 'inactive_du'?")]
    [InlineData("extractor = \"bundle_mc\"\nextractor_config = { plane_point = [1, 2] }", "[x, y, z]")]
    [InlineData("extractor = \"bundle_mc\"\nextractor_config = { min_n_mchits_list = [0, -1] }", "whole numbers from 0")]
    [InlineData("extractor = \"bundle_mc\"\nextractor_config = { min_n_mchits_list = [1, 1] }", "different whole numbers")]
    [InlineData("extractor = \"nu_chain_data\"\nextractor_config = { inactive_du = 1 }", "extractor nu_chain_data has no options")]
    [InlineData("extractor = \"nu_chain_muon\"\nextractor_config = 3", "expected a table")]
    [InlineData("extractor_config = { inactive_du = 1 }", "extractor (none)")]
    public void WrongOptionsAreNamedWithTheirPlace(string extractor, string words)
    {
        var message = Assert.Throws<TomlException>(() => Read(extractor)).Message;
        Assert.Contains(words, message, StringComparison.Ordinal);
        Assert.Matches("[0-9]+", message);
    }

    [Theory]
    [InlineData("nu_chain_neutrino", "mc_tracks", "/mc_tracks")]
    [InlineData("nu_chain_muon", "mc_hits", "/mc_hits")]
    [InlineData("nu_chain_noise", "event_info", "/event_info")]
    [InlineData("bundle_mc", "mc_hits", "/mc_hits")]
    [InlineData("bundle_data", "event_info", "/event_info")]
    [InlineData("nu_chain_neutrino", "raw_header", "/raw_header")]
    public void AMissingTableIsNamedBeforeAnyOutputIsMade(string extractor, string table, string words)
    {
        var (input, _) = Simulate(extractor.Contains("neutrino", StringComparison.Ordinal) ? SimulatedEventKind.Neutrino : SimulatedEventKind.Muon);
        Delete(input, table);
        var options = new ProcessingOptions { Extractor = LabelExtractors.Get(extractor), CorrectMcTime = false };
        var error = Assert.Throws<EventFileException>(() => Run(input, options));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(EventFileProblem.MissingData, error.Problem);
        Assert.False(File.Exists(_folder["out.h5"]));
    }

    [Fact]
    public void CountsNoHitsOfAnInactiveUnit()
    {
        var (input, detector) = Simulate(SimulatedEventKind.Muon);
        var without = Run(input, new ProcessingOptions { Extractor = BundleMc, DetectorFile = detector });
        var all = Output.Column<double>(without, "y", "n_mc_hits_sim");
        var perUnit = Enumerable.Range(1, 6).Select(du => Output.Column<double>(
            Run(input, new ProcessingOptions { Extractor = BundleMc with { InactiveDu = du }, DetectorFile = detector }), "y", "n_mc_hits_sim")).ToArray();
        Assert.True(all.Sum() > 0);
        for (var e = 0; e < all.Length; e++)
        {
            // Each hit is missing exactly once.
            Assert.Equal((perUnit.Length - 1) * all[e], perUnit.Sum(u => u[e]));
        }

        var error = Assert.Throws<EventFileException>(() => Run(input, new ProcessingOptions { Extractor = BundleMc with { InactiveDu = 1 } }));
        Assert.Contains("detector file", error.Message, StringComparison.Ordinal);
        Assert.Equal(all, Output.Column<double>(Run(input, new ProcessingOptions { Extractor = BundleMc with { InactiveDu = 0 } }), "y", "n_mc_hits_sim"));
    }

    [Fact]
    public void AnUnknownPmtIsOneClearError()
    {
        var (input, _) = Simulate(SimulatedEventKind.Muon);
        var other = SimulatedRun.Write(new SimulationOptions { Events = 1, DetectionUnits = 1 }, _folder["other.h5"]);
        var error = Assert.Throws<EventFileException>(() => Run(
            input, new ProcessingOptions { Extractor = BundleMc with { InactiveDu = 1 }, DetectorFile = other.DetectorFile, CalibrateHits = false }));
        Assert.Equal(EventFileProblem.WrongDetector, error.Problem);
        Assert.Contains("pmt_id", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Event);
    }

    [Fact]
    public void EventsWithoutATrackAreLeftOut()
    {
        var (input, _) = Simulate(SimulatedEventKind.Muon);
        DeleteRows(input, "mc_tracks", groupId: 3);
        foreach (var extractor in new ILabelExtractor[] { new NuChainMuonExtractor(), BundleMc })
        {
            var result = Result(input, new ProcessingOptions { Extractor = extractor });
            Assert.Equal(19, result.EventsWritten);
            Assert.Equal(1, result.SkippedBy[SkipReason.NoMcTrack]);
            Assert.DoesNotContain(4.0, Output.Integers(result.Output, "y", "event_id").Select(id => (double)id));
        }
    }

    [Fact]
    public void WarnsWhereMcTimesCannotBeCorrected()
    {
        var (input, _) = Simulate(SimulatedEventKind.Neutrino);
        Delete(input, "mc_hits");
        var options = new ProcessingOptions { Extractor = new NuChainNeutrinoExtractor() };
        var warned = Result(input, options);
        Assert.Contains(warned.Warnings, w => w.Contains("correct_mc_time", StringComparison.Ordinal));
        Assert.Equal(
            EventViews.Read(input, new ProcessingOptions { CorrectMcTime = false }).Select(e => e.McTracks.Value("time")),
            Output.Column<double>(warned.Output, "y", "time_interaction"));
        Assert.Empty(Result(input, options with { CorrectMcTime = false }).Warnings);
        Assert.Empty(Result(input, options with { Extractor = new NuChainDataExtractor() }).Warnings);
    }

    [Fact]
    public void LabelsKeepTheirTypesIfTheyAreTo()
    {
        var (input, _) = Simulate(SimulatedEventKind.Neutrino);
        var output = Run(input, new ProcessingOptions { Extractor = new NuChainNeutrinoExtractor(), LabelsToFloat64 = false, SortLabels = false });
        Assert.Equal(Output.ColumnNames(output, "y").SkipLast(1).Order(StringComparer.Ordinal), Output.ColumnNames(output, "y").SkipLast(1));
        Assert.All(Output.Column<int>(output, "y", "particle_type"), id => Assert.Contains(Math.Abs(id), new[] { 12, 14, 16 }));
        Assert.All(Output.Column<float>(output, "y", "n_gen"), n => Assert.True(n > 0));
        Assert.All(Output.Integers(output, "y", "n_hits"), n => Assert.True(n > 0));
    }

    [Fact]
    public void MuonsInAPlaneAreAsFarApartAsTheyAre()
    {
        // Straight down: the plane is horizontal, and distances are those of x and y.
        var (input, _) = Simulate(SimulatedEventKind.Muon);
        var events = EventViews.Read(input).ToArray();
        var output = Run(input, new ProcessingOptions { Extractor = BundleMc with { LeastMcHits = [0] } });
        var largest = Output.Column<double>(output, "y", "max_pair_dist_sim");
        var bundles = 0;
        for (var e = 0; e < events.Length; e++)
        {
            var tracks = events[e].McTracks;
            if (tracks.Count < 2)
            {
                Assert.True(double.IsNaN(largest[e]));
                continue;
            }

            bundles++;
            var (d, p) = (Vectors(tracks, "dir"), Vectors(tracks, "pos"));
            var expected = (from a in p from b in p select Apart(a, b, d[0])).Max();

            // The plane's axes are not at right angles: that is how far distances may be off.
            var (x, y, z) = (d[0][0] * d[0][0], d[0][1] * d[0][1], d[0][2] * d[0][2]);
            var skew = Math.Sqrt(x * y / ((z + x) * (z + y)));
            Assert.InRange(largest[e], expected / Math.Sqrt(1 + skew) * (1 - 1e-9), expected / Math.Sqrt(1 - skew) * (1 + 1e-9));
        }

        Assert.True(bundles > 3);

        static double Apart(double[] a, double[] b, double[] d)
        {
            var w = a.Zip(b, (x, y) => x - y).ToArray();
            var along = w.Zip(d, (x, y) => x * y).Sum();
            return Math.Sqrt(Math.Max(0, w.Sum(x => x * x) - (along * along)));
        }

        static double[][] Vectors(TableView table, string what) =>
            [.. Enumerable.Range(0, table.Count).Select(i => new[] { "x", "y", "z" }.Select(axis => table.Value($"{what}_{axis}", i)).ToArray())];
    }

    private static BundleMcExtractor BundleMc => new() { WithMcIndex = false };

    private static string Configuration(string extractor) =>
        "mode = \"image\"\nbin_edges_list = [[\"time\", [0, 1]]]\n" + extractor;

    private static ILabelExtractor? Read(string extractor) => RunConfiguration.Parse(Configuration(extractor)).Processor.Options.Extractor;

    private (string Path, string Detector) Simulate(SimulatedEventKind kind)
    {
        var run = SimulatedRun.Write(new SimulationOptions { Events = 20, Kind = kind, HitsPerEvent = 60 }, _folder["in.h5"], overwrite: true);
        return (run.Path, run.DetectorFile);
    }

    private string Run(string input, ProcessingOptions options) => Result(input, options).Output;

    private RunResult Result(string input, ProcessingOptions options) =>
        new Runner(2).Run(new FileBinner([new BinAxis("channel_id", [0, 31])], options), input, _folder["out.h5"], overwrite: true);

    private static void Delete(string path, string table) => Tool.H5py("""
        with h5py.File(sys.argv[1], "a") as f:
            del f[sys.argv[2]]
        """, path, table);

    private static void DeleteRows(string path, string table, int groupId) => Tool.H5py("""
        with h5py.File(sys.argv[1], "a") as f:
            rows = f[sys.argv[2]][:]
            del f[sys.argv[2]]
            f[sys.argv[2]] = rows[rows["group_id"] != int(sys.argv[3])]
        """, path, table, groupId.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
