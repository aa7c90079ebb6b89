using System.Text.Json;
using OrcaSong.Hdf5;
using OrcaSong.Statistics;
using OrcaSong.Tests.Cli;
using OrcaSong.Training;
using Xunit;

namespace OrcaSong.Tests.Golden;

/// <summary>Merged and shuffled files, made by the command, against what the Python tool wrote.</summary>
public sealed class GoldenTrainingTests(GoldenCases<GoldenTrainingTests> golden) : IClassFixture<GoldenCases<GoldenTrainingTests>>, IGoldenTests
{
    public static IReadOnlyList<string> Prefixes { get; } = ["conc_", "det_conc_", "shuf", "det_shuf"];

    /// <summary>Inputs that the Python tool could not make one file of; words of our answer.</summary>
    private static readonly Dictionary<string, string[]> Refused = new()
    {
        ["conc_missing_dset"] = ["graph_noextractor_taucc", "/y: expected a dataset", "group_info, x, x_indices"],
        ["conc_extra_dset"] = ["extr_data_taucc", "also y"],
        ["conc_image_extra_event_info"] = ["edge_image_compound_hits", "also event_info"],
        ["conc_mixed_hitinfos"] = ["graph_all_taucc", "/x: expected rows of 3 float32", "found rows of 16 float32"],
        ["shuf2_image_lowram"] = ["0.1 MB", "1.8 MB", "Allow 3.6 MB"],
    };

    public static IEnumerable<TheoryDataRow<string>> Written() => Names(e => e.GetProperty("status").GetString() == "ok");

    public static IEnumerable<TheoryDataRow<string>> Failed() => Names(e => e.GetProperty("status").GetString() != "ok");

    [Theory]
    [MemberData(nameof(Written))]
    public void AgreesWithThePythonTool(string name)
    {
        var (inputs, output) = Files(name);
        if (name == "conc_list")
        {
            using var list = new TempFolder();
            File.WriteAllText(list["list.txt"], "golden/extr_data_nc898/out.h5\n\ngolden/extr_data_nc897/out.h5\n");
            output = list["out.h5"];
            Assert.Equal(0, Command.Run(Shared.Path(), "concatenate", list["list.txt"], "--outfile", output).ExitCode);
            Agrees(name, output);
            return;
        }

        if (name == "conc_processed")
        {
            // The Python tool leaves out the columns that the first file lacks, without a word.
            Assert.Contains("/y: expected the columns", Run(name).Error, StringComparison.Ordinal);
            Assert.False(File.Exists(output));
            Assert.Equal(0, Run(name, "--columns", "common").ExitCode);
        }
        else
        {
            var (_, error, exitCode) = Run(name);
            Assert.True(exitCode == 0, error);
        }

        Agrees(name, output);
        if (name.Contains("conc_image", StringComparison.Ordinal))
        {
            using var file = H5File.OpenRead(output);
            var sum = BinStatisticsFile.Read(file.Root)!;
            Assert.Equal(inputs.Sum(i => Hits(i)), sum.Axes[0].HitCount);
        }
    }

    /// <summary>Where the Python tool failed on good data there is a file that holds all events, once; where files do not go together, an error.</summary>
    [Theory]
    [MemberData(nameof(Failed))]
    public void GivesTheRightAnswerWhereThePythonToolFailed(string name)
    {
        var (inputs, output) = Files(name);
        var (_, error, exitCode) = Run(name);
        if (Refused.TryGetValue(name, out var words))
        {
            Assert.Equal(1, exitCode);
            Assert.All(words, word => Assert.Contains(word, error, StringComparison.Ordinal));
            Assert.False(File.Exists(output));
            return;
        }

        Assert.True(exitCode == 0, error);
        var before = inputs.SelectMany(Events).ToArray();
        Assert.Equal(before.Order(StringComparer.Ordinal), Events(output).Order(StringComparer.Ordinal));
        if (name.StartsWith("shuf", StringComparison.Ordinal))
        {
            var order = name.StartsWith("shuf2", StringComparison.Ordinal) ? null : Shuffler.UniformOrder(before.Length, 42);
            Assert.True(order is null ? !before.SequenceEqual(Events(output)) : order.Select(e => before[e]).SequenceEqual(Events(output)));
        }
    }

    private static IEnumerable<TheoryDataRow<string>> Names(Func<JsonElement, bool> predicate)
    {
        if (Shared.Folder is null)
        {
            return [new TheoryDataRow<string>("none")];
        }

        using var manifest = JsonDocument.Parse(File.ReadAllText(Shared.Path("golden", "manifest.json")));
        return [.. manifest.RootElement.EnumerateObject()
            .Where(c => Prefixes.Any(p => c.Name.StartsWith(p, StringComparison.Ordinal)) && predicate(c.Value))
            .Select(c => new TheoryDataRow<string>(c.Name))];
    }

    private static long Hits(string image)
    {
        using var file = H5File.OpenRead(image);
        return BinStatisticsFile.Read(file.Root)!.Axes[0].HitCount;
    }

    /// <summary>For each event, what its labels and its hits or image come to, but for group_id.</summary>
    private static string[] Events(string path) => Tool.H5py(
        """
        import hashlib
        f = h5py.File(sys.argv[1])
        x, index = f["x"][()], f["x_indices"][()]
        y = f["y"][()]
        names = [n for n in y.dtype.names if n != "group_id"]
        indexed = f["x"].attrs.get("indexed", False)
        for e in range(len(y)):
            rows = x[index[e]["index"]:index[e]["index"] + index[e]["n_items"]] if indexed else x[e]
            print(hashlib.md5(rows.tobytes() + b"".join(y[n][e].tobytes() for n in names)).hexdigest())
        """,
        path).Split('\n');

    /// <summary>NROWS is right where the Python tool left that of the first file, and the statistics of images are kept.</summary>
    private static void Agrees(string name, string output)
    {
        var expected = Shared.Path("golden", name, "out.h5");
        var (differences, error, _) = Tool.PythonFile(Shared.Path("tools", "h5compare.py"), [expected, output, "--ignore", "/used_files"]);
        Assert.Equal(string.Empty, error);
        var unexpected = differences.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(d => !d.Contains(": attribute NROWS is ", StringComparison.Ordinal) && !(d.StartsWith("/bin_stats/", StringComparison.Ordinal) && d.EndsWith(": not expected", StringComparison.Ordinal)));
        Assert.Equal(string.Empty, string.Join('\n', unexpected));
        Assert.Equal("True", Tool.H5py("print(all(d.attrs['NROWS'] == len(d) for d in h5py.File(sys.argv[1]).values() if 'NROWS' in getattr(d, 'attrs', {})))", output));
    }

    private (string Output, string Error, int ExitCode) Run(string name, params string[] options) =>
        Command.Run(Shared.Path(), [.. golden.Cases[name].GetProperty("args").EnumerateArray().Select(a => a.GetString()!), .. options]);

    /// <summary>The inputs of a case, and its output; skips it where an input is not there.</summary>
    private (string[] Inputs, string Output) Files(string name)
    {
        _ = Shared.Path();
        Tool.RequirePython("numpy", "h5py");
        if (golden.Cases[name].GetProperty("args").ValueKind != JsonValueKind.Array)
        {
            return ([], string.Empty);
        }

        string[] inputs = [.. golden.Cases[name].GetProperty("args").EnumerateArray().Select(a => a.GetString()!)
            .Skip(1).TakeWhile(a => !a.StartsWith('-')).Select(a => Shared.Path(a))];
        if (inputs.FirstOrDefault(i => !File.Exists(i)) is { } absent)
        {
            Assert.Skip($"the input {Path.GetRelativePath(Shared.Path(), absent)} is not among the shared files");
        }

        return (inputs, golden.Cases[name].GetProperty("out").GetString()!);
    }
}
