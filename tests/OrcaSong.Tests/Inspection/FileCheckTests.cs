using System.Runtime.InteropServices;
using OrcaSong.Graphs;
using OrcaSong.Hdf5;
using OrcaSong.Images;
using OrcaSong.Inspection;
using OrcaSong.Labels;
using OrcaSong.Running;
using OrcaSong.Simulation;
using OrcaSong.Training;
using Xunit;

namespace OrcaSong.Tests.Inspection;

public sealed class FileCheckTests : IDisposable
{
    private static readonly ProcessingOptions Labelled = new() { Extractor = LabelExtractors.Get("nu_chain_data"), KeepEventInfo = true };
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatWeWriteIsWhole()
    {
        var events = Simulate();
        Make(new FileBinner(BinAxisPresets.Get("ztc_2017"), Labelled), events, "images.h5");
        Make(new FileBinner(BinAxisPresets.Get("ztc_2017"), Labelled, addBinStatistics: true, hitWeights: "tot"), events, "weights.h5");
        Make(new FileGraph(["time", "tot"], options: Labelled), events, "a.h5");
        Make(new FileGraph(["time", "tot"], maxHits: 20, fixedLength: true, options: Labelled), events, "fixed.h5");
        SimulatedRun.Write(new SimulationOptions { Events = 50, HitsPerEvent = 40, Seed = 2, RunId = 2 }, _folder["second.h5"]);
        Make(new FileGraph(["time", "tot"], options: Labelled), _folder["second.h5"], "b.h5");
        Merger.Merge([_folder["a.h5"], _folder["b.h5"]], _folder["merged.h5"]);
        Shuffler.Shuffle(_folder["merged.h5"], _folder["shuffled.h5"]);
        Shuffler.Shuffle(events, _folder["events_shuffled.h5"]);
        foreach (var (name, kind, count, complete) in new (string, EventFileKind, long, bool?)[]
        {
            ("in.h5", EventFileKind.Events, 50, null), ("events_shuffled.h5", EventFileKind.Events, 50, true), ("images.h5", EventFileKind.Images, 50, true),
            ("weights.h5", EventFileKind.Images, 50, true), ("a.h5", EventFileKind.Graphs, 50, true), ("fixed.h5", EventFileKind.Graphs, 50, true),
            ("merged.h5", EventFileKind.Graphs, 100, true), ("shuffled.h5", EventFileKind.Graphs, 100, true),
        })
        {
            var report = FileCheck.Run(_folder[name]);
            Assert.Equal((name, string.Empty), (name, string.Join('\n', report.Problems)));
            Assert.Equal((name, kind, count, complete), (name, report.Kind, report.EventCount, report.IsComplete));
            Assert.True(report.BytesRead > 0);
            Assert.Empty(FileCheck.RunQuickly(_folder[name], CancellationToken.None).Problems);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatKm3pipeConvertsIsWhole(bool split) =>
        Assert.Empty(FileCheck.Run(new TestFile(3, 0, 4, 1) { IsSplit = split, GroupIds = [3, 4, 7, 9] }.Write(_folder["in.h5"])).Problems);

    [Fact]
    public void GoldenFilesAndRealOnesAreWhole()
    {
        var files = Directory.EnumerateFiles(Shared.Path("data"), "*.h5").Concat(Directory.EnumerateFiles(Shared.Path("golden"), "out.h5", SearchOption.AllDirectories)).Order(StringComparer.Ordinal);
        var problems = files.SelectMany(f => FileCheck.Run(f).Problems)
            .Where(p => p.Expected != "each event once") // some were merged from the same file twice
            .Select(p => p.ToString()).ToArray();
        Assert.Equal(string.Empty, string.Join('\n', problems));
    }

    [Fact]
    public void AFileThatIsNoneIsAProblem()
    {
        File.WriteAllText(_folder["text.h5"], "text");
        Assert.Contains("readable HDF5 file", Assert.Single(FileCheck.Run(_folder["text.h5"]).Problems).Expected, StringComparison.Ordinal);
        Assert.False(FileCheck.Run(_folder["absent.h5"]).IsValid);
        var whole = File.ReadAllBytes(Simulate());
        File.WriteAllBytes(_folder["half.h5"], whole[..(whole.Length / 2)]);
        Assert.False(FileCheck.Run(_folder["half.h5"]).IsValid);
    }

    [Theory]
    [InlineData("x", false)]
    [InlineData("y", false)]
    [InlineData("x", true)]
    public void ADamagedChunkIsFound(string name, bool graph)
    {
        Make(graph ? new FileGraph(["time", "tot"], options: Labelled) : new FileBinner(BinAxisPresets.Get("ztc_2017"), Labelled), Simulate(), "out.h5");
        using (var file = H5File.OpenReadWrite(_folder["out.h5"]))
        {
            using var dataset = file.Root.OpenDataset(name);
            var coordinate = new long[dataset.Shape.Count];
            var chunk = new byte[dataset.ChunkStorageSize(coordinate)];
            dataset.ReadChunk(coordinate, chunk, out _);
            chunk[chunk.Length / 2] ^= 1;
            dataset.WriteChunk(coordinate, chunk);
        }

        var report = FileCheck.Run(_folder["out.h5"]);
        Assert.Contains(report.Problems, p => p.Dataset == name && p.Expected == "readable rows" && p.Found.Contains("damaged", StringComparison.Ordinal));
        Assert.False(report.IsComplete);
    }

    [Fact]
    public void NumbersThatAreNoneAreFoundInSamplesAndNumbersOfEvents()
    {
        Make(new FileGraph(["time", "tot"], options: Labelled), Simulate(), "out.h5");
        Change<float>("x", values => values[33] = float.NaN);
        Assert.Equal(["/x: expected finite numbers, found NaN or infinity in row 16, value 1"], Problems());
        Change<float>("x", values => (values[33], values[5]) = (0, float.PositiveInfinity));
        Assert.Equal(["/x: expected finite numbers, found NaN or infinity in row 2, value 1"], Problems());
        Change<float>("x", values => values[5] = 0);
        SetLabel("run_id", 7, double.NaN);
        SetLabel("jmuon_E", 3, double.NaN);
        SetLabel("jmuon_length", 3, double.PositiveInfinity);
        Assert.Equal(["/y: expected finite numbers in run_id, found NaN in row 7"], Problems());
    }

    [Fact]
    public void EventsThatAreThereTwiceAreFound()
    {
        Make(new FileGraph(["time", "tot"], options: Labelled), Simulate(), "out.h5");
        SetLabel("event_id", 9, 4); // events count from 1
        Assert.Equal(["/y: expected each event once, found 1 more than once (run_id and event_id): first in rows 3 and 9"], Problems());
        Merger.Merge([_folder["out.h5"], _folder["out.h5"]], _folder["twice.h5"], new MergeOptions { AllowDuplicates = true });
        Assert.Contains(Problems("twice.h5"), p => p.Contains("more than once, with all that is said of it: first in rows 0 and 50", StringComparison.Ordinal));
    }

    [Fact]
    public void OtherGroupIdsAreFound()
    {
        Make(new FileGraph(["time", "tot"], options: Labelled), Simulate(), "out.h5");
        Change<long>("group_info", values => values[7] = 5); // (blob_length, group_id)
        var problems = Problems();
        Assert.Contains("/group_info: expected a group_id of its own for each event, found 5 in row 5, and in another one", problems);
        Assert.Contains(problems, p => p.Contains("row by row, as in", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatContradictsTheProvenanceIsFound()
    {
        Make(new FileGraph(["time", "tot"]), Simulate(), "a.h5");
        using (var whole = H5File.OpenRead(_folder["a.h5"]))
        {
            using var text = whole.Root.OpenDataset("provenance_header");
            File.WriteAllText(_folder["text"], text.ReadStrings()[0]);
        }

        foreach (var (from, to, found) in new[] { ("\"written\": 50", "\"written\": 51", "51 written"), ("\"tool\"", "\"fool\"", "another program's") })
        {
            File.Copy(_folder["a.h5"], _folder["out.h5"], overwrite: true);
            using (var file = H5File.OpenReadWrite(_folder["out.h5"]))
            {
                using var dataset = file.Root.OpenDataset("provenance_header");
                dataset.Write<byte>(System.Text.Encoding.UTF8.GetBytes(File.ReadAllText(_folder["text"]).Replace(from, to, StringComparison.Ordinal)));
            }

            Assert.Contains(found, Assert.Single(Problems()), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void StatisticsThatDoNotAddUpAreFound()
    {
        Make(new FileBinner([BinAxis.Uniform("pos_z", 0, 50, 10), BinAxis.Uniform("time", -50, 550, 20)]), new TestFile(30, 40).Write(_folder["in.h5"]), "out.h5");
        Assert.Empty(Problems());
        Change<double>("bin_stats/time/hist", values => values[3]++);
        Assert.StartsWith("/bin_stats: expected as many hits in the histograms of all axes", Assert.Single(Problems()), StringComparison.Ordinal);
        Change<double>("bin_stats/pos_z/hist", values => values[3]++);
        Assert.Matches(@"^/bin_stats: expected the \d+ hits of the images, found \d+ hits in the histograms$", Assert.Single(Problems()));
    }

    [Fact]
    public void RowsThatWereNeverWrittenAreFound()
    {
        using (var file = H5File.Create(_folder["out.h5"]))
        {
            using var x = file.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.Float32, Shape = [1L << 50, 2], MaxShape = [-1, 2], ChunkShape = [100, 2] });
        }

        Assert.Contains(FileCheck.Run(_folder["out.h5"]).Problems, p => p.Dataset == "x" && p.Found.Contains("ever written", StringComparison.Ordinal));
    }

    private string Simulate() => SimulatedRun.Write(new SimulationOptions { Events = 50, HitsPerEvent = 40, Calibrated = true }, _folder["in.h5"], overwrite: true).Path;

    private void Make(EventProcessor processor, string input, string name) => new Runner(2).Run(processor, input, _folder[name], overwrite: true);

    private string[] Problems(string name = "out.h5") => [.. FileCheck.Run(_folder[name]).Problems.Select(p => p.ToString()[(p.Path.Length + 4)..])];

    private void Change<T>(string name, Action<T[]> change)
        where T : unmanaged
    {
        using var file = H5File.OpenReadWrite(_folder["out.h5"]);
        using var dataset = file.Root.OpenDataset(name);
        var values = new T[dataset.Shape.Aggregate((long)dataset.Type.Size, (product, n) => product * n) / Marshal.SizeOf<T>()];
        dataset.Read(MemoryMarshal.AsBytes(values.AsSpan()), 0, dataset.Length);
        change(values);
        dataset.Write<byte>(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    private void SetLabel(string column, int row, double value)
    {
        H5Type type;
        using (var file = H5File.OpenRead(_folder["out.h5"]))
        {
            using var y = file.Root.OpenDataset("y");
            type = y.Type;
        }

        var member = type.Members.First(m => m.Name == column);
        var bytes = member.Type.Class == H5Class.Integer ? BitConverter.GetBytes((long)value) : BitConverter.GetBytes(value);
        Change<byte>("y", rows => bytes.CopyTo(rows, (row * type.Size) + member.Offset));
    }
}
