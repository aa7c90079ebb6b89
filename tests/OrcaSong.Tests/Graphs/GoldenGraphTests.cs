using System.Text.Json;
using OrcaSong.Calibration;
using OrcaSong.Configuration;
using OrcaSong.Configuration.Toml;
using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Labels;
using OrcaSong.Running;
using OrcaSong.Tests.Golden;
using Xunit;

namespace OrcaSong.Tests.Graphs;

/// <summary>Graphs against what the Python tool wrote.</summary>
public sealed class GoldenGraphTests(GoldenCases<GoldenGraphTests> golden) : IClassFixture<GoldenCases<GoldenGraphTests>>, IGoldenTests
{
    public static IReadOnlyList<string> Prefixes { get; } = ["graph_", "edge_graph_", "det_graph_", "td_graph_", "cli_", "det_cli_"];

    public static IEnumerable<TheoryDataRow<string>> Written()
    {
        if (Shared.Folder is null)
        {
            return [new TheoryDataRow<string>("none")];
        }

        using var manifest = JsonDocument.Parse(File.ReadAllText(Shared.Path("golden", "manifest.json")));
        return [.. manifest.RootElement.EnumerateObject()
            .Where(c => Prefixes.Any(p => c.Name.StartsWith(p, StringComparison.Ordinal)) && c.Value.GetProperty("status").GetString() == "ok")
            .Select(c => new TheoryDataRow<string>(c.Name))];
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void AgreesWithThePythonTool(string name)
    {
        var (output, _, withLabels) = Run(name);
        string[] ignored = ["/raw_header", .. withLabels ? Array.Empty<string>() : ["/y", "/group_info"]];
        var (differences, error, exitCode) = Tool.PythonFile(
            Shared.Path("tools", "h5compare.py"), [Shared.Path("golden", name, "out.h5"), output, "--ignore", .. ignored]);
        Assert.True(exitCode == 0, differences + error);
    }

    /// <summary>Where the Python tool stopped at the first event without hits, the others are written.</summary>
    [Theory]
    [InlineData("edge_graph_zero_hits", SkipReason.NoHits, 2, 30, 31, 33, 35)]
    [InlineData("edge_graph_zero_hits_compound", SkipReason.NoHits, 2, 30, 31, 33, 35)]
    [InlineData("edge_graph_notrig", SkipReason.NoTriggeredHit, 1, 40, 40, 40, 40, 40)]
    [InlineData("edge_graph_missinghits_compound", SkipReason.NoHits, 1, 40, 41, 43, 44)]
    [InlineData("edge_graph_missinghits_split", SkipReason.NoHits, 1, 40, 41, 43, 44)]
    public void SkipsEventsThatThePythonToolStopsAt(string name, SkipReason reason, int skipped, params int[] hits)
    {
        var (output, result, _) = Run(name);
        Assert.Equal(new Dictionary<SkipReason, long> { [reason] = skipped }, result.SkippedBy);
        Assert.Equal(hits.Select(n => (long)n), Output.Integers(output, "x_indices", "n_items"));
        Assert.Equal(hits.Select(n => (long)n), Output.Integers(output, "event_info", "n_hits_intime"));
        Assert.Equal(Enumerable.Range(0, hits.Length).Select(e => (long)e), Output.Integers(output, "event_info", "group_id"));
    }

    /// <summary>Where group_ids have gaps, the Python tool takes the wrong events' hits, or stops.</summary>
    [Fact]
    public void FindsTheHitsOfEventsWithGapsInTheirIds()
    {
        var (output, _, _) = Run("edge_graph_gidgap_split");
        var ids = Output.Integers(Shared.Path("data", "edge", "edge_gidgap_split.h5"), "group_info", "group_id");
        var items = Output.Integers(output, "x_indices", "n_items");
        Assert.Equal([40, 41, 42], items);
        using var file = H5File.OpenRead(output);
        using var x = file.Root.OpenDataset("x");
        var (values, width) = (x.ReadAll<float>(), (int)x.Shape[1]);
        var at = Enumerable.Range(0, width).Single(i => x.Attributes.GetString($"hit_info_{i}") == "group_id");
        Assert.Equal(
            ids.Zip(items).SelectMany(e => Enumerable.Repeat((float)e.First, (int)e.Second)),
            values.Where((_, i) => i % width == at));
    }

    [Theory]
    [InlineData("edge_graph_nogroupinfo", "/group_info")]
    [InlineData("edge_graph_oldversion", "4.1")]
    [InlineData("graph_addt0_uncal_mupage", "t0")]
    [InlineData("graph_wrongdetx_neutrino", "modules that detector")]
    public void SaysWhatIsWrongWithTheInput(string name, string words) =>
        Assert.Contains(words, Assert.Throws<EventFileException>(() => Run(name)).Message, StringComparison.Ordinal);

    private (string Output, RunResult Result, bool WithLabels) Run(string name)
    {
        _ = Shared.Path();
        Tool.RequirePython("numpy", "h5py");
        var found = golden.Cases[name];
        if (found.GetProperty("needs").GetArrayLength() > 0)
        {
            Assert.Skip($"a configuration cannot express {string.Join(", ", found.GetProperty("needs").EnumerateArray())}; tested through the module");
        }

        var arguments = found.GetProperty("args").EnumerateArray().Select(a => a.GetString()!).ToList();
        var (input, configuration, output) = (Shared.Path(arguments[1]), arguments[2], found.GetProperty("out").GetString()!);
        var detector = arguments.IndexOf("--detx") is var at and >= 0 ? Shared.Path(arguments[at + 1]) : null;
        var text = BuiltInConfigurations.IsName(configuration) ? BuiltInConfigurations.Get(configuration) : File.ReadAllText(configuration);
        var withLabels = !Toml.Parse(text).TryGetValue("extractor", out var extractor) || LabelExtractors.Names.Contains(((TomlString)extractor).Value);
        if (!withLabels)
        {
            // An extractor that is not built in: everything else is compared.
            var lines = text.Split('\n').Where(l => !l.StartsWith("extractor", StringComparison.Ordinal));
            text = string.Join('\n', lines.TakeWhile(l => l != "[extractor_config]"));
        }

        var run = RunConfiguration.Parse(text, name, detector);
        return (output, new Runner(2).Run(run.Processor, input, output, run.Overwrite), withLabels);
    }
}
