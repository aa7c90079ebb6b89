using OrcaSong.Calibration;
using OrcaSong.Detectors;
using OrcaSong.Tests.Numerics;
using Xunit;

namespace OrcaSong.Tests.Calibration;

/// <summary>Calibrates the hits of whole files and compares with what the Python tool wrote: float32 of each calibrated column.</summary>
public class GoldenCalibrationTests
{
    /// <summary>Gives, in float64, the input's columns and event sizes and the golden file's columns.</summary>
    private const string Script =
        """
        import h5py
        infile, golden = sys.argv[1:]
        with h5py.File(infile) as f:
            hits, ids = f["hits"], f["group_info"]["group_id"]
            if isinstance(hits, h5py.Group):
                table = hits["_indices"][:]
                order = np.concatenate([np.arange(table["index"][g], table["index"][g] + table["n_items"][g]) for g in ids])
                sizes = [table["n_items"][g] for g in ids]
            else:
                rows = [np.flatnonzero(hits["group_id"] == g) for g in ids]
                order, sizes = np.concatenate(rows), [len(r) for r in rows]
            columns = [hits[c][:][order].astype("f8") for c in ("time", "dom_id", "channel_id", "tot", "triggered")]
        with h5py.File(golden) as f:
            x = f["x"][:]
            names = [f["x"].attrs[f"hit_info_{i}"] for i in range(x.shape[1])]
            names = [n if isinstance(n, str) else n.decode() for n in names]
        give(np.array([len(sizes), len(order), len(x)], "f8"))
        give(np.array(sizes, "f8"))
        for c in columns: give(c)
        for c in ("dir_x", "dir_y", "dir_z", "du", "floor", "pmt_id", "pos_x", "pos_y", "pos_z", "t0", "time"):
            give(x[:, names.index(c)].astype("f8"))
        """;

    private const string TauCc = "mcv6_ORCA_test_rc.gsg_tauCClowE-CC_3-50GeV.km3sim.jterbr00008155.jorcarec.jsh.aanet.760.h5";
    private const string Orca6 = "KM3NeT_00000049_20200707.detx";

    [Theory]
    [InlineData("graph_all_taucc", TauCc, Orca6)]
    [InlineData("graph_noslew_taucc", TauCc, Orca6, false)]
    [InlineData("graph_all_mupage", "mupage.root.h5", "KM3NeT_-00000001_20171212.detx")]
    [InlineData("graph_all_neutrino", "neutrino_file.h5", "neutrino_detector_file.detx")]
    [InlineData("graph_detxv4_neutrino", "neutrino_file.h5", "km3net-testdata/detx_v4.detx")]
    [InlineData("edge_graph_alltot_noslew", "edge/edge_alltot.h5", Orca6, false)]
    [InlineData("edge_graph_f4time", "edge/edge_f4time.h5", Orca6, true, TimeType.Float32)]
    [InlineData("edge_graph_i4time", "edge/edge_i4time.h5", Orca6, true, TimeType.Int32)]
    public void HitsCalibrateAsInTheGoldenFile(
        string golden, string infile, string detx, bool slewing = true, TimeType type = TimeType.Float64)
    {
        var file = Read(golden, infile);
        var pmts = Detector.Load(Shared.Path("data", detx)).Pmts;
        var rows = Rows(pmts, file);

        Assert.Equal(file.Next(), Gathered(pmts.DirX, rows));
        Assert.Equal(file.Next(), Gathered(pmts.DirY, rows));
        Assert.Equal(file.Next(), Gathered(pmts.DirZ, rows));
        Assert.Equal(file.Next(), Gathered(pmts.Du, rows));
        Assert.Equal(file.Next(), Gathered(pmts.Floor, rows));
        Assert.Equal(file.Next(), Gathered(pmts.PmtId, rows));
        Assert.Equal(file.Next(), Gathered(pmts.PosX, rows));
        Assert.Equal(file.Next(), Gathered(pmts.PosY, rows));
        Assert.Equal(file.Next(), Gathered(pmts.PosZ, rows));
        Assert.Equal(file.Next(), Gathered(pmts.T0, rows));

        Assert.Equal(file.Next(), type switch
        {
            TimeType.Float64 => Float64Times(file, rows, pmts, slewing),
            TimeType.Float32 => Float32Times<float>(file, [.. file.Time.Select(t => (float)t)], rows, pmts, slewing),
            _ => Float32Times<int>(file, [.. file.Time.Select(t => (int)t)], rows, pmts, slewing),
        });
    }

    [Theory]
    [InlineData("graph_centerhits_neutrino", "neutrino_file.h5", "neutrino_detector_file.detx", 10.0, null, 0.0)]
    [InlineData("graph_centerhits_taucc", TauCc, Orca6, 0.0, 0.0, null)]
    [InlineData("graph_centerhits2_taucc", TauCc, Orca6, 0.020, -0.040, 111.186)]
    public void CentredPositionsAreThoseOfTheGoldenFile(string golden, string infile, string detx, double? x, double? y, double? z)
    {
        var file = Read(golden, infile);
        var detector = Detector.Load(Shared.Path("data", detx));
        var centre = detector.MeanDomCentre()!.Value;
        var pmts = detector.Pmts.Translate(new Position(x - centre.X ?? 0, y - centre.Y ?? 0, z - centre.Z ?? 0));
        var rows = Rows(pmts, file);
        file.Skip(6);
        Assert.Equal(file.Next(), Gathered(pmts.PosX, rows));
        Assert.Equal(file.Next(), Gathered(pmts.PosY, rows));
        Assert.Equal(file.Next(), Gathered(pmts.PosZ, rows));
    }

    /// <summary>This file has hits of every ToT; the golden file keeps those within 500 ns of the first triggered hit.</summary>
    [Fact]
    public void TimesOfEveryTotAreThoseOfTheGoldenFile()
    {
        var file = Read("edge_graph_1500", "edge/edge_1500.h5");
        Assert.Equal(256, file.Tot.Distinct().Count());
        var pmts = Detector.Load(Shared.Path("data", Orca6)).Pmts;
        var time = Float64Times(file, Rows(pmts, file), pmts, true);
        file.Skip(10);
        Assert.Equal(file.Next(), time.Where(t => t is >= -500 and <= 500));
    }

    private static int[] Rows(PmtTable pmts, GoldenFile file)
    {
        var rows = new int[file.Time.Length];
        Assert.Equal(-1, pmts.FindDoms<int>([.. file.DomId.Select(id => (int)id)], rows));
        Assert.Equal(-1, PmtTable.AddChannels<uint>([.. file.ChannelId.Select(channel => (uint)channel)], rows));
        return rows;
    }

    private static double[] Gathered<T>(ReadOnlySpan<T> column, int[] rows)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        var values = new T[rows.Length];
        PmtTable.Gather(column, rows, values);
        return [.. values.Select(value => (double)float.CreateTruncating(value))];
    }

    private static double[] Float64Times(GoldenFile file, int[] rows, PmtTable pmts, bool slewing)
    {
        double[] time = [.. file.Time];
        HitTimes.AddT0(time, rows, pmts.T0);
        if (slewing)
        {
            Assert.Equal(-1, TimeSlewing.Correct<uint>(time, file.Tot));
        }

        Centre<double>(file, time);
        return [.. time.Select(t => (double)(float)t)];
    }

    private static double[] Float32Times<T>(GoldenFile file, T[] raw, int[] rows, PmtTable pmts, bool slewing)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        var time = new float[raw.Length];
        HitTimes.AddT0<T>(raw, rows, pmts.T0, time);
        if (slewing)
        {
            Assert.Equal(-1, TimeSlewing.Correct<uint>(time, file.Tot));
        }

        Centre<float>(file, time);
        return [.. time.Select(t => (double)t)];
    }

    private static void Centre<T>(GoldenFile file, T[] time)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        var start = 0;
        foreach (var size in file.EventSizes)
        {
            var hits = time.AsSpan(start, size);
            Assert.True(TimeCentring.TryFindFirstTriggered<T, double>(hits, file.Triggered.AsSpan(start, size), out var first));
            TimeCentring.Subtract(hits, first);
            start += size;
        }
    }

    private static GoldenFile Read(string golden, string infile) => new(NumPyOracle.Run<double>(
        Script, arguments: [Shared.Path("data", infile), Shared.Path("golden", golden, "out.h5")]));

    /// <summary>How the times of the input are stored.</summary>
    public enum TimeType
    {
        Float64,
        Float32,
        Int32,
    }

    private sealed class GoldenFile
    {
        private readonly double[] _numbers;
        private readonly int _goldenHits;
        private int _position = 3;

        public GoldenFile(double[] numbers)
        {
            _numbers = numbers;
            var hits = (int)numbers[1];
            _goldenHits = (int)numbers[2];
            EventSizes = [.. Take((int)numbers[0]).Select(size => (int)size)];
            Time = Take(hits);
            DomId = Take(hits);
            ChannelId = Take(hits);
            Tot = [.. Take(hits).Select(tot => (uint)tot)];
            Triggered = Take(hits);
        }

        public int[] EventSizes { get; }

        public double[] Time { get; }

        public double[] DomId { get; }

        public double[] ChannelId { get; }

        public uint[] Tot { get; }

        public double[] Triggered { get; }

        /// <summary>The next column of the golden file.</summary>
        public double[] Next() => Take(_goldenHits);

        public void Skip(int columns) => _position += columns * _goldenHits;

        private double[] Take(int count) => _numbers[_position..(_position += count)];
    }
}
