using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Numerics;
using System.Text;
using OrcaSong.Hdf5.Filters;
using OrcaSong.Images;
using Xunit;

namespace OrcaSong.Tests.Filters;

public class SparseImageEncoderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(258)]
    [InlineData(259)]
    [InlineData(260)]
    [InlineData(261)]
    [InlineData(262)]
    [InlineData(1_785_601)]
    public void AnEmptyImageIsZeros(int length)
    {
        AssertDecodes([], [], length, fletcher32: true);
        AssertDecodes([], [], length, fletcher32: false);
    }

    [Fact]
    public void AnEmptyImageIsSmall()
        => Assert.InRange(AssertDecodes([], [], 32 * 55_800, fletcher32: true), 1, 1_850);

    [Fact]
    public void EveryRunOfZerosIsRight()
    {
        // Runs of 0, 1, 2, ... 800 zeros between two values each, with first and last bytes zero or not.
        List<int> positions = [0];
        for (int run = 0; run <= 800; run++)
        {
            positions.Add(positions[^1] + run + 1);
        }

        byte[] values = [.. positions.Select(position => (byte)((position % 255) + 1))];
        for (int end = 1; end < 9; end++)
        {
            AssertDecodes([.. positions], values, positions[^1] + end, fletcher32: true);
            AssertDecodes([.. positions.Select(position => position + end)], values, positions[^1] + end + 1, fletcher32: end % 2 == 0);
        }
    }

    [Fact]
    public void RandomImagesDecodeToTheirDenseBytes()
    {
        Random random = new(5);
        for (int round = 0; round < 300; round++)
        {
            int length = 1 + (int)Math.Exp(random.NextDouble() * 11);
            double fill = Math.Exp(-8 * random.NextDouble());
            int largest = random.Next(2) == 0 ? 3 : 256;
            int[] positions = [.. Enumerable.Range(0, length).Where(_ => random.NextDouble() < fill)];
            byte[] values = [.. positions.Select(_ => (byte)random.Next(1, largest))];
            AssertDecodes(positions, values, length, fletcher32: random.Next(2) == 0);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(65_535)]
    [InlineData(400_001)]
    public void AFullImageIsAboutItsOwnSize(int length)
    {
        Random random = new(length);
        int[] positions = [.. Enumerable.Range(0, length)];
        byte[] values = [.. positions.Select(_ => (byte)random.Next(1, 256))];
        Assert.InRange(AssertDecodes(positions, values, length, fletcher32: true), 1, length + (length / 200) + 300);
        Array.Fill(values, (byte)255);
        AssertDecodes(positions, values, length, fletcher32: true);
    }

    [Fact]
    public void CountsThatOutgrowTheCodeLengthLimitAreRight()
    {
        // Values 1, 2, 3, ... so often as Fibonacci's numbers say, and a single run of three zeros, whose literals are rare.
        List<byte> values = [];
        (int a, int b) = (1, 1);
        for (int value = 1; value < 25; value++)
        {
            values.AddRange(Enumerable.Repeat((byte)value, a));
            (a, b) = (b, a + b);
        }

        int[] positions = [.. Enumerable.Range(0, values.Count).Select(i => i < 100 ? i : i + 3)];
        AssertDecodes(positions, [.. values], values.Count + 3, fletcher32: false);
    }

    [Fact]
    public void IsSmallerThanZlibMakesIt()
    {
        Random random = new(8);
        byte[] dense = new byte[32 * 55_800];
        for (int hit = 0; hit < 32 * 300; hit++)
        {
            dense[random.Next(dense.Length)]++;
        }

        int[] positions = [.. Enumerable.Range(0, dense.Length).Where(i => dense[i] != 0)];
        byte[] values = [.. positions.Select(i => dense[i])];
        byte[] stored = [];
        int length = AssertDecodes(positions, values, dense.Length, fletcher32: true);
        Assert.InRange(length, 1, Zlib.Deflate(dense, 6, ref stored));
    }

    [Fact]
    public void ASumOf65535IsNotFoldedToZero()
    {
        // 257 * 255 = 65535: both sums are multiples of 65535 or nearly so, and none is 0.
        int[] positions = [.. Enumerable.Range(0, 257).Select(i => (2 * i) + 1)];
        byte[] values = [.. Enumerable.Repeat((byte)255, 257)];
        AssertDecodes(positions, values, 515, fletcher32: true);
        AssertDecodes(positions, values, 514 + (2 * 65_535), fletcher32: true);
        AssertDecodes([0, 1], [255, 255], 2, fletcher32: true);
    }

    [Fact]
    public void TheSameBinsGiveTheSameBytes()
    {
        int[] positions = [3, 700, 701, 50_000];
        byte[] values = [1, 2, 1, 9];
        byte[] first = Encoded(positions, values, 55_800, fletcher32: true);
        Parallel.For(0, 8, _ => Assert.Equal(first, Encoded(positions, values, 55_800, fletcher32: true)));
    }

    [Fact]
    public void TheLongestImageThereIs()
    {
        const int Length = int.MaxValue;
        int[] positions = [0, 5, 1 << 30, Length - 2, Length - 1];
        byte[] values = [1, 200, 255, 7, 9];
        byte[] stored = Encoded(positions, values, Length, fletcher32: true);

        // 2 GB: only what is not zero is looked at. The inflater checks the Adler-32.
        using ZLibStream inflater = new(new MemoryStream(stored), CompressionMode.Decompress);
        byte[] buffer = new byte[1 << 18];
        List<(long Position, byte Value)> found = [];
        long start = 0;
        for (int read; (read = inflater.Read(buffer)) > 0; start += read)
        {
            for (int i = 0; i < read;)
            {
                int next = buffer.AsSpan(i, read - i).IndexOfAnyExcept((byte)0);
                if (next < 0)
                {
                    break;
                }

                found.Add((start + i + next, buffer[i + next]));
                i += next + 1;
            }
        }

        Assert.Equal(Length + 4L, start);
        Assert.Equal(positions.Zip(values, (position, value) => ((long)position, value)), found.Where(item => item.Position < Length));
        BigInteger words = ((BigInteger)Length + 1) / 2;
        BigInteger sum1 = 0;
        BigInteger sum2 = 0;
        foreach ((int position, byte value) in positions.Zip(values))
        {
            BigInteger word = position % 2 == 0 ? value << 8 : value;
            sum1 += word;
            sum2 += word * (words - (position / 2));
        }

        uint expected = ((uint)(sum2 % 65535) << 16) | (uint)(sum1 % 65535);
        uint checksum = 0;
        foreach ((long position, byte value) in found.Where(item => item.Position >= Length))
        {
            checksum |= (uint)value << (int)(8 * (position - Length));
        }

        Assert.Equal(expected, checksum);
    }

    [Theory]
    [InlineData(new[] { 5, 5 }, 10, "index 1 after 5")]
    [InlineData(new[] { 5, 4 }, 10, "index 1 after 5")]
    [InlineData(new[] { -1, 4 }, 10, "found -1 at index 0")]
    [InlineData(new[] { 3, 10 }, 10, "below 10, found 10")]
    [InlineData(new[] { 0, int.MaxValue, 5 }, 10, "found 5 at index 2")]
    [InlineData(new[] { 0, 20, 5 }, 10, "found 5 at index 2")]
    public void WrongPositionsAreReported(int[] positions, int length, string message)
    {
        byte[] stored = [];
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => SparseImageEncoder.Encode(positions, new byte[positions.Length], length, true, ref stored));
        Assert.Contains(message, error.Message);
        Assert.Throws<ArgumentException>(
            () => SparseImageEncoder.Encode(positions, new byte[positions.Length + 1], length, true, ref stored));
    }

    [Fact]
    public void Hdf5ReadsTheChunk()
    {
        const string Script = """
            import sys, h5py, numpy
            folder = sys.argv[1]
            with h5py.File(folder + '/image.h5', 'w') as file:
                plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
                plist.set_chunk((4, 9, 7, 31))
                plist.set_fletcher32()
                plist.set_shuffle()
                plist.set_deflate(1)
                space = h5py.h5s.create_simple((8, 9, 7, 31))
                x = h5py.Dataset(h5py.h5d.create(file.id, b'x', h5py.h5t.STD_U8LE, space, plist))
                for i in (0, 1):
                    x.id.write_direct_chunk((4 * i, 0, 0, 0), open(f'{folder}/{i}', 'rb').read())
            with h5py.File(folder + '/image.h5') as file:
                image = file['x'][()].ravel()
                print(' '.join(f'{p}:{image[p]}' for p in numpy.flatnonzero(image)))
            """;
        const int Length = 4 * 9 * 7 * 31;
        Random random = new(2);
        string folder = Directory.CreateTempSubdirectory("orcasong").FullName;
        try
        {
            StringBuilder expected = new();
            for (int chunk = 0; chunk < 2; chunk++)
            {
                int[] positions = [.. Enumerable.Range(0, Length).Where(_ => random.Next(20) == 0)];
                byte[] values = [.. positions.Select(_ => (byte)random.Next(1, 5))];
                File.WriteAllBytes(Path.Combine(folder, $"{chunk}"), Encoded(positions, values, Length, fletcher32: true));
                expected.AppendJoin(' ', positions.Zip(values, (position, value) => $"{position + (chunk * Length)}:{value}")).Append(' ');
            }

            Assert.Equal(expected.ToString().Trim(), Python(Script, folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Python(string script, string argument)
    {
        const string Interpreter = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Interpreter), "there is no /usr/bin/python3");
        ProcessStartInfo start = new(Interpreter, ["-c", script, argument]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        string error = errors.GetAwaiter().GetResult();
        Assert.SkipWhen(error.Contains("No module named", StringComparison.Ordinal), "python3-h5py is not installed");
        Assert.True(process.ExitCode == 0, error);
        return output;
    }

    /// <summary>Checks the stream against the dense bytes with the runtime's inflater; returns its length.</summary>
    private static int AssertDecodes(int[] positions, byte[] values, int length, bool fletcher32)
    {
        byte[] dense = new byte[length + (fletcher32 ? 4 : 0)];
        for (int i = 0; i < positions.Length; i++)
        {
            dense[positions[i]] = values[i];
        }

        if (fletcher32)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(dense.AsSpan(length), Fletcher32.Checksum(dense.AsSpan(0, length)));
        }

        byte[] stored = Encoded(positions, values, length, fletcher32);
        using ZLibStream inflater = new(new MemoryStream(stored), CompressionMode.Decompress);
        byte[] found = new byte[dense.Length + 1];
        int count = inflater.ReadAtLeast(found, found.Length, throwOnEndOfStream: false);
        Assert.Equal(dense.Length, count);
        Assert.True(dense.AsSpan().SequenceEqual(found.AsSpan(0, count)));

        // Ours also notices a missing end.
        Zlib.Inflate(stored, dense);
        return stored.Length;
    }

    private static byte[] Encoded(int[] positions, byte[] values, int length, bool fletcher32)
    {
        byte[] stored = [];
        int count = SparseImageEncoder.Encode(positions, values, length, fletcher32, ref stored);
        return stored[..count];
    }
}
