using System.Text.Json;
using OrcaSong.Hdf5;
using OrcaSong.Running;
using OrcaSong.Statistics;
using OrcaSong.Training;
using Xunit;

namespace OrcaSong.Tests.Training;

/// <summary>What merged files hold.</summary>
public sealed class MergerTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TempFolder _inputs = new();

    public void Dispose()
    {
        _folder.Dispose();
        _inputs.Dispose();
    }

    public static IEnumerable<TheoryDataRow<string, int[]>> Lengths() =>
        from kind in Enum.GetNames<SampleKind>()
        from lengths in new int[][] { [16, 32, 16], [1], [3, 50, 1, 20], [0, 5, 0, 40, 0], [0], [0, 0], [1, 1, 1] }
        select new TheoryDataRow<string, int[]>(kind, lengths);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void HoldsAllRowsOfAllFilesInOrder(string kind, int[] lengths)
    {
        var inputs = lengths.Select((n, i) => new SampleInput(n, Enum.Parse<SampleKind>(kind)) { Run = i + 1 }.Write(_inputs[$"{i}.h5"])).ToArray();
        var result = Merger.Merge(inputs, _folder["out.h5"], threads: 2);
        Assert.Equal(["out.h5"], _folder.Names);
        Assert.Equal(lengths.SelectMany((n, i) => Enumerable.Range(0, n).Select(e => SampleInput.Code(i + 1, e))), SampleContents.Codes(_folder["out.h5"]));
        Assert.Equal(lengths.Sum(), result.Events);
        Assert.Equal(inputs, result.Inputs);
        Assert.Equal(["group_info", "x", "x_indices", "y"], result.Datasets);
        Assert.Empty(result.Warnings);
        using var file = H5File.OpenRead(_folder["out.h5"]);
        foreach (var name in new[] { "group_info", "x_indices", "y" })
        {
            using var dataset = file.Root.OpenDataset(name);
            Assert.Equal(lengths.Sum(), dataset.Attributes.GetInt64("NROWS"));
        }

        using var x = file.Root.OpenDataset("x");
        using var first = H5File.OpenRead(inputs[0]);
        using var its = first.Root.OpenDataset("x");
        Assert.Equal(its.Attributes.Names, x.Attributes.Names);
        Assert.All(x.Attributes.Names.Where(n => n.StartsWith("hit_info", StringComparison.Ordinal)), n => Assert.Equal(its.Attributes.GetString(n), x.Attributes.GetString(n)));

        if (Tool.HasPython("h5py"))
        {
            Assert.Equal("True", Tool.H5py(
                """
                files = [h5py.File(p) for p in sys.argv[2:]]
                out = h5py.File(sys.argv[1])
                def rows(name, field): return np.concatenate([f[name][()][field] for f in files]).tobytes() == out[name][()][field].tobytes()
                print(rows("x", ()) and all(rows("y", f) for f in ["event_id", "n_hits", "run_id"]) and rows("x_indices", "n_items"))
                """,
                [_folder["out.h5"], .. inputs]));
        }
    }

    [Theory]
    [InlineData("Graph")]
    [InlineData("FixedGraph")]
    [InlineData("Image")]
    public void TheSameBytesForAnyNumberOfThreads(string kind)
    {
        var inputs = Enumerable.Range(1, 4).Select(i => new SampleInput(25 * i, Enum.Parse<SampleKind>(kind)) { Run = i }.Write(_inputs[$"{i}.h5"])).ToArray();
        byte[] Bytes(int threads)
        {
            Merger.Merge(inputs, _folder["out.h5"], overwrite: true, threads: threads);
            return File.ReadAllBytes(_folder["out.h5"]);
        }

        var one = Bytes(1);
        Assert.Equal(one, Bytes(2));
        Assert.Equal(one, Bytes(8));
    }

    [Fact]
    public void ListsTheFilesAlsoOfOneThatWasMergedBefore()
    {
        string[] inputs = [.. Enumerable.Range(1, 3).Select(i => new SampleInput(i) { Run = i }.Write(_inputs[$"{i}.h5"]))];
        Merger.Merge(inputs[..2], _inputs["12.h5"]);
        Assert.Equal(inputs[..2], UsedFiles(_inputs["12.h5"]));
        Merger.Merge([_inputs["12.h5"], inputs[2]], _folder["123.h5"]);
        Assert.Equal(inputs, UsedFiles(_folder["123.h5"]));
        Assert.Equal(SampleContents.Codes(_folder["123.h5"]), inputs.SelectMany(i => SampleContents.Codes(i)));
        Merger.Merge(inputs, _folder["at once.h5"], new MergeOptions { NoUsedFiles = true });
        using var file = H5File.OpenRead(_folder["at once.h5"]);
        Assert.DoesNotContain("used_files", file.Root.Names);
    }

    [Fact]
    public void SaysHowItWasMade()
    {
        var (a, b) = (new SampleInput(3) { Run = 1 }.Write(_inputs["a.h5"]), new SampleInput(4) { Run = 2 }.Write(_inputs["ä.h5"]));
        Merger.Merge([a, b], _inputs["ab.h5"]);
        Merger.Merge([_inputs["ab.h5"], a], _folder["out.h5"], new MergeOptions { Columns = ColumnChoice.Common });
        using var provenance = Provenance(_folder["out.h5"]);
        var root = provenance.RootElement;
        Assert.Equal("merge", root.GetProperty("job").GetString());
        Assert.Equal("Common", root.GetProperty("options").GetProperty("columns").GetString());
        var inputs = root.GetProperty("inputs").EnumerateArray().ToArray();
        Assert.Equal([_inputs["ab.h5"], a], inputs.Select(i => i.GetProperty("path").GetString()));
        Assert.Equal([7, 3], inputs.Select(i => i.GetProperty("events").GetInt32()));
        Assert.Equal(new FileInfo(a).Length, inputs[1].GetProperty("bytes").GetInt64());
        Assert.False(inputs[1].TryGetProperty("provenance", out _));
        var history = inputs[0].GetProperty("provenance");
        Assert.Equal([a, b], history.GetProperty("inputs").EnumerateArray().Select(i => i.GetProperty("path").GetString()));
    }

    [Fact]
    public void AHistoryOfManyMergesStaysReadable()
    {
        var path = new SampleInput(1).Write(_inputs["0.h5"]);
        for (var i = 1; i <= 40; i++)
        {
            Merger.Merge([path], _inputs[$"{i}.h5"], new MergeOptions { NoUsedFiles = true }, threads: 1);
            path = _inputs[$"{i}.h5"];
        }

        using var provenance = Provenance(path);
        Assert.Equal(_inputs["39.h5"], provenance.RootElement.GetProperty("inputs")[0].GetProperty("path").GetString());
    }

    [Fact]
    public void AddsUpBinStatistics()
    {
        string[] inputs = [.. Enumerable.Range(1, 3).Select(i => new SampleInput(5, SampleKind.Image) { Run = i, Statistics = 10 * i }.Write(_inputs[$"{i}.h5"]))];
        Assert.Empty(Merger.Merge(inputs, _folder["out.h5"]).Warnings);
        using (var file = H5File.OpenRead(_folder["out.h5"]))
        {
            var axis = Assert.Single(BinStatisticsFile.Read(file.Root)!.Axes);
            Assert.Equal([60, 63], axis.Histogram);
            Assert.Equal((66, 69), (axis.CutOffBelow, axis.CutOffAbove));
        }

        // Merged again, they are those of all.
        Merger.Merge([_folder["out.h5"], inputs[0]], _folder["again.h5"]);
        using var again = H5File.OpenRead(_folder["again.h5"]);
        Assert.Equal([70, 74], BinStatisticsFile.Read(again.Root)!.Axes[0].Histogram);
    }

    [Fact]
    public void WarnsWhereOnlySomeHaveBinStatistics()
    {
        var with = new SampleInput(5, SampleKind.Image) { Statistics = 1 }.Write(_inputs["with.h5"]);
        var without = new SampleInput(5, SampleKind.Image).Write(_inputs["without.h5"]);
        var warning = Assert.Single(Merger.Merge([with, without], _folder["out.h5"]).Warnings);
        Assert.Contains("1 of 2 files have no bin statistics", warning, StringComparison.Ordinal);
        using var file = H5File.OpenRead(_folder["out.h5"]);
        Assert.DoesNotContain("bin_stats", file.Root.Names);
    }

    [Fact]
    public void TakesColumnsByName()
    {
        var a = new SampleInput(20) { Run = 1 }.Write(_inputs["a.h5"]);
        var b = new SampleInput(20) { Run = 2, Reversed = true }.Write(_inputs["b.h5"]);
        Merger.Merge([a, b], _folder["out.h5"]);
        Assert.Equal([.. SampleContents.Codes(a), .. SampleContents.Codes(b)], SampleContents.Codes(_folder["out.h5"]));
        Assert.Equal(["event_id", "n_hits", "run_id", "group_id"], Output.ColumnNames(_folder["out.h5"], "y"));
    }

    [Fact]
    public void KeepsCommonColumns()
    {
        var (a, b) = WithDifferentColumns();
        Merger.Merge([a, b], _folder["out.h5"], new MergeOptions { Columns = ColumnChoice.Common });
        var codes = SampleContents.Codes(_folder["out.h5"]);
        Assert.Equal(7, codes.Length);
        Assert.Equal(["flux", "event_id", "n_hits", "run_id", "group_id"], Output.ColumnNames(_folder["out.h5"], "y"));

        // int32 in one, float32 in the other.
        Assert.Equal([0, 1, 2, 0.5, 1.5, 2.5, 3.5], Output.Column<double>(_folder["out.h5"], "y", "flux"));
        CheckFields(_folder["out.h5"]);
    }

    [Fact]
    public void KeepsAllColumnsWithNaNWhereThereAreNone()
    {
        var (a, b) = WithDifferentColumns();
        Merger.Merge([a, b], _folder["out.h5"], new MergeOptions { Columns = ColumnChoice.All });
        Assert.Equal(7, SampleContents.Codes(_folder["out.h5"]).Length);
        Assert.Equal(["only_a", "flux", "is_a", "event_id", "n_hits", "run_id", "group_id", "only_b", "text_b"], Output.ColumnNames(_folder["out.h5"], "y"));
        Assert.Equal([7, 8, 9, double.NaN, double.NaN, double.NaN, double.NaN], Output.Column<double>(_folder["out.h5"], "y", "only_a"));
        Assert.Equal([1, 0, 1, double.NaN, double.NaN, double.NaN, double.NaN], Output.Column<double>(_folder["out.h5"], "y", "is_a"));
        Assert.Equal([float.NaN, float.NaN, float.NaN, 0, 1, 2, 3], Output.Column<float>(_folder["out.h5"], "y", "only_b"));
        Assert.Equal(["", "", "", "e0", "e1", "e2", "e3"], Enumerable.Range(0, 7).Select(Text));
        CheckFields(_folder["out.h5"]);

        string Text(int row)
        {
            using var file = H5File.OpenRead(_folder["out.h5"]);
            using var y = file.Root.OpenDataset("y");
            return System.Text.Encoding.ASCII.GetString(y.ReadAll<byte>(), (row * y.Type.Size) + y.Type.Members.Single(m => m.Name == "text_b").Offset, 4).TrimEnd('\0');
        }
    }

    [Fact]
    public void CommonLeavesOutTablesThatNotAllHave()
    {
        var a = new SampleInput(3) { Run = 1, Then = Extra }.Write(_inputs["a.h5"]);
        var b = new SampleInput(3) { Run = 2 }.Write(_inputs["b.h5"]);
        foreach (var inputs in new[] { new[] { a, b }, [b, a] })
        {
            var result = Merger.Merge(inputs, _folder["out.h5"], new MergeOptions { Columns = ColumnChoice.Common }, overwrite: true);
            Assert.DoesNotContain("extra", result.Datasets);
            Assert.Equal(6, SampleContents.Codes(_folder["out.h5"]).Length);
        }

        static void Extra(H5Group root) => root.CreateDataset("extra", new H5DatasetSpec { Type = H5Type.Compound([("a", H5Type.Int64)]), Shape = [3] }).Dispose();
    }

    [Fact]
    public void AFileThatIsGivenTwiceIsThereTwiceIfAllowed()
    {
        var a = new SampleInput(3).Write(_inputs["a.h5"]);
        var warning = Assert.Single(Merger.Merge([a, a], _folder["out.h5"], new MergeOptions { AllowDuplicates = true }).Warnings);
        Assert.Contains("2 times", warning, StringComparison.Ordinal);
        Assert.Equal(6, SampleContents.Codes(_folder["out.h5"]).Length);
    }

    [Fact]
    public void CountsProgressOnceForEachEvent()
    {
        string[] inputs = [.. Enumerable.Range(1, 3).Select(i => new SampleInput(30 * i) { Run = i }.Write(_inputs[$"{i}.h5"]))];
        var progress = new RunProgress();
        Merger.Merge(inputs, _folder["out.h5"], progress: progress);
        Assert.Equal((180, 180), (progress.EventsTotal, progress.EventsDone));
    }

    internal static string[] UsedFiles(string path)
    {
        using var file = H5File.OpenRead(path);
        using var used = file.Root.OpenDataset("used_files");
        return used.ReadStrings();
    }

    internal static JsonDocument Provenance(string path)
    {
        using var file = H5File.OpenRead(path);
        using var provenance = file.Root.OpenDataset("provenance_header");
        return JsonDocument.Parse(Assert.Single(provenance.ReadStrings()), new JsonDocumentOptions { MaxDepth = 1000 });
    }

    /// <summary>Three events with the columns only_a, flux (int32) and is_a (truth), four with flux (float32), only_b (float32) and text_b.</summary>
    private (string A, string B) WithDifferentColumns()
    {
        var a = new SampleInput(3)
        {
            Run = 1,
            Labels =
            [
                ("only_a", H5Type.Int16, e => BitConverter.GetBytes((short)(7 + e))),
                ("flux", H5Type.Int32, e => BitConverter.GetBytes(e)),
                ("is_a", H5Type.Bool, e => [(byte)(1 - (e % 2))]),
            ],
        };
        var b = new SampleInput(4)
        {
            Run = 2,
            Reversed = true,
            Labels =
            [
                ("only_b", H5Type.Float32, e => BitConverter.GetBytes((float)e)),
                ("flux", H5Type.Float32, e => BitConverter.GetBytes(e + 0.5f)),
                ("text_b", H5Type.FixedString(4), e => [(byte)'e', (byte)('0' + e), 0, 0]),
            ],
        };
        return (a.Write(_inputs["a.h5"]), b.Write(_inputs["b.h5"]));
    }

    /// <summary>The attributes that PyTables gives to columns tell the truth.</summary>
    private static void CheckFields(string path)
    {
        using var file = H5File.OpenRead(path);
        using var y = file.Root.OpenDataset("y");
        Assert.Equal(y.Type.Members.Select(m => m.Name), y.Type.Members.Select((_, i) => y.Attributes.GetString($"FIELD_{i}_NAME")));
        Assert.Equal(y.Type.Members.Select(m => m.Type.Class == H5Class.String ? 1 : m.Type.Size), y.Type.Members.Select((_, i) => y.Attributes.TypeOf($"FIELD_{i}_FILL").Size));
        Assert.False(y.Attributes.Contains($"FIELD_{y.Type.Members.Count}_NAME"));
        Assert.Equal(H5Filter.Shuffle(y.Type.Size), y.Filters[0]);
    }
}
