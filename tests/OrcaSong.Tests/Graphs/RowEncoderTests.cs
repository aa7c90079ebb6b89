using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using OrcaSong.Graphs;
using OrcaSong.Hdf5;
using OrcaSong.Hdf5.Filters;
using OrcaSong.Images;
using Xunit;

namespace OrcaSong.Tests.Graphs;

public class RowEncoderTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 50)]
    [InlineData(5, 6553)]
    [InlineData(7, 1024)]
    [InlineData(8, 2048)]
    [InlineData(16, 1023)]
    [InlineData(16, 1024)]
    [InlineData(17, 3000)]
    [InlineData(255, 64)]
    [InlineData(256, 64)]
    [InlineData(2, 300_000)]
    public void AnyInflaterGetsTheRowsBack(int columns, int rows)
    {
        var random = new Random(columns * rows);
        var chunk = new byte[columns * rows * sizeof(float)];
        foreach (var kind in Enum.GetValues<Contents>())
        {
            Fill(chunk, columns, kind, random);
            AssertSame(chunk, columns, kind.ToString());
        }
    }

    /// <summary>Tables, whose rows are shuffled as a whole, and arrays of other numbers.</summary>
    [Theory]
    [InlineData(1, 7, 1000)]
    [InlineData(2, 1, 50_000)]
    [InlineData(8, 1, 8192)]
    [InlineData(8, 3, 70_000)]
    [InlineData(16, 1, 1)]
    [InlineData(16, 1, 32)]
    [InlineData(92, 1, 32)]
    [InlineData(544, 1, 32)]
    [InlineData(544, 1, 5000)]
    [InlineData(70_000, 1, 9)]
    public void RowsOfOtherElementsComeBack(int elementBytes, int columns, int rows)
    {
        var random = new Random(elementBytes * rows);
        var chunk = new byte[elementBytes * columns * rows];
        random.NextBytes(chunk);
        AssertSame(chunk, columns, "random", elementBytes);

        // Most bytes as in the row before.
        for (var i = elementBytes * columns; i < chunk.Length; i++)
        {
            chunk[i] = random.Next(8) > 0 ? chunk[i - (elementBytes * columns)] : chunk[i];
        }

        AssertSame(chunk, columns, "rows alike", elementBytes);
        Array.Clear(chunk);
        AssertSame(chunk, columns, "zeros", elementBytes);
    }

    /// <summary>Repeats of every length around the limits of a match (3 to 258) and of the 64 bytes that are compared at once.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(65)]
    public void RepeatsOfEveryLengthComeBack(int columns)
    {
        var random = new Random(columns);
        int[] lengths = [1, 2, 3, 4, 61, 62, 63, 64, 65, 66, 67, 127, 128, 129, 257, 258, 259, 260, 261, 515, 516, 517, 518, 519, 774, 777];
        var plane = new List<byte>();
        while (plane.Count < 40_000 / columns * columns)
        {
            for (var others = random.Next(1, 70); others > 0; others--)
            {
                plane.Add((byte)random.Next(256));
            }

            for (var same = lengths[random.Next(lengths.Length)]; same > 0; same--)
            {
                plane.Add(plane.Count < columns ? (byte)0 : plane[^columns]);
            }
        }

        var rows = plane.Count / columns;
        var chunk = new byte[rows * columns * sizeof(float)];
        for (var i = 0; i < rows * columns; i++)
        {
            chunk.AsSpan(i * sizeof(float), sizeof(float)).Fill(plane[i]);
        }

        AssertSame(chunk, columns, "repeats");
    }

    /// <summary>The same rows give the same bytes on every machine, also with DOTNET_EnableAVX2=0 or DOTNET_EnableHWIntrinsic=0.</summary>
    [Fact]
    public void TheBytesDoNotDependOnTheProcessor()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] encoded = [];
        foreach (var columns in (int[])[1, 7, 16, 100])
        {
            // Bytes by a rule, as sines and logarithms may differ between machines.
            var chunk = new byte[columns * 1000 * sizeof(float)];
            var state = 1u;
            for (var i = 0; i < chunk.Length; i++)
            {
                state = (state * 1664525) + 1013904223;
                var rowBytes = columns * sizeof(float);
                chunk[i] = i >= rowBytes && (state >> 24) < 200 ? chunk[i - rowBytes] : (byte)((state >> 16) & (state >> 20));
            }

            var length = new RowEncoder(sizeof(float), columns).Encode(chunk, ref encoded);
            hash.AppendData(encoded.AsSpan(0, length));
        }

        Assert.Equal("8ADA17F2CA6CFEB0", Convert.ToHexString(hash.GetHashAndReset())[..16]);
    }

    [Fact]
    public void RowsLikeHitsGetSmallerThanByZlib()
    {
        var chunk = new byte[1024 * 16 * sizeof(float)];
        Fill(chunk, 16, Contents.Hits, new Random(1));
        byte[] ours = [];
        byte[] zlib = [];
        var length = new RowEncoder(sizeof(float), 16).Encode(chunk, ref ours);
        Assert.InRange(length, 1, Codec(chunk.Length).Encode(chunk, ref zlib));
    }

    [Fact]
    public void IncompressibleRowsHardlyGrow()
    {
        var chunk = new byte[1024 * 16 * sizeof(float)];
        new Random(3).NextBytes(chunk);
        byte[] encoded = [];
        Assert.InRange(new RowEncoder(sizeof(float), 16).Encode(chunk, ref encoded), chunk.Length, chunk.Length * 1.01);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public void RefusesColumnsBeyondItsDistances(int columns) => Assert.Throws<ArgumentOutOfRangeException>(() => new RowEncoder(sizeof(float), columns));

    [Fact]
    public void ChecksumsAsZlibDoes()
    {
        Assert.Equal(1u, Adler32.Checksum([]));
        Assert.Equal(0x11E60398u, Adler32.Checksum("Wikipedia"u8));
        foreach (var length in (int[])[1, 15, 16, 31, 33, 64, 1000, 131_071, 131_072, 700_001])
        {
            var data = new byte[length];
            new Random(length).NextBytes(data);
            Assert.Equal(ZlibChecksum(data), Adler32.Checksum(data));
            data.AsSpan().Fill(0xFF);
            Assert.Equal(ZlibChecksum(data), Adler32.Checksum(data));
        }
    }

    /// <summary>The table of RFC 1951, 3.2.5.</summary>
    [Theory]
    [InlineData(1, 0, 0, 0)]
    [InlineData(2, 1, 0, 0)]
    [InlineData(4, 3, 0, 0)]
    [InlineData(5, 4, 1, 0)]
    [InlineData(6, 4, 1, 1)]
    [InlineData(7, 5, 1, 0)]
    [InlineData(16, 7, 2, 3)]
    [InlineData(17, 8, 3, 0)]
    [InlineData(256, 15, 6, 63)]
    [InlineData(257, 16, 7, 0)]
    [InlineData(24577, 29, 13, 0)]
    [InlineData(32768, 29, 13, 8191)]
    public void DistancesHaveTheSymbolsOfTheStandard(int distance, int symbol, int bits, int extra)
    {
        var (found, rest) = DeflateBlock.Distance(distance);
        Assert.Equal((symbol, bits, (ulong)extra), (found, rest.Length, rest.Bits));
    }

    private static void AssertSame(byte[] chunk, int columns, string what, int elementBytes = sizeof(float))
    {
        byte[] encoded = [];
        var length = new RowEncoder(elementBytes, columns).Encode(chunk, ref encoded);
        var decoded = new byte[chunk.Length + Fletcher32.Size];
        Codec(chunk.Length, elementBytes).Decode(encoded.AsSpan(0, length), 0, decoded);
        Assert.True(chunk.AsSpan().SequenceEqual(decoded.AsSpan(0, chunk.Length)), what);

        // Decoding may stop where the data ends; the whole stream has to be sound.
        using var stream = new ZLibStream(new MemoryStream(encoded, 0, length), CompressionMode.Decompress);
        using var all = new MemoryStream();
        stream.CopyTo(all);
        Assert.Equal(chunk.Length + Fletcher32.Size, all.Length);
    }

    private static ChunkCodec Codec(int bytes, int elementBytes = sizeof(float)) => new([H5Filter.Fletcher32, H5Filter.Shuffle(elementBytes), H5Filter.Deflate(1)], bytes);

    private static uint ZlibChecksum(byte[] data)
    {
        using var target = new MemoryStream();
        using (var stream = new ZLibStream(target, CompressionLevel.NoCompression, leaveOpen: true))
        {
            stream.Write(data);
        }

        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(target.ToArray().AsSpan(^4));
    }

    private static void Fill(byte[] chunk, int columns, Contents kind, Random random)
    {
        var values = MemoryMarshal.Cast<byte, float>(chunk.AsSpan());
        for (var i = 0; i < values.Length; i++)
        {
            var (row, column) = (i / columns, i % columns);
            values[i] = kind switch
            {
                Contents.Zeros => 0,
                Contents.OneRow => MathF.Sqrt(column + 1),
                Contents.Padded => row < values.Length / columns / 3 ? random.NextSingle() : 0,
                Contents.Hits => column % 3 == 0 ? row / 7 * 1.7f : column % 3 == 1 ? random.Next(31) : row + random.NextSingle(),
                _ => BitConverter.Int32BitsToSingle(random.Next()),
            };
        }
    }

    private enum Contents
    {
        Zeros,
        OneRow,
        Padded,
        Hits,
        Noise,
    }
}
