using OrcaSong.Hdf5.Filters;
using Xunit;

namespace OrcaSong.Tests.Filters;

public class Fletcher32Tests
{
    /// <summary>Checksums that HDF5 1.10.8 stored behind one-chunk datasets of these bytes.</summary>
    [Theory]
    [InlineData("zero", 1, 0x00000000u)]
    [InlineData("zero", 65540, 0x00000000u)]
    [InlineData("ones", 1, 0xff00ff00u)]
    [InlineData("ones", 2, 0xffffffffu)]
    [InlineData("ones", 3, 0xff00ff00u)]
    [InlineData("ones", 65540, 0xffffffffu)]
    [InlineData("ones", 200003, 0xff00ff00u)]
    [InlineData("line", 2, 0x030a030au)]
    [InlineData("line", 3, 0x1714140au)]
    [InlineData("line", 257, 0xe13e42c0u)]
    [InlineData("line", 720, 0xad72d1aau)]
    [InlineData("line", 721, 0x321e84abu)]
    [InlineData("line", 5760, 0x4ac29863u)]
    [InlineData("line", 5761, 0x66261b64u)]
    [InlineData("line", 5775, 0x290a3d55u)]
    [InlineData("line", 65540, 0xf669d461u)]
    [InlineData("line", 200003, 0x7582a0bcu)]
    [InlineData("square", 257, 0x93b604e8u)]
    [InlineData("square", 5760, 0x960c1d33u)]
    [InlineData("square", 5775, 0x7516379fu)]
    [InlineData("square", 200003, 0x3b7cd324u)]
    [InlineData("last", 2, 0x00010001u)]
    [InlineData("last", 5775, 0x01000100u)]
    [InlineData("last", 65540, 0x00010001u)]
    public void AgreesWithTheHdf5Library(string pattern, int length, uint expected)
    {
        byte[] data = [.. Enumerable.Range(0, length).Select(i => pattern switch
        {
            "ones" => (byte)255,
            "line" => (byte)((i * 7L) + 3),
            "square" => (byte)((long)i * i / 5 % 251),
            "last" => (byte)(i == length - 1 ? 1 : 0),
            _ => (byte)0,
        })];
        Assert.Equal(expected, Fletcher32.Checksum(data));
    }

    [Fact]
    public void NothingSumsToZero() => Assert.Equal(0u, Fletcher32.Checksum([]));

    [Fact]
    public void AgreesWithTheWordByWordSum()
    {
        Random random = new(3);
        byte[] data = new byte[40_000];
        for (int round = 0; round < 400; round++)
        {
            Span<byte> slice = data.AsSpan(random.Next(20), random.Next(round < 300 ? 300 : 39_000));
            random.NextBytes(slice);
            if (round % 3 == 0)
            {
                slice[(slice.Length / 3)..].Fill((byte)(round % 2 * 255));
            }

            Assert.Equal(WordByWord(slice), Fletcher32.Checksum(slice));
        }
    }

    private static uint WordByWord(ReadOnlySpan<byte> data)
    {
        uint sum1 = 0;
        uint sum2 = 0;
        for (int i = 0; i < data.Length; i += 2)
        {
            uint word = ((uint)data[i] << 8) | (i + 1 < data.Length ? data[i + 1] : 0u);
            sum1 = Fold(sum1 + word);
            sum2 = Fold(sum2 + sum1);
        }

        return (sum2 << 16) | sum1;

        static uint Fold(uint sum) => (sum & 0xffff) + (sum >> 16);
    }
}
