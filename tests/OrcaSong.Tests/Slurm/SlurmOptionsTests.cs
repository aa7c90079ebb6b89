using OrcaSong.Slurm;
using Xunit;

namespace OrcaSong.Tests.Slurm;

public sealed class SlurmOptionsTests
{
    [Fact]
    public void AUsersDefaultsAreRead()
    {
        var options = SlurmOptions.Parse(
            """
            partition = "htc"
            account = "km3net"
            licences = "sps"
            time = "1-06:00:00"
            memory = "2G"
            cores = 2
            files_per_task = 20
            tasks_at_once = 200
            directives = ["--constraint=el9"]
            modules = ["dotnet/10"]
            container = "/images/orcasong.sif"
            folder = "jobs"
            """,
            "slurm.toml",
            "/sps/km3net/me");
        Assert.Equal(("htc", "km3net", "sps", TimeSpan.FromHours(30), 2L << 30, 2), (options.Queue, options.Account, options.Licences, options.Time!.Value, options.Memory!.Value, options.Cores!.Value));
        Assert.Equal((20, 200, "/images/orcasong.sif", "/sps/km3net/me/jobs"), (options.FilesPerTask!.Value, options.TasksAtOnce!.Value, options.Container, options.Folder));
        Assert.Equal(["--constraint=el9"], options.Directives);
        Assert.Equal(["dotnet/10"], options.Modules);
        Assert.Equal("/here/orcasong-jobs", SlurmOptions.Parse(string.Empty, "slurm.toml", "/here").Folder);
    }

    [Theory]
    [InlineData("slurm.toml(1,1): unknown key 'partitions'; did you mean 'partition'?", "partitions = \"htc\"")]
    [InlineData("slurm.toml(2,8): '12' is no time for a job", "cores = 1\ntime = \"12\"")]
    [InlineData("'4 GB' is no amount of memory", "memory = \"4 GB\"")]
    [InlineData("directives", "directives = \"--x\"")]
    [InlineData("additional directive of jobs is 'rm -rf'", "directives = [\"rm -rf\"]")]
    [InlineData("additional directive of jobs is '--comment=a\\u000a#SBATCH'", "directives = [\"--comment=a\\n#SBATCH\"]")]
    [InlineData("module of jobs is '; ls'", "modules = [\"; ls\"]")]
    [InlineData("queue of jobs is 'a b'", "partition = \"a b\"")]
    [InlineData("cores", "cores = 0")]
    public void WhatIsWrongWithThemIsSaidWithItsPlace(string expected, string text) => Refusal.Of(() => SlurmOptions.Parse(text, "slurm.toml", "/here"), expected);
}
