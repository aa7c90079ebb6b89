using OrcaSong.Running;

namespace OrcaSong.Training;

/// <summary>The memory that commands take which keep data in memory, unless they are told otherwise.</summary>
public static class MemoryGrant
{
    /// <summary>A quarter of what is granted (<see cref="ResourceGrant.Memory"/>), in bytes.</summary>
    /// <returns>At least 64 MiB.</returns>
    public static long Default() => Math.Max(64L << 20, ResourceGrant.Memory() / 4);
}
