using System.Numerics;
using System.Runtime.InteropServices;

namespace OrcaSong.Graphs;

/// <summary>The checksum at the end of a zlib stream (RFC 1950, 9).</summary>
internal static class Adler32
{
    private const uint Modulus = 65521;

    // The lanes' second sums reach 255 k (k + 1) / 2 after k vectors; they stay below 2^32 up to k = 5803.
    private const int VectorsPerBlock = 4096;

    /// <summary>The checksum of some bytes.</summary>
    /// <param name="data">The bytes; 1 for none.</param>
    internal static uint Checksum(ReadOnlySpan<byte> data)
    {
        ulong sum1 = 1;
        ulong sum2 = 0;
        if (BitConverter.IsLittleEndian)
        {
            var vectors = MemoryMarshal.Cast<byte, Vector<uint>>(data);
            data = data[(vectors.Length * Vector<byte>.Count)..];
            while (!vectors.IsEmpty)
            {
                var block = vectors[..Math.Min(vectors.Length, VectorsPerBlock)];
                AddBlock(block, ref sum1, ref sum2);
                vectors = vectors[block.Length..];
            }
        }

        foreach (var b in data)
        {
            sum1 += b;
            sum2 += sum1;
        }

        return ((uint)(sum2 % Modulus) << 16) | (uint)(sum1 % Modulus);
    }

    private static void AddBlock(ReadOnlySpan<Vector<uint>> block, ref ulong sum1, ref ulong sum2)
    {
        // Byte b of each lane on its own: first sums of the bytes, second sums of the first ones after each vector.
        var mask = new Vector<uint>(0xFF);
        Vector<uint> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector<uint> b0 = default, b1 = default, b2 = default, b3 = default;
        foreach (var bytes in block)
        {
            a0 += bytes & mask;
            a1 += (bytes >>> 8) & mask;
            a2 += (bytes >>> 16) & mask;
            a3 += bytes >>> 24;
            b0 += a0;
            b1 += a1;
            b2 += a2;
            b3 += a3;
        }

        // Byte i of vector v of k counts (k - v) n - i times in the second sum, where n is the number of bytes in a vector.
        var n = (ulong)Vector<byte>.Count;
        ulong first = 0;
        ulong second = 0;
        ulong early = 0;
        for (var lane = 0; lane < Vector<uint>.Count; lane++)
        {
            var i = 4UL * (uint)lane;
            first += (ulong)a0[lane] + a1[lane] + a2[lane] + a3[lane];
            second += (ulong)b0[lane] + b1[lane] + b2[lane] + b3[lane];
            early += (i * a0[lane]) + ((i + 1) * a1[lane]) + ((i + 2) * a2[lane]) + ((i + 3) * a3[lane]);
        }

        sum2 = (sum2 + ((ulong)block.Length * n * (sum1 % Modulus)) + (n * second) - early) % Modulus;
        sum1 = (sum1 + first) % Modulus;
    }
}
