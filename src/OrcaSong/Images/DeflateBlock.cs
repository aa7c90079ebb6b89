using System.Numerics;

namespace OrcaSong.Images;

/// <summary>
/// What DEFLATE blocks with dynamic codes share (RFC 1951, 3.2.5 to 3.2.7), for encoders whose matches all lie at one distance.
/// </summary>
internal static class DeflateBlock
{
    /// <summary>The longest match.</summary>
    public const int MaxMatch = 258;

    /// <summary>The shortest match.</summary>
    public const int MinMatch = 3;

    /// <summary>The symbol that ends a block; those below are the literals, those above the lengths of matches.</summary>
    public const int EndOfBlock = 256;

    /// <summary>How many literal and length symbols there are.</summary>
    public const int Symbols = 286;

    /// <summary>The most bytes that a header takes: 17 bits, 19 * 3, and up to 14 for each of 316 code lengths.</summary>
    public const int MaxHeaderBytes = 576;

    private const int FirstLengthSymbol = 257;
    private const int DistanceSymbols = 30;
    private const int MaxCodeLengthCodeLength = 7;
    private static readonly byte[] LengthSymbols = new byte[MaxMatch + 1];
    private static readonly byte[] LengthExtras = new byte[MaxMatch + 1];

    static DeflateBlock()
    {
        int match = MinMatch;
        for (int symbol = 0; symbol < ExtraBits.Length - 1; symbol++)
        {
            for (int extra = 0; extra < 1 << ExtraBits[symbol]; extra++)
            {
                LengthSymbols[match] = (byte)symbol;
                LengthExtras[match++] = (byte)extra;
            }
        }

        // 258 has a symbol of its own, and could also be the last one of the symbol before.
        LengthSymbols[MaxMatch] = (byte)(ExtraBits.Length - 1);
        LengthExtras[MaxMatch] = 0;
    }

    private static ReadOnlySpan<byte> ExtraBits
        => [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    private static ReadOnlySpan<byte> CodeLengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>The symbol of a match's length.</summary>
    /// <param name="match">Bytes of the match, 3 to 258.</param>
    public static int LengthSymbol(int match) => FirstLengthSymbol + LengthSymbols[match];

    /// <summary>Bits that follow the code of a symbol: none after a literal.</summary>
    /// <param name="symbol">A literal or length symbol.</param>
    public static int ExtraBitsOf(int symbol) => symbol < FirstLengthSymbol ? 0 : ExtraBits[symbol - FirstLengthSymbol];

    /// <summary>The code of a match's length with its extra bits, which count from the shortest match of the same symbol.</summary>
    /// <param name="match">Bytes of the match, 3 to 258.</param>
    /// <param name="codes">Codes of the literal and length symbols.</param>
    public static BitString LengthCode(int match, ReadOnlySpan<BitString> codes)
    {
        int symbol = LengthSymbol(match);
        return codes[symbol].Then(new BitString(LengthExtras[match], ExtraBitsOf(symbol)));
    }

    /// <summary>The symbol of a distance, and the bits that follow its code.</summary>
    /// <param name="distance">1 to 32768.</param>
    public static (int Symbol, BitString Extra) Distance(int distance)
    {
        // Symbols come in pairs for each power of two from 4 on; below, each distance has its own.
        int bits = Math.Max(0, BitOperations.Log2((uint)(distance - 1) | 1) - 1);
        int symbol = (2 * bits) + ((distance - 1) >> bits);
        return (symbol, new BitString((uint)(distance - 1) & ((1u << bits) - 1), bits));
    }

    /// <summary>The codes of symbols, for a <see cref="BitWriter"/>.</summary>
    /// <param name="lengths">Their lengths in bits; at most 286.</param>
    /// <param name="codes">Receives the codes.</param>
    public static void MakeCodes(ReadOnlySpan<byte> lengths, Span<BitString> codes)
    {
        Span<ushort> bits = stackalloc ushort[Symbols];
        bits = bits[..lengths.Length];
        HuffmanCode.AssignCodes(lengths, bits);
        for (int symbol = 0; symbol < lengths.Length; symbol++)
        {
            codes[symbol] = new BitString(bits[symbol], lengths[symbol]);
        }
    }

    /// <summary>Writes the header of a block with dynamic codes (RFC 1951, 3.2.7).</summary>
    /// <param name="writer">Takes it; up to 7 bits may wait there.</param>
    /// <param name="codeLengths">Length of the code of each literal or length symbol.</param>
    /// <param name="distanceSymbol">The only distance symbol that the block uses; its code is the bit 0.</param>
    /// <param name="last">Whether no block follows.</param>
    public static void WriteHeader(ref BitWriter writer, scoped ReadOnlySpan<byte> codeLengths, int distanceSymbol, bool last)
    {
        int literals = codeLengths.Length;
        while (literals > FirstLengthSymbol && codeLengths[literals - 1] == 0)
        {
            literals--;
        }

        Span<byte> lengths = stackalloc byte[Symbols + DistanceSymbols];
        lengths.Clear();
        codeLengths[..literals].CopyTo(lengths);
        lengths[literals + distanceSymbol] = 1;
        Span<BitString> extras = stackalloc BitString[lengths.Length];
        Span<byte> symbols = stackalloc byte[lengths.Length];
        int count = RunLengths(lengths[..(literals + distanceSymbol + 1)], symbols, extras);

        Span<long> counts = stackalloc long[CodeLengthOrder.Length];
        counts.Clear();
        foreach (byte symbol in symbols[..count])
        {
            counts[symbol]++;
        }

        Span<byte> symbolLengths = stackalloc byte[counts.Length];
        Span<BitString> codes = stackalloc BitString[counts.Length];
        HuffmanCode.AssignLengths(counts, symbolLengths, MaxCodeLengthCodeLength);
        MakeCodes(symbolLengths, codes);
        int sent = CodeLengthOrder.Length;
        while (sent > 4 && symbolLengths[CodeLengthOrder[sent - 1]] == 0)
        {
            sent--;
        }

        const uint Dynamic = 0b100;
        writer.Put(new BitString(Dynamic | (last ? 1u : 0u), 3));
        writer.Put(new BitString((uint)(literals - FirstLengthSymbol), 5));
        writer.Put(new BitString((uint)distanceSymbol, 5));
        writer.Put(new BitString((uint)(sent - 4), 4));
        foreach (byte symbol in CodeLengthOrder[..sent])
        {
            writer.Flush();
            writer.Put(new BitString(symbolLengths[symbol], 3));
        }

        for (int i = 0; i < count; i++)
        {
            writer.Flush();
            writer.Put(codes[symbols[i]]);
            writer.Put(extras[i]);
        }

        writer.Flush();
    }

    /// <summary>Code lengths as symbols of the code length alphabet with their extra bits; returns how many.</summary>
    private static int RunLengths(ReadOnlySpan<byte> lengths, Span<byte> symbols, Span<BitString> extras)
    {
        const byte RepeatLast = 16, RepeatZero = 17, RepeatZeroLong = 18;
        int count = 0;
        int i = 0;
        while (i < lengths.Length)
        {
            byte length = lengths[i];
            bool repeatsLast = i > 0 && lengths[i - 1] == length && length != 0;
            int run = 1;
            while (i + run < lengths.Length && lengths[i + run] == length)
            {
                run++;
            }

            (byte symbol, int taken, BitString extra) = (length, run, repeatsLast) switch
            {
                (0, >= 11, _) => (RepeatZeroLong, Math.Min(run, 138), new BitString((uint)Math.Min(run, 138) - 11, 7)),
                (0, >= 3, _) => (RepeatZero, run, new BitString((uint)run - 3, 3)),
                ( > 0, >= 3, true) => (RepeatLast, Math.Min(run, 6), new BitString((uint)Math.Min(run, 6) - 3, 2)),
                _ => (length, 1, default),
            };
            symbols[count] = symbol;
            extras[count++] = extra;
            i += taken;
        }

        return count;
    }
}
