using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OrcaSong.Hdf5.Filters;

namespace OrcaSong.Images;

/// <summary>
/// Writes the stored form of a chunk of binned images (uint8, filters fletcher32, shuffle and deflate in PyTables' order) straight
/// from its non-zero bins, without ever holding the dense bytes, which are nearly all zero.
/// </summary>
/// <remarks>
/// The result is one zlib stream (RFC 1950) of one dynamic DEFLATE block (RFC 1951), which any inflater reads: every non-zero byte is
/// a literal; a run of zeros is a literal 0 and matches at distance 1. The shuffle of one-byte elements is the identity.
/// The same bins give the same bytes.
/// </remarks>
public static class SparseImageEncoder
{
    private const int MaxMatch = DeflateBlock.MaxMatch;
    private const int MinMatch = DeflateBlock.MinMatch;
    private const int EndOfBlock = DeflateBlock.EndOfBlock;
    private const int Symbols = DeflateBlock.Symbols;

    // DEFLATE allows 15, but with 13 a value and the next run (three literals, or one and a match) always fit into one 64-bit buffer:
    // 7 waiting bits + 13 + 3 * 13. Only symbols rarer than one in 2^13 could want longer codes.
    private const int MaxCodeLength = 13;

    // The zlib header, the block's header and the Adler-32.
    private const int MaxFrameBytes = 2 + DeflateBlock.MaxHeaderBytes + 4;

    private static readonly BitString DistanceOne = new(0, 1);

    /// <summary>Encodes one chunk.</summary>
    /// <param name="positions">Flat (row-major) indices of the non-zero bins in the chunk, strictly increasing.</param>
    /// <param name="values">Their contents. (A zero is encoded as well, only less compactly.)</param>
    /// <param name="denseLength">Bins of the whole chunk: rows x d1 x d2 ...</param>
    /// <param name="fletcher32">
    /// Whether HDF5's checksum of the dense bytes follows them, as it does where fletcher32 is the first filter of the pipeline.
    /// </param>
    /// <param name="pooledDestination">
    /// An array of the shared pool, or an empty array; exchanged for a larger one if the result does not fit.
    /// </param>
    /// <returns>The number of bytes to store.</returns>
    /// <exception cref="ArgumentException">
    /// The spans differ in length; the positions do not increase strictly, or are not in 0 to <paramref name="denseLength"/> - 1; or the
    /// result would exceed the longest array.
    /// </exception>
    public static int Encode(
        ReadOnlySpan<int> positions, ReadOnlySpan<byte> values, int denseLength, bool fletcher32, ref byte[] pooledDestination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(denseLength);
        if (positions.Length != values.Length)
        {
            throw new ArgumentException(
                $"Expected one value for each of the {positions.Length} positions, found {values.Length}.", nameof(values));
        }

        if (!positions.IsEmpty && positions[^1] >= denseLength)
        {
            throw new ArgumentException(
                $"Expected positions below {denseLength}, found {positions[^1]}.", nameof(positions));
        }

        ReadOnlySpan<uint> bins = MemoryMarshal.Cast<int, uint>(positions);
        Span<int> runs = stackalloc int[MaxMatch + 1];
        Span<long> counts = stackalloc long[Symbols];
        runs.Clear();
        counts.Clear();
        uint end = 0;
        CountSymbols(bins, values, ref end, runs, counts);

        SparseSums sums = default;
        sums.Add(bins, values);
        uint length = (uint)denseLength;
        Span<uint> trailerPositions = stackalloc uint[Fletcher32.Size];
        Span<byte> trailerValues = stackalloc byte[Fletcher32.Size];
        int trailer = 0;
        if (fletcher32)
        {
            trailer = SplitChecksum(sums.Fletcher32(length), length, trailerPositions, trailerValues);
            length += Fletcher32.Size;
        }

        trailerPositions = trailerPositions[..trailer];
        trailerValues = trailerValues[..trailer];
        sums.Add(trailerPositions, trailerValues);
        CountSymbols(trailerPositions, trailerValues, ref end, runs, counts);
        CountRun(length - end, runs, counts);
        counts[EndOfBlock] = 1;
        CountRunSymbols(runs, counts);

        Span<byte> codeLengths = stackalloc byte[Symbols];
        Span<BitString> codes = stackalloc BitString[Symbols];
        Span<BitString> runCodes = stackalloc BitString[MaxMatch + 1];
        HuffmanCode.AssignLengths(counts, codeLengths, MaxCodeLength);
        DeflateBlock.MakeCodes(codeLengths, codes);
        MakeRunCodes(codes, runCodes);
        Span<BitString> longRunCodes = stackalloc BitString[16];
        longRunCodes = MakeLongRunCodes(codes, longRunCodes);

        PooledBuffer.EnsureLength(ref pooledDestination, BoundBytes(counts, codeLengths));
        Span<byte> output = pooledDestination;
        output[0] = 0x78;
        output[1] = 0x01;
        BitWriter writer = new(output, 2);
        DeflateBlock.WriteHeader(ref writer, codeLengths, distanceSymbol: 0, last: true);
        end = 0;
        WriteSymbols(ref writer, bins, values, ref end, runCodes, longRunCodes, codes);
        WriteSymbols(ref writer, trailerPositions, trailerValues, ref end, runCodes, longRunCodes, codes);
        WriteRun(ref writer, length - end, runCodes, longRunCodes);
        writer.Put(codes[EndOfBlock]);
        int written = writer.Finish();
        BinaryPrimitives.WriteUInt32BigEndian(output[written..], sums.Adler32(length));
        return written + sizeof(uint);
    }

    /// <summary>The checksum's non-zero bytes as bins behind the chunk's own.</summary>
    private static int SplitChecksum(uint checksum, uint start, Span<uint> positions, Span<byte> values)
    {
        int count = 0;
        for (uint i = 0; i < Fletcher32.Size; i++)
        {
            byte value = (byte)(checksum >> (int)(8 * i));
            if (value != 0)
            {
                positions[count] = start + i;
                values[count++] = value;
            }
        }

        return count;
    }

    /// <summary>A run of zeros as so many matches of 258, and what is left: 1 to 258, or 0 if there is no run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (uint Matches, uint Zeros) SplitRun(uint zeros)
    {
        uint matches = (zeros - (zeros == 0 ? 0u : 1u)) / MaxMatch;
        return (matches, zeros - (matches * MaxMatch));
    }

    /// <summary>Counts the values as literals, and the runs of zeros before them by their rests.</summary>
    /// <param name="bins">Positions of the values.</param>
    /// <param name="values">The values.</param>
    /// <param name="end">The position after the last value so far.</param>
    /// <param name="runs">Counts of the rests, 0 to 258.</param>
    /// <param name="counts">Counts of DEFLATE's literal and length symbols.</param>
    private static void CountSymbols(
        ReadOnlySpan<uint> bins, ReadOnlySpan<byte> values, ref uint end, Span<int> runs, Span<long> counts)
    {
        uint next = end;
        uint all = 0;
        long matches = 0;
        for (int i = 0; i < bins.Length && i < values.Length; i++)
        {
            uint zeros = bins[i] - next;
            all |= zeros;
            (uint longRuns, uint rest) = SplitRun(zeros);
            matches += longRuns;
            runs[(int)rest]++;
            counts[values[i]]++;
            next = bins[i] + 1;
        }

        // A position that does not increase, or a negative one, looks like a run of 2^31 zeros or more.
        if ((int)all < 0)
        {
            ThrowNotIncreasing(bins, end);
        }

        counts[Symbols - 1] += matches;
        end = next;
    }

    private static void CountRun(uint zeros, Span<int> runs, Span<long> counts)
    {
        (uint longRuns, uint rest) = SplitRun(zeros);
        runs[(int)rest]++;
        counts[Symbols - 1] += longRuns;
    }

    private static void ThrowNotIncreasing(ReadOnlySpan<uint> bins, uint next)
    {
        int i = 0;
        while (i < bins.Length && (int)bins[i] >= (long)next)
        {
            next = bins[i++] + 1;
        }

        throw new ArgumentException(
            $"Expected strictly increasing positions from 0, found {(int)bins[i]} at index {i}"
            + (i > 0 ? $" after {(int)bins[i - 1]}." : "."));
    }

    private static void CountRunSymbols(ReadOnlySpan<int> runs, Span<long> counts)
    {
        for (int rest = 1; rest < runs.Length; rest++)
        {
            if (rest - 1 < MinMatch)
            {
                counts[0] += (long)rest * runs[rest];
            }
            else
            {
                counts[0] += runs[rest];
                counts[DeflateBlock.LengthSymbol(rest - 1)] += runs[rest];
            }
        }
    }

    /// <summary>What writes a run's rest: its first zero as a literal, the others as literals or one match.</summary>
    private static void MakeRunCodes(ReadOnlySpan<BitString> codes, Span<BitString> runCodes)
    {
        runCodes[0] = default;
        for (int rest = 1; rest <= MinMatch; rest++)
        {
            runCodes[rest] = runCodes[rest - 1].Then(codes[0]);
        }

        for (int match = MinMatch; match < MaxMatch; match++)
        {
            runCodes[match + 1] = codes[0].Then(DeflateBlock.LengthCode(match, codes)).Then(DistanceOne);
        }
    }

    /// <summary>No, one, two, ... matches of 258, as many as fit into one string.</summary>
    private static Span<BitString> MakeLongRunCodes(ReadOnlySpan<BitString> codes, Span<BitString> longRunCodes)
    {
        BitString match = codes[Symbols - 1].Then(DistanceOne);
        int count = Math.Min(longRunCodes.Length, (BitString.Capacity / match.Length) + 1);
        longRunCodes[0] = default;
        for (int matches = 1; matches < count; matches++)
        {
            longRunCodes[matches] = longRunCodes[matches - 1].Then(match);
        }

        return longRunCodes[..count];
    }

    private static int BoundBytes(ReadOnlySpan<long> counts, ReadOnlySpan<byte> codeLengths)
    {
        long bits = 0;
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            int extra = DeflateBlock.ExtraBitsOf(symbol) + (symbol > EndOfBlock ? DistanceOne.Length : 0);
            bits += counts[symbol] * (codeLengths[symbol] + extra);
        }

        long bytes = (bits / 8) + 1 + MaxFrameBytes + BitWriter.Slack;
        return bytes <= Array.MaxLength
            ? (int)bytes
            : throw new ArgumentException(
                $"Expected a chunk that compresses to fewer than {Array.MaxLength} bytes, found one of {bytes}; use smaller chunks.");
    }

    private static void WriteSymbols(
        ref BitWriter output,
        scoped ReadOnlySpan<uint> bins,
        scoped ReadOnlySpan<byte> values,
        ref uint end,
        scoped ReadOnlySpan<BitString> runCodes,
        scoped ReadOnlySpan<BitString> longRunCodes,
        scoped ReadOnlySpan<BitString> codes)
    {
        // Locals stay in registers, which the caller's writer would not.
        BitWriter writer = output;
        uint next = end;
        for (int i = 0; i < bins.Length && i < values.Length; i++)
        {
            WriteRun(ref writer, bins[i] - next, runCodes, longRunCodes);
            writer.Put(codes[values[i]]);
            next = bins[i] + 1;
        }

        output = writer;
        end = next;
    }

    /// <summary>Writes a run of zeros. Leaves up to 7 bits waiting, and finds up to 7 and one code waiting.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteRun(
        ref BitWriter writer, uint zeros, scoped ReadOnlySpan<BitString> runCodes, scoped ReadOnlySpan<BitString> longRunCodes)
    {
        (uint matches, uint rest) = SplitRun(zeros);
        writer.Put(runCodes[(int)rest]);
        writer.Flush();
        uint most = (uint)longRunCodes.Length - 1;
        for (; matches > most; matches -= most)
        {
            writer.Put(longRunCodes[(int)most]);
            writer.Flush();
        }

        // Also where there is no such match: with a hit in some 200 bins that is so for three runs of four, at random, and a branch
        // would be mispredicted for the fourth.
        writer.Put(longRunCodes[(int)matches]);
        writer.Flush();
    }
}
