using System.Globalization;

namespace OrcaSong.Training;

/// <summary>The memory that a job may use: what Slurm grants, else what the machine or the cgroup has.</summary>
public static class MemoryGrant
{
    /// <summary>A quarter of what is granted, in bytes: the default of commands that keep data in memory.</summary>
    /// <returns>At least 64 MiB.</returns>
    public static long Default() => Math.Max(64L << 20, Granted() / 4);

    private static long Granted()
    {
        // .NET looks at the cgroup, and at the machine where there is none.
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var slurm = Megabytes("SLURM_MEM_PER_NODE") ?? (Megabytes("SLURM_MEM_PER_CPU") * Math.Max(1, Number("SLURM_CPUS_ON_NODE") ?? Number("SLURM_CPUS_PER_TASK") ?? 1));
        return slurm is > 0 ? Math.Min(available, slurm.Value) : available;
    }

    // Slurm writes whole megabytes, and 0 for all of the node.
    private static long? Megabytes(string variable) => Number(variable) << 20;

    private static long? Number(string variable) =>
        long.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 1L << 40 ? number : null;
}
