using System.Text.Json;
using OrcaSong.Configuration;
using OrcaSong.Running;
using OrcaSong.Simulation;
using Xunit;

namespace OrcaSong.Tests.Images;

/// <summary>Runs random configurations on simulated, odd and real files, and compares all outputs in one go.</summary>
public sealed class RandomRuns : IDisposable
{
    internal const int Count = 48;
    internal const int Large = 4;
    private const int Seed = 20171212;
    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string> _failures = [];

    public RandomRuns()
    {
        if (!new[] { "numpy", "h5py", "tables", "tomllib" }.All(Tool.HasPython))
        {
            return;
        }

        Oracle.Run("inputs", _folder.Path);
        var slewings = Oracle.WriteSlewings(_folder["slews"]);
        var cases = _folder.Folder("cases");
        Oracle.Run(["make", $"{Seed}", $"{Count}", cases, slewings, .. Inputs()]);
        var runner = new Runner(2);
        var files = Directory.GetDirectories(cases).Select(d => Path.Combine(d, "case.json")).Order(StringComparer.Ordinal).ToArray();
        foreach (var file in files)
        {
            RunCase(runner, file);
        }

        // Two at a time: NumPy takes longer than we do.
        var halves = files.Where(f => !_failures.ContainsKey(f)).Chunk((files.Length / 2) + 1).AsParallel().WithDegreeOfParallelism(2)
            .Select(half => Oracle.Run(["check", slewings, .. half])).ToArray();
        foreach (var line in halves.SelectMany(h => h.Split('\n', StringSplitOptions.RemoveEmptyEntries)))
        {
            var (file, difference) = (line.Split('\t')[0], line.Split('\t')[1]);
            _failures[file] = _failures.GetValueOrDefault(file, string.Empty) + difference + "\n";
        }
    }

    /// <summary>What is wrong with a run; empty when nothing is.</summary>
    internal string Failure(string name)
    {
        Tool.RequirePython("numpy", "h5py", "tables", "tomllib");
        var folder = Path.Combine(_folder["cases"], name);
        return _failures.TryGetValue(Path.Combine(folder, "case.json"), out var failure)
            ? failure + string.Concat(File.ReadAllText(Path.Combine(folder, "config.toml")).Take(2000))
            : string.Empty;
    }

    public void Dispose() => _folder.Dispose();

    private void RunCase(Runner runner, string file)
    {
        using var made = JsonDocument.Parse(File.ReadAllText(file));
        string? Text(string key) => made.RootElement.GetProperty(key).GetString();
        try
        {
            var configuration = RunConfiguration.Load(Text("config")!, Text("detx"));
            var result = runner.Run(configuration.Processor, Text("input")!, Text("output")!);
            Oracle.Report(file, Text("input")!, Text("detx"), Text("config")!, result);
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            _failures[file] = e.ToString();
        }
    }

    private IEnumerable<string> Inputs()
    {
        var neutrinos = SimulatedRun.Write(new SimulationOptions { Events = 90, HitsPerEvent = 50 }, _folder["neutrinos.h5"]);
        var muons = SimulatedRun.Write(
            new SimulationOptions { Events = 60, HitsPerEvent = 40, Kind = SimulatedEventKind.Muon, Calibrated = true }, _folder["muons.h5"]);
        IEnumerable<string> made =
        [
            $"{neutrinos.Path}={neutrinos.DetectorFile}", _folder["odd_split.h5"], $"{muons.Path}={muons.DetectorFile}", _folder["odd_compound.h5"], muons.Path, _folder["crowded.h5"],
        ];
        if (Shared.Folder is null)
        {
            return made;
        }

        string Real(string file, string detector) => $"{Shared.Path("data", file)}={Shared.Path("data", detector)}";
        const string Orca = "KM3NeT_00000049_20200707.detx";
        const string Arca = "KM3NeT_-00000001_20171212.detx";
        return
        [
            .. made,
            Real("mcv6_ORCA_test_rc.gsg_tauCClowE-CC_3-50GeV.km3sim.jterbr00008155.jorcarec.jsh.aanet.760.h5", Orca),
            Real("neutrino_file.h5", "neutrino_detector_file.detx"),
            Real("mupage.root.h5", Arca),
            Real("edge/edge_notrig.h5", Orca),
            Real("edge/edge_missinghits_split.h5", Orca),
            Real("edge/edge_compound_hits.h5", Orca),
        ];
    }
}

/// <summary>Images, statistics, labels and tables against NumPy, for configurations that nobody has thought of.</summary>
public sealed class OracleTests(RandomRuns runs) : IClassFixture<RandomRuns>
{
    public static IEnumerable<TheoryDataRow<string>> Names() =>
    [
        .. Enumerable.Range(0, RandomRuns.Count).Select(i => new TheoryDataRow<string>($"{i}")),
        .. Enumerable.Range(0, RandomRuns.Large).Select(i => new TheoryDataRow<string>($"large{i}")),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void AgreesWithNumPy(string name) => Assert.Equal(string.Empty, runs.Failure(name));
}
