using OrcaSong.Hdf5;
using Xunit;

namespace OrcaSong.Tests.Hdf5;

public sealed class TypeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static IEnumerable<TheoryDataRow<H5Type, string>> Types() =>
    [
        new(H5Type.Int8, "int8"),
        new(H5Type.Int16, "int16"),
        new(H5Type.Int32, "int32"),
        new(H5Type.Int64, "int64"),
        new(H5Type.UInt8, "uint8"),
        new(H5Type.UInt16, "uint16"),
        new(H5Type.UInt32, "uint32"),
        new(H5Type.UInt64, "uint64"),
        new(H5Type.Float16, "float16"),
        new(H5Type.Float32, "float32"),
        new(H5Type.Float64, "float64"),
        new(H5Type.Bool, "bool"),
        new(H5Type.Bitfield8, "bitfield8"),
        new(H5Type.FixedString(5), "string[5]"),
        new(H5Type.FixedString(1, H5Charset.Ascii, H5Padding.NullPadded), "string[1]"),
        new(H5Type.FixedString(9, H5Charset.Ascii, H5Padding.SpacePadded), "string[9]"),
        new(H5Type.VariableString(), "string"),
        new(H5Type.VariableString(H5Charset.Ascii), "string"),
        new(H5Type.Enum(H5Type.Int16, [new("a", 300), new("b", -2)]), "enum int16 {b=-2, a=300}"),
        new(H5Type.Enum(H5Type.UInt8, [new("z", 255)]), "enum uint8 {z=255}"),
        new(H5Type.Array(H5Type.Float32, [2, 3]), "float32[2,3]"),
        new(H5Type.Compound([("index", H5Type.Int64), ("n_items", H5Type.Int64)]), "{index int64, n_items int64}"),
        new(H5Type.Compound([("a", H5Type.Int8), ("s", H5Type.FixedString(3)), ("in", H5Type.Compound([("b", H5Type.Bool)]))]), "{a int8, s string[3], in {b bool}}"),
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Types))]
    public void ComesBackFromAFile(H5Type type, string text)
    {
        Assert.Equal(text, type.ToString());
        using (var file = H5File.Create(_folder["x.h5"]))
        using (var data = file.Root.CreateDataset("x", new H5DatasetSpec { Type = type, Shape = [1] }))
        {
            Assert.Equal(type, data.Type);
        }

        using var again = H5File.OpenRead(_folder["x.h5"]);
        using var x = again.Root.OpenDataset("x");
        Assert.Equal(type, x.Type);
        Assert.Equal(type.GetHashCode(), x.Type.GetHashCode());
        Assert.True(x.Type.IsNative);
    }

    [Fact]
    public void DifferentTypesDiffer()
    {
        H5Type[] types = [.. Types().Select(t => t.Data.Item1), H5Type.FixedString(5, H5Charset.Ascii), H5Type.Compound([("index", H5Type.Int64), ("n", H5Type.Int64)])];
        Assert.All(types, (a, i) => Assert.All(types, (b, j) => Assert.Equal(i == j, a.Equals(b))));
    }

    [Fact]
    public void KnowsTheTypesOfH5py()
    {
        Tool.H5py(
            """
            f = h5py.File(sys.argv[1], 'w')
            f['be_int'] = np.array([1, 2, -3], '>i4')
            f['be_float'] = np.array([1.5, -2], '>f8')
            f['half'] = np.array([1.5, -2], '<f2')
            f['be_row'] = np.array([(1, 2.5), (-3, 4)], [('a', '>i2'), ('b', '<f4')])
            f['padded'] = np.array([(1, 2)], np.dtype({'names': ['a', 'b'], 'formats': ['i1', 'i8'], 'offsets': [0, 8], 'itemsize': 24}))
            f['bool'] = np.array([True, False])
            f['opaque'] = np.array([b'ab', b'cd'], 'V2')
            d = f.create_dataset('sequence', (2,), h5py.vlen_dtype('int32')); d[0] = [1, 2]
            f['reference'] = f['half'].ref
            f['enum'] = np.array([1], h5py.enum_dtype({'RED': 0, 'BLUE': 1}, 'u2'))
            t = h5py.h5t.STD_I16LE.copy(); t.set_precision(12)
            h5py.h5d.create(f.id, b'twelve_bits', t, h5py.h5s.create_simple((2,))).write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([-5, 6], 'i2'))
            f['long'] = np.zeros(1, np.longdouble)
            """,
            _folder["x.h5"]);
        using var file = H5File.OpenRead(_folder["x.h5"]);
        Assert.Equal("int32be", Type("be_int"));
        Assert.Equal("float64be", Type("be_float"));
        Assert.Equal("{a int16be, b float32}", Type("be_row"));
        Assert.Equal("bool", Type("bool"));
        Assert.Equal("opaque[2]", Type("opaque"));
        Assert.Equal("sequence of int32", Type("sequence"));
        Assert.Equal("reference", Type("reference"));
        Assert.Equal("enum uint16 {RED=0, BLUE=1}", Type("enum"));
        Assert.Equal("unknown[16]", Type("long"));
        Assert.Equal([1, 2, -3], Read<int>("be_int"));
        Assert.Equal([1.5, -2], Read<double>("be_float"));
        Assert.Equal([(Half)1.5, (Half)(-2)], Read<Half>("half"));
        Assert.Equal([1, 0, 0, 0, 0x20, 0x40, 0xfd, 0xff, 0, 0, 0x80, 0x40], Read<byte>("be_row"));
        Assert.Equal([-5, 6], Read<short>("twelve_bits"));

        using var padded = file.Root.OpenDataset("padded");
        Assert.Equal(24, padded.Type.Size);
        Assert.Equal([0, 8], padded.Type.Members.Select(m => m.Offset));
        Assert.Equal(2, padded.ReadAll<byte>()[8]);
        using var narrow = file.Root.OpenDataset("twelve_bits");
        Assert.False(narrow.Type.IsNative);
        Assert.NotEqual(H5Type.Int16, narrow.Type);
        using var sequence = file.Root.OpenDataset("sequence");
        Assert.Contains("kept elsewhere in the file", Assert.Throws<H5Exception>(() => sequence.ReadAll<byte>()).Message, StringComparison.Ordinal);

        string Type(string name)
        {
            using var data = file.Root.OpenDataset(name);
            return data.Type.ToString();
        }

        T[] Read<T>(string name)
            where T : unmanaged
        {
            using var data = file.Root.OpenDataset(name);
            return data.ReadAll<T>();
        }
    }

    [Fact]
    public void ImpossibleTypesAreRefused()
    {
        Assert.Throws<ArgumentException>(() => H5Type.Compound([]));
        Assert.Throws<ArgumentException>(() => H5Type.Compound([("a", H5Type.Int8), ("a", H5Type.Int8)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => H5Type.FixedString(0));
        Assert.Throws<ArgumentException>(() => H5Type.Enum(H5Type.Float32, []));
    }
}
