using System.Runtime.InteropServices;
using OrcaSong.Hdf5;
using OrcaSong.Images;
using OrcaSong.Labels;
using OrcaSong.Running;
using Xunit;

namespace OrcaSong.Tests.Labels;

public sealed class NuChainDataTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void CountsTriggeredHitsNotTheirBits()
    {
        var output = Run(new TestFile(5, 3, 7).Set("triggered", (e, hit, _) => hit > e ? 22 : 0));
        Assert.Equal(["event_id", "n_hits", "n_trig_hits", "run_id", "trigger_mask", "group_id"], Output.ColumnNames(output, "y"));
        Assert.Equal([5.0, 3, 7], Output.Column<double>(output, "y", "n_hits"));
        Assert.Equal([4.0, 1, 4], Output.Column<double>(output, "y", "n_trig_hits"));
        Assert.Equal([100L, 101, 102], Output.Integers(output, "y", "event_id"));
        Assert.Equal([0L, 1, 2], Output.Integers(output, "y", "group_id"));
    }

    [Fact]
    public void LabelsMayKeepTheirOrderOrTheirTypes()
    {
        var file = new TestFile(5, 3);
        Assert.Equal(
            ["event_id", "run_id", "trigger_mask", "n_hits", "n_trig_hits", "group_id"],
            Output.ColumnNames(Run(file, new ProcessingOptions { SortLabels = false }), "y"));
        var native = Run(file, new ProcessingOptions { SortLabels = false, LabelsToFloat64 = false });
        Assert.Equal(["event_id", "n_hits", "n_trig_hits", "run_id", "trigger_mask", "group_id"], Output.ColumnNames(native, "y"));
        Assert.Equal([7, 7], Output.Column<int>(native, "y", "run_id"));
        Assert.Equal([5L, 3], Output.Integers(native, "y", "n_hits"));
        Assert.Equal([0UL, 1], Output.Column<ulong>(native, "y", "trigger_mask"));
    }

    [Fact]
    public void AnEventWithoutReconstructionHasNaNs()
    {
        var path = new TestFile(5, 3, 4).Write(_folder["in.h5"]);
        AddBest(path, "jmuon", (0, 1.5), (2, 2.5));
        AddBest(path, "aashower");
        var output = Run(path);
        Assert.Equal(
            ["aashower_E", "aashower_group_id", "event_id", "jmuon_E", "jmuon_group_id", "n_hits", "n_trig_hits", "run_id", "trigger_mask", "group_id"],
            Output.ColumnNames(output, "y"));
        Assert.Equal([1.5, double.NaN, 2.5], Output.Column<double>(output, "y", "jmuon_E"));
        Assert.Equal([0, double.NaN, 2], Output.Column<double>(output, "y", "jmuon_group_id"));
        Assert.Equal([double.NaN, double.NaN, double.NaN], Output.Column<double>(output, "y", "aashower_E"));
    }

    /// <summary>The Python tool cannot use a file with /reco but none of the best_* tables.</summary>
    [Fact]
    public void AFileMayHaveReconstructionsButNoBestOnes()
    {
        var path = new TestFile(5, 3).Write(_folder["in.h5"]);
        using (var file = H5File.OpenReadWrite(path))
        {
            file.Root.CreateGroup("reco");
        }

        Assert.Equal(6, Output.ColumnNames(Run(path), "y").Length);
    }

    [Fact]
    public void SeveralBestReconstructionsOfAnEventAreAnError()
    {
        var path = new TestFile(5, 3, 4).Write(_folder["in.h5"]);
        AddBest(path, "jmuon", (0, 1.5), (1, 2.5), (1, 3.5));
        Refusal.Of(() => Run(path), "in.h5", "/reco/best_jmuon", "event 1:", "2 rows");
        Assert.Equal(["in.h5"], _folder.Names);
    }

    [Fact]
    public void AnEventWithoutEventInfoIsLeftOut()
    {
        var output = Run(new TestFile(5, 3, 4) { EventInfoRows = [1, 0, 1] });
        Assert.Equal([100L, 102], Output.Integers(output, "y", "event_id"));
        Assert.Equal([0L, 1], Output.Integers(output, "y", "group_id"));
        Refusal.Of(() => Run(new TestFile(5) { EventInfoRows = null }), "in.h5", "/event_info");
    }

    [Fact]
    public void AMissingColumnIsNamed()
    {
        var file = new TestFile(5);
        file.Hits.Remove("triggered");
        Refusal.Of(() => Run(file, new ProcessingOptions { CenterTime = false }), "in.h5", "/hits", "triggered", "nu_chain_data");
        Refusal.Of(() => LabelExtractors.Get("nu_chain_dat"), "'nu_chain_dat'", "nu_chain_data");
    }

    private static void AddBest(string path, string kind, params (long GroupId, double Energy)[] rows)
    {
        using var file = H5File.OpenReadWrite(path);
        var reco = file.Root.Contains("reco") ? file.Root.OpenGroup("reco") : file.Root.CreateGroup("reco");
        using var table = reco.CreateDataset($"best_{kind}", new H5DatasetSpec
        {
            Type = H5Type.Compound([("E", H5Type.Float64), ("group_id", H5Type.Int64)]),
            Shape = [rows.Length],
        });
        table.Write<byte>(MemoryMarshal.AsBytes<long>([.. rows.SelectMany(r => new[] { BitConverter.DoubleToInt64Bits(r.Energy), r.GroupId })]));
    }

    private string Run(TestFile file, ProcessingOptions? options = null) => Run(file.Write(_folder["in.h5"]), options);

    private string Run(string path, ProcessingOptions? options = null) => new Runner(2).Run(
        new FileBinner([BinAxis.Uniform("time", -50, 50, 10)], (options ?? ProcessingOptions.Default) with { Extractor = LabelExtractors.Get("nu_chain_data") }),
        path,
        _folder["out.h5"],
        overwrite: true).Output;
}
