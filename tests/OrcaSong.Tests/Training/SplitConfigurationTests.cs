using OrcaSong.Configuration.Toml;
using OrcaSong.Training.Splitting;
using Xunit;

namespace OrcaSong.Tests.Training;

public sealed class SplitConfigurationTests : IDisposable
{
    private const string Main = "n_files_train = 2\noutput_file_folder = \"out\"\noutput_file_name = \"lst\"\n";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void KeysOfUpstreamAreRead()
    {
        var c = DataSplitConfiguration.Parse(Main + """
            n_files_validate = 1
            n_files_rest = 0
            print_only = true
            shuffle_delete = true
            venv_path = "/venv/bin/"
            make_qsub_bash_files = true
            [elec_cc]
            dir = "a"
            run_ids_train = [6763, 6767]
            [muon_nc]
            dir = "b/"
            run_ids_train = [-inf, 10.5]
            run_ids_validate = [11, inf]
            """);
        Assert.Equal(["elec_cc a", "muon_nc b/"], c.Groups.Select(g => $"{g.Name} {g.Folder}"));
        Assert.Equal(new RunRange(6763, 6767), c.Groups[0].Ranges["train"].Single());
        Assert.Equal(new RunRange(long.MinValue, 10), c.Groups[1].Ranges["train"].Single());
        Assert.Equal(new RunRange(11, long.MaxValue), c.Groups[1].Ranges["validate"].Single());
        Assert.Equal((2, 1, 0), (c.PartCounts["train"], c.PartCounts["validate"], c.PartCounts["rest"]));
        Assert.Equal(("out", "lst", "/venv/bin/"), (c.OutputFolder, c.OutputName, c.VirtualEnvironment));
        Assert.True(c.PrintOnly && c.MakeJobScripts && c.DeleteUnshuffled);
    }

    [Fact]
    public void EverythingThatIsMissingIsNamedAtOnce()
    {
        var problems = Assert.Throws<DataSplitException>(() => DataSplitConfiguration.Parse("[a]\nrun_ids_rest = [1, 2]\n[b]\nrun_ids_train = [1, 2]\n", "c.toml")).Problems;
        Assert.Equal(["dir", "dir", "n_files_rest", "n_files_train", "output_file_folder", "output_file_name"], problems.Select(p => p.Path).Order(StringComparer.Ordinal));
        Assert.All(problems, p => Assert.StartsWith("c.toml: ", p.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("n_files_trian = 3\n[a]\ndir = \"x\"\nrun_ids_train = [1, 2]", "(4,1)", "'n_files_trian'", "did you mean 'n_files_train'?")]
    [InlineData("chunksize = 32\n[a]\ndir = \"x\"\nrun_ids_train = [1, 2]", "'chunksize'", "there are", "make_qsub_bash_files")]
    [InlineData("[a]\ndir = \"x\"\nrun_id_train = [1, 2]", "(6,1)", "did you mean 'run_ids_train'?")]
    [InlineData("[a]\ndir = \"x\"\nrun_ids_train = [1, 2, 3]", "the first and the last run")]
    [InlineData("[a]\ndir = \"x\"\nrun_ids_train = [\"1\", 2]", "expected a number")]
    [InlineData("[a]\ndir = \"x\"\nrun_ids_train = [nan, 2]", "nan")]
    [InlineData("[a]\ndir = \"x\"\nrun_ids_train = [5, 2]", "the first comes after the last")]
    [InlineData("n_files_rest = -1", "whole number from 0")]
    [InlineData("print_only = \"yes\"", "true or false")]
    public void WrongKeysAndValuesAreRefusedWithTheirPlace(string text, params string[] words) =>
        Assert.All(words, word => Assert.Contains(word, Assert.Throws<TomlException>(() => DataSplitConfiguration.Parse(Main + text, "c.toml")).Message, StringComparison.Ordinal));

    [Theory]
    [InlineData("", "no group of files")]
    [InlineData("[a]\ndir = \"x\"", "run_ids_train, run_ids_validate, run_ids_rest")]
    public void AConfigurationThatSplitsNothingIsRefused(string text, string word) =>
        Refusal.Of(() => DataSplitConfiguration.Parse(Main + text), word);

    [Fact]
    public void FoldersThatAreMissingOrEmptyAreAllNamed()
    {
        _folder.Folder("empty");
        var c = DataSplitConfiguration.Parse(Main + "[a]\ndir = \"empty\"\nrun_ids_train = [1, 2]\n[b]\ndir = \"none\"\nrun_ids_train = [1, 2]\n");
        var problems = Assert.Throws<DataSplitException>(() => c.FindFiles(_folder.Path)).Problems;
        Assert.Equal([SplitProblemKind.NoInput, SplitProblemKind.InputFolderNotFound], problems.Select(p => p.Kind));
        Assert.Contains($"it is relative to '{_folder.Path}'", problems[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FilesThatCannotBeReadAreAllNamed()
    {
        var folder = _folder.Folder("in");
        SplitInput.Write(Path.Combine(folder, "good.h5"), 1, 1);
        File.WriteAllText(Path.Combine(folder, "text.h5"), "no HDF5");
        new TestFile(1).Write(Path.Combine(folder, "unlabelled.h5"));
        File.CreateSymbolicLink(Path.Combine(folder, "dangling.h5"), Path.Combine(folder, "none.h5"));
        var files = LabelScan.Folder("in", "a", _folder.Path);
        Assert.Equal(["in/dangling.h5", "in/good.h5", "in/text.h5", "in/unlabelled.h5"], files.Select(f => f.Path));
        var problems = Assert.Throws<DataSplitException>(() => LabelScan.Read(files, needRuns: true)).Problems;
        Assert.Equal(
            [("in/dangling.h5", SplitProblemKind.CannotReadInput), ("in/text.h5", SplitProblemKind.CannotReadInput), ("in/unlabelled.h5", SplitProblemKind.MissingData)],
            problems.Select(p => (p.Path!, p.Kind)));
    }

    [Fact]
    public void AFileInTwoGroupsIsAWarning()
    {
        SplitInput.Write(Path.Combine(_folder.Folder("in"), "1.h5"), 1);
        var c = DataSplitConfiguration.Parse(Main + "[a]\ndir = \"in\"\nrun_ids_train = [1, 2]\n[b]\ndir = \"./in/\"\nrun_ids_train = [1, 2]\n");
        var split = c.Split(LabelScan.Read(c.FindFiles(_folder.Path), needRuns: true));
        Assert.Equal(["in/1.h5", "./in/1.h5"], split.Parts.SelectMany(p => p.Files).Select(f => f.Path));
        Assert.Contains(split.Warnings, w => w.Contains("it is in groups a and b", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mds_basic")]
    [InlineData("mds_many")]
    public void TheSetsAreThoseOfThePythonTool(string name)
    {
        var golden = Shared.Path("golden", name);
        var (expected, configuration) = Golden(golden);
        var split = Run(configuration, Path.GetDirectoryName(Path.GetDirectoryName(golden))!);

        // Which list of a set a file is in depends on the order of the folder, which the Python tool takes as it comes. Empty lists are left out.
        foreach (var set in DataSplitConfiguration.SetNames)
        {
            var theirs = expected.Where(l => l.Key.Contains($"_{set}_", StringComparison.Ordinal) && l.Value.Length > 0).Select(l => l.Value).ToArray();
            var ours = split.Parts.Where(p => p.Set == set).Select(p => p.Files.Select(f => f.Path).ToArray()).ToArray();
            Assert.Equal(theirs.SelectMany(l => l).Order(), ours.SelectMany(l => l).Order());
            Assert.Equal(theirs.Select(l => string.Join(' ', l.Select(Path.GetDirectoryName))), ours.Select(l => string.Join(' ', l.Select(Path.GetDirectoryName))));
        }
    }

    /// <summary>
    /// The golden lists show in which order the Python tool took the files of each set; with that, the known shuffle gives an order that the folder
    /// may have had. Named so that sorting gives that order, the files must end up in the same lists at the same places.
    /// </summary>
    [Fact]
    public void TheListsAreThoseOfThePythonToolForFoldersInTheSameOrder()
    {
        var golden = Shared.Path("golden", "mds_many");
        var (expected, configuration) = Golden(golden);
        var original = new Dictionary<string, string>();
        var groups = configuration.Groups.Select(group =>
        {
            var files = LabelScan.Folder(group.Folder, group.Name, Path.GetDirectoryName(Path.GetDirectoryName(golden)));
            string[] taken = [.. expected.SelectMany(l => l.Value).Where(p => p.StartsWith(group.Folder + "/", StringComparison.Ordinal)).Concat(files.Select(f => f.Path)).Distinct()];
            int[] shuffle = [.. Enumerable.Range(0, taken.Length)];
            new OrcaSong.Numerics.PythonRandom(42).Shuffle<int>(shuffle);
            var folder = _folder.Folder(group.Name);
            for (var i = 0; i < taken.Length; i++)
            {
                var name = $"{shuffle[i]:00}.h5";
                File.Copy(files.Single(f => f.Path == taken[i]).FullPath, Path.Combine(folder, name));
                original[$"{folder}/{name}"] = taken[i];
            }

            return group with { Folder = folder };
        }).ToArray();
        var split = Run(configuration with { Groups = groups }, _folder.Path);
        Assert.Equal(
            expected.Where(l => l.Value.Length > 0).Select(l => string.Join(' ', l.Value)),
            split.Parts.OrderBy(p => $"lst_{p.Set}_{p.Part}.txt", StringComparer.Ordinal).Select(p => string.Join(' ', p.Files.Select(f => original[f.Path]))));
    }

    private static DataSplit Run(DataSplitConfiguration configuration, string folder) =>
        configuration.Split(LabelScan.Read(configuration.FindFiles(folder), needRuns: true));

    private static (SortedDictionary<string, string[]> Lists, DataSplitConfiguration Configuration) Golden(string folder) => (
        new(Directory.EnumerateFiles(Path.Combine(folder, "split", "conc_list_files")).ToDictionary(f => Path.GetFileName(f), File.ReadAllLines), StringComparer.Ordinal),
        DataSplitConfiguration.Load(Path.Combine(folder, "cfg.toml")));
}
