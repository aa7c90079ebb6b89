using System.Diagnostics;
using OrcaSong.Configuration;
using OrcaSong.Detectors;
using OrcaSong.Graphs;
using OrcaSong.Hdf5;
using OrcaSong.Images;
using OrcaSong.Inspection;
using OrcaSong.Running;
using OrcaSong.Simulation;
using OrcaSong.Training;
using Xunit;

namespace OrcaSong.Tests.Torture;

/// <summary>Files that were made to do harm.</summary>
public sealed class HostileInputTests : IDisposable
{
    private const long MostMemory = 600L << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly BinAxis[] Axes = [BinAxis.Uniform("pos_z", 0, 50, 5), BinAxis.Uniform("time", 0, 20, 10)];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Input => _folder["in.h5"];

    [Theory]
    [InlineData("hits/time")]
    [InlineData("hits/_indices")]
    [InlineData("group_info")]
    [InlineData("event_info")]
    public void TenToThe18RowsOfWhichNothingIsStored(string dataset)
    {
        Change(
            """
            name = sys.argv[2]; old = f[name]; attrs = dict(old.attrs); dtype = old.dtype; del f[name]
            f.create_dataset(name, shape=(10**18,), maxshape=(None,), dtype=dtype, chunks=(1000,), compression="gzip")
            """,
            dataset);
        UsedOrRefused(mustRefuse: dataset != "event_info");
    }

    [Theory]
    [InlineData("hits/time", 2_000_000_000)]
    [InlineData("group_info", 250_000_000)]
    public void BillionsOfRowsOfWhichNothingIsStored(string dataset, int rows)
    {
        Change(
            """
            name = sys.argv[2]; dtype = f[name].dtype; del f[name]
            f.create_dataset(name, shape=(int(sys.argv[3]),), dtype=dtype)
            """,
            dataset,
            $"{rows}");
        UsedOrRefused(mustRefuse: true);
    }

    /// <summary>HDF5 1.10.8 divides by the lengths of a chunk when a dataset is opened, and takes the process with it.</summary>
    [Theory]
    [InlineData(0, 2)]
    [InlineData(11, 0)]
    public void ChunksWithoutElements(int place, byte value)
    {
        var path = SimulatedRun.Write(new SimulationOptions { Events = 8, HitsPerEvent = 12 }, Input, threads: 1).Path;
        var bytes = File.ReadAllBytes(path);

        // A layout message, version 3: chunks of one axis, their address, their lengths, the size of an element.
        var layout = Enumerable.Range(0, bytes.Length - 20).First(i => bytes.AsSpan(i, 3).SequenceEqual((ReadOnlySpan<byte>)[3, 2, 2]) && BitConverter.ToInt32(bytes, i + 15) == sizeof(double));
        bytes[layout + place] = value;
        bytes[layout + place + 1] = place == 0 ? bytes[layout + 1] : (byte)0;
        File.WriteAllBytes(path, bytes);
        Refusal.Of(() => H5File.OpenRead(path), "in.h5", "chunks without elements");
    }

    [Theory]
    [InlineData("hits/time", "'S8'", "*")]
    [InlineData("hits/time", "h5py.ref_dtype", "time")]
    [InlineData("hits/time", "h5py.string_dtype()", "time")]
    [InlineData("hits/time", "np.dtype('complex128')", "time")]
    [InlineData("hits/time", "np.dtype((np.float64, (1000,)))", "time")]
    [InlineData("hits/_indices", "'f4'", "_indices")]
    [InlineData("group_info", "np.dtype([('group_id', 'S4'), ('blob_length', 'i8')])", "group_info")]
    [InlineData("group_info", "'i8'", "group_info")]
    public void OtherTypes(string dataset, string type, string word)
    {
        Change("name = sys.argv[2]; n = len(f[name]); del f[name]; f.create_dataset(name, shape=(n,), dtype=eval(sys.argv[3]))", dataset, type);
        UsedOrRefused(mustRefuse: false);
        if (word != "*")
        {
            Refusal.Of(() => new Runner(1).Run(new FileBinner(Axes), Input, _folder["out.h5"], overwrite: true), "in.h5", word);
        }
    }

    [Fact]
    public void LinksInCircles()
    {
        Change(
            """
            f["soft"] = h5py.SoftLink("/soft"); f["a"] = h5py.SoftLink("/b"); f["b"] = h5py.SoftLink("/a"); f["again"] = f["/"]
            """);
        UsedOrRefused(mustRefuse: false);
        Assert.Equal(3, new Runner(1).Run(new FileBinner(Axes), Input, _folder["out.h5"], overwrite: true).EventsWritten);

        // Each step leads to several more.
        Change(
            """
            f["again"] = f["/"]; f["more"] = f["/"]; f["g/up"] = f["/"]
            f["deep"] = h5py.SoftLink("/again/again/again/g/up/again")
            """);
        UsedOrRefused(mustRefuse: true);
    }

    [Theory]
    [InlineData("f[name] = h5py.ExternalLink(other, '/hits')", "hits", "/hits")]
    [InlineData("f.create_dataset(name, shape=(12,), dtype='f8', external=[(other, 0, 96)])", "hits/time", "other files")]
    [InlineData("l = h5py.VirtualLayout(shape=(12,), dtype='f8'); l[:] = h5py.VirtualSource(other, 'hits/time', shape=(12,)); f.create_virtual_dataset(name, l)", "hits/time", "other files")]
    public void DataOfOtherFilesAreNotRead(string script, string name, string word)
    {
        new TestFile(3, 4, 5).Write(_folder["other.h5"]);
        Change($"name, other = sys.argv[2:]; del f[name]\n{script}", name, _folder["other.h5"]);
        UsedOrRefused(mustRefuse: true);
        Refusal.Of(() => new Runner(1).Run(new FileBinner(Axes), Input, _folder["out.h5"], overwrite: true), "in.h5", word);
    }

    [Theory]
    [InlineData("(2**29 - 1,)", "'f8'")]
    [InlineData("(2**32 - 1,)", "'i1'")]
    public void ChunksOfGigabytes(string chunks, string type)
    {
        Change("del f['hits/time']; f.create_dataset('hits/time', shape=(12,), maxshape=(None,), dtype=eval(sys.argv[3]), chunks=eval(sys.argv[2]))", chunks, type);
        UsedOrRefused(mustRefuse: true);
    }

    [Fact]
    public void TextsWithoutEnd()
    {
        Change(
            """
            t = h5py.h5t.C_S1.copy(); t.set_size(8)
            h = np.zeros(3, dtype=[("parameter", "S8"), ("field_names", "S8"), ("field_values", "S8")])
            for c in h.dtype.names: h[c] = b"abcdefgh"
            f.create_dataset("raw_header", data=h)
            d = h5py.h5d.create(f.id, b"provenance_header", t, h5py.h5s.create(h5py.h5s.SCALAR))
            d.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array(b"abcdefgh", "S8"), mtype=t)
            f.attrs["long"] = "x" * 60000
            """);
        UsedOrRefused(mustRefuse: false);
    }

    [Fact]
    public void TextsOfVariableLengthThatAreNotThere()
    {
        Change("f.attrs['note'] = 'somewhere else'; f.create_dataset('texts', data=['a', 'b' * 300], dtype=h5py.string_dtype())");
        var good = File.ReadAllBytes(Input);
        var heap = good.AsSpan().IndexOf("GCOL"u8);
        Assert.True(heap > 0);
        foreach (var (at, bytes) in new (int, byte[])[]
        {
            (0, [0]), (8, [0xff, 0xff, 0xff, 0xff]), (8, new byte[8]), (16, [0, 0]), (24, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]), (24, [200]), (16, [99]), (16, new byte[4000]), (24, new byte[8]),
        })
        {
            var damaged = (byte[])good.Clone();
            bytes.CopyTo(damaged, heap + at);
            File.WriteAllBytes(Input, damaged);
            UsedOrRefused(mustRefuse: true);
        }
    }

    [Theory]
    [InlineData("7 1000000000000000000\n")]
    [InlineData("7 2147483647\n1 1 1 31\n")]
    [InlineData("7 1\n1 1 1 2147483647\n")]
    [InlineData("7 1\n1 1 1 -1\n")]
    [InlineData("99999999999999999999 1\n1 1 1 0\n")]
    [InlineData("7 1\n1 1 1 1\n 1 1e999 0 0 0 0 1 0\n")]
    [InlineData("7 v999999999999\n")]
    [InlineData("7 v3\n0 1e999\nUTM WGS84 32N nan inf -1e400\n1000000000\n")]
    public void AbsurdDetectors(string text)
    {
        File.WriteAllText(_folder["in.detx"], text);
        Measured(() => Refusal.Of(() => Detector.Load(_folder["in.detx"]), "in.detx"));
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    [InlineData('a')]
    public void AbsurdConfigurations(char kind)
    {
        const int deep = 200_000;
        File.WriteAllText(_folder["in.toml"], kind switch
        {
            '[' => "a = " + new string('[', deep),
            '{' => "a = " + string.Concat(Enumerable.Repeat("{a=", deep)),
            _ => string.Join('.', Enumerable.Repeat("a", deep)) + " = 1",
        });
        Measured(() => Refusal.Of(() => RunConfiguration.Load(_folder["in.toml"]), "in.toml"));
        File.WriteAllText(_folder["in.toml"], $"mode = \"graph\"\nchunksize = {new string('9', 10_000)}\n");
        Measured(() => Refusal.Of(() => RunConfiguration.Load(_folder["in.toml"]), "in.toml"));
    }

    [Theory]
    [InlineData("a b.h5")]
    [InlineData("a*[b]?.h5")]
    [InlineData("a'b\"c`d$(touch x).h5")]
    [InlineData("zwei\nZeilen.h5")]
    [InlineData("-o.h5")]
    [InlineData("Ereignis_𝜈_é.h5")]
    public void OddNames(string name)
    {
        var input = new TestFile(3, 4).Write(_folder[name]);
        var images = _folder["images of " + name];
        Assert.Equal(2, new Runner(1).Run(new FileBinner(Axes), input, images).EventsWritten);
        Assert.Empty(FileCheck.Run(images).Problems);
        Assert.Equal(2, Merger.Merge([images], _folder["merged " + name]).Events);
        File.WriteAllText(_folder["list.txt"], images + "\n");
        Shuffler.Shuffle(images, _folder["shuffled " + name]);
        Assert.Contains(name, EventFileSummary.Read(images).Path, StringComparison.Ordinal);
        Assert.Equal(5, _folder.Names.Length);
    }

    private void Change(string script, params string[] arguments)
    {
        new TestFile(3, 4, 5).Write(Input);
        Tool.H5py($"with h5py.File(sys.argv[1], 'r+') as f:\n    {script.ReplaceLineEndings("\n    ")}", [Input, .. arguments]);
    }

    /// <summary>Whatever is done with the file ends soon, in success or one clear error, and leaves nothing half done.</summary>
    private void UsedOrRefused(bool mustRefuse)
    {
        var refused = 0;
        foreach (var use in new Action[]
        {
            () => EventFileSummary.ReadDetails(Input),
            () => FileCheck.Run(Input, threads: 2),
            () => new Runner(2).Run(new FileBinner(Axes, new ProcessingOptions { KeepEventInfo = true }), Input, _folder["out.h5"], overwrite: true),
            () => new Runner(2).Run(new FileGraph(), Input, _folder["out.h5"], overwrite: true),
            () => Merger.Merge([Input], _folder["out.h5"], overwrite: true),
            () => Shuffler.Shuffle(Input, _folder["out.h5"], overwrite: true),
        })
        {
            Measured(() =>
            {
                if (Record.Exception(use) is { } error)
                {
                    refused++;
                    if (error is not InvalidFilesException)
                    {
                        Refusal.Of(() => throw error, "in.h5");
                    }
                }
            });
            Assert.DoesNotContain(_folder.Names, n => n.EndsWith(".partial", StringComparison.Ordinal));
        }

        Assert.True(refused > 1 || !mustRefuse);
    }

    private static void Measured(Action action)
    {
        var watch = Stopwatch.StartNew();
        var before = GC.GetTotalAllocatedBytes();
        action();
        Assert.True(watch.Elapsed < Patience, $"it took {watch.Elapsed}");
        Assert.True(GC.GetTotalAllocatedBytes() - before < MostMemory, $"it took {(GC.GetTotalAllocatedBytes() - before) >> 20} MB");
    }
}
