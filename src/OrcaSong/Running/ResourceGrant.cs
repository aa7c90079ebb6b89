using System.Globalization;

namespace OrcaSong.Running;

/// <summary>
/// The cores and the memory that this process may use: the least of what Slurm grants (its variables), the control group allows, and the machine has. The
/// defaults of all commands follow from it.
/// </summary>
public static class ResourceGrant
{
    /// <summary>Number of cores: at least 1.</summary>
    public static int Cores { get; } = CoresOf(Environment.GetEnvironmentVariable, new ControlGroup(), Environment.ProcessorCount);

    /// <summary>Bytes of memory.</summary>
    /// <returns>The number.</returns>
    public static long Memory() => MemoryOf(Environment.GetEnvironmentVariable, new ControlGroup(), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>How many files can be run at the same time with the memory that is granted, at most one for each thread.</summary>
    /// <param name="threads">The threads.</param>
    /// <returns>At least 1.</returns>
    public static int FilesAtOnce(int threads) => (int)Math.Clamp(Memory() / MemoryOfAFile, 1, threads);

    // A run takes some 100 MB beside what files share (see docs/cluster.md); twice that, as the garbage collector lets things lie.
    private const long MemoryOfAFile = 256L << 20;

    /// <inheritdoc cref="Cores"/>
    /// <param name="variable">Looks up a variable of the environment.</param>
    /// <param name="group">The control group.</param>
    /// <param name="processors">Processors of the machine that the process may run on.</param>
    internal static int CoresOf(Func<string, string?> variable, ControlGroup group, int processors)
    {
        // What is granted to each task goes before what all tasks on the node have together.
        var slurm = Number(variable, "SLURM_CPUS_PER_TASK") ?? OfTasks(Number(variable, "SLURM_CPUS_ON_NODE"), Number(variable, "SLURM_NTASKS_PER_NODE") ?? 1);
        var limits = new[] { processors, slurm is > 0 ? slurm.Value : processors, Math.Ceiling(group.Processors ?? processors) };
        return (int)Math.Max(1, limits.Min());
    }

    /// <inheritdoc cref="Memory"/>
    /// <param name="variable">Looks up a variable of the environment.</param>
    /// <param name="group">The control group.</param>
    /// <param name="available">Bytes of the machine, as far as .NET knows.</param>
    internal static long MemoryOf(Func<string, string?> variable, ControlGroup group, long available)
    {
        var cores = Number(variable, "SLURM_CPUS_ON_NODE") ?? Number(variable, "SLURM_CPUS_PER_TASK") ?? 1;
        var slurm = Megabytes(variable, "SLURM_MEM_PER_NODE") ?? (Megabytes(variable, "SLURM_MEM_PER_CPU") * Math.Max(1, cores));
        return new[] { available, slurm is > 0 ? slurm.Value : available, group.Memory ?? available }.Min();
    }

    private static long? OfTasks(long? cores, long tasks) => cores is > 0 ? Math.Max(1, cores.Value / Math.Max(1, tasks)) : null;

    // Slurm writes whole megabytes, and 0 for all of the node.
    private static long? Megabytes(Func<string, string?> variable, string name) => Number(variable, name) << 20;

    private static long? Number(Func<string, string?> variable, string name) =>
        long.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 1L << 40 ? number : null;
}
