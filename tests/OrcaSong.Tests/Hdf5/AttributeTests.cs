using OrcaSong.Hdf5;
using Xunit;

namespace OrcaSong.Tests.Hdf5;

public sealed class AttributeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReadsWhatH5pyWrote()
    {
        Tool.H5py(
            """
            f = h5py.File(sys.argv[1], 'w'); a = f.attrs
            a['int'] = -3; a['u8'] = np.uint64(2**64 - 1); a['i1'] = np.int8(-1); a['be'] = np.array(258, '>i2'); a['float'] = 1.5; a['f4'] = np.float32(.5); a['f2'] = np.float16(2)
            a['text'] = 'αβ'; a['bytes'] = np.bytes_(b'5.1'); a['latin'] = np.bytes_(b'\xe4'); a['bool'] = True; a['no'] = np.False_
            a['null'] = h5py.Empty('f4'); a['ints'] = [1, 2, 3]; a['grid'] = np.array([[1., 2.], [3., 4.]]); a['bools'] = [True, False]
            a['texts'] = ['a', 'βγ']; a['fixed'] = np.array([b'ab', b'c'], 'S2'); a['none'] = np.zeros(0, 'i4')
            a['enum'] = np.array(2, h5py.enum_dtype({'A': 2}, 'i4')); a['row'] = np.array((1, 2), 'i1,i1'); a['reference'] = f.ref
            """,
            _folder["x.h5"]);
        using var file = H5File.OpenRead(_folder["x.h5"]);
        var a = file.Root.Attributes;
        Assert.Equal(
            ["int", "u8", "i1", "be", "float", "f4", "f2", "text", "bytes", "latin", "bool", "no", "null", "ints", "grid", "bools", "texts", "fixed", "none", "enum", "row", "reference"],
            a.Names);
        (string Name, object? Value)[] expected =
        [
            ("int", -3L), ("u8", ulong.MaxValue), ("i1", -1L), ("be", 258L), ("float", 1.5), ("f4", 0.5), ("f2", 2.0), ("text", "αβ"), ("bytes", "5.1"), ("latin", "ä"),
            ("bool", true), ("no", false), ("null", null), ("ints", new long[] { 1, 2, 3 }), ("grid", new double[] { 1, 2, 3, 4 }), ("bools", new[] { true, false }),
            ("texts", new[] { "a", "βγ" }), ("fixed", new[] { "ab", "c" }), ("none", System.Array.Empty<long>()), ("enum", 2L), ("row", new byte[] { 1, 2 }),
        ];
        Assert.All(expected, e => Assert.Equal(e.Value, a.Read(e.Name)));
        Assert.Contains("of type reference", Assert.Throws<H5Exception>(() => a.Read("reference")).Message, StringComparison.Ordinal);
        Assert.Equal($"cannot read attribute 'absent' of / in '{file.Path}': there is none of that name", Assert.Throws<H5Exception>(() => a.Read("absent")).Message);
        Assert.Equal(("αβ", null, null), (a.GetString("text"), a.GetString("int"), a.GetString("absent")));
        Assert.Equal((-3L, null, null, null), (a.GetInt64("int"), a.GetInt64("u8"), a.GetInt64("float"), a.GetInt64("absent")));
        Assert.Equal((1.5, -3.0, null), (a.GetDouble("float"), a.GetDouble("int"), a.GetDouble("text")));
        Assert.Equal((true, null), (a.GetBoolean("bool"), a.GetBoolean("int")));
        Assert.True(a.Contains("u8"));
        Assert.False(a.Contains("U8"));
        Assert.Equal("int16be", a.TypeOf("be").ToString());
    }

    [Fact]
    public void ReadsWhatPyTablesWrote()
    {
        Tool.PyTables(
            """
            f = tables.open_file(sys.argv[1], 'w', title=''); a = f.root._v_attrs
            a.text = 'KM3NeT'; a.bytes = np.bytes_(b'9.7.0'); a.flag = True; a.off = False; a.n = 5; a.x = .5; a.empty = ''
            """,
            _folder["x.h5"]);
        using var file = H5File.OpenRead(_folder["x.h5"]);
        var a = file.Root.Attributes;
        Assert.Equal(["TITLE", "CLASS", "VERSION", "PYTABLES_FORMAT_VERSION", "text", "bytes", "flag", "off", "n", "x", "empty"], a.Names);
        Assert.Equal(new object?[] { "", "GROUP", "1.0", "2.1", "KM3NeT", "9.7.0", true, false, 5L, 0.5, "" }, a.Names.Select(a.Read));
        Assert.Equal("bitfield8", a.TypeOf("flag").ToString());
    }

    [Fact]
    public void WritesEveryKind()
    {
        using (var file = H5File.Create(_folder["x.h5"]))
        {
            WriteAll(file.Root.Attributes);
        }

        using var again = H5File.OpenRead(_folder["x.h5"]);
        CheckAll(again.Root.Attributes);
        var dump = Tool.H5Dump("-A", _folder["x.h5"]);
        Assert.Equal(
            """
            TITLE|STRSIZE 6 STRPAD H5T_STR_NULLTERM CSET H5T_CSET_UTF8|SCALAR|KM3NeT
            empty|STRSIZE 1 STRPAD H5T_STR_NULLTERM CSET H5T_CSET_UTF8|NULL|
            fill|STRSIZE 1 STRPAD H5T_STR_NULLTERM CSET H5T_CSET_ASCII|SCALAR|
            ascii|STRSIZE 3 STRPAD H5T_STR_NULLTERM CSET H5T_CSET_ASCII|SCALAR|5.1
            padded|STRSIZE 2 STRPAD H5T_STR_NULLPAD CSET H5T_CSET_ASCII|SCALAR|ab
            orcasong|STRSIZE None STRPAD H5T_STR_NULLTERM CSET H5T_CSET_UTF8|SCALAR|1.0 β
            """.ReplaceLineEndings("\n"),
            Tool.H5py(
                """
                f = h5py.File(sys.argv[1])
                for n in ['TITLE', 'empty', 'fill', 'ascii', 'padded', 'orcasong']:
                    i = h5py.h5a.open(f.id, n.encode()); t = i.get_type(); v = f.attrs[n]
                    print('|'.join([n, 'STRSIZE %s STRPAD %s CSET %s' % (None if t.is_variable_str() else t.get_size(), ['H5T_STR_NULLTERM', 'H5T_STR_NULLPAD'][t.get_strpad()],
                        ['H5T_CSET_ASCII', 'H5T_CSET_UTF8'][t.get_cset()]), {0: 'SCALAR', 2: 'NULL'}[i.get_space().get_simple_extent_type()],
                        '' if isinstance(v, h5py.Empty) else v if isinstance(v, str) else v.decode()]))
                """,
                _folder["x.h5"]));
        Assert.Equal(
            "[('indexed', 'True', 'bool_'), ('flag', '1', 'uint8'), ('NROWS', '-5', 'int64'), ('EXTDIM', '0', 'int32'), ('u1', '255', 'uint8'), ('be', '-2', 'int16'), ('f4', '0.5', 'float32'), ('f8', '0.1', 'float64'), ('shape', '[[1 2]\\n [3 4]]', 'int64')]",
            Tool.H5py(
                """
                f = h5py.File(sys.argv[1]); r = []
                for n in ['indexed', 'flag', 'NROWS', 'EXTDIM', 'u1', 'be', 'f4', 'f8', 'shape']:
                    if n == 'flag':
                        v = np.zeros((), 'u1'); h5py.h5a.open(f.id, b'flag').read(v, mtype=h5py.h5t.STD_B8LE)
                    else:
                        v = f.attrs[n]
                    r.append((n, str(v), v.dtype.name.replace('bool', 'bool_').replace('__', '_')))
                print(r)
                """,
                _folder["x.h5"]));
        Assert.Contains("H5T_STD_B8LE", dump, StringComparison.Ordinal);
        Assert.Contains("H5T_STD_I16BE", dump, StringComparison.Ordinal);
    }

    [Fact]
    public void CopiesEveryKind()
    {
        using (var source = H5File.Create(_folder["a.h5"]))
        using (var target = H5File.Create(_folder["b.h5"]))
        {
            WriteAll(source.Root.Attributes);
            var group = target.Root.CreateGroup("g");
            group.Attributes.WriteInteger("NROWS", H5Type.Int8, 1);
            foreach (var name in source.Root.Attributes.Names)
            {
                source.Root.Attributes.CopyTo(name, group.Attributes);
            }

            Assert.All(source.Root.Attributes.Names, n => Assert.Equal(source.Root.Attributes.TypeOf(n), group.Attributes.TypeOf(n)));
        }

        using var again = H5File.OpenRead(_folder["b.h5"]);
        CheckAll(again.Root.OpenGroup("g").Attributes, isCopy: true);
    }

    [Fact]
    public void CopiesSequencesButNotReferences()
    {
        Tool.H5py(
            "f = h5py.File(sys.argv[1], 'w'); f.attrs.create('seq', np.array([np.arange(2), np.arange(3)], dtype=object), dtype=h5py.vlen_dtype('i4')); f.attrs['texts'] = ['a', 'bc']; f.attrs['ref'] = f.ref; f['type'] = np.dtype('i2'); f.attrs.create('named', 7, dtype=f['type'])",
            _folder["a.h5"]);
        using (var source = H5File.OpenRead(_folder["a.h5"]))
        using (var target = H5File.Create(_folder["b.h5"]))
        {
            source.Root.Attributes.CopyTo("seq", target.Root.Attributes);
            source.Root.Attributes.CopyTo("texts", target.Root.Attributes);
            source.Root.Attributes.CopyTo("named", target.Root.Attributes);
            Assert.Contains("cannot be copied", Assert.Throws<H5Exception>(() => source.Root.Attributes.CopyTo("ref", target.Root.Attributes)).Message, StringComparison.Ordinal);
        }

        Assert.Equal("[[0, 1], [0, 1, 2]] ['a', 'bc'] 7", Tool.H5py("a = h5py.File(sys.argv[1]).attrs; print([v.tolist() for v in a['seq']], a['texts'].tolist(), a['named'])", _folder["b.h5"]));
    }

    [Fact]
    public void ManyAreKept()
    {
        using (var file = H5File.Create(_folder["x.h5"]))
        using (var data = file.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.Int8, Shape = [1] }))
        {
            for (var i = 200; i > 0; i--)
            {
                data.Attributes.WriteFixedString($"FIELD_{i}_NAME", new string('n', i));
            }
        }

        using var again = H5File.OpenRead(_folder["x.h5"]);
        using var x = again.Root.OpenDataset("x");
        Assert.Equal(Enumerable.Range(1, 200).Select(i => $"FIELD_{i}_NAME").Order(StringComparer.Ordinal), x.Attributes.Names.Order(StringComparer.Ordinal));
        Assert.Equal(200, x.Attributes.GetString("FIELD_200_NAME")!.Length);
    }

    [Fact]
    public void AnotherValueReplacesTheFirst()
    {
        using var file = H5File.Create(_folder["x.h5"]);
        var a = file.Root.Attributes;
        a.WriteFixedString("x", "long text");
        a.WriteInteger("x", H5Type.Int64, 3);
        Assert.Equal(3L, a.Read("x"));
        Assert.Equal(["x"], a.Names);
        Assert.True(a.Remove("x"));
        Assert.False(a.Remove("x"));
    }

    [Fact]
    public void ValuesThatDoNotFitAreRefused()
    {
        using var file = H5File.Create(_folder["x.h5"]);
        var a = file.Root.Attributes;
        Assert.Throws<ArgumentException>(() => a.WriteInteger("x", H5Type.Int8, 128));
        Assert.Throws<ArgumentException>(() => a.WriteInteger("x", H5Type.UInt64, -1));
        Assert.Throws<ArgumentException>(() => a.WriteInteger("x", H5Type.Float64, 1));
        Assert.Throws<ArgumentException>(() => a.WriteFloat("x", H5Type.Int64, 1));
        Assert.Throws<ArgumentException>(() => a.Write("x", H5Type.Int64, new byte[7]));
        Assert.Throws<ArgumentException>(() => a.Write("x", H5Type.VariableString(), new byte[8]));
        Assert.Throws<ArgumentException>(() => a.WriteFixedString("x", "ä", H5Charset.Ascii));
        Assert.Throws<ArgumentException>(() => a.WriteVariableString("x", "a\0b"));
        Assert.Throws<ArgumentException>(() => a.WriteBoolean(string.Empty, true));
        Assert.EndsWith("it is too large for an attribute (64 KiB)", Assert.Throws<H5Exception>(() => a.WriteFixedString("x", new string('x', 70_000))).Message);
        Assert.Empty(a.Names);
    }

    private static void WriteAll(H5Attributes a)
    {
        a.WriteFixedString("TITLE", "KM3NeT");
        a.WriteFixedString("empty", string.Empty);
        a.WriteFixedString("fill", string.Empty, H5Charset.Ascii, nullWhenEmpty: false);
        a.WriteFixedString("ascii", "5.1", H5Charset.Ascii);
        a.WriteFixedString("padded", "ab", H5Charset.Ascii, H5Padding.NullPadded);
        a.WriteVariableString("orcasong", "1.0 β");
        a.WriteBoolean("indexed", true);
        a.WriteBoolean("flag", true, H5Type.Bitfield8);
        a.WriteInteger("NROWS", H5Type.Int64, -5);
        a.WriteInteger("EXTDIM", H5Type.Int32, 0);
        a.WriteInteger("u1", H5Type.UInt8, 255);
        a.WriteInteger("be", H5Type.Integer(2, isSigned: true, isLittleEndian: false, isNative: false), -2);
        a.WriteFloat("f4", H5Type.Float32, 0.5);
        a.WriteFloat("f8", H5Type.Float64, 0.1);
        a.Write("shape", H5Type.Int64, System.Runtime.InteropServices.MemoryMarshal.AsBytes<long>([1, 2, 3, 4]), 2, 2);
    }

    private static void CheckAll(H5Attributes a, bool isCopy = false)
    {
        string[] names = ["TITLE", "empty", "fill", "ascii", "padded", "orcasong", "indexed", "flag", "NROWS", "EXTDIM", "u1", "be", "f4", "f8", "shape"];
        Assert.Equal(names.Order(StringComparer.Ordinal), a.Names.Order(StringComparer.Ordinal));
        if (!isCopy)
        {
            Assert.Equal(names, a.Names);
        }

        Assert.Equal(
            new object?[] { "KM3NeT", "", "", "5.1", "ab", "1.0 β", true, true, -5L, 0L, 255L, -2L, 0.5, 0.1, new long[] { 1, 2, 3, 4 } },
            names.Select(n => a.Read(n) is ulong u ? (long)u : a.Read(n)));
    }
}
