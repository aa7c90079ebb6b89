namespace OrcaSong.Images;

/// <summary>Length-limited canonical Huffman codes as DEFLATE wants them (RFC 1951, 3.2.2).</summary>
internal static class HuffmanCode
{
    private const int SymbolBits = 9;

    private static readonly byte[] ReversedBytes =
        [.. Enumerable.Range(0, 256).Select(b => (byte)Enumerable.Range(0, 8).Sum(bit => (b >> bit & 1) << (7 - bit)))];

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
        Span<ulong> spare = stackalloc ulong[counts.Length];
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
        SortByWeight(ref leaves, spare[..n]);
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

    /// <summary>Sorts leaves by weight, those of the same weight by symbol, as they come: a radix sort, a fifth of the time of one by comparisons.</summary>
    /// <param name="leaves">The leaves, by symbol; replaced by <paramref name="spare"/> if the result ends there.</param>
    /// <param name="spare">As many others.</param>
    private static void SortByWeight(ref Span<ulong> leaves, Span<ulong> spare)
    {
        const int DigitBits = 8;
        const int FewLeaves = 32;
        if (leaves.Length < FewLeaves)
        {
            leaves.Sort();
            return;
        }

        ulong all = 0;
        foreach (ulong leaf in leaves)
        {
            all |= leaf;
        }

        Span<int> places = stackalloc int[1 << DigitBits];
        for (int shift = SymbolBits; shift < 64 && all >> shift != 0; shift += DigitBits)
        {
            places.Clear();
            foreach (ulong leaf in leaves)
            {
                places[(byte)(leaf >> shift)]++;
            }

            int next = 0;
            foreach (ref int place in places)
            {
                (place, next) = (next, next + place);
            }

            foreach (ulong leaf in leaves)
            {
                spare[places[(byte)(leaf >> shift)]++] = leaf;
            }

            Span<ulong> sorted = spare;
            spare = leaves;
            leaves = sorted;
        }
    }

    /// <summary>Builds Huffman's tree over leaves that are sorted by weight, and counts the leaves at each depth.</summary>
    /// <remarks>Depths beyond the last index count there.</remarks>
    private static void CountDepths(ReadOnlySpan<ulong> leaves, Span<int> leavesAtDepth)
    {
        // Inner nodes arise in order of weight, so the two lightest nodes are always at the heads of two queues. Each ends with a node heavier than all;
        // which head is lighter is as good as random, so it is chosen without a branch.
        int n = leaves.Length;
        Span<ulong> weights = stackalloc ulong[(2 * n) + 1];
        Span<short> parents = stackalloc short[(2 * n) + 1];
        for (int i = 0; i < n; i++)
        {
            weights[i] = leaves[i] >> SymbolBits;
        }

        weights[n..].Fill(ulong.MaxValue);
        int leaf = 0;
        int firstInner = n + 1;
        int inner = firstInner;
        for (int node = firstInner; node < firstInner + n - 1; node++)
        {
            ulong weight = 0;
            for (int child = 0; child < 2; child++)
            {
                ulong ofLeaf = weights[leaf];
                ulong ofInner = weights[inner];
                int takesLeaf = ofLeaf <= ofInner ? 1 : 0;
                weight += Math.Min(ofLeaf, ofInner);
                parents[inner + ((leaf - inner) & -takesLeaf)] = (short)node;
                leaf += takesLeaf;
                inner += 1 - takesLeaf;
            }

            weights[node] = weight;
        }

        Span<short> depths = stackalloc short[weights.Length];
        depths[firstInner + n - 2] = 0;
        for (int node = firstInner + n - 3; node >= firstInner; node--)
        {
            depths[node] = (short)(depths[parents[node]] + 1);
        }

        for (int node = 0; node < n; node++)
        {
            leavesAtDepth[Math.Min(depths[parents[node]] + 1, leavesAtDepth.Length - 1)]++;
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
        => (ushort)(((ReversedBytes[code & 0xFF] << 8) | ReversedBytes[code >> 8]) >> (16 - length));
}
