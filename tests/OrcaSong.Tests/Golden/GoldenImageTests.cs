using System.Text.Json;
using OrcaSong.Calibration;
using OrcaSong.Configuration;
using OrcaSong.Configuration.Toml;
using OrcaSong.Events;
using OrcaSong.Labels;
using OrcaSong.Running;
using OrcaSong.Tests.Images;
using Xunit;

namespace OrcaSong.Tests.Golden;

/// <summary>Images, bin statistics and labels against what the Python tool wrote.</summary>
public sealed class GoldenImageTests(GoldenCases<GoldenImageTests> golden) : IClassFixture<GoldenCases<GoldenImageTests>>, IGoldenTests
{
    public static IReadOnlyList<string> Prefixes { get; } = ["image_", "edge_image_", "det_image_"];

    public static IEnumerable<TheoryDataRow<string>> Written() => Names(e => e.GetProperty("status").GetString() == "ok");

    public static IEnumerable<TheoryDataRow<string>> Failed() => Names(e => e.GetProperty("status").GetString() != "ok");

    [Theory]
    [MemberData(nameof(Written))]
    public void AgreesWithThePythonTool(string name)
    {
        var (output, _, withLabels) = Run(name);
        var expected = Shared.Path("golden", name, "out.h5");
        string[] ignored = ["/raw_header", .. withLabels ? Array.Empty<string>() : ["/y", "/group_info"]];
        var (differences, error, exitCode) = Tool.PythonFile(Shared.Path("tools", "h5compare.py"), [expected, output, "--ignore", .. ignored]);
        Assert.True(exitCode == 0, differences + error);
        if (!withLabels)
        {
            Assert.Equal(Output.Integers(expected, "group_info", "group_id"), Output.Integers(output, "group_info", "group_id"));
        }
    }

    /// <summary>Where the Python tool failed on good data, our answer is what NumPy makes of the events that have what is needed.</summary>
    [Theory]
    [MemberData(nameof(Failed))]
    public void GivesTheRightAnswerWhereThePythonToolFailed(string name)
    {
        _ = Shared.Path();
        if (Refused.TryGetValue(name, out var words))
        {
            var message = Assert.Throws<EventFileException>(() => Run(name)).Message;
            Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
            return;
        }

        Assert.True(Answers.TryGetValue(name, out var answer), $"no answer is known for {name}");
        var (output, result, withLabels) = Run(name);
        Assert.Equal(answer!.Hits.Length, result.EventsWritten);
        Assert.Equal(answer.Hits.Sum(), result.Hits);
        Assert.Equal(answer.Skipped, result.SkippedBy);
        Assert.Equal(answer.Events.Length + (int)answer.Skipped.Values.Sum(), result.EventsRead);
        Assert.Equal(Enumerable.Range(0, answer.Hits.Length).Select(i => (long)i), Output.Integers(output, "group_info", "group_id"));
        Assert.Equal(Enumerable.Range(0, answer.Hits.Length).Select(i => (long)i), Output.Integers(output, "event_info", "group_id"));

        var input = Shared.Path(golden.Cases[name].GetProperty("args")[1].GetString()!);
        Assert.Equal(answer.Events.Select(e => Output.Integers(input, "event_info", "event_id")[e]), Output.Integers(output, "event_info", "event_id"));
        if (withLabels)
        {
            Assert.Equal(answer.Hits.Select(n => (double)n), Output.Column<double>(output, "y", "n_hits"));
        }

        var difference = Oracle.Difference(input, Shared.Path(Detector(name)), ConfigurationFile(name), result);
        Assert.True(difference.Length == 0, difference);
    }

    private static readonly Dictionary<string, string[]> Refused = new()
    {
        ["edge_image_nogroupinfo"] = ["edge_nogroupinfo.h5", "/group_info", "found: event_info, hits", "converted"],
        ["edge_image_oldversion"] = ["edge_oldversion.h5", "4.0", "4.1", "Convert"],
    };

    private static readonly Dictionary<string, Answer> Answers = new()
    {
        ["edge_image_zero_hits"] = new([0, 1, 3, 5], [30, 31, 33, 35], new() { [SkipReason.NoHits] = 2 }),
        ["edge_image_zero_hits_compound"] = new([0, 1, 3, 5], [30, 31, 33, 35], new() { [SkipReason.NoHits] = 2 }),
        ["edge_image_notrig"] = new([0, 1, 2, 4, 5], [40, 40, 40, 40, 40], new() { [SkipReason.NoTriggeredHit] = 1 }),
        ["edge_image_gidgap_split"] = new([0, 1, 2], [40, 41, 42], []),
        ["edge_image_missinghits_compound"] = new([0, 1, 3, 4], [40, 41, 43, 44], new() { [SkipReason.NoHits] = 1 }),
        ["edge_image_missinghits_split"] = new([0, 1, 3, 4], [40, 41, 43, 44], new() { [SkipReason.NoHits] = 1 }),
    };

    private static IEnumerable<TheoryDataRow<string>> Names(Func<JsonElement, bool> predicate)
    {
        if (Shared.Folder is null)
        {
            return [new TheoryDataRow<string>("none")];
        }

        using var manifest = JsonDocument.Parse(File.ReadAllText(Shared.Path("golden", "manifest.json")));
        return [.. manifest.RootElement.EnumerateObject()
            .Where(c => Prefixes.Any(p => c.Name.StartsWith(p, StringComparison.Ordinal)) && predicate(c.Value))
            .Select(c => new TheoryDataRow<string>(c.Name))];
    }

    private string Detector(string name)
    {
        var arguments = golden.Cases[name].GetProperty("args").EnumerateArray().Select(a => a.GetString()!).ToList();
        return arguments[arguments.IndexOf("--detx") + 1];
    }

    private string ConfigurationFile(string name) => golden.Cases[name].GetProperty("args")[2].GetString()!;

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
        var table = Toml.Load(configuration);
        var withLabels = !table.TryGetValue("extractor", out var extractor) || LabelExtractors.Names.Contains(((TomlString)extractor).Value);
        if (!withLabels)
        {
            // An extractor that is not built in yet: everything else is compared.
            var lines = File.ReadAllLines(configuration).Where(l => !l.StartsWith("extractor", StringComparison.Ordinal));
            File.WriteAllLines(configuration, lines.TakeWhile(l => l != "[extractor_config]"));
        }

        var run = RunConfiguration.Load(configuration, detector);
        return (output, new Runner(2).Run(run.Processor, input, output, run.Overwrite), withLabels);
    }

    /// <summary>Which events are written, how many hits these have, and why others are not.</summary>
    private sealed record Answer(int[] Events, int[] Hits, Dictionary<SkipReason, long> Skipped);
}
