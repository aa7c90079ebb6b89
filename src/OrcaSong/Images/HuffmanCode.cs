namespace OrcaSong.Images;

/// <summary>Length-limited canonical Huffman codes as DEFLATE wants them (RFC 1951, 3.2.2).</summary>
internal static class HuffmanCode
{
    private const int SymbolBits = 9;

    /// <summary>Code lengths for symbols that occur <paramref name="counts"/> times; 0 for those that do not occur.</summary>
    /// <remarks>
    /// The code is always complete, so that strict decoders take it: if fewer than two symbols occur, others fill it up.
    /// Where <paramref name="limit"/> binds, the code may be slightly longer than the best one of that limit.
    /// </remarks>
    /// <param name="counts">Counts of at most 512 symbols, each below 2^55.</param>
    /// <param name="lengths">Receives the lengths, in bits.</param>
    /// <param name="limit">The longest length allowed, 1 to 15, with 2^limit at least the number of symbols.</param>
    public static void AssignLengths(ReadOnlySpan<long> counts, Span<byte> lengths, int limit)
    {
        Span<ulong> leaves = stackalloc ulong[counts.Length];
        int n = 0;
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            if (counts[symbol] > 0)
            {
                leaves[n++] = ((ulong)counts[symbol] << SymbolBits) | (uint)symbol;
            }
        }

        lengths.Clear();
        if (n < 2)
        {
            int only = n == 0 ? 0 : SymbolOf(leaves[0]);
            lengths[only] = 1;
            lengths[only == 0 ? 1 : 0] = 1;
            return;
        }

        leaves = leaves[..n];
        leaves.Sort();
        Span<int> codesOfLength = stackalloc int[limit + 1];
        codesOfLength.Clear();
        CountDepths(leaves, codesOfLength);
        Complete(codesOfLength);

        int next = 0;
        for (int length = limit; length > 0; length--)
        {
            for (int code = 0; code < codesOfLength[length]; code++)
            {
                lengths[SymbolOf(leaves[next++])] = (byte)length;
            }
        }
    }

    /// <summary>The canonical code of every symbol, its bits reversed: DEFLATE sends codes from their highest bit.</summary>
    public static void AssignCodes(ReadOnlySpan<byte> lengths, Span<ushort> codes)
    {
        Span<int> next = stackalloc int[16];
        next.Clear();
        foreach (byte length in lengths)
        {
            next[length]++;
        }

        int code = 0;
        int shorter = 0;
        for (int length = 1; length < next.Length; length++)
        {
            code = (code + shorter) << 1;
            shorter = next[length];
            next[length] = code;
        }

        for (int symbol = 0; symbol < lengths.Length; symbol++)
        {
            int length = lengths[symbol];
            codes[symbol] = length == 0 ? (ushort)0 : Reverse(next[length]++, length);
        }
    }

    private static int SymbolOf(ulong leaf) => (int)(leaf & ((1u << SymbolBits) - 1));

    /// <summary>Builds Huffman's tree over leaves that are sorted by weight, and counts the leaves at each depth.</summary>
    /// <remarks>Depths beyond the last index count there.</remarks>
    private static void CountDepths(ReadOnlySpan<ulong> leaves, Span<int> leavesAtDepth)
    {
        // Inner nodes arise in order of weight, so the two lightest nodes are always at the heads of two queues.
        int n = leaves.Length;
        Span<ulong> weights = stackalloc ulong[(2 * n) - 1];
        Span<short> parents = stackalloc short[(2 * n) - 1];
        for (int i = 0; i < n; i++)
        {
            weights[i] = leaves[i] >> SymbolBits;
        }

        int leaf = 0;
        int inner = n;
        for (int node = n; node < weights.Length; node++)
        {
            for (int child = 0; child < 2; child++)
            {
                bool takeLeaf = leaf < n && (inner == node || weights[leaf] <= weights[inner]);
                int lightest = takeLeaf ? leaf++ : inner++;
                weights[node] += weights[lightest];
                parents[lightest] = (short)node;
            }
        }

        Span<short> depths = stackalloc short[weights.Length];
        depths[^1] = 0;
        for (int node = weights.Length - 2; node >= 0; node--)
        {
            depths[node] = (short)(depths[parents[node]] + 1);
            if (node < n)
            {
                leavesAtDepth[Math.Min(depths[node], leavesAtDepth.Length - 1)]++;
            }
        }
    }

    /// <summary>Makes the code complete again after depths beyond the limit were cut.</summary>
    private static void Complete(Span<int> codesOfLength)
    {
        int limit = codesOfLength.Length - 1;
        int space = 0;
        for (int length = 1; length <= limit; length++)
        {
            space += codesOfLength[length] << (limit - length);
        }

        // In units of the longest codes: giving one of those the sibling of a shorter code, which grows by one bit, frees one.
        for (; space > 1 << limit; space--)
        {
            int length = limit - 1;
            while (codesOfLength[length] == 0)
            {
                length--;
            }

            codesOfLength[length]--;
            codesOfLength[length + 1] += 2;
            codesOfLength[limit]--;
        }
    }

    private static ushort Reverse(int code, int length)
    {
        int reversed = 0;
        for (int bit = 0; bit < length; bit++)
        {
            reversed = (reversed << 1) | (code & 1);
            code >>= 1;
        }

        return (ushort)reversed;
    }
}
