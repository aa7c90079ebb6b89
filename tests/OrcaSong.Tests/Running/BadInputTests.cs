using System.Globalization;
using OrcaSong.Configuration;
using OrcaSong.Hdf5;
using OrcaSong.Images;
using OrcaSong.Labels;
using OrcaSong.Running;
using OrcaSong.Simulation;
using Xunit;

namespace OrcaSong.Tests.Running;

/// <summary>Each with one clear error that names file, object and remedy; and nothing is left of the output.</summary>
public sealed class BadInputTests : IDisposable
{
    private static readonly BinAxis[] Axes = [BinAxis.Uniform("pos_z", 0, 50, 10), BinAxis.Uniform("time", -50, 550, 20)];
    private readonly TempFolder _folder = new();
    private readonly TempFolder _inputs = new();

    public void Dispose()
    {
        _folder.Dispose();
        _inputs.Dispose();
    }

    [Fact]
    public void AMissingFile() => Refuses(_inputs["absent.h5"], "absent.h5", "does not exist");

    [Fact]
    public void AFolder() => Refuses(_inputs.Path, _inputs.Path, "it is a folder");

    [Theory]
    [InlineData("", "empty")]
    [InlineData("This is text.", "not an HDF5 file")]
    [InlineData("\u0089HDF", "not an HDF5 file")]
    public void NoHdf5File(string text, string reason)
    {
        File.WriteAllText(_inputs["text.h5"], text);
        Refuses(_inputs["text.h5"], "text.h5", reason);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.95)]
    public void ATruncatedFile(double share)
    {
        var whole = File.ReadAllBytes(new TestFile(50, 60, 70).Write(_inputs["whole.h5"]));
        File.WriteAllBytes(_inputs["part.h5"], whole[..(int)(share * whole.Length)]);
        Refuses(_inputs["part.h5"], "part.h5", "truncated", whole.Length.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void NoEvents()
    {
        using (var file = H5File.Create(_inputs["empty.h5"]))
        {
            file.Root.CreateGroup("other");
        }

        Refuses(_inputs["empty.h5"], "empty.h5", "/group_info", "found: other", "h5extract");
    }

    [Fact]
    public void AFileForTraining()
    {
        var made = new Runner(1).Run(new FileBinner(Axes, new ProcessingOptions { Extractor = LabelExtractors.Get("nu_chain_data") }), Good(), _inputs["x.h5"]);

        // It has /group_info, but no hits.
        Refuses(made.Output, "x.h5", "has no table /hits", "/group_info");
    }

    [Theory]
    [InlineData("4.0")]
    [InlineData("3.9")]
    [InlineData("4")]
    [InlineData("0")]
    public void AnOldFormat(string version) =>
        Refuses(new TestFile(3) { FormatVersion = version }.Write(_inputs["old.h5"]), "old.h5", version, "4.1 or later is needed", "Convert");

    [Theory]
    [InlineData("4.1", 0)]
    [InlineData("5.10", 0)]
    [InlineData("6", 0)]
    [InlineData("new", 1)]
    [InlineData(null, 1)]
    public void AFormatThatIsNotOldIsRead(string? version, int warnings)
    {
        var result = new Runner(1).Run(new FileBinner(Axes), new TestFile(3) { FormatVersion = version }.Write(_inputs["in.h5"]), _folder["out.h5"]);
        Assert.Equal(warnings, result.Warnings.Count);
    }

    [Fact]
    public void NoHits() => Refuses(new TestFile(3, 3) { HasHits = false }.Write(_inputs["none.h5"]), "none.h5", "has no table /hits", "/event_info");

    [Theory]
    [InlineData("pos_q", "pos_q", "channel_id, dom_id, group_id, pos_z, time, tot, triggered")]
    [InlineData("Time", "'Time'", "time")]
    [InlineData("dir_x", "dir_x", "detector file")]
    public void AFieldThatDoesNotExist(string field, params string[] words) =>
        Refuses(Good(), new FileBinner([BinAxis.Uniform(field, 0, 1, 2)]), ["good.h5", "/hits", "has no column", .. words]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AWeightThatDoesNotExist(bool split) =>
        Refuses(new TestFile(3) { IsSplit = split }.Write(_inputs["in.h5"]), new FileBinner(Axes, hitWeights: "charge"), "in.h5", "/hits", "charge", "tot");

    [Fact]
    public void TimesWithoutTriggers()
    {
        var file = new TestFile(3);
        file.Hits.Remove("triggered");
        Refuses(file.Write(_inputs["in.h5"]), "in.h5", "has no column triggered", "Centring the time");
        Refuses(Good(), new FileBinner(Axes, new ProcessingOptions { AddT0 = true }), "good.h5", "no column t0", "detector file");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheWrongDetector(bool split)
    {
        var path = new TestFile(30, 31, 32) { IsSplit = split }.Write(_inputs["in.h5"]);
        var detector = Detector(101, 102, 104);

        // A third of the 93 hits lie on module 103.
        Refuses(path, Calibrating(detector), "in.h5", "dom_id", "31 of 93 hits (33.3 %)", "103", detector, "(id 7, 3 modules)", "Give the detector file");
    }

    [Theory]
    [InlineData("tot", 256, true, "256", "0 to 255")]
    [InlineData("tot", 100_000, false, "100000", "0 to 255")]
    [InlineData("channel_id", 31, true, "31", "channels 0 to 30")]
    [InlineData("channel_id", 4_000_000, false, "4000000", "channels 0 to 30")]
    public void ValuesOutOfRange(string column, int value, bool split, params string[] words)
    {
        var file = new TestFile(3, 0, 40, 5) { IsSplit = split };
        ((uint[])file.Hits[column])[41] = (uint)value; // hit 38 of event 2
        Refuses(file.Write(_inputs["in.h5"]), Calibrating(Detector(101, 102, 103)), ["in.h5", "/hits", column, "event 2:", .. words]);
    }

    [Theory]
    [InlineData(typeof(short), -1)]
    [InlineData(typeof(long), -1L << 40)]
    public void NegativeValues(Type type, long value)
    {
        foreach (var column in new[] { "tot", "channel_id" })
        {
            var file = new TestFile(3, 4).Cast(column, type);
            file.Hits[column].SetValue(Convert.ChangeType(value, type, null), 5);
            Refuses(file.Write(_inputs["in.h5"]), Calibrating(Detector(101, 102, 103)), "in.h5", column, "event 1:", value.ToString(CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void ATotAbove255IsFineWhenSlewingIsNotCorrected()
    {
        var path = new TestFile(3).Set("tot", (_, _, _) => 256u).Write(_inputs["in.h5"]);
        var result = new Runner(1).Run(new FileBinner(Axes, new ProcessingOptions { DetectorFile = Detector(101, 102, 103), CorrectTimeSlewing = false }), path, _folder["out.h5"]);
        Assert.Equal(3, result.Hits);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(5, true)]
    [InlineData(5, false)]
    public void ADamagedChunk(int level, bool split)
    {
        H5Filter[] filters = level == 0 ? [H5Filter.Fletcher32] : [H5Filter.Fletcher32, H5Filter.Shuffle(8), H5Filter.Deflate(level)];
        var file = new TestFile([.. Enumerable.Repeat(20, 20)]) { Filters = filters, IsSplit = split };
        var (path, images) = (file.Write(_inputs["in.h5"]), file.Images(Axes));
        var bytes = File.ReadAllBytes(path);
        var dataset = split ? "/hits/time" : "/hits";
        var chunk = Find(path, dataset, 32, bytes);
        var random = new Random(5);
        for (var i = 0; i < 10; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[chunk.Start.Value + random.Next(chunk.End.Value - chunk.Start.Value)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, damaged);
            if (level > 0 && Record.Exception(() => new Runner(2).Run(new FileBinner(Axes), path, _inputs["out.h5"], overwrite: true)) is null)
            {
                // A bit that DEFLATE does not use.
                Assert.Equal(images, Output.Images(_inputs["out.h5"]));
                continue;
            }

            Refuses(path, "in.h5", $"{dataset}: the chunk with rows 32 to 47 is damaged", "Copy the file again");
        }
    }

    [Fact]
    public void AFilterWithoutPlugin()
    {
        Tool.H5py(
            """
            with h5py.File(sys.argv[1], "a") as f:
                data = f["hits/time"][()]
                del f["hits/time"]
                f.create_dataset("hits/time", data=data, chunks=(4,), compression="lzf")
            """,
            Good());
        var error = Record.Exception(() => new Runner(1).Run(new FileBinner(Axes), Good(write: false), _folder["out.h5"]));
        if (error is null)
        {
            Assert.Skip("the library has a plug-in for LZF");
        }

        Refuses(Good(write: false), "good.h5", "/hits/time", "no plug-in for lzf", "HDF5_PLUGIN_PATH");
    }

    [Fact]
    public void ColumnsOfDifferentLengths()
    {
        var path = Good();
        using (var file = H5File.OpenReadWrite(path))
        using (var column = file.Root.OpenDataset("hits/tot"))
        {
            column.SetLength(5);
        }

        Refuses(path, "good.h5", "/hits/", "has 5 rows", "convert it again");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SeveralRowsOfEventInfoForAnEvent(bool kept)
    {
        var path = new TestFile(3, 4, 5) { EventInfoRows = [1, 2, 1] }.Write(_inputs["in.h5"]);
        if (kept)
        {
            Refuses(path, new FileBinner(Axes, new ProcessingOptions { KeepEventInfo = true }), "in.h5", "/event_info", "event 1:", "2 rows");
        }
        else
        {
            Assert.Equal(3, new Runner(1).Run(new FileBinner(Axes), path, _folder["out.h5"]).EventsWritten);
        }
    }

    [Fact]
    public void NoEventInfoToKeep() => Refuses(
        new TestFile(3) { EventInfoRows = null }.Write(_inputs["in.h5"]), new FileBinner(Axes, new ProcessingOptions { KeepEventInfo = true }), "in.h5", "has no table /event_info");

    [Fact]
    public void AGroupIdTwice() => Refuses(
        new TestFile(3, 4, 5) { GroupIds = [1, 2, 1], IsSplit = false }.Write(_inputs["in.h5"]), "in.h5", "/group_info", "group_id 1 twice", "events 0 and 2");

    [Fact]
    public void EdgesThatDoNotIncrease()
    {
        Refusal.Of(() => _ = new BinAxis("time", [0, 1, 0.5]), "axis time", "edge 2 is 0.5, after 1");
        Refusal.Of(() => _ = new BinAxis("time", [1, 1, 1]), "axis time", "all 1");
        Refusal.Of(() => _ = new BinAxis("time", [0]), "Axis time", "at least two");
        Refusal.Of(() => _ = new BinAxis("time", [0, double.NaN, 1]), "edge 1 of axis time", "NaN");
        Refusal.Of(() => _ = new BinAxis("time", [0, double.PositiveInfinity]), "edge 1 of axis time");
        File.WriteAllText(_inputs["c.toml"], "mode = \"image\"\nbin_edges_list = [[\"time\", [0, 2, 1]]]\n");
        Refusal.Of(() => RunConfiguration.Load(_inputs["c.toml"]), "c.toml(2,28)", "edge 2 is 1, after 2");
    }

    [Fact]
    public void AnOutputThatExists()
    {
        File.WriteAllText(_folder["out.h5"], "precious");
        Refusal.Of(() => new Runner(1).Run(new FileBinner(Axes), Good(), _folder["out.h5"]), "out.h5", "exists already", "another name");
        Assert.Equal("precious", File.ReadAllText(_folder["out.h5"]));

        // A run that fails leaves it alone, even if it might have replaced it.
        Refusal.Of(() => new Runner(1).Run(new FileBinner(Axes), _inputs["absent.h5"], _folder["out.h5"], overwrite: true), "absent.h5");
        var damaged = new TestFile(3, 4).Write(_inputs["damaged.h5"]);
        var bytes = File.ReadAllBytes(damaged);
        bytes[Find(damaged, "/hits/time", 0, bytes).Start.Value + 4] ^= 0xff;
        File.WriteAllBytes(damaged, bytes);
        Refusal.Of(() => new Runner(1).Run(new FileBinner(Axes), damaged, _folder["out.h5"], overwrite: true), "damaged.h5");
        Assert.Equal("precious", File.ReadAllText(_folder["out.h5"]));
        Assert.Equal(["out.h5"], _folder.Names);

        Assert.Equal(2, new Runner(1).Run(new FileBinner(Axes), Good(), _folder["out.h5"], overwrite: true).EventsWritten);
        Assert.Equal(["out.h5"], _folder.Names);
    }

    [Fact]
    public void AnOutputThatIsTheInput()
    {
        var path = Good();
        var before = File.ReadAllBytes(path);
        File.CreateSymbolicLink(_inputs["link.h5"], path);
        Directory.CreateSymbolicLink(_inputs["linked"], _inputs.Path);
        foreach (var output in new[] { path, Path.Combine(_inputs.Path, ".", "good.h5"), _inputs["link.h5"], Path.Combine(_inputs["linked"], "good.h5"), Path.Combine(_inputs["linked"], "link.h5") })
        {
            Refusal.Of(() => new Runner(1).Run(new FileBinner(Axes), path, output, overwrite: true), output, "the input itself", "another name");
            Refusal.Of(() => new Runner(1).Run(new FileBinner(Axes), output, path, overwrite: true), path, "the input itself", "another name");
        }

        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal(["good.h5", "link.h5", "linked"], _inputs.Names);
    }

    [Fact]
    public void AnOutputThatIsTheDetectorFile()
    {
        var detector = Detector(101, 102, 103);
        Refusal.Of(() => new Runner(1).Run(Calibrating(detector), Good(), detector, overwrite: true), detector, "detector file", "another name");
        Assert.StartsWith("7 3", File.ReadAllText(detector), StringComparison.Ordinal);
    }

    [Fact]
    public void AnOutputThatCannotBe()
    {
        var (input, binner, runner) = (Good(), new FileBinner(Axes), new Runner(1));
        Refusal.Of(() => runner.Run(binner, input, _folder.Path), _folder.Path, "is a folder", "name of a file");
        Refusal.Of(() => runner.Run(binner, input, Path.Combine(_folder["absent"], "out.h5")), "absent", "does not exist", "make it");
        Refusal.Of(() => runner.Run(binner, input, Path.Combine(input, "out.h5")), "good.h5", "does not exist", "make it");
        Refusal.Of(() => runner.Run(binner, input, string.Empty), "output");
        Refusal.Of(() => runner.Run(binner, string.Empty, _folder["out.h5"]), "input");
        Refusal.Of(() => runner.Run(binner, input, _folder[new string('x', 300)]), "xxx");
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void AFolderThatIsNotWritable()
    {
        if (!Directory.Exists("/proc"))
        {
            Assert.Skip("there is no folder that nobody may write to");
        }

        Refusal.Of(() => new Runner(1).Run(new FileBinner(Axes), Good(), "/proc/out.h5"), "/proc/out.h5", "folder");
    }

    [Theory]
    [InlineData("absent.detx", null, "does not exist")]
    [InlineData("text.detx", "This is text.\n", "line 1")]
    [InlineData("short.detx", "7 3\n101 1 1 1\n 1 0 0 0 0 0 1 0\n", "complete?")]
    [InlineData("empty.detx", "", "complete?")]
    [InlineData("detector.datx", "", "ends in 'detx'")]
    public void ADetectorFileThatCannotBeRead(string name, string? text, string reason)
    {
        if (text is not null)
        {
            File.WriteAllText(_inputs[name], text);
        }

        Refuses(Good(), Calibrating(_inputs[name]), name, reason);
    }

    [Fact]
    public void ADetectorFileThatIsAFolder() => Refuses(Good(), Calibrating(_inputs.Folder("folder.detx")), "folder.detx", "folder");

    [Fact]
    public void ADetectorFileThatIsNotText()
    {
        File.Copy(Good(), _inputs["hdf5.detx"]);
        Refuses(Good(write: false), Calibrating(_inputs["hdf5.detx"]), "hdf5.detx", "line 1");
    }

    [Fact]
    public void ADiskThatIsFull()
    {
        if (!OperatingSystem.IsLinux() || Tool.Run("/bin/mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", _folder.Path]).ExitCode != 0)
        {
            Assert.Skip("only root can make a small disk");
        }

        try
        {
            var run = SimulatedRun.Write(new SimulationOptions { Events = 300, HitsPerEvent = 300 }, _inputs["run.h5"]);
            FillsUp(() => new Runner(2).Run(new FileBinner(BinAxisPresets.Get("ztc_2017"), new ProcessingOptions { DetectorFile = run.DetectorFile, CompressionLevel = 0 }), run.Path, _folder["out.h5"]), "out.h5");
            FillsUp(() => SimulatedRun.Write(new SimulationOptions { Events = 300, HitsPerEvent = 300 }, _folder["run.h5"]), "run");

            // Not even the beginning fits.
            File.WriteAllBytes(_folder["large"], new byte[200_000]);
            Assert.ThrowsAny<IOException>(() => File.AppendAllText(_folder["large"], new string('x', 100_000)));
            FillsUp(() => new Runner(1).Run(new FileBinner(Axes), Good(), _folder["out.h5"]), "out.h5", "large");
        }
        finally
        {
            Assert.Equal(0, Tool.Run("/bin/umount", ["--lazy", _folder.Path]).ExitCode);
        }

        void FillsUp(Action run, string name, params string[] left)
        {
            Refusal.Of(run, name, "No space left on device");
            Assert.Equal(left, _folder.Names);
        }
    }

    private static Range Find(string path, string dataset, long row, byte[] bytes)
    {
        using var file = H5File.OpenRead(path);
        using var found = file.Root.OpenDataset(dataset);
        var chunk = new byte[found.ChunkStorageSize([row])];
        found.ReadChunk([row], chunk, out _);
        var start = bytes.AsSpan().IndexOf(chunk);
        return start..(start + chunk.Length);
    }

    private string Good(bool write = true) => write ? new TestFile(3, 4).Write(_inputs["good.h5"]) : _inputs["good.h5"];

    private string Detector(params int[] modules)
    {
        var pmt = 0;
        var lines = modules.SelectMany(m => Enumerable.Range(0, 31)
            .Select(_ => string.Create(CultureInfo.InvariantCulture, $" {++pmt} 1 2 3 0 0 1 100"))
            .Prepend($"{m} 1 {m - 100} 31"));
        File.WriteAllLines(_inputs["detector.detx"], [$"7 {modules.Length}", .. lines]);
        return _inputs["detector.detx"];
    }

    private static FileBinner Calibrating(string detector) => new(Axes, new ProcessingOptions { DetectorFile = detector });

    private void Refuses(string input, params ReadOnlySpan<string> words) => Refuses(input, new FileBinner(Axes), words);

    private void Refuses(string input, FileBinner binner, params ReadOnlySpan<string> words)
    {
        Refusal.Of(() => new Runner(2).Run(binner, input, _folder["out.h5"]), words);
        Assert.Empty(_folder.Names);
    }
}
