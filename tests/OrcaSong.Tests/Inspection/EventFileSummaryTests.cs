using OrcaSong.Hdf5;
using OrcaSong.Inspection;
using Xunit;

namespace OrcaSong.Tests.Inspection;

public sealed class EventFileSummaryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("data/mupage.root.h5", EventFileKind.Events, "simulated events", 3L, 13681L, false, "1", null)]
    [InlineData("data/arca_test_without_some_jmuon_recos.h5", EventFileKind.Events, "simulated events", 20L, 74781L, false, "1", null)]
    [InlineData("data/mcv6.0.gsg_anti-muon-NC_1-500GeV.km3sim.jterbr00008349.jorcarec.jsh.aanet.897.root.h5", EventFileKind.Events, "simulated events", 145L, 12977L, false, "8349", null)]
    [InlineData("data/edge/edge_compound_hits.h5", EventFileKind.Events, "events", 6L, 405L, false, "7", null)]
    [InlineData("data/processed_data_muon/processed_graph_muon.h5", EventFileKind.Graphs, "graphs", 50L, 8211L, true, "7914", false)]
    [InlineData("golden/image_ztc_arca/out.h5", EventFileKind.Images, "images of pos_z x time x channel_id", 20L, null, true, "1", false)]
    [InlineData("golden/conc_image_3/out.h5", EventFileKind.Images, "images of pos_z x time x channel_id, merged from 3 files", 298L, null, true, "8155, 8349, 8350", false)]
    [InlineData("golden/shuf2_image/out.h5", EventFileKind.Images, "images of pos_z x time x channel_id, merged from 2 files, in random order", 278L, null, true, "8349, 8350", true)]
    [InlineData("golden/shuf2_graph_c32_auto/out.h5", EventFileKind.Graphs, "graphs, merged from 2 files, in random order", 3000L, 24000L, true, "7", true)]
    [InlineData("golden/graph_fixed_taucc/out.h5", EventFileKind.Graphs, "graphs of 150 hits each", 20L, null, true, "8155", false)]
    [InlineData("data/dummy_file_1.h5", EventFileKind.Unknown, "HDF5 file of no kind that OrcaSong knows", null, null, null, "", null)]
    [InlineData("data/km3net-testdata/raw_header.h5", EventFileKind.Unknown, "HDF5 file of no kind that OrcaSong knows", null, null, null, "", null)]
    public void TellsWhatRealFilesHold(string path, EventFileKind kind, string contents, long? events, long? hits, bool? calibrated, string runs, bool? shuffled)
    {
        var file = EventFileSummary.Read(Shared.Path(path.Split('/')));
        Assert.Equal(
            (kind, contents, events, hits, calibrated, runs, shuffled),
            (file.Kind, file.Contents, file.EventCount, file.HitCount, file.IsCalibrated, file.RunIds.ToString(), file.IsShuffled));
    }

    [Fact]
    public void TellsDetectorGeneratorsAndStorage()
    {
        var file = EventFileSummary.Read(Shared.Path("data", "arca_test_without_some_jmuon_recos.h5"));
        Assert.Equal([20L], file.DetectorIds);
        Assert.Equal("KM3NeT_-00000001_20171212.detx", file.DetectorName);
        Assert.Equal(["GENHEN 7.2-220514", "JSirene 11012"], file.Generators);
        Assert.Equal("fletcher32, shuffle, deflate 5", file.Compression);
        Assert.Equal("5.1", file.FormatVersion);
        Assert.Equal(["km3pipe 9.5.1.dev7+g2d6fc137"], file.WrittenBy);
        Assert.True(file.IsSimulated);
        Assert.Null(file.IsComplete);
        Assert.Equal(1481, file.McHitCount);
    }

    [Fact]
    public void EveryFileAtHandHasAnAnswer()
    {
        foreach (var path in Directory.EnumerateFiles(Shared.Path(), "*.h5", SearchOption.AllDirectories))
        {
            var details = EventFileSummary.ReadDetails(path);
            Assert.NotEmpty(details.Summary.Contents);
            Assert.Equal(details.Tables.Count, details.Summary.Tables.Count);
            Assert.Equal(new FileInfo(path).Length, details.Summary.FileSize);
            Assert.True(details.Tables.Sum(t => t.StoredBytes) <= details.Summary.FileSize, path);
        }
    }

    [Fact]
    public void TriesExtractorsAndSaysWhyTheyDoNotWork()
    {
        var file = EventFileSummary.Read(new TestFile(3, 2).Write(_folder["a.h5"]));
        Assert.Equal(["nu_chain_noise", "nu_chain_data", "bundle_data"], file.Extractors);
        var neutrino = file.ExtractorChecks.Single(c => c.Name == "nu_chain_neutrino");
        Assert.False(neutrino.Works);
        Assert.StartsWith("has no table /mc_tracks", neutrino.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void AnExtractorThatFailsOnTheFirstEventDoesNotWork()
    {
        // Of neutrinos, tracks are not parallel; only reading an event tells.
        var neutrinos = Shared.Path("data", "mcv6_ORCA_test_rc.gsg_tauCClowE-CC_3-50GeV.km3sim.jterbr00008155.jorcarec.jsh.aanet.760.h5");
        var bundle = EventFileSummary.Read(neutrinos).ExtractorChecks.Single(c => c.Name == "bundle_mc");
        Assert.Contains("not parallel", bundle.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PositionsOfZeroAreNoCalibration(bool isSplit)
    {
        Assert.False(Calibrated(_ => 0));
        Assert.True(Calibrated(row => row == 4 ? 0.5 : 0));

        bool? Calibrated(Func<int, double> position)
        {
            var file = new TestFile(3, 2) { IsSplit = isSplit };
            foreach (var axis in (string[])["pos_x", "pos_y", "pos_z"])
            {
                file.Set(axis, (_, _, row) => position(row));
            }

            return EventFileSummary.Read(file.Write(_folder["a.h5"])).IsCalibrated;
        }
    }

    [Fact]
    public void ListsTables()
    {
        var details = EventFileSummary.ReadDetails(new TestFile(300, 200) { ChunkRows = 128 }.Write(_folder["a.h5"]));
        var hits = details.Tables.Single(t => t.Path == "/hits");
        Assert.Equal((500, 7), (hits.Rows, hits.Columns.Count));
        Assert.Contains(new StoredColumn("pos_z", "float64"), hits.Columns);
        Assert.Equal("128", hits.ChunkShape?.ToString());
        Assert.Equal("fletcher32, shuffle, deflate 5", hits.Filters);
        Assert.Equal(500 * (4 + 4 + 8 + 8 + 4 + 8 + 8), hits.Bytes);
        Assert.InRange(hits.StoredBytes, 1, hits.Bytes);
        Assert.Equal((double)hits.Bytes / hits.StoredBytes, hits.Ratio);
        Assert.Contains(details.Tables, t => t.Path == "/hits/_indices");
    }

    [Fact]
    public void LengthsThatContradictOneAnotherMakeAFileIncomplete()
    {
        WriteImages(labels: 3);
        var file = EventFileSummary.Read(_folder["a.h5"]);
        Assert.False(file.IsComplete);
        Assert.Equal(["has 3 rows in /y, but 4 events: it is incomplete"], file.Problems);
        Assert.Equal([7L], file.RunIds);
    }

    [Fact]
    public void ProvenanceMakesAFileComplete()
    {
        WriteImages(labels: 4, provenance: """{"tool": "OrcaSong"}""");
        var file = EventFileSummary.Read(_folder["a.h5"]);
        Assert.True(file.IsComplete);
        Assert.Equal("""{"tool": "OrcaSong"}""", file.Provenance);
        Assert.Equal("2, 3", file.SampleShape?.ToString());
    }

    [Theory]
    [InlineData("""{"job": "shuffle", "inputs": [{"path": "b.h5"}]}""", true)]
    [InlineData("""{"job": "merge", "inputs": [{"provenance": {"job": "shuffle"}}, {"provenance": {"job": "shuffle"}}]}""", true)]
    [InlineData("""{"job": "merge", "inputs": [{"provenance": {"job": "shuffle"}}, {"path": "b.h5"}]}""", false)]
    [InlineData("""{"job": "training set"}""", true)]
    [InlineData("""{"job": 3, "inputs": [4]}""", false)]
    [InlineData("""[1]""", false)]
    [InlineData("no JSON", false)]
    public void ProvenanceTellsWhetherEventsWereShuffled(string provenance, bool shuffled)
    {
        WriteImages(labels: 4, provenance);
        Assert.Equal(shuffled, EventFileSummary.Read(_folder["a.h5"]).IsShuffled);
    }

    [Fact]
    public void HostileFilesHaveAnAnswerToo()
    {
        using (var file = H5File.Create(_folder["a.h5"]))
        {
            // Claims that no computer can hold.
            file.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.Float64, Shape = [1L << 40, 1L << 20], ChunkShape = [1, 4] }).Dispose();
            file.Root.CreateDataset("y", new H5DatasetSpec { Type = H5Type.Compound([("run_id", H5Type.Float64)]), Shape = [1L << 50], ChunkShape = [1 << 20] }).Dispose();
            file.Root.CreateDataset("used_files", new H5DatasetSpec { Type = H5Type.FixedString(1 << 20), Shape = [1L << 30], ChunkShape = [1] }).Dispose();
            file.Root.CreateGroup("hits");
        }

        var details = EventFileSummary.ReadDetails(_folder["a.h5"]);
        Assert.Equal(EventFileKind.Graphs, details.Summary.Kind);
        Assert.False(details.Summary.AllRunsKnown);
        Assert.Empty(details.Summary.UsedFiles);
    }

    [Fact]
    public void WhatIsNoHdf5FileIsAnError()
    {
        File.WriteAllText(_folder["text.h5"], "no HDF5");
        File.WriteAllText(_folder["empty.h5"], "");
        var whole = File.ReadAllBytes(new TestFile(3).Write(_folder["a.h5"]));
        File.WriteAllBytes(_folder["half.h5"], whole[..(whole.Length / 2)]);
        Assert.Equal(H5Problem.NotHdf5, Problem("text.h5"));
        Assert.Equal(H5Problem.NotHdf5, Problem("empty.h5"));
        Assert.Equal(H5Problem.NotFound, Problem("nothing.h5"));
        Assert.Contains("truncated", Assert.Throws<H5Exception>(() => EventFileSummary.Read(_folder["half.h5"])).Message, StringComparison.Ordinal);

        H5Problem Problem(string name) => Assert.Throws<H5Exception>(() => EventFileSummary.Read(_folder[name])).Problem;
    }

    private void WriteImages(int labels, string? provenance = null)
    {
        using var file = H5File.Create(_folder["a.h5"], overwrite: true);
        using var x = file.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.UInt8, Shape = [4, 2, 3] });
        x.Attributes.WriteFixedString("TITLE", "pos_z_time_event_images");
        using var y = file.Root.CreateDataset("y", new H5DatasetSpec { Type = H5Type.Compound([("run_id", H5Type.Float64), ("group_id", H5Type.Int64)]), Shape = [labels] });
        y.Write<byte>([.. Enumerable.Range(0, labels).SelectMany(e => (byte[])[.. BitConverter.GetBytes(7.0), .. BitConverter.GetBytes((long)e)])]);
        if (provenance is not null)
        {
            using var text = file.Root.CreateDataset("provenance_header", new H5DatasetSpec { Type = H5Type.VariableString(), Shape = [] });
            text.WriteStrings([provenance]);
        }
    }
}
