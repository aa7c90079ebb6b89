using OrcaSong.Tests.Training;
using Xunit;

namespace OrcaSong.Tests.Cli;

public sealed class MakeDataSplitCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public MakeDataSplitCommandTests()
    {
        foreach (var group in new[] { "muon", "noise" })
        {
            var folder = _folder.Folder(group);
            for (var i = 0; i < 5; i++)
            {
                SplitInput.Write(Path.Combine(folder, $"{i}.h5"), SplitInput.Events(300, 100 + i));
            }
        }

        File.WriteAllText(_folder["c.toml"], """
            n_files_train = 2
            n_files_validate = 1
            output_file_folder = "out"
            output_file_name = "lst"
            [muon]
            dir = "muon"
            run_ids_train = [100, 103]
            run_ids_validate = [104, 104]
            [noise]
            dir = "noise"
            run_ids_train = [100, 102]

            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void PrintsStatisticsInColumnsAndWhereListsAre()
    {
        var (output, error, exitCode) = Command.Run(_folder.Path, "make_data_split", "c.toml");
        Assert.Equal(0, exitCode);
        var lines = output.ReplaceLineEndings("\n").TrimEnd().Split('\n');
        Assert.Equal(
            [
                "group  set       files  events   share",
                "muon   train         4   1,200  80.0 %",
                "muon   validate      1     300  20.0 %",
                "noise  train         3     900  60.0 %",
                "noise  validate      0       0   0.0 %",
                "noise  (none)        2     600  40.0 %",
                "",
            ],
            lines[..7]);
        Assert.Equal(
            [
                "list                                    files  events        runs",
                "out/conc_list_files/lst_train_0.txt         4   1,200  101 to 103",
                "out/conc_list_files/lst_train_1.txt         3     900  100 to 102",
                "out/conc_list_files/lst_validate_0.txt      1     300         104",
            ],
            lines[7..]);
        Assert.Equal("orcasong: warning: Group noise: 2 files with 600 events, runs 103 to 104, are in no set.", error.Trim());
        Assert.Equal(["lst_train_0.txt", "lst_train_1.txt", "lst_validate_0.txt"], Directory.EnumerateFiles(_folder["out/conc_list_files"]).Select(Path.GetFileName).Order());
        Assert.False(Directory.Exists(_folder["out/job_scripts"]));
        Assert.All(Directory.EnumerateFiles(_folder["out/conc_list_files"]).SelectMany(File.ReadLines), line => Assert.Matches(@"^(muon|noise)/\d\.h5$", line));
    }

    [Fact]
    public void PrintOnlyWritesNothing()
    {
        File.WriteAllText(_folder["c.toml"], "print_only = true\n" + File.ReadAllText(_folder["c.toml"]));
        var (output, _, exitCode) = Command.Run(_folder.Path, "make_data_split", "c.toml");
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("list", output, StringComparison.Ordinal);
        Assert.Equal(["c.toml", "muon", "noise"], _folder.Names);
    }

    [Fact]
    public void WritesScriptsForABatchSystemAndOverwritesOnlyIfAsked()
    {
        string[] options = ["--scheduler", "slurm", "--time", "36:00:00", "--memory", "4G", "--cores", "2", "--licences", "sps", "--account", "km3net", "--queue", "htc"];
        Assert.Equal(0, Command.Run(_folder.Path, ["make_data_split", "c.toml", .. options]).ExitCode);
        var script = File.ReadAllText(_folder["out/job_scripts/concatenate_h5_lst_train_0.sh"]);
        Assert.Contains("#SBATCH --time=1-12:00:00\n#SBATCH --mem=4096M\n#SBATCH --cpus-per-task=2\n#SBATCH --licenses=sps\n#SBATCH --account=km3net\n#SBATCH --partition=htc\n", script, StringComparison.Ordinal);
        Assert.Contains("files of an earlier split", Command.Fail(_folder.Path, "make_data_split", "c.toml"), StringComparison.Ordinal);
        Assert.Equal(0, Command.Run(_folder.Path, "make_data_split", "c.toml", "--overwrite").ExitCode);
        Assert.Empty(Directory.EnumerateFiles(_folder["out/job_scripts"]));
    }

    [Fact]
    public void TellsEveryProblemInALineOfItsOwn()
    {
        SplitInput.Write(Path.Combine(_folder["muon"], "mixed.h5"), 103, 104);
        File.WriteAllText(Path.Combine(_folder["noise"], "text.h5"), "no HDF5");
        File.WriteAllText(Path.Combine(_folder["noise"], "other.h5"), "no HDF5");
        var (output, error, exitCode) = Command.Run(_folder.Path, "make_data_split", "c.toml");
        Assert.Equal((string.Empty, 1), (output, exitCode));
        Assert.Equal(2, error.TrimEnd().Split('\n').Length);
        Assert.All(error.TrimEnd().Split('\n'), line => Assert.StartsWith("orcasong: ", line, StringComparison.Ordinal));
        File.Delete(Path.Combine(_folder["noise"], "text.h5"));
        File.Delete(Path.Combine(_folder["noise"], "other.h5"));
        Assert.Contains("mixed.h5", Command.Fail(_folder.Path, "make_data_split", "c.toml"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Theory]
    [InlineData("does not exist", "none.toml")]
    [InlineData("12:00:00", "c.toml", "--scheduler", "slurm", "--time", "long")]
    [InlineData("Slurm or Torque", "c.toml", "--account", "km3net")]
    [InlineData("queue", "c.toml", "--scheduler", "torque", "--queue", "a b")]
    public void FailsInOneLine(string word, params string[] arguments) =>
        Assert.Contains(word, Command.Fail(_folder.Path, ["make_data_split", .. arguments]), StringComparison.Ordinal);
}
