using System.Buffers.Binary;
using System.IO.Compression;
using Xunit;

namespace OrcaSong.Tests.Plots;

/// <summary>A PNG as gnuplot writes it: 8 bits, red, green and blue (PNG specification, 2nd edition).</summary>
internal sealed class Picture
{
    private readonly byte[] _pixels;

    private Picture(int width, int height, byte[] pixels) => (Width, Height, _pixels) = (width, height, pixels);

    public int Width { get; }

    public int Height { get; }

    /// <summary>The part of the pixels that has a colour.</summary>
    public double Share(byte red, byte green, byte blue)
    {
        var count = 0;
        for (var i = 0; i < _pixels.Length; i += 3)
        {
            count += (_pixels[i], _pixels[i + 1], _pixels[i + 2]) == (red, green, blue) ? 1 : 0;
        }

        return count / (double)(Width * Height);
    }

    public static Picture Read(string path)
    {
        var file = File.ReadAllBytes(path);
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(20)));
        Assert.Equal([8, 2], file[24..26]);
        using var data = new MemoryStream();
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            if (file.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                data.Write(file, at + 8, length);
            }

            at += 12 + length;
        }

        data.Position = 0;
        using var stream = new ZLibStream(data, CompressionMode.Decompress);
        var row = 3 * width;
        var (pixels, previous, current) = (new byte[row * height], new byte[row], new byte[row]);
        for (var y = 0; y < height; y++)
        {
            var filter = stream.ReadByte();
            stream.ReadExactly(current);
            for (var i = 0; i < row; i++)
            {
                int left = i < 3 ? 0 : current[i - 3], up = previous[i], corner = i < 3 ? 0 : previous[i - 3];
                current[i] += (byte)(filter switch { 1 => left, 2 => up, 3 => (left + up) / 2, 4 => Paeth(left, up, corner), _ => 0 });
            }

            current.CopyTo(pixels, y * row);
            (previous, current) = (current, previous);
        }

        return new Picture(width, height, pixels);
    }

    private static int Paeth(int left, int up, int corner)
    {
        var (toLeft, toUp, toCorner) = (Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - (2 * corner)));
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }
}
