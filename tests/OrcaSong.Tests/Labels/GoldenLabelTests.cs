using System.Text.Json;
using OrcaSong.Configuration;
using OrcaSong.Configuration.Toml;
using OrcaSong.Events;
using OrcaSong.Running;
using OrcaSong.Tests.Golden;
using Xunit;

namespace OrcaSong.Tests.Labels;

/// <summary>All labels against what the Python tool wrote, whole files.</summary>
public sealed class GoldenLabelTests(GoldenCases<GoldenLabelTests> golden) : IClassFixture<GoldenCases<GoldenLabelTests>>, IGoldenTests
{
    public static IReadOnlyList<string> Prefixes { get; } = ["extr_", "cli_", "det_cli_", "det_graph_", "edge_bundle_", "td_"];

    private const string Parallel = "not parallel";
    private const string NeedsW2List = "W2LIST_GSEAGEN_CC";
    private const string NeedsTracks = "/reco/tracks";
    private const string NeedsIndex = "mc_index";
    private const string NeedsDetector = "needs a detector file";

    /// <summary>Where the Python tool failed: events that we write, or words of our error.</summary>
    private static readonly Dictionary<string, object> Answers = new()
    {
        ["extr_neutrino_mupage"] = NeedsW2List,
        ["extr_muon_mupage"] = 3,
        ["extr_noise_mupage"] = 3,
        ["extr_bundle_mc_idx_mupage"] = NeedsIndex,
        ["extr_bundle_mc_corsika_mupage"] = "id 0",
        ["extr_neutrino_arca"] = NeedsW2List,
        ["extr_muon_arca"] = 20,
        ["extr_noise_arca"] = 20,
        ["extr_bundle_mc_arca"] = Parallel,
        ["extr_bundle_mc_idx_arca"] = NeedsIndex,
        ["extr_bundle_data_nc897"] = 145,
        ["extr_bundle_data_down_nc897"] = NeedsTracks,
        ["extr_bundle_mc_nc897"] = Parallel,
        ["extr_bundle_mc_idx_nc897"] = Parallel,
        ["extr_bundle_mc_corsika_nc897"] = 145,
        ["extr_bundle_data_nc898"] = 133,
        ["extr_bundle_data_down_nc898"] = NeedsTracks,
        ["extr_bundle_mc_nc898"] = Parallel,
        ["extr_bundle_mc_idx_nc898"] = Parallel,
        ["extr_bundle_mc_corsika_nc898"] = 133,
        ["extr_neutrino_taucc"] = NeedsW2List,
        ["extr_bundle_mc_taucc"] = Parallel,
        ["extr_bundle_mc_idx_taucc"] = Parallel,
        ["extr_data_neutrino"] = 18,
        ["extr_neutrino_neutrino"] = NeedsW2List,
        ["extr_muon_neutrino"] = 18,
        ["extr_noise_neutrino"] = 18,
        ["extr_bundle_mc_neutrino"] = Parallel,
        ["extr_bundle_mc_idx_neutrino"] = NeedsIndex,
        ["extr_bundle_mc_corsika_neutrino"] = 18,
        ["cli_bundle_ORCA4_corsika_sibyll_2-3c_mupage"] = NeedsIndex,
        ["cli_bundle_ORCA4_corsika_sibyll_2-3c_arca"] = NeedsIndex,
        ["cli_bundle_ORCA4_corsika_sibyll_2-3c_nc897"] = NeedsDetector,
        ["cli_bundle_ORCA4_corsika_sibyll_2-3c_nc898"] = NeedsDetector,
        ["cli_bundle_ORCA4_corsika_sibyll_2-3c_neutrino"] = NeedsIndex,
        ["cli_bundle_ORCA4_data_v5-40_nc897"] = NeedsTracks,
        ["cli_bundle_ORCA4_data_v5-40_nc898"] = NeedsTracks,
        ["cli_bundle_ORCA4_mupage_v5-40_mupage"] = NeedsIndex,
        ["cli_bundle_ORCA4_mupage_v5-40_arca"] = NeedsIndex,
        ["cli_bundle_ORCA4_mupage_v5-40_nc897"] = NeedsTracks,
        ["cli_bundle_ORCA4_mupage_v5-40_nc898"] = NeedsTracks,
        ["cli_bundle_ORCA4_mupage_v5-40_taucc"] = Parallel,
        ["cli_bundle_ORCA4_mupage_v5-40_neutrino"] = NeedsIndex,
        ["cli_nu_chain_data_ORCA6_neutrino"] = 18,
        ["cli_nu_chain_muon_ORCA6_mupage"] = 3,
        ["cli_nu_chain_muon_ORCA6_arca"] = 20,
        ["cli_nu_chain_muon_ORCA6_neutrino"] = 18,
        ["cli_nu_chain_neutrino_ORCA6_mupage"] = NeedsW2List,
        ["cli_nu_chain_neutrino_ORCA6_arca"] = NeedsW2List,
        ["cli_nu_chain_neutrino_ORCA6_taucc"] = NeedsW2List,
        ["cli_nu_chain_neutrino_ORCA6_neutrino"] = NeedsW2List,
        ["cli_example_toml_mupage"] = NeedsW2List,
        ["cli_example_toml_arca"] = NeedsW2List,
        ["cli_example_toml_taucc"] = NeedsW2List,
        ["cli_example_toml_neutrino"] = NeedsW2List,
        ["edge_bundle_notrig_nocenter"] = 6,
        ["edge_bundle_missing_reco"] = 6,
    };

    public static IEnumerable<TheoryDataRow<string>> Written() => Names(ok: true);

    public static IEnumerable<TheoryDataRow<string>> Failed() => Names(ok: false);

    [Theory]
    [MemberData(nameof(Written))]
    public void AgreesWithThePythonTool(string name)
    {
        // The Python tool loses the labels of this case: they hold text.
        var lost = name == "extr_neutrino_native_nc897";
        var (output, _) = Run(name);
        string[] ignored = lost ? ["/raw_header", "/y", "/group_info"] : ["/raw_header"];
        var (differences, error, exitCode) = Tool.PythonFile(
            Shared.Path("tools", "h5compare.py"), [Shared.Path("golden", name, "out.h5"), output, "--ignore", .. ignored]);
        Assert.True(exitCode == 0, differences + error);
        if (lost)
        {
            Assert.All(Output.Column<long>(output, "y", "part_number"), n => Assert.Equal(897, n));
            Assert.All(Output.Column<float>(output, "y", "n_gen"), n => Assert.Equal(200_000f, n));
        }
    }

    [Theory]
    [MemberData(nameof(Failed))]
    public void GivesTheRightAnswerWhereThePythonToolFailed(string name)
    {
        _ = Shared.Path();
        Assert.True(Answers.TryGetValue(name, out var answer), $"no answer is known for {name}");
        if (answer is string words)
        {
            var error = Assert.ThrowsAny<Exception>(() => Run(name));
            Assert.True(error is EventFileException or TomlException, error.ToString());
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal((int)answer!, Output.Integers(Run(name).Output, "y", "group_id").Length);
        }
    }

    private static IEnumerable<TheoryDataRow<string>> Names(bool ok)
    {
        if (Shared.Folder is null)
        {
            return [new TheoryDataRow<string>("none")];
        }

        using var manifest = JsonDocument.Parse(File.ReadAllText(Shared.Path("golden", "manifest.json")));
        return [.. manifest.RootElement.EnumerateObject()
            .Where(c => Prefixes.Any(p => c.Name.StartsWith(p, StringComparison.Ordinal)) && (c.Value.GetProperty("status").GetString() == "ok") == ok)
            .Where(c => c.Value.GetProperty("call").GetString()!.Contains("xtractor", StringComparison.Ordinal) || c.Name.Contains("cli_", StringComparison.Ordinal))
            .Select(c => new TheoryDataRow<string>(c.Name))];
    }

    private (string Output, RunResult Result) Run(string name)
    {
        _ = Shared.Path();
        Tool.RequirePython("numpy", "h5py");
        var arguments = golden.Cases[name].GetProperty("args").EnumerateArray().Select(a => a.GetString()!).ToList();
        var output = golden.Cases[name].GetProperty("out").GetString()!;
        var detector = arguments.IndexOf("--detx") is var at and >= 0 ? Shared.Path(arguments[at + 1]) : null;
        var run = RunConfiguration.Load(arguments[2], detector);
        return (output, new Runner(2).Run(run.Processor, Shared.Path(arguments[1]), output, run.Overwrite));
    }
}
