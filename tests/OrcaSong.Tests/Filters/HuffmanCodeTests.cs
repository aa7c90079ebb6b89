using OrcaSong.Images;
using Xunit;

namespace OrcaSong.Tests.Filters;

public class HuffmanCodeTests
{
    [Fact]
    public void CodesAreCompleteAndTheBestUnlessTheLimitBinds()
    {
        Random random = new(11);
        for (int round = 0; round < 200; round++)
        {
            long[] counts = [.. Enumerable.Range(0, 2 + random.Next(285))
                .Select(_ => random.Next(3) == 0 ? 0 : (long)Math.Exp(random.NextDouble() * random.Next(1, 6)))];
            counts[0] = 1;
            counts[^1] = 1;
            byte[] lengths = new byte[counts.Length];
            HuffmanCode.AssignLengths(counts, lengths, 15);
            AssertComplete(counts, lengths, 15);
            Assert.Equal(BestCost(counts), counts.Zip(lengths, (count, length) => count * length).Sum());
        }
    }

    [Theory]
    [InlineData(7, 19)]
    [InlineData(13, 40)]
    [InlineData(9, 286)]
    public void LengthsKeepTheLimit(int limit, int symbols)
    {
        // Fibonacci counts make the deepest tree there is.
        long[] counts = new long[symbols];
        (long a, long b) = (1, 1);
        for (int i = 0; i < symbols; i++)
        {
            counts[i] = a;
            (a, b) = (b, Math.Min(a + b, 1L << 40));
        }

        byte[] lengths = new byte[symbols];
        HuffmanCode.AssignLengths(counts, lengths, limit);
        AssertComplete(counts, lengths, limit);
        Assert.Equal(limit, lengths.Max());
    }

    [Fact]
    public void FewerThanTwoSymbolsAreFilledUp()
    {
        byte[] lengths = new byte[4];
        HuffmanCode.AssignLengths([0, 0, 0, 0], lengths, 7);
        Assert.Equal([1, 1, 0, 0], lengths);
        HuffmanCode.AssignLengths([0, 0, 9, 0], lengths, 7);
        Assert.Equal([1, 0, 1, 0], lengths);
        HuffmanCode.AssignLengths([9, 0, 0, 0], lengths, 7);
        Assert.Equal([1, 1, 0, 0], lengths);
    }

    [Fact]
    public void CodesAreTheOnesOfRfc1951()
    {
        // The example of 3.2.2: A to H with lengths 3 3 3 3 3 2 4 4 are 010 011 100 101 110 00 1110 1111.
        ushort[] codes = new ushort[8];
        HuffmanCode.AssignCodes([3, 3, 3, 3, 3, 2, 4, 4], codes);
        Assert.Equal([0b010, 0b110, 0b001, 0b101, 0b011, 0b00, 0b0111, 0b1111], codes);
    }

    private static void AssertComplete(long[] counts, byte[] lengths, int limit)
    {
        Assert.Equal(counts.Select(count => count > 0), lengths.Select(length => length > 0));
        Assert.All(lengths, length => Assert.InRange(length, 0, limit));
        Assert.Equal(1 << limit, lengths.Where(length => length > 0).Sum(length => 1 << (limit - length)));
    }

    private static long BestCost(long[] counts)
    {
        PriorityQueue<long, long> queue = new(counts.Where(count => count > 0).Select(count => (count, count)));
        long cost = 0;
        while (queue.Count > 1)
        {
            long sum = queue.Dequeue() + queue.Dequeue();
            cost += sum;
            queue.Enqueue(sum, sum);
        }

        return cost;
    }
}
