using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OrcaSong.Hdf5.Filters;

/// <summary>
/// HDF5's Fletcher checksum (filter id 3): two 16-bit one's complement sums over big-endian 16-bit words.
/// </summary>
/// <remarks>
/// With words w[0..n-1], sum1 = w[0] + ... + w[n-1] and sum2 = n w[0] + (n-1) w[1] + ... + w[n-1], both modulo 65535; an odd
/// last byte counts as the high byte of one more word. The folding of H5_checksum_fletcher32 represents a multiple
/// of 65535 by 0 only if the true sum is 0, and otherwise by 65535.
/// </remarks>
public static class Fletcher32
{
    /// <summary>Bytes that the checksum adds to a chunk.</summary>
    public const int Size = sizeof(uint);

    private const uint Modulus = 65535;
    private const int WordsPerVector = 8;

    // The lanes' second sums reach 65535 k (k + 1) / 2 after k vectors; they stay below 2^32 up to k = 361.
    private const int VectorsPerBlock = 360;

    /// <summary>The checksum as HDF5 computes it: <c>(sum2 &lt;&lt; 16) | sum1</c>. Files hold it in little-endian order.</summary>
    /// <param name="data">The bytes to sum; of no bytes at all the checksum is 0.</param>
    public static uint Checksum(ReadOnlySpan<byte> data)
    {
        // Swapping the bytes of a 16-bit word multiplies it by 256 modulo 65535, so the sums may run over little-endian words.
        ulong sum1 = 0;
        ulong sum2 = 0;
        if (Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian)
        {
            ReadOnlySpan<Vector128<uint>> vectors = MemoryMarshal.Cast<byte, Vector128<uint>>(data);
            data = data[(vectors.Length * Vector128<byte>.Count)..];
            while (!vectors.IsEmpty)
            {
                int length = Math.Min(vectors.Length, VectorsPerBlock);
                AddBlock(vectors[..length], ref sum1, ref sum2);
                vectors = vectors[length..];
            }
        }

        while (data.Length > 1)
        {
            sum1 += data[0] | ((uint)data[1] << 8);
            sum2 = (sum2 + sum1) % Modulus;
            data = data[2..];
        }

        if (!data.IsEmpty)
        {
            sum1 += data[0];
            sum2 += sum1;
        }

        return FromSums(256 * sum1, 256 * sum2);
    }

    /// <summary>The checksum of data whose sums over big-endian words are known by other means.</summary>
    /// <param name="sum1">The sum of the words: the true sum, or a number congruent to it that is 0 exactly if that is 0.</param>
    /// <param name="sum2">The sum of the running sums, or any number congruent to it modulo 65535.</param>
    public static uint FromSums(ulong sum1, ulong sum2) => sum1 == 0 ? 0 : (Fold(sum2) << 16) | Fold(sum1);

    private static uint Fold(ulong sum)
    {
        uint remainder = (uint)(sum % Modulus);
        return remainder == 0 ? Modulus : remainder;
    }

    private static void AddBlock(ReadOnlySpan<Vector128<uint>> block, ref ulong sum1, ref ulong sum2)
    {
        Vector128<uint> mask = Vector128.Create(0xFFFFu);
        Vector128<uint> even1 = default, even2 = default, odd1 = default, odd2 = default;
        foreach (Vector128<uint> words in block)
        {
            even1 += words & mask;
            odd1 += words >>> 16;
            even2 += even1;
            odd2 += odd1;
        }

        // Lane l of vector v of k is word 8v + l: it counts 8 (k - v) - l times, and 8k words weigh all earlier ones.
        // (k at most 360: the first sums stay below 2^25, their products with a lane number below 2^28.)
        ulong words1 = Vector128.Sum(even1 + odd1);
        ulong words2 = WordsPerVector * (WideSum(even2) + WideSum(odd2));
        ulong laneSum = Vector128.Sum((even1 * Vector128.Create(0u, 2, 4, 6)) + (odd1 * Vector128.Create(1u, 3, 5, 7)));
        sum2 = (sum2 + ((ulong)(block.Length * WordsPerVector) * (sum1 % Modulus)) + words2 - laneSum) % Modulus;
        sum1 += words1;
    }

    private static ulong WideSum(Vector128<uint> vector)
    {
        (Vector128<ulong> lower, Vector128<ulong> upper) = Vector128.Widen(vector);
        return Vector128.Sum(lower + upper);
    }
}
