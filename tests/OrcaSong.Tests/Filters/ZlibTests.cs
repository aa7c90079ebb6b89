using System.IO.Compression;
using OrcaSong.Hdf5.Filters;
using Xunit;

namespace OrcaSong.Tests.Filters;

public class ZlibTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void InflateUndoesDeflate(int level)
    {
        byte[] stored = [];
        foreach (int length in new[] { 0, 1, 100, 8_192, 300_000 })
        {
            byte[] data = Data(length);
            int count = Zlib.Deflate(data, level, ref stored);
            byte[] back = new byte[length];
            Assert.Equal(length, Inflate(stored.AsSpan(0, count), back));
            Assert.Equal(data, back);

            using ZLibStream reference = new(new MemoryStream(stored, 0, count), CompressionMode.Decompress);
            using MemoryStream inflated = new();
            reference.CopyTo(inflated);
            Assert.Equal(data, inflated.ToArray());
        }
    }

    [Fact]
    public void LevelsAreZlibsOwn()
    {
        byte[] data = Data(100_000);
        byte[] stored = [];
        int[] lengths = [.. Enumerable.Range(0, 10).Select(level => Zlib.Deflate(data, level, ref stored))];
        Assert.InRange(lengths[0], data.Length, data.Length + 200);
        Assert.True(lengths[1] < lengths[0]);
        Assert.True(lengths[9] < lengths[1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Zlib.Deflate(data, 10, ref stored));
        Assert.Throws<ArgumentOutOfRangeException>(() => Zlib.Deflate(data, -1, ref stored));
    }

    [Fact]
    public void TheSameBytesGiveTheSameStreamOnEveryThread()
    {
        byte[] data = Data(70_000);
        byte[] expected = Deflated(data);
        byte[][] found = new byte[16][];
        Parallel.For(0, found.Length, i => found[i] = Deflated(data));
        Assert.All(found, stream => Assert.Equal(expected, stream));
    }

    [Fact]
    public void AnyCutIsNoticed()
    {
        byte[] data = Data(600);
        byte[] stored = Deflated(data);
        for (int length = 0; length < stored.Length; length++)
        {
            InvalidDataException error = Assert.Throws<InvalidDataException>(
                () => Inflate(stored.AsSpan(0, length), new byte[data.Length]));
            Assert.Contains("600 bytes", error.Message);
        }
    }

    [Theory]
    [InlineData(1, "hold more")]
    [InlineData(20_000, "hold more")]
    [InlineData(-1, "hold 20000")]
    [InlineData(-9000, "hold 20000")]
    public void AnotherLengthIsNoticed(int missing, string message)
    {
        byte[] stored = Deflated(Data(20_000));
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Inflate(stored, new byte[20_000 - missing]));
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void DamageIsNoticed()
    {
        byte[] data = Data(5_000);
        byte[] stored = Deflated(data);
        Assert.Throws<InvalidDataException>(() => Inflate(new byte[100], new byte[5_000]));
        Assert.Throws<InvalidDataException>(() => Inflate([0x78, 0x20, 1, 2, 3, 4, 5, 6, 7, 8], new byte[5_000]));
        for (int place = stored.Length - 4; place < stored.Length; place++)
        {
            stored[place] ^= 1;
            Assert.Throws<InvalidDataException>(() => Inflate(stored, new byte[5_000]));
            stored[place] ^= 1;
        }

        for (int place = 2; place < stored.Length - 4; place += 37)
        {
            stored[place] ^= 0x10;
            Assert.Throws<InvalidDataException>(() => Inflate(stored, new byte[5_000]));
            stored[place] ^= 0x10;
        }

        Assert.Equal(5_000, Inflate(stored, new byte[5_000]));
    }

    [Fact]
    public void BytesAfterTheStreamAreIgnored()
    {
        byte[] data = Data(500);
        byte[] back = new byte[500];
        Inflate([.. Deflated(data), 1, 2, 3], back);
        Assert.Equal(data, back);
    }

    [Fact]
    public void LibdeflateIsUsedWhereItIs()
    {
        if (!Libdeflate.IsAvailable)
        {
            Assert.Skip("libdeflate is absent");
        }

        byte[] data = Data(70_000);
        byte[] stored = Deflated(data);
        byte[] back = new byte[data.Length];
        Assert.True(Libdeflate.TryInflate(stored, back));
        Assert.Equal(data, back);
        Assert.False(Libdeflate.TryInflate(stored, new byte[data.Length + 1]));
        Assert.False(Libdeflate.TryInflate(stored, new byte[data.Length - 1]));
        Assert.False(Libdeflate.TryInflate(stored.AsSpan(0, stored.Length - 1), back));
        Assert.False(Libdeflate.TryInflate([], back));
    }

    [Fact]
    public void DamageNeverWritesBeyondTheDestination()
    {
        Random random = new(5);
        byte[] stored = Deflated(Data(5_000));
        byte[] memory = new byte[5_200];
        for (int round = 0; round < 3_000; round++)
        {
            byte[] damaged = stored[..random.Next(stored.Length)];
            for (int flips = random.Next(4); flips >= 0 && damaged.Length > 0; flips--)
            {
                damaged[random.Next(Math.Min(damaged.Length, 200))] = (byte)random.Next(256);
            }

            memory.AsSpan().Fill(0xA5);
            try
            {
                Zlib.Inflate(damaged, memory.AsSpan(100, 5_000));
            }
            catch (InvalidDataException)
            {
                // As it should be.
            }

            Assert.Equal(-1, memory.AsSpan(0, 100).IndexOfAnyExcept((byte)0xA5));
            Assert.Equal(-1, memory.AsSpan(5_100).IndexOfAnyExcept((byte)0xA5));
        }
    }

    [Theory]
    [InlineData("off", 0)]
    [InlineData("OFF", 0)]
    [InlineData("/opt/libdeflate.so", 1)]
    public void TheEnvironmentVariableSaysWhichLibrary(string value, int candidates)
    {
        Assert.Equal(candidates, Libdeflate.Candidates(value).Count());
        Assert.All(Libdeflate.Candidates(value), candidate => Assert.Equal(value, candidate));
        Assert.NotEmpty(Libdeflate.Candidates(null));
        Assert.NotEmpty(Libdeflate.Candidates(string.Empty));
    }

    /// <summary>Inflates with and without libdeflate: both must do the same, and complain in the same words.</summary>
    private static int Inflate(ReadOnlySpan<byte> source, byte[] destination)
    {
        byte[] other = new byte[destination.Length];
        try
        {
            int produced = Zlib.InflateByRuntime(source, other);
            Assert.Equal(produced, Zlib.Inflate(source, destination));
            Assert.Equal(other, destination);
            return produced;
        }
        catch (InvalidDataException error)
        {
            byte[] stored = source.ToArray();
            Assert.Equal(error.Message, Assert.Throws<InvalidDataException>(() => Zlib.Inflate(stored, destination)).Message);
            throw;
        }
    }

    private static byte[] Deflated(byte[] data)
    {
        byte[] stored = [];
        int length = Zlib.Deflate(data, 5, ref stored);
        return stored[..length];
    }

    private static byte[] Data(int length)
    {
        Random random = new(length);
        return [.. Enumerable.Range(0, length).Select(i => (byte)((i / 8 % 50) + random.Next(4)))];
    }
}
