using System.Globalization;
using OrcaSong.Hdf5;
using Xunit;

namespace OrcaSong.Tests.Hdf5;

public sealed class DatasetTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReadsWhatH5pyWrote()
    {
        Tool.H5py(
            """
            f = h5py.File(sys.argv[1], 'w')
            f.create_dataset('x', data=np.arange(24, dtype='f4').reshape(6, 2, 2), chunks=(4, 2, 1), maxshape=(None, 2, 5), compression='gzip', compression_opts=3, shuffle=True, fletcher32=True)
            f.create_dataset('scalar', data=7)
            f.create_dataset('empty', data=h5py.Empty('f8'))
            f.create_dataset('nothing', shape=(0, 3), maxshape=(None, 3), dtype='i4')
            f.create_dataset('variable', data=['α', '', 'text'], dtype=h5py.string_dtype())
            f.create_dataset('fixed', data=np.array([b'ab', b'', b'abc'], 'S3'))
            f.create_dataset('lzf', data=np.arange(1000), chunks=(100,), compression='lzf')
            """,
            _folder["x.h5"]);
        using var file = H5File.OpenRead(_folder["x.h5"]);
        using var x = file.Root.OpenDataset("x");
        Assert.Equal("/x (6, 2, 2) float32", x.ToString());
        Assert.Equal([6, 2, 2], x.Shape);
        Assert.Equal([-1, 2, 5], x.MaxShape);
        Assert.Equal([4, 2, 1], x.ChunkShape);
        Assert.Equal(H5Layout.Chunked, x.Layout);
        Assert.Equal([H5Filter.Shuffle(4), H5Filter.Deflate(3), H5Filter.Fletcher32], x.Filters.OrderBy(f => f.Id == H5Filter.ShuffleId ? 0 : f.Id));
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (float)i), x.ReadAll<float>());
        var part = new float[8];
        x.Read<float>(part, 3, 2);
        Assert.Equal([12, 13, 14, 15, 16, 17, 18, 19], part);

        using var scalar = file.Root.OpenDataset("scalar");
        Assert.Empty(scalar.Shape);
        Assert.Equal(1, scalar.Length);
        Assert.Equal([7], scalar.ReadAll<long>());
        using var empty = file.Root.OpenDataset("empty");
        Assert.Equal(0, empty.Length);
        Assert.Empty(empty.ReadAll<double>());
        using var nothing = file.Root.OpenDataset("nothing");
        Assert.Empty(nothing.ReadAll<int>());
        using var variable = file.Root.OpenDataset("variable");
        Assert.Equal(["α", "", "text"], variable.ReadStrings());
        using var fixedText = file.Root.OpenDataset("fixed");
        Assert.Equal(["", "abc"], fixedText.ReadStrings(1, 2));
    }

    [Fact]
    public void AMissingPluginIsNamed()
    {
        Tool.H5py("h5py.File(sys.argv[1], 'w').create_dataset('lzf', data=np.arange(1000), chunks=(100,), compression='lzf')", _folder["x.h5"]);
        using var file = H5File.OpenRead(_folder["x.h5"]);
        using var lzf = file.Root.OpenDataset("lzf");
        Assert.StartsWith(
            $"cannot read /lzf in '{file.Path}': the HDF5 library has no plug-in for lzf(4, 261, 800); install it",
            Assert.Throws<H5Exception>(() => lzf.ReadAll<long>()).Message,
            StringComparison.Ordinal);
        using var other = H5File.Create(_folder["y.h5"]);
        Assert.Contains(
            "no plug-in for blosc",
            Assert.Throws<H5Exception>(() => other.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.Int8, Shape = [1], ChunkShape = [1], Filters = [new(H5Filter.BloscId, false)] })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void H5pyReadsWhatIsWritten()
    {
        using (var file = H5File.Create(_folder["x.h5"]))
        {
            using var x = file.Root.CreateDataset("x", new H5DatasetSpec
            {
                Type = H5Type.Float32,
                Shape = [0, 3],
                MaxShape = [-1, 3],
                ChunkShape = [4, 3],
                Filters = [H5Filter.Fletcher32, H5Filter.Shuffle(4), H5Filter.Deflate(1)],
            });
            x.SetLength(5);
            Assert.Equal([5, 3], x.Shape);
            x.Write<float>([.. Enumerable.Range(0, 6)], 0);
            x.Write<float>([.. Enumerable.Range(6, 9)], 2);
            x.SetLength(4);
            using var edges = file.Root.CreateGroup("bin_stats").CreateDataset("edges", new H5DatasetSpec { Type = H5Type.Float64, Shape = [2] });
            edges.Write<double>([0.1, double.NaN]);
            using var files = file.Root.CreateDataset("used_files", new H5DatasetSpec { Type = H5Type.VariableString(H5Charset.Ascii), Shape = [2] });
            files.WriteStrings(["/a/b.h5", ""]);
            using var names = file.Root.CreateDataset("names", new H5DatasetSpec { Type = H5Type.FixedString(4), Shape = [3] });
            names.WriteStrings(["ä", "abcd"], 1);
            using var table = file.Root.CreateDataset("t", new H5DatasetSpec { Type = H5Type.Compound([("a", H5Type.Int16), ("b", H5Type.Float64)]), Shape = [2] });
            table.Write<byte>([1, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]);
            using var scalar = file.Root.CreateDataset("scalar", new H5DatasetSpec { Type = H5Type.Int64, Shape = [] });
            scalar.Write<long>([-4]);
        }

        Assert.Equal(
            """
            [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0], [9.0, 10.0, 11.0]] float32 (4, 3) (None, 3)
            [(3, 0, ()), (2, 1, (4,)), (1, 1, (1,))]
            0 3
            [0.1, nan] None
            [b'/a/b.h5', b''] string_info(encoding='ascii', length=None)
            [b'', b'\xc3\xa4', b'abcd'] string_info(encoding='utf-8', length=4)
            [(1, 1.0), (-1, 0.0)] [('a', '<i2'), ('b', '<f8')]
            -4
            """.ReplaceLineEndings("\n"),
            Tool.H5py(
                """
                f = h5py.File(sys.argv[1]); x = f['x']
                print(x[:].tolist(), x.dtype, x.chunks, x.maxshape)
                p = x.id.get_create_plist(); print([(lambda f: (f[0], f[1], f[2]))(p.get_filter(i)) for i in range(p.get_nfilters())])
                print(int(p.get_fill_time()), int(p.get_alloc_time()))
                e = f['bin_stats/edges']; print(e[:].tolist(), e.chunks)
                print(f['used_files'][:].tolist(), h5py.check_string_dtype(f['used_files'].dtype))
                print(f['names'][:].tolist(), h5py.check_string_dtype(f['names'].dtype))
                print(f['t'][:].tolist(), f['t'].dtype.descr)
                print(f['scalar'][()])
                """,
                _folder["x.h5"]));
    }

    [Fact]
    public void ReadsATableOfPyTables()
    {
        Tool.PyTables(
            """
            f = tables.open_file(sys.argv[1], 'w')
            t = f.create_table('/', 'hits', np.array([(i, i * .5, b'x' * (i % 4)) for i in range(1000)], [('id', 'i8'), ('t', 'f4'), ('s', 'S3')]), filters=tables.Filters(5, shuffle=True, fletcher32=True), chunkshape=(100,))
            e = f.create_earray('/', 'x', atom=tables.UInt8Atom(), shape=(0, 3)); e.append(np.arange(30, dtype='u1').reshape(10, 3))
            """,
            _folder["x.h5"]);
        using var file = H5File.OpenRead(_folder["x.h5"]);
        using var table = file.Root.OpenDataset("hits");
        Assert.Equal("{id int64, t float32, s string[3]}", table.Type.ToString());
        Assert.Equal([H5Filter.Fletcher32, H5Filter.Shuffle(15), H5Filter.Deflate(5)], table.Filters);
        Assert.Equal([-1], table.MaxShape);
        var rows = new byte[15 * 2];
        table.Read<byte>(rows, 998, 2);
        Assert.Equal((999, 499.5f, (byte)'x'), (BitConverter.ToInt64(rows, 15), BitConverter.ToSingle(rows, 23), rows[29]));
        using var x = file.Root.OpenDataset("x");
        Assert.Equal(Enumerable.Range(0, 30).Select(i => (byte)i), x.ReadAll<byte>());
    }

    [Fact]
    public void PyTablesOpensATableLikeItsOwn()
    {
        using (var file = H5File.Create(_folder["x.h5"]))
        {
            var root = file.Root.Attributes;
            root.WriteFixedString("TITLE", "KM3NeT");
            root.WriteFixedString("CLASS", "GROUP");
            root.WriteFixedString("VERSION", "1.0");
            root.WriteFixedString("PYTABLES_FORMAT_VERSION", "2.1");
            using var table = file.Root.CreateDataset("y", new H5DatasetSpec
            {
                Type = H5Type.Compound([("energy", H5Type.Float64), ("group_id", H5Type.Int64)]),
                Shape = [1],
                MaxShape = [-1],
                ChunkShape = [16],
                Filters = [H5Filter.Fletcher32, H5Filter.Shuffle(16), H5Filter.Deflate(1)],
            });
            table.Write<byte>([.. BitConverter.GetBytes(2.5), .. BitConverter.GetBytes(3L)]);
            table.Attributes.WriteFixedString("CLASS", "TABLE");
            table.Attributes.WriteFixedString("VERSION", "2.7");
            table.Attributes.WriteFixedString("TITLE", "event_info");
            table.Attributes.WriteFixedString("FIELD_0_NAME", "energy");
            table.Attributes.WriteFixedString("FIELD_1_NAME", "group_id");
            table.Attributes.WriteFloat("FIELD_0_FILL", H5Type.Float64, 0);
            table.Attributes.WriteInteger("FIELD_1_FILL", H5Type.Int64, 0);
            table.Attributes.WriteInteger("NROWS", H5Type.Int64, 1);
        }

        Assert.Equal(
            "Table event_info 2.5 3 Filters(complevel=1, complib='zlib', shuffle=True, bitshuffle=False, fletcher32=True, least_significant_digit=None)",
            Tool.PyTables(
                """
                f = tables.open_file(sys.argv[1]); t = f.root.y
                print(type(t).__name__, t.title, t[0]['energy'], t[0]['group_id'], t.filters)
                """,
                _folder["x.h5"]));
        Assert.Contains("SUPERBLOCK_VERSION 0", Tool.H5Dump("-B", "-H", _folder["x.h5"]), StringComparison.Ordinal);
    }

    [Fact]
    public void OtherTypesAreRefused()
    {
        using var file = H5File.Create(_folder["x.h5"]);
        using var data = file.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.Float32, Shape = [4] });
        Assert.Equal($"cannot read /x in '{file.Path}': its elements are float32 (4 bytes), not Int32", Assert.Throws<H5Exception>(() => data.ReadAll<int>()).Message);
        Assert.EndsWith("not Double", Assert.Throws<H5Exception>(() => data.ReadAll<double>()).Message);
        Assert.EndsWith("not strings", Assert.Throws<H5Exception>(() => data.ReadStrings()).Message);
        Assert.EndsWith("not strings", Assert.Throws<H5Exception>(() => data.WriteStrings(["x"])).Message);
        Assert.Equal(16, data.ReadAll<byte>().Length);
    }

    [Fact]
    public void RowsThatAreNotThereAreRefused()
    {
        using var file = H5File.Create(_folder["x.h5"]);
        using var data = file.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.Int16, Shape = [4, 2] });
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Read<short>(new short[4], 3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Read<short>(new short[4], -1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Read<short>([], long.MaxValue, 2));
        Assert.Throws<ArgumentException>(() => data.Read<short>(new short[3], 0, 2));
        Assert.Throws<ArgumentException>(() => data.Write<short>(new short[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Write<short>(new short[10]));
        Assert.Equal($"cannot resize /x in '{file.Path}': it may have at most 4 rows, not 5", Assert.Throws<H5Exception>(() => data.SetLength(5)).Message);
    }

    [Fact]
    public void StringsThatDoNotFitAreRefused()
    {
        using var file = H5File.Create(_folder["x.h5"]);
        using var ascii = file.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.FixedString(3, H5Charset.Ascii), Shape = [1] });
        Assert.Throws<ArgumentException>(() => ascii.WriteStrings(["abcd"]));
        Assert.Throws<ArgumentException>(() => ascii.WriteStrings(["ä"]));
        using var variable = file.Root.CreateDataset("v", new H5DatasetSpec { Type = H5Type.VariableString(), Shape = [2] });
        Assert.Throws<ArgumentException>(() => variable.WriteStrings(["fine", "a\0b"]));
        Assert.Equal(["", ""], variable.ReadStrings());
    }

    [Fact]
    public void SizesThatLieAllocateNothing()
    {
        Tool.H5py(
            """
            f = h5py.File(sys.argv[1], 'w')
            f.create_dataset('long', shape=(2**60,), maxshape=(None,), chunks=(1024,), dtype='f8')
            f.create_dataset('wide', shape=(2**31, 2**31, 3), chunks=(1, 1, 3), dtype='f8')
            f.create_dataset('text', shape=(2**40,), chunks=(1024,), dtype='S1')
            f.create_dataset('variable', shape=(2**40,), chunks=(1024,), dtype=h5py.string_dtype())
            """,
            _folder["x.h5"]);
        using var file = H5File.OpenRead(_folder["x.h5"]);
        foreach (var name in new[] { "long", "wide" })
        {
            using var data = file.Root.OpenDataset(name);
            Assert.Contains("read it in parts", Assert.Throws<H5Exception>(() => data.ReadAll<double>()).Message, StringComparison.Ordinal);
        }

        foreach (var name in new[] { "text", "variable" })
        {
            using var data = file.Root.OpenDataset(name);
            Assert.Contains("read it in parts", Assert.Throws<H5Exception>(() => data.ReadStrings()).Message, StringComparison.Ordinal);
            Assert.Equal(["", ""], data.ReadStrings(1L << 39, 2));
        }

        using var far = file.Root.OpenDataset("long");
        var row = new double[1];
        far.Read<double>(row, (1L << 60) - 1, 1);
        Assert.Equal(0, row[0]);
    }

    [Theory]
    [InlineData("4", "3", null)]
    [InlineData("4", "4,1", null)]
    [InlineData("-1", null, null)]
    [InlineData("4", null, "1,1")]
    [InlineData("4", null, "0")]
    [InlineData("", null, "1")]
    [InlineData("4", "-1", null)]
    public void SpecificationsThatContradictThemselvesAreRefused(string shape, string? max, string? chunk)
    {
        using var file = H5File.Create(_folder["x.h5"]);
        Assert.Throws<ArgumentException>(() => file.Root.CreateDataset("x", new H5DatasetSpec
        {
            Type = H5Type.Int8,
            Shape = Numbers(shape)!,
            MaxShape = Numbers(max),
            ChunkShape = Numbers(chunk),
        }));
        Assert.Throws<ArgumentException>(() => file.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.Int8, Shape = [1], Filters = [H5Filter.Fletcher32] }));
        Assert.Empty(file.Root.Names);

        static long[]? Numbers(string? text) => text?.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(n => long.Parse(n, CultureInfo.InvariantCulture)).ToArray();
    }
}
