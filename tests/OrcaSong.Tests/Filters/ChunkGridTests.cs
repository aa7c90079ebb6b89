using OrcaSong.Hdf5.Filters;
using Xunit;

namespace OrcaSong.Tests.Filters;

public sealed class ChunkGridTests
{
    [Theory]
    [InlineData("7", "3", 4)]
    [InlineData("7,5", "3,5", 2)]
    [InlineData("7,5", "3,2", 1)]
    [InlineData("7,5", "3,9", 8)]
    [InlineData("7,5,4", "2,5,4", 1)]
    [InlineData("7,5,4", "2,2,3", 3)]
    [InlineData("7,5,4", "1,5,1", 4)]
    [InlineData("2,3,4,5", "4,2,4,2", 1)]
    [InlineData("0,3", "4,2", 1)]
    public void CutsABlockIntoChunksAndPutsItTogether(string shapeText, string chunkText, int elementBytes)
    {
        var (shape, chunk) = (Numbers(shapeText), Numbers(chunkText));
        var grid = new ChunkGrid(shape, chunk, elementBytes);
        var row = shape.Skip(1).Aggregate(1L, (product, n) => product * n);
        Assert.Equal(chunk[0], grid.Rows);
        Assert.Equal(chunk.Aggregate((long)elementBytes, (product, n) => product * n), grid.ChunkBytes);
        Assert.Equal(chunk[0] * row * elementBytes, grid.BlockBytes);
        Assert.Equal(shape.Skip(1).SequenceEqual(chunk.Skip(1)), grid.IsWhole);

        // Element number n holds n + 1, so that the zeros beyond the edge are seen.
        var elements = Enumerable.Range(0, (int)(chunk[0] * row)).ToArray();
        var block = elements.SelectMany(n => Enumerable.Repeat((byte)(n + 1), elementBytes)).ToArray();
        var together = new byte[block.Length];
        var seen = new List<byte>();
        for (var i = 0; i < grid.Count; i++)
        {
            var bytes = Enumerable.Repeat((byte)255, grid.ChunkBytes).ToArray();
            grid.Gather(block, i, bytes);
            var at = grid.Coordinate(30, i);
            Assert.Equal(30, at[0]);
            for (var n = 0; n < bytes.Length; n++)
            {
                Assert.Equal(Expected(at, n / elementBytes), bytes[n]);
            }

            seen.AddRange(bytes.Where(b => b > 0));
            grid.Scatter(bytes, i, together);
        }

        Assert.Equal(block, together);
        Assert.Equal(block.Order(), seen.Order());

        // What the chunk's element is, worked out one axis after the other.
        byte Expected(long[] first, int element)
        {
            long number = 0;
            var position = new long[chunk.Length];
            for (var axis = chunk.Length - 1; axis >= 0; axis--)
            {
                position[axis] = element % chunk[axis];
                element /= (int)chunk[axis];
            }

            for (var axis = 0; axis < chunk.Length; axis++)
            {
                var place = (axis == 0 ? 0 : first[axis]) + position[axis];
                if (axis > 0 && place >= shape[axis])
                {
                    return 0;
                }

                number = (number * (axis == 0 ? chunk[0] : shape[axis])) + place;
            }

            return (byte)(number + 1);
        }
    }

    [Fact]
    public void RefusesWhatNoBlockCanHold()
    {
        Assert.Throws<ArgumentException>(() => new ChunkGrid([5, 5], [5], 1));
        Assert.Throws<ArgumentException>(() => new ChunkGrid([], [], 1));
        Assert.Contains("larger than 1 GiB", Assert.Throws<ArgumentException>(() => new ChunkGrid([1L << 40], [1L << 31], 1)).Message, StringComparison.Ordinal);
        Assert.Contains("larger than 1 GiB", Assert.Throws<ArgumentException>(() => new ChunkGrid([1000, 1L << 30], [16, 64], 1)).Message, StringComparison.Ordinal);
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => new ChunkGrid([5, 0], [5, 1], 1)).Message, StringComparison.Ordinal);
    }

    private static long[] Numbers(string text) => [.. text.Split(',').Select(long.Parse)];
}
