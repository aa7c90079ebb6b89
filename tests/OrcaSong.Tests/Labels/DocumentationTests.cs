using System.Text.RegularExpressions;
using OrcaSong.Graphs;
using OrcaSong.Labels;
using OrcaSong.Running;
using OrcaSong.Simulation;
using Xunit;

namespace OrcaSong.Tests.Labels;

/// <summary>What docs/labels.md and the descriptions of extractors say, against what is written.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Extractors() => [.. LabelExtractors.Names];

    [Theory]
    [MemberData(nameof(Extractors))]
    public void EveryLabelIsDescribed(string name)
    {
        using var folder = new TempFolder();
        var kind = name == "nu_chain_neutrino" ? SimulatedEventKind.Neutrino : SimulatedEventKind.Muon;
        var input = SimulatedRun.Write(new SimulationOptions { Events = 3, Kind = kind }, folder["run.5.h5"]).Path;
        var processor = new FileGraph(["time"], options: new ProcessingOptions { Extractor = LabelExtractors.Get(name) });
        var written = Output.ColumnNames(new Runner(1).Run(processor, input, folder["out.h5"]).Output, "y");
        var information = name.StartsWith("bundle", StringComparison.Ordinal) ? Output.ColumnNames(input, "event_info") : ["group_id"];

        var described = Names().Matches(Documentation()).SelectMany(m => m.Groups[1].Value.Split(", ")).ToHashSet();
        var listed = LabelExtractors.All.Single(e => e.Name == name).Writes.SelectMany(w => w.Split(", ")).SelectMany(w => w.Split(' ')).ToHashSet();
        foreach (var column in written.Except(information))
        {
            Assert.True(described.Any(d => Matches(d, column)), $"docs/labels.md does not describe {column}");
            Assert.True(listed.Any(l => Matches(l.TrimEnd(':'), column)), $"the description of {name} does not list {column}");
        }

        // And the other way round: what an extractor is said to write, it writes.
        var promised = listed.Where(l => Label().IsMatch(l) && !l.Contains('*', StringComparison.Ordinal) && !l.StartsWith("primary_", StringComparison.Ordinal) && l != "min_n_mchits_list");
        Assert.All(promised, l => Assert.Contains(l, written));
    }

    private static bool Matches(string pattern, string column) =>
        Regex.IsMatch(column, $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$");

    private static string Documentation()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "OrcaSong.slnx")))
        {
            folder = folder.Parent;
        }

        return File.ReadAllText(Path.Combine(folder.FullName, "docs", "labels.md"));
    }

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Names();

    [GeneratedRegex("^[a-z0-9]+(_[a-z0-9]+)+$")]
    private static partial Regex Label();
}
