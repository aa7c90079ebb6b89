using OrcaSong.Hdf5;
using OrcaSong.Running;
using OrcaSong.Training;
using Xunit;

namespace OrcaSong.Tests.Training;

/// <summary>Files that do not belong together, or are none; and outputs that cannot be written.</summary>
public sealed class MergeProblemTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TempFolder _inputs = new();
    private readonly string _good;

    public MergeProblemTests() => _good = new SampleInput(4).Write(_inputs["good.h5"]);

    public void Dispose()
    {
        _folder.Dispose();
        _inputs.Dispose();
    }

    public static TheoryData<string, string, string> Bad() => new()
    {
        { "columns", "/y", "also extra" },
        { "type", "/y", "the column event_id of type float64" },
        { "shape", "/x", "rows of 3 float32" },
        { "role", "/x", "any number for each event" },
        { "hit info", "/x", "hit_info_1 hit" },
        { "title", "/x", "TITLE" },
        { "missing", "/y", "a dataset, as in" },
        { "extra", "", "also event_info" },
        { "lengths", "", "as many rows as there are events" },
        { "index too short", "/x_indices", "rows of x" },
        { "index out of order", "/x_indices", "index 0, n_items" },
        { "index negative", "/x_indices", "n_items -1" },
        { "index of other type", "/x_indices", "int32" },
        { "index with other columns", "/x_indices", "both int64" },
        { "no index", "/x_indices", "no such dataset" },
        { "statistics", "/bin_stats", "the axes of" },
        { "event file", "/hits", "Is this an event file" },
        { "text", "", "readable HDF5" },
        { "cut", "", "readable HDF5" },
        { "absent", "", "does not exist" },
        { "folder", "", "folder" },
        { "big-endian", "/z", "little-endian" },
        { "variable text", "/z", "text of fixed length" },
        { "scalar", "/z", "a single value" },
        { "rows of nothing", "/z", "rows of (0)" },
        { "unknown filter", "/z", "" },
        { "no datasets", "", "datasets of events" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void IsRefusedWithWhatWasExpectedAndFound(string what, string dataset, string words)
    {
        var bad = Write(what);
        var first = what switch
        {
            "title" => new SampleInput(4, SampleKind.Image) { Run = 2 }.Write(_inputs["image.h5"]),
            "statistics" => new SampleInput(4) { Run = 2, Statistics = 1 }.Write(_inputs["statistics.h5"]),
            _ => _good,
        };
        var error = Assert.Throws<InvalidFilesException>(() => Merger.Merge([first, bad], _folder["out.h5"]));
        var problem = Assert.Single(error.Problems);
        Assert.Equal(bad, problem.Path);
        Assert.Equal(dataset, problem.Dataset is null ? "" : "/" + problem.Dataset);
        Assert.Contains(words, problem.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 of 2 files cannot be used; nothing was written", error.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Names);

        // Left out, and said so.
        var result = Merger.Merge([first, bad, new SampleInput(2, what == "title" ? SampleKind.Image : SampleKind.Graph) { Run = 9 }.Write(_inputs["last.h5"])], _folder["out.h5"], new MergeOptions { SkipInvalid = true });
        Assert.Equal(6, SampleContents.Codes(_folder["out.h5"]).Length);
        Assert.Equal(problem, Assert.Single(result.Skipped));
        Assert.Equal(2, result.FileCount);
    }

    [Fact]
    public void AllProblemsOfAllFilesAreToldAtOnce()
    {
        var twice = new SampleInput(3) { Labels = [("extra", H5Type.Float64, _ => new byte[8])], Then = root => root.CreateDataset("event_info", Spec(H5Type.Int64, 3)).Dispose() };
        string[] inputs = [Write("text"), _good, Write("lengths"), twice.Write(_inputs["twice.h5"]), Write("absent"), _good];
        var error = Assert.Throws<InvalidFilesException>(() => Merger.Merge(inputs, _folder["out.h5"]));
        Assert.Equal([inputs[0], inputs[2], inputs[3], inputs[3], inputs[4], _good], error.Problems.Select(p => p.Path));
        Assert.Contains("5 of 6 files", error.Message, StringComparison.Ordinal);
        Assert.All(error.Problems, p => Assert.Contains(p.ToString(), error.Message, StringComparison.Ordinal));
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void TheFirstFileCanBeSkippedToo()
    {
        Merger.Merge([Write("text"), _good], _folder["out.h5"], new MergeOptions { SkipInvalid = true });
        Assert.Equal(SampleContents.Codes(_good), SampleContents.Codes(_folder["out.h5"]));
        var error = Assert.Throws<InvalidFilesException>(() => Merger.Merge([Write("text")], _folder["none.h5"], new MergeOptions { SkipInvalid = true }));
        Assert.Single(error.Problems);
    }

    [Fact]
    public void TheSameFileTwiceIsRefusedAlsoByAnotherName()
    {
        foreach (var other in new[] { _good, Path.Combine(_inputs.Path, ".", "good.h5"), Link("link.h5") })
        {
            var error = Assert.Throws<InvalidFilesException>(() => Merger.Merge([_good, other], _folder["out.h5"]));
            Assert.Contains("each file once", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void NoFilesAreRefused() => Refusal.Of(() => Merger.Merge([], _folder["out.h5"]), "no files");

    [Fact]
    public void TablesWithoutACommonColumnAreRefused()
    {
        string Labels(string name, string column)
        {
            using var file = H5File.Create(_inputs[name]);
            file.Root.CreateDataset(column, Spec(H5Type.Compound([(column, H5Type.Int64)]), 2)).Dispose();
            return _inputs[name];
        }

        var options = new MergeOptions { Columns = ColumnChoice.Common };
        var inputs = new[] { Labels("p.h5", "p"), Labels("q.h5", "q") };
        Assert.ThrowsAny<IOException>(() => Merger.Merge(inputs, _folder["out.h5"], options));
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void OutputsThatCannotBeWrittenAreRefusedBeforeAnything()
    {
        Refusal.Of(() => Merger.Merge([_good], _folder["no/out.h5"]), "no/out.h5", "does not exist");
        Refusal.Of(() => Merger.Merge([_good], _folder.Path, overwrite: true), "is a folder");
        Refusal.Of(() => Merger.Merge([_good], ""), "empty");
        Refusal.Of(() => Merger.Merge([_good], _good, overwrite: true), "one of the inputs");
        Refusal.Of(() => Merger.Merge([_good], Link("link.h5"), overwrite: true), "one of the inputs");
        File.WriteAllText(_folder["there.h5"], "there");
        Assert.Throws<OutputExistsException>(() => Merger.Merge([_good], _folder["there.h5"]));
        Assert.Equal("there", File.ReadAllText(_folder["there.h5"]));
        Assert.Throws<InvalidFilesException>(() => Merger.Merge([_good, Write("text")], _folder["there.h5"], overwrite: true));
        Assert.Equal("there", File.ReadAllText(_folder["there.h5"]));
        Merger.Merge([_good], _folder["there.h5"], overwrite: true);
        Assert.Equal(4, SampleContents.Codes(_folder["there.h5"]).Length);
        Assert.Equal(["there.h5"], _folder.Names);
    }

    [Fact]
    public void AFolderThatIsReadOnlyIsAnError()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such folders");
            return;
        }

        if (Environment.IsPrivilegedProcess)
        {
            Assert.Skip("root may write everywhere");
        }

        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Refusal.Of(() => Merger.Merge([_good], _folder["out.h5"]), "out.h5");
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void ADamagedChunkIsAnErrorThatNamesTheFileAndLeavesNothing()
    {
        var damaged = new SampleInput(400) { Run = 3 }.Write(_inputs["damaged.h5"]);
        using (var file = H5File.OpenReadWrite(damaged))
        using (var x = file.Root.OpenDataset("x"))
        {
            x.WriteChunk([32, 0], new byte[77]);
        }

        foreach (var threads in new[] { 1, 4 })
        {
            // Rows that line up are copied unseen; after four others, they do not.
            Refusal.Of(() => Merger.Merge([_good, damaged], _folder["out.h5"], threads: threads), "damaged.h5", "rows 32 to 63");
            Assert.Empty(_folder.Names);
        }
    }

    [Fact]
    public void StopsSoonAndLeavesNothing()
    {
        var input = new SampleInput(20_000) { HitsOf = _ => 30 }.Write(_inputs["large.h5"]);
        var inputs = Enumerable.Repeat(input, 40).ToArray();
        var progress = new RunProgress();
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => Merger.Merge(inputs, _folder["out.h5"], new MergeOptions { AllowDuplicates = true }, progress: progress, cancellation: stop.Token), TestContext.Current.CancellationToken);
        while (progress.EventsDone == 0 && !running.IsCompleted)
        {
            Thread.Sleep(1);
        }

        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => running.GetAwaiter().GetResult());
        Assert.Empty(_folder.Names);
        Assert.ThrowsAny<OperationCanceledException>(() => Merger.Merge(inputs, _folder["out.h5"], cancellation: new CancellationToken(true)));
        Assert.Empty(_folder.Names);
    }

    private static H5DatasetSpec Spec(H5Type type, params long[] shape) => new() { Type = type, Shape = shape };

    private string Link(string name)
    {
        if (!File.Exists(_inputs[name]))
        {
            try
            {
                File.CreateSymbolicLink(_inputs[name], _good);
            }
            catch (IOException)
            {
                Assert.Skip("symbolic links are not allowed here");
            }
        }

        return _inputs[name];
    }

    private string Write(string what)
    {
        var path = _inputs["bad.h5"];
        var input = new SampleInput(3);
        switch (what)
        {
            case "columns":
                return (input with { Labels = [("extra", H5Type.Float64, _ => new byte[8])] }).Write(path);
            case "type":
                return (input with { Without = ["y"], Then = root => Add(root, "y", Compound(H5Type.Int32, "event_id", "n_hits", "run_id", "group_id"), 3) }).Write(path);
            case "missing":
                return (input with { Without = ["y"] }).Write(path);
            case "shape":
                return (input with { Without = ["x"], Then = root => Add(root, "x", H5Type.Float32, 5, 4) }).Write(path);
            case "role":
                return (input with { HitsOf = _ => 1, Without = ["x"], Then = root => Add(root, "x", H5Type.Float32, indexed: false, 3, 3) }).Write(path);
            case "no index":
                return (input with { Without = ["x_indices"] }).Write(path);
            case "index of other type":
                return (input with { Without = ["x_indices"], Then = root => Add(root, "x_indices", Compound(H5Type.Int32, "index", "n_items"), 3) }).Write(path);
            case "index with other columns":
                return (input with { Without = ["x_indices"], Then = root => Add(root, "x_indices", Compound(H5Type.Int64, "index", "n_items", "other"), 3) }).Write(path);
            case "hit info":
                return (input with { Then = root => Attribute(root, a => a.WriteVariableString("hit_info_1", "time")) }).Write(path);
            case "title":
                return (new SampleInput(3, SampleKind.Image) { Then = root => Attribute(root, a => a.WriteFixedString("TITLE", "time_pos_z_event_images", H5Charset.Ascii)) }).Write(path);
            case "extra":
                return (input with { Then = root => root.CreateDataset("event_info", Spec(H5Type.Int64, 3)).Dispose() }).Write(path);
            case "lengths":
                return (input with { Then = root => SetLength(root, "y", 2) }).Write(_inputs["lengths.h5"]);
            case "index too short":
                return (input with { Then = root => SetLength(root, "x", 100) }).Write(path);
            case "index out of order":
                return (input with { HitsOf = _ => 2, Then = root => Index(root, [0, 2, 0, 2, 4, 2]) }).Write(path);
            case "index negative":
                return (input with { HitsOf = _ => 2, Then = root => Index(root, [0, 7, 7, -1, 6, 0]) }).Write(path);
            case "statistics":
                return (input with { Statistics = 1, LastEdge = 20 }).Write(path);
            case "event file":
                return new TestFile(3, 4).Write(path);
            case "text":
                File.WriteAllText(_inputs["text.h5"], "no HDF5");
                return _inputs["text.h5"];
            case "cut":
                File.WriteAllBytes(path, File.ReadAllBytes(_good)[..3000]);
                return path;
            case "absent":
                return _inputs["absent.h5"];
            case "folder":
                return _inputs.Folder("folder.h5");
            case "big-endian":
                _ = input.Write(path);
                Tool.H5py("h5py.File(sys.argv[1], 'a')['z'] = np.zeros(3, '>f8')", path);
                return path;
            case "unknown filter":
                _ = input.Write(path);
                Tool.H5py("h5py.File(sys.argv[1], 'a').create_dataset('z', data=np.arange(3), chunks=(3,), compression='lzf')", path);
                return path;
            case "variable text":
                return (input with { Then = root => root.CreateDataset("z", Spec(H5Type.VariableString(), 3)).Dispose() }).Write(path);
            case "scalar":
                return (input with { Then = root => root.CreateDataset("z", Spec(H5Type.Int64)).Dispose() }).Write(path);
            case "rows of nothing":
                return (input with { Then = root => root.CreateDataset("z", Spec(H5Type.Int64, 3, 0)).Dispose() }).Write(path);
            case "no datasets":
                H5File.Create(path, overwrite: true).Dispose();
                return path;
            default:
                throw new ArgumentOutOfRangeException(nameof(what), what, null);
        }
    }

    private static void Attribute(H5Group root, Action<H5Attributes> change)
    {
        using var x = root.OpenDataset("x");
        change(x.Attributes);
    }

    private static void SetLength(H5Group root, string name, long rows)
    {
        using var dataset = root.OpenDataset(name);
        dataset.SetLength(rows);
    }

    private static void Index(H5Group root, long[] rows)
    {
        using var index = root.OpenDataset("x_indices");
        index.Write<byte>(System.Runtime.InteropServices.MemoryMarshal.AsBytes<long>(rows));
    }

    private static H5Type Compound(H5Type first, params string[] names) =>
        H5Type.Compound(names.Select(n => (n, n is "group_id" ? H5Type.Int64 : n is "n_hits" or "run_id" ? H5Type.Float64 : first)));

    private static void Add(H5Group root, string name, H5Type type, params long[] shape) => Add(root, name, type, true, shape);

    private static void Add(H5Group root, string name, H5Type type, bool indexed, params long[] shape)
    {
        using var dataset = root.CreateDataset(name, Spec(type, shape));
        if (name == "x")
        {
            dataset.Attributes.WriteBoolean("indexed", indexed);
            dataset.Attributes.WriteVariableString("hit_info_0", "code");
            dataset.Attributes.WriteVariableString("hit_info_1", "hit");
        }
    }
}
