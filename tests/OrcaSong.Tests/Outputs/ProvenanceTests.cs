using System.Diagnostics;
using System.Text.Json;
using OrcaSong.Configuration;
using OrcaSong.Graphs;
using OrcaSong.Hdf5;
using OrcaSong.Images;
using OrcaSong.Inspection;
using OrcaSong.Labels;
using OrcaSong.Output;
using OrcaSong.Running;
using OrcaSong.Simulation;
using OrcaSong.Tests.Cli;
using OrcaSong.Training;
using Xunit;

namespace OrcaSong.Tests.Outputs;

public sealed class ProvenanceTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SimulatedRunFiles _run;

    public ProvenanceTests()
    {
        var run = SimulatedRun.Write(new SimulationOptions { Events = 30, HitsPerEvent = 40 }, _folder["in.h5"]);
        _run = new SimulatedRunFiles(run.Path, run.DetectorFile);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TellsHowARunWasMade()
    {
        var binner = new FileBinner(
            BinAxisPresets.Get("ztc_2017"),
            new ProcessingOptions { DetectorFile = _run.Detector, Seed = 5, Extractor = LabelExtractors.Get("nu_chain_neutrino"), EventSkipper = new EventSkipper(e => e.Index % 3 == 0) { Text = "$_" } });
        var result = new Runner(2).Run(binner, _run.Path, _folder["out.h5"]);
        var json = Read(_folder["out.h5"]);
        Assert.Equal(("OrcaSong for PowerShell", Runner.Version, "images", 5), (Text(json, "tool"), Text(json, "version"), Text(json, "job"), json.GetProperty("seed").GetInt32()));
        var events = json.GetProperty("events");
        Assert.Equal((30, 20, 10), (events.GetProperty("read").GetInt64(), events.GetProperty("written").GetInt64(), events.GetProperty("skipped").GetProperty("Skipper").GetInt64()));
        Assert.Equal((result.Hits, result.Overflows), (json.GetProperty("hits").GetInt64(), json.GetProperty("overflows").GetInt64()));
        CheckFile(json.GetProperty("inputs")[0], _run.Path);
        CheckFile(json.GetProperty("detector"), _run.Detector);
        Assert.Equal("$_", json.GetProperty("own_code")[0].GetProperty("text").GetString());

        // The configuration is one: it makes the same, but for the skipper.
        var again = Assert.IsType<FileBinner>(RunConfiguration.Parse(Text(json, "configuration")).Processor);
        Assert.Equal(new FileBinner(binner.Axes, binner.Options with { EventSkipper = null }), again);
    }

    [Fact]
    public void TheFileIsCompleteToWhoLooksAtIt()
    {
        new Runner(1).Run(new FileGraph(["time", "tot"]), _run.Path, _folder["out.h5"]);
        var summary = EventFileSummary.Read(_folder["out.h5"]);
        Assert.Equal((EventFileKind.Graphs, true), (summary.Kind, summary.IsComplete));
        Assert.Contains("\"job\": \"graphs\"", summary.Provenance, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoRunsDifferInTimesOnly()
    {
        File.WriteAllText(_folder["c.toml"], "mode = \"graph\"\n");
        var outputs = new[] { "1.h5", "2.h5" }.Select(name =>
        {
            var start = new ProcessStartInfo(Command.Program, ["run", "in.h5", "c.toml", "-o", name]) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true };
            start.Environment.Remove(FixedTime.Variable);
            using var process = Process.Start(start)!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (Bytes: File.ReadAllBytes(_folder[name]), Json: Read(_folder[name]));
        }).ToArray();
        Assert.Equal(Environment.MachineName, Text(outputs[0].Json, "machine"));
        var (a, b) = (outputs[0].Bytes, outputs[1].Bytes);
        Assert.Equal(a.Length, b.Length);
        var different = Enumerable.Range(0, a.Length).Where(i => a[i] != b[i]).ToArray();
        Assert.InRange(different.Length, 1, 30);
        Assert.All(different, i => Assert.True(char.IsAsciiDigit((char)a[i])));
        Assert.InRange(different[^1] - different[0], 0, 100);
        Assert.True(DateTime.UtcNow - outputs[1].Json.GetProperty("ended").GetDateTime() < TimeSpan.FromMinutes(10));
    }

    [Fact]
    public void AFixedTimeStandsForAll()
    {
        new Runner(1).Run(new FileGraph(), _run.Path, _folder["out.h5"]);
        var json = Read(_folder["out.h5"]);
        Assert.Equal(("2023-11-14T22:13:20.000Z", "2023-11-14T22:13:20.000Z"), (Text(json, "started"), Text(json, "ended")));
        Assert.Equal("2023-11-14T22:13:20.0000000Z", Text(json.GetProperty("inputs")[0], "modified"));
        Assert.False(json.TryGetProperty("machine", out _));
        Assert.Contains("SOURCE_DATE_EPOCH is 'today'", Assert.Throws<ArgumentException>(() => JobClock.Start("today")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MergeAndShuffleCarryItOn()
    {
        new Runner(1).Run(new FileGraph(["time", "tot"]), _run.Path, _folder["a.h5"]);
        new Runner(1).Run(new FileGraph(["time", "tot"]), _run.Path, _folder["b.h5"]);
        Merger.Merge([_folder["a.h5"], _folder["b.h5"]], _folder["merged.h5"]);
        Shuffler.Shuffle(_folder["merged.h5"], _folder["shuffled.h5"], new ShuffleOptions { Seed = 3 });
        var json = Read(_folder["shuffled.h5"]);
        Assert.Equal(("shuffle", 3, 60), (Text(json, "job"), json.GetProperty("seed").GetInt32(), json.GetProperty("events").GetProperty("written").GetInt32()));
        CheckFile(json.GetProperty("inputs")[0], _folder["merged.h5"]);
        var merge = json.GetProperty("inputs")[0].GetProperty("provenance");
        Assert.Equal("merge", Text(merge, "job"));
        CheckFile(merge.GetProperty("inputs")[1], _folder["b.h5"]);
        Assert.Equal("graphs", Text(merge.GetProperty("inputs")[1].GetProperty("provenance"), "job"));

        // What the simulation says about itself would be lost otherwise: merged files have no header.
        var header = merge.GetProperty("inputs")[0].GetProperty("raw_header");
        Assert.Contains(header.EnumerateArray(), row => Text(row, "parameter") == "simul" && Text(row, "field_values").Length > 0);
    }

    [Fact]
    public void OtherReadersReadIt()
    {
        new Runner(1).Run(new FileGraph(["time", "tot"]), _run.Path, _folder["out.h5"]);
        const string Script = "import json; ";
        Assert.Equal("graphs", Tool.H5py(Script + "f = h5py.File(sys.argv[1]); print(json.loads(f['provenance_header'][()])['job'], end='')", _folder["out.h5"]));
        Assert.Equal("graphs", Tool.PyTables(Script + "f = tables.open_file(sys.argv[1]); print(json.loads(f.root.provenance_header.read().item())['job'], end='')", _folder["out.h5"]));
    }

    private static void CheckFile(JsonElement file, string path)
    {
        var identity = FileIdentity.Read(path, CancellationToken.None);
        Assert.Equal((identity.Path, identity.Bytes, identity.Hash), (Text(file, "path"), file.GetProperty("bytes").GetInt64(), Text(file, "xxh64")));
    }

    private static JsonElement Read(string path)
    {
        using var file = H5File.OpenRead(path);
        using var dataset = file.Root.OpenDataset(Provenance.DatasetName);
        return JsonDocument.Parse(dataset.ReadStrings()[0]).RootElement;
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private sealed record SimulatedRunFiles(string Path, string Detector);
}
