using OrcaSong.Images;
using OrcaSong.Labels;
using OrcaSong.Running;
using OrcaSong.Simulation;
using Xunit;

namespace OrcaSong.Tests.Images;

/// <summary>An output with everything in it, for the programs that will read it.</summary>
public sealed class CompleteOutput : IDisposable
{
    private readonly TempFolder _folder = new();

    public CompleteOutput()
    {
        Input = SimulatedRun.Write(new SimulationOptions { Events = 70, HitsPerEvent = 60 }, _folder["in.h5"]);
        Result = new Runner(2).Run(
            new FileBinner(BinAxisPresets.Get("ztc_2017"), new ProcessingOptions
            {
                DetectorFile = Input.DetectorFile,
                Extractor = LabelExtractors.Get("nu_chain_data"),
                KeepEventInfo = true,
                ChunkSize = 32,
            }),
            Input.Path,
            _folder["out.h5"]);
    }

    internal SimulatedRun Input { get; }

    internal RunResult Result { get; }

    internal string Copy()
    {
        File.Copy(Result.Output, _folder["copy.h5"]);
        return _folder["copy.h5"];
    }

    public void Dispose() => _folder.Dispose();
}

/// <summary>Outputs as other programs see them.</summary>
public sealed class OtherReadersTests(CompleteOutput file) : IClassFixture<CompleteOutput>
{
    [Fact]
    public void H5pyReadsEverything() => Assert.Equal("ok", Tool.H5py(
        """
        with h5py.File(sys.argv[1]) as f:
            assert sorted(f) == ["bin_stats", "event_info", "group_info", "provenance_header", "raw_header", "x", "x_indices", "y"], list(f)
            n = 70
            assert f["x"].shape == (n, 18, 100, 31) and f["x"].dtype == "u1" and f["x"].chunks == (32, 18, 100, 31)
            assert f["x"][()].sum() > 0 and f["x"].fletcher32 and f["x"].shuffle and f["x"].compression_opts == 1
            assert all(len(f[t]) == n and f[t].attrs["NROWS"] == n for t in ("y", "event_info", "group_info", "x_indices"))
            assert all((f[t]["group_id"] == np.arange(n)).all() for t in ("y", "event_info", "group_info"))
            assert (f["x_indices"]["index"] == np.arange(n)).all() and (f["x_indices"]["n_items"] == 1).all()
            assert (f["group_info"]["blob_length"] == 3).all()
            assert f.attrs["format_version"] == b"5.1" and isinstance(f.attrs["orcasong"], str)
            assert f["y"].attrs["TITLE"] == f["y"].attrs["datatype"] and len(f["y"].dtype) > 60
            assert all(f["y"].attrs["FIELD_%d_NAME" % i].decode() == name for i, name in enumerate(f["y"].dtype.names))
            s = f["bin_stats/time"]
            assert s["hist"].shape == (100,) and not s.attrs and s["hist"].chunks is None and len(s["cut_off"]) == 2
            everything = [d[()] for d in (f[k] for k in f) if isinstance(d, h5py.Dataset)]
        print("ok")
        """,
        file.Result.Output));

    [Fact]
    public void PyTablesReadsAndAppends() => Assert.Equal("ok", Tool.PyTables(
        """
        import warnings
        warnings.simplefilter("error")
        with tables.open_file(sys.argv[1], "a") as f:
            kinds = {n._v_pathname: type(n).__name__ for n in f.walk_nodes("/", "Leaf") if not n._v_pathname.startswith("/bin_stats")}
            assert kinds == {"/x": "EArray", "/y": "Table", "/event_info": "Table", "/group_info": "Table", "/x_indices": "Table", "/raw_header": "Table", "/provenance_header": "Array"}, kinds
            assert f.title == "KM3NeT" and f.root.x.title == "pos_z_time_channel_id_event_images", f.root.x.title
            assert f.root.x.nrows == 70 and f.root.x.extdim == 0 and f.root.x.chunkshape == (32, 18, 100, 31)
            assert f.root.x.filters.complevel == 1 and f.root.x.filters.shuffle and f.root.x.filters.fletcher32
            for name in ("y", "event_info", "group_info", "x_indices"):
                table = getattr(f.root, name)
                assert table.nrows == 70 and len(table[:]) == 70, name
            assert f.root.y.read_where("n_hits > 0")["event_id"].size == 70
            before = f.root.x[69]
            f.root.x.append(f.root.x[:3])
            f.root.y.append(f.root.y[:3])
            f.root.y.flush()
            assert f.root.x.nrows == f.root.y.nrows == 73 and (f.root.x[69] == before).all() and (f.root.x[72] == f.root.x[2]).all()
        print("ok")
        """,
        file.Copy()));

    [Fact]
    public void H5dumpReadsEveryByte()
    {
        // Every chunk is inflated and checked.
        Assert.Contains("DATASET \"/x\"", Tool.H5Dump("-y", "-d", "/x[0,0,0,0;70,1,1,1]", file.Result.Output), StringComparison.Ordinal);
        var header = Tool.H5Dump("-p", "-H", file.Result.Output);
        Assert.Contains("CHECKSUM FLETCHER32", header, StringComparison.Ordinal);
        Assert.DoesNotContain("unknown", header, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void RawHeaderIsCopiedAsItStands() => Assert.Equal("True", Tool.H5py(
        """
        a, b = (h5py.File(p)["raw_header"] for p in sys.argv[1:])
        print(a.dtype == b.dtype and (a[()] == b[()]).all() and len(a) > 3)
        """,
        file.Input.Path,
        file.Result.Output));

    [Fact]
    public void SimulatedFilesAreReadByPyTables() => Assert.Equal("ok", Tool.PyTables(
        """
        import warnings
        warnings.simplefilter("error")
        with tables.open_file(sys.argv[1]) as f:
            hits = int(sys.argv[2])
            assert f.root.hits.time.nrows == hits and f.root.hits._v_attrs.datatype == "Hits"
            index = f.root.hits._indices[:]
            assert index["n_items"].sum() == hits and (index["index"] == np.cumsum(index["n_items"]) - index["n_items"]).all()
            assert f.root.group_info.nrows == f.root.event_info.nrows == len(index) == 70
            for table in f.walk_nodes("/", "Table"):
                assert table.nrows == len(table[:])
            assert set(f.root.hits.group_id[:]) == set(np.flatnonzero(index["n_items"]))
        print("ok")
        """,
        file.Input.Path,
        $"{file.Input.Hits}"));
}
