using System.Buffers.Binary;

namespace OrcaSong.Torture.Fuzz;

/// <summary>Changes to the bytes of a file.</summary>
internal static class Damage
{
    private static readonly ulong[] Numbers =
    [
        0, 1, 2, 3, 7, 8, 16, 255, 256, 65535, 1UL << 16, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, 1UL << 40, 1_000_000_000_000_000_000, long.MaxValue, 1UL << 63, ulong.MaxValue - 1, ulong.MaxValue,
    ];

    /// <summary>Makes one to four changes.</summary>
    /// <param name="good">The whole file.</param>
    /// <param name="places">Offsets that are changed first: where there is structure rather than data.</param>
    /// <param name="random">Decides.</param>
    internal static byte[] Bytes(byte[] good, int[] places, Random random)
    {
        List<byte> bytes = [.. good];
        for (var changes = random.Next(1, 5); changes > 0 && bytes.Count > 0; changes--)
        {
            Change(bytes, places, random);
        }

        return [.. bytes];
    }

    private static void Change(List<byte> bytes, int[] places, Random random)
    {
        var at = places.Length > 0 && random.Next(10) > 0 ? Math.Min(places[random.Next(places.Length)], bytes.Count - 1) : random.Next(bytes.Count);
        switch (random.Next(20))
        {
            case < 4:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case < 7:
                bytes[at] = (byte)random.Next(256);
                break;
            case < 11:
                Put(bytes, at, random, Numbers[random.Next(Numbers.Length)]);
                break;
            case < 13:
                Put(bytes, at, random, unchecked(Get(bytes, at) + (ulong)random.Next(-16, 17)));
                break;
            case < 16:
                // As an address: one that leads to another structure, back to itself, or to the end.
                Put(bytes, at & ~7, random, (ulong)(random.Next(4) switch { 0 => at & ~7, 1 => bytes.Count - random.Next(64), _ => places.Length == 0 ? at : places[random.Next(places.Length)] & ~7 }), 8);
                break;
            case 16:
                Fill(bytes, at, random.Next(1, 65), random.Next(2) == 0 ? (byte)0 : (byte)0xff);
                break;
            case 17:
                var (from, length) = (random.Next(bytes.Count), random.Next(1, 257));
                for (var i = 0; i < length && at + i < bytes.Count && from + i < bytes.Count; i++)
                {
                    bytes[at + i] = bytes[from + i];
                }

                break;
            case 18:
                bytes.RemoveRange(random.Next(bytes.Count), random.Next(8) == 0 ? 0 : 1);
                break;
            default:
                if (random.Next(2) == 0)
                {
                    var end = random.Next(bytes.Count);
                    bytes.RemoveRange(end, bytes.Count - end);
                }
                else
                {
                    Fill(bytes, at, random.Next(1, 4097), 0);
                }

                break;
        }
    }

    private static ulong Get(List<byte> bytes, int at)
    {
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        for (var i = 0; i < number.Length && at + i < bytes.Count; i++)
        {
            number[i] = bytes[at + i];
        }

        return BinaryPrimitives.ReadUInt64LittleEndian(number);
    }

    private static void Put(List<byte> bytes, int at, Random random, ulong value, int size = 0)
    {
        size = size > 0 ? size : 1 << random.Next(4);
        for (var i = 0; i < size && at + i < bytes.Count; i++)
        {
            bytes[at + i] = (byte)(value >> (8 * i));
        }
    }

    private static void Fill(List<byte> bytes, int at, int count, byte value)
    {
        for (var i = at; i < at + count && i < bytes.Count; i++)
        {
            bytes[i] = value;
        }
    }
}
