using OrcaSong.Numerics;
using Xunit;

namespace OrcaSong.Tests.Numerics;

public sealed class PairwiseSumTests
{
    [Fact]
    public void SumsAsNumPyDoes()
    {
        int[] counts = [0, 1, 2, 7, 8, 9, 15, 16, 17, 127, 128, 129, 136, 255, 256, 257, 1000, 4096, 5003];
        var random = new Random(7);
        var numbers = new double[counts.Max()];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (random.NextDouble() - 0.3) * Math.Pow(10, random.Next(-8, 8));
        }

        // The one sums neighbours, the other numbers with gaps between them, as the columns of a table have.
        var script = $"""
            a = take("f8")
            strided = np.zeros(len(a), dtype=[("n", "i4"), ("a", "f8")])
            strided["a"] = a
            for n in [{string.Join(", ", counts)}]:
                assert a[:n].sum() == strided["a"][:n].sum()
                give(a[:n].sum())
            """;
        var expected = NumPyOracle.Run<double>(script, NumPyOracle.Bytes<double>(numbers));
        var sums = counts.Select(n =>
        {
            var source = new Numbers(numbers);
            return PairwiseSum.Of(ref source, n);
        });
        Assert.Equal(expected.Select(BitConverter.DoubleToInt64Bits), sums.Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    public void NumbersIdentifiersInTheOrderInWhichTheyCome()
    {
        var table = new IdTable();
        var random = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            var count = random.Next(0, 300);
            var ids = Enumerable.Range(0, count).Select(_ => (long)random.Next(-40, 40) << random.Next(0, 40)).ToArray();
            var distinct = ids.Distinct().ToList();
            table.Reset(count);
            Assert.Equal(ids.Select(id => distinct.IndexOf(id)), ids.Select(table.Add));
            Assert.Equal(distinct.Count, table.Count);
            Assert.Equal(-1, table.IndexOf(long.MaxValue));
            Assert.All(distinct, id => Assert.Equal(distinct.IndexOf(id), table.IndexOf(id)));
        }
    }

    private struct Numbers(double[] values) : INumberSource
    {
        private int _next;

        public double Next() => values[_next++];
    }
}
