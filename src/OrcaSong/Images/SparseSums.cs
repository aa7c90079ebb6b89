namespace OrcaSong.Images;

/// <summary>Checksums of bytes of which only the non-zero ones are known, in closed form from their positions and values.</summary>
internal struct SparseSums
{
    private const ulong AdlerModulus = 65521;
    private const ulong FletcherModulus = 65535;

    // A position below 2^32 times a byte, or half of it times a 16-bit word, is below 2^47: so many fit into 64 bits before a reduction.
    private const int BlockLength = 1 << 16;

    private ulong _bytes;
    private ulong _bytesByPosition;
    private ulong _words;
    private ulong _wordsByPosition;

    /// <summary>Adds bytes at the given positions.</summary>
    public void Add(ReadOnlySpan<uint> positions, ReadOnlySpan<byte> values)
    {
        while (!positions.IsEmpty)
        {
            int length = Math.Min(positions.Length, BlockLength);
            AddBlock(positions[..length], values[..length]);
            positions = positions[length..];
            values = values[length..];
        }
    }

    /// <summary>HDF5's fletcher32 of <paramref name="length"/> bytes.</summary>
    public readonly uint Fletcher32(uint length)
    {
        // The word at w of n counts n - w times. (An odd last byte is the high byte of a word, as all at even positions are.)
        ulong n = ((ulong)length + 1) / 2;
        ulong sum2 = (n * (_words % FletcherModulus)) + FletcherModulus - _wordsByPosition;
        return Hdf5.Filters.Fletcher32.FromSums(_words, sum2);
    }

    /// <summary>The Adler-32 (RFC 1950, 8.2) of <paramref name="length"/> bytes.</summary>
    public readonly uint Adler32(uint length)
    {
        ulong a = (1 + _bytes) % AdlerModulus;
        ulong b = (length + (length * (_bytes % AdlerModulus)) + AdlerModulus - _bytesByPosition) % AdlerModulus;
        return (uint)((b << 16) | a);
    }

    private void AddBlock(ReadOnlySpan<uint> positions, ReadOnlySpan<byte> values)
    {
        ulong bytes = 0, bytesByPosition = 0, words = 0, wordsByPosition = 0;
        for (int i = 0; i < positions.Length && i < values.Length; i++)
        {
            uint position = positions[i];
            uint value = values[i];
            uint word = value << (int)((~position & 1) << 3);
            bytes += value;
            bytesByPosition += (ulong)position * value;
            words += word;
            wordsByPosition += (ulong)(position >> 1) * word;
        }

        _bytes += bytes;
        _words += words;
        _bytesByPosition = (_bytesByPosition + bytesByPosition) % AdlerModulus;
        _wordsByPosition = (_wordsByPosition + wordsByPosition) % FletcherModulus;
    }
}
