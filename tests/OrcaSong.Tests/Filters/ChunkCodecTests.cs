using System.Buffers.Binary;
using System.Runtime.InteropServices;
using OrcaSong.Hdf5;
using OrcaSong.Hdf5.Filters;
using Xunit;

namespace OrcaSong.Tests.Filters;

public class ChunkCodecTests
{
    private static readonly H5Filter Fletcher = H5Filter.Fletcher32;
    private static readonly H5Filter Deflate = H5Filter.Deflate(5);

    [Fact]
    public void DecodesATableThatPyTablesWrote()
    {
        // 20 rows {a: int32 = 70000 + 3i, b: float64 = i / 8}, complevel=5, shuffle, fletcher32; PyTables 3.7.
        byte[] stored = Convert.FromBase64String(
            "eF4rKC6rrKlvau3o7ps4ZfqsuQsWL1spiAUwYgEMgwkcuHDjwZMXbz58+vLtx68//xgYmZgZ7FGBAxDIXuJYCwBjmiB2");
        byte[] expected = new byte[20 * 12];
        for (int row = 0; row < 20; row++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(expected.AsSpan(12 * row), 70_000 + (3 * row));
            BinaryPrimitives.WriteDoubleLittleEndian(expected.AsSpan((12 * row) + 4), row / 8.0);
        }

        ChunkCodec codec = new([Fletcher, Shuffle(12), Deflate], expected.Length);
        foreach (int spare in new[] { 0, 3, 4, 50 })
        {
            byte[] chunk = new byte[expected.Length + spare];
            codec.Decode(stored, 0, chunk);
            Assert.Equal(expected, chunk[..expected.Length]);
        }
    }

    [Fact]
    public void DecodesAChunkOfRealHitTimes()
    {
        // The first chunk of /hits/time; the values are what h5py reads. The chunk's checksum vouches for the others.
        using FileStream file = File.OpenRead(Shared.Path("data", "bench", "orca_5k.h5"));
        byte[] stored = new byte[42_493];
        file.Position = 2_644_646;
        file.ReadExactly(stored);
        ChunkCodec codec = new([Fletcher, Shuffle(8), Deflate], 65_536);
        double[] times = new double[8_192];
        codec.Decode(stored, 0, MemoryMarshal.AsBytes(times.AsSpan()));
        Assert.Equal([90516340.33225556, 90516404.83922504, 50150408.25223535], [times[0], times[1], times[8_191]]);
    }

    [Fact]
    public void DecodesAChunkThatH5pyWrote()
    {
        // arange(25, dtype='<u2') * 258, shuffle, gzip 4, then fletcher32 over the deflated bytes; h5py 3.7.
        byte[] stored = Convert.FromBase64String(
            "eF5jYGJh4+Di4RMQEhGTkJKRU1BSUdPQ0tEzYGBkYmZhZWPn4OTi5uHl4xcQFBIWERUTlwAAWUIDhUmEy3Q=");
        ChunkCodec codec = new([Shuffle(2), Deflate, Fletcher], 50);
        ushort[] chunk = new ushort[25];
        codec.Decode(stored, 0, MemoryMarshal.AsBytes(chunk.AsSpan()));
        Assert.Equal(Enumerable.Range(0, 25).Select(i => (ushort)(258 * i)), chunk);
    }

    [Fact]
    public void DecodeUndoesEncodeInEveryOrderAndForEveryMask()
    {
        Random random = new(7);
        byte[] stored = [];
        foreach (int elementSize in new[] { 1, 2, 3, 4, 8, 16, 44 })
        {
            byte[] chunk = new byte[elementSize * 37];
            random.NextBytes(chunk.AsSpan(chunk.Length / 2));
            foreach (H5Filter[] filters in Pipelines(elementSize))
            {
                ChunkCodec codec = new(filters, chunk.Length);
                for (uint mask = 0; mask < 1u << filters.Length; mask++)
                {
                    ChunkCodec writer = new([.. filters.Where((_, i) => (mask >> i & 1) == 0)], chunk.Length);
                    int length = writer.Encode(chunk, ref stored);
                    foreach (int spare in new[] { 0, 4 })
                    {
                        byte[] back = new byte[chunk.Length + spare];
                        codec.Decode(stored.AsSpan(0, length), mask, back);
                        Assert.Equal(chunk, back[..chunk.Length]);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void AWrongChecksumIsSaidWithBothValues(int elementSize)
    {
        byte[] chunk = [.. Enumerable.Range(0, 64).Select(i => (byte)i)];
        byte[] stored = [];
        ChunkCodec plain = new([Fletcher], chunk.Length);
        plain.Encode(chunk, ref stored);
        stored[20] ^= 4;
        byte[] damaged = stored[..68];
        ChunkCodec outer = new([Shuffle(elementSize), Deflate], damaged.Length);
        int length = outer.Encode(damaged, ref stored);

        ChunkCodec codec = new([Fletcher, Shuffle(elementSize), Deflate], chunk.Length);
        ChunkDamagedException error = Assert.Throws<ChunkDamagedException>(
            () => codec.Decode(stored.AsSpan(0, length), 0, new byte[64]));
        Assert.Contains($"0x{Fletcher32.Checksum(chunk):x8}", error.Message);
        Assert.Contains($"0x{Fletcher32.Checksum(damaged.AsSpan(0, 64)):x8}", error.Message);
    }

    [Fact]
    public void DamagedDeflateAndWrongLengthsAreReported()
    {
        byte[] chunk = new byte[100];
        byte[] stored = [];
        ChunkCodec codec = new([Shuffle(4), Deflate], 100);
        int length = codec.Encode(chunk, ref stored);
        Assert.Throws<ChunkDamagedException>(() => codec.Decode(stored.AsSpan(0, length - 1), 0, chunk));
        Assert.Throws<ChunkDamagedException>(() => new ChunkCodec([Deflate], 96).Decode(stored.AsSpan(0, length), 0, chunk));
        Assert.Throws<ChunkDamagedException>(() => new ChunkCodec([Deflate], 104).Decode(stored.AsSpan(0, length), 0, new byte[104]));
        Assert.Throws<ChunkDamagedException>(() => new ChunkCodec([], 100).Decode(new byte[99], 0, chunk));
        Assert.Throws<ChunkDamagedException>(() => new ChunkCodec([Shuffle(4)], 100).Decode(new byte[101], 0, chunk));
        Assert.Throws<ChunkDamagedException>(() => new ChunkCodec([Fletcher], 100).Decode(new byte[3], 0, chunk));
        Assert.Throws<ArgumentException>(() => codec.Decode(stored.AsSpan(0, length), 0, new byte[99]));
        Assert.Throws<ArgumentException>(() => codec.Encode(new byte[99], ref stored));
    }

    [Fact]
    public void OneCodecServesManyThreads()
    {
        ChunkCodec codec = new([Fletcher, Shuffle(8), Deflate], 8_000);
        Parallel.For(0, 64, i =>
        {
            Random random = new(i);
            byte[] chunk = new byte[8_000];
            random.NextBytes(chunk.AsSpan(0, 4_000));
            byte[] stored = [];
            byte[] back = new byte[8_000];
            int length = codec.Encode(chunk, ref stored);
            codec.Decode(stored.AsSpan(0, length), 0, back);
            Assert.Equal(chunk, back);
        });
    }

    [Fact]
    public void OnlyTheThreeFiltersAreSupported()
    {
        Assert.True(ChunkCodec.Supports([]));
        Assert.True(ChunkCodec.Supports([Fletcher, Shuffle(128), Deflate]));
        Assert.True(ChunkCodec.Supports([Deflate, Fletcher]));
        Assert.False(ChunkCodec.Supports([Deflate, Deflate]));
        Assert.False(ChunkCodec.Supports([new H5Filter(H5Filter.BloscId, true, 2, 2, 8)]));
        Assert.False(ChunkCodec.Supports([new H5Filter(H5Filter.SzipId, true)]));
        Assert.False(ChunkCodec.Supports([new H5Filter(H5Filter.DeflateId, true, 10)]));
        Assert.False(ChunkCodec.Supports([new H5Filter(H5Filter.DeflateId, true)]));
        Assert.False(ChunkCodec.Supports([Shuffle(0)]));
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => new ChunkCodec([new H5Filter(H5Filter.BloscId, true, 2, 8)], 10));
        Assert.Contains("32001 (2, 8)", error.Message);
    }

    private static H5Filter Shuffle(int elementSize) => H5Filter.Shuffle(elementSize);

    private static IEnumerable<H5Filter[]> Pipelines(int elementSize)
    {
        H5Filter[] all = [Fletcher, Shuffle(elementSize), Deflate];
        int[][] orders =
        [
            [], [0], [1], [2], [0, 1], [1, 0], [0, 2], [2, 0], [1, 2], [2, 1],
            [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0],
        ];
        return orders.Select(order => order.Select(i => all[i]).ToArray());
    }
}
