using OrcaSong.Running;
using Xunit;

namespace OrcaSong.Tests.Batch;

public sealed class ResourceGrantTests : IDisposable
{
    private const long MiB = 1 << 20;
    private readonly TempFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData(8, "")]
    [InlineData(3, "SLURM_CPUS_PER_TASK=3")]
    [InlineData(2, "SLURM_CPUS_ON_NODE=2")]
    [InlineData(2, "SLURM_CPUS_ON_NODE=8 SLURM_NTASKS_PER_NODE=4")]
    [InlineData(1, "SLURM_CPUS_PER_TASK=1 SLURM_CPUS_ON_NODE=6")]
    [InlineData(8, "SLURM_CPUS_PER_TASK=64")]
    [InlineData(8, "SLURM_CPUS_PER_TASK=0")]
    [InlineData(8, "SLURM_CPUS_PER_TASK=many")]
    [InlineData(1, "SLURM_CPUS_ON_NODE=2 SLURM_NTASKS_PER_NODE=4")]
    public void CoresAreThoseThatSlurmGrantsToATask(int expected, string variables) =>
        Assert.Equal(expected, ResourceGrant.CoresOf(Variables(variables), new ControlGroup(_root.Path), 8));

    [Theory]
    [InlineData(64_000, "")]
    [InlineData(500, "SLURM_MEM_PER_NODE=500")]
    [InlineData(64_000, "SLURM_MEM_PER_NODE=0")]
    [InlineData(64_000, "SLURM_MEM_PER_NODE=100000")]
    [InlineData(2000, "SLURM_MEM_PER_CPU=1000 SLURM_CPUS_PER_TASK=2")]
    [InlineData(4000, "SLURM_MEM_PER_CPU=1000 SLURM_CPUS_PER_TASK=2 SLURM_CPUS_ON_NODE=4")]
    [InlineData(1000, "SLURM_MEM_PER_CPU=1000")]
    [InlineData(64_000, "SLURM_MEM_PER_NODE=4G")]
    public void MemoryIsThatWhichSlurmGrants(int expected, string variables) =>
        Assert.Equal(expected * MiB, ResourceGrant.MemoryOf(Variables(variables), new ControlGroup(_root.Path), 64_000 * MiB));

    [Fact]
    public void LimitsOfControlGroupsVersion2AreThoseOfTheGroupAndOfAllAboveIt()
    {
        Write("proc/self/cgroup", "0::/slurm/job_7/step_batch\n");
        Write("proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n");
        Write("sys/fs/cgroup/slurm/job_7/step_batch/memory.max", "max\n");
        Write("sys/fs/cgroup/slurm/job_7/memory.max", $"{700 * MiB}\n");
        Write("sys/fs/cgroup/slurm/memory.max", $"{900 * MiB}\n");
        Write("sys/fs/cgroup/slurm/job_7/step_batch/cpu.max", "max 100000\n");
        Write("sys/fs/cgroup/slurm/job_7/cpu.max", "250000 100000\n");
        Expect(700, 3);
    }

    [Fact]
    public void LimitsOfControlGroupsVersion1AreFoundByController()
    {
        Write("proc/self/cgroup", "4:memory:/slurm/uid_1/job_7\n3:cpu,cpuacct:/slurm\n0::/\n");
        Write(
            "proc/self/mountinfo",
            """
            31 23 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
            32 23 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
            33 23 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
            """);
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        Write("sys/fs/cgroup/memory/slurm/uid_1/job_7/memory.limit_in_bytes", $"{300 * MiB}\n");
        Write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
        Write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
        Write("sys/fs/cgroup/cpu,cpuacct/slurm/cpu.cfs_quota_us", "200000\n");
        Write("sys/fs/cgroup/cpu,cpuacct/slurm/cpu.cfs_period_us", "100000\n");
        Expect(300, 2);
    }

    /// <summary>A container has a part of the tree mounted, and may see the names of groups from the tree's root.</summary>
    [Fact]
    public void LimitsOfAContainerAreFoundThoughItsGroupHasTheHostsName()
    {
        Write("proc/self/cgroup", "4:memory:/docker/abc\n");
        Write("proc/self/mountinfo", "31 23 0:26 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", $"{200 * MiB}\n");
        Expect(200, 8);
    }

    private void Expect(int mebibytes, int cores)
    {
        var group = new ControlGroup(_root.Path);
        Assert.Equal(mebibytes * MiB, ResourceGrant.MemoryOf(Variables("SLURM_MEM_PER_NODE=1000"), group, 64_000 * MiB));
        Assert.Equal(100 * MiB, ResourceGrant.MemoryOf(Variables("SLURM_MEM_PER_NODE=100"), group, 64_000 * MiB));
        Assert.Equal(cores, ResourceGrant.CoresOf(Variables(string.Empty), group, 8));
        Assert.Equal(1, ResourceGrant.CoresOf(Variables("SLURM_CPUS_PER_TASK=1"), group, 8));
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root[path])!);
        File.WriteAllText(_root[path], text);
    }

    private static Func<string, string?> Variables(string text)
    {
        var values = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1], StringComparer.Ordinal);
        return name => values.GetValueOrDefault(name);
    }
}
