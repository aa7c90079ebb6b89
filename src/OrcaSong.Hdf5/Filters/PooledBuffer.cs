using System.Buffers;

namespace OrcaSong.Hdf5.Filters;

/// <summary>Growth of byte arrays that are rented from <see cref="ArrayPool{T}.Shared"/>.</summary>
/// <remarks>
/// An array freshly allocated for every chunk costs ten to twenty times what a reused one does (page faults), so every
/// kernel writes into a caller's array and exchanges it for a larger one only where it must.
/// </remarks>
public static class PooledBuffer
{
    /// <summary>Makes <paramref name="buffer"/> at least <paramref name="length"/> bytes long.</summary>
    /// <param name="buffer">An array of the shared pool, or an empty array; what it is exchanged for goes back to the pool.</param>
    /// <param name="length">Bytes that are needed.</param>
    /// <param name="keep">How many of the first bytes to carry over.</param>
    public static void EnsureLength(ref byte[] buffer, int length, int keep = 0)
    {
        if (buffer.Length >= length)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(length);
        buffer.AsSpan(0, keep).CopyTo(larger);
        byte[] old = buffer;
        buffer = larger;
        if (old.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(old);
        }
    }
}
