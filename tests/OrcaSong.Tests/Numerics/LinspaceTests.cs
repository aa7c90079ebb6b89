using OrcaSong.Numerics;
using Xunit;

namespace OrcaSong.Tests.Numerics;

public class LinspaceTests
{
    private static readonly (double Start, double Stop, int Count)[] Presets =
    [
        (26, 198, 19), (24, 198, 19), (-50, 550, 101), (-0.5, 30.5, 32), (-100, 900, 301),
        (0, 1, 0), (3, 7, 1), (3, 7, 2), (7, 3, 5), (5, 5, 4), (0, 0, 3), (-0.0, 0, 3), (0, 5e-324, 4), (0, 1e-320, 5000),
        (1e300, -1e300, 7), (-1.7e308, 1.7e308, 5), (0, double.PositiveInfinity, 3), (double.NaN, 1, 3), (0, double.PositiveInfinity, 1),
    ];

    [Fact]
    public void EqualsNumPyBitForBit()
    {
        var cases = Presets.Concat(RandomCases(500)).ToArray();
        var input = cases.SelectMany(c => new[] { c.Start, c.Stop, c.Count }).ToArray();
        var expected = NumPyOracle.Run<long>(
            "for a, b, n in take('f8').reshape(-1, 3): give(np.linspace(a, b, int(n)))",
            NumPyOracle.Bytes<double>(input));

        var position = 0;
        foreach (var (start, stop, count) in cases)
        {
            var values = NumPy.Linspace(start, stop, count);
            Assert.Equal(count, values.Length);
            for (var i = 0; i < count; i++, position++)
            {
                var want = BitConverter.Int64BitsToDouble(expected[position]);
                var same = double.IsNaN(want) ? double.IsNaN(values[i]) : expected[position] == BitConverter.DoubleToInt64Bits(values[i]);
                Assert.True(same, $"linspace({start:R}, {stop:R}, {count})[{i}]: expected {want:R}, found {values[i]:R}");
            }
        }

        Assert.Equal(expected.Length, position);
    }

    /// <summary>Where multiplying before adding, and setting the last point, show: values that exact arithmetic rounds elsewhere.</summary>
    [Fact]
    public void KeepsNumPysRounding()
    {
        var edges = NumPy.Linspace(26, 198, 19);
        Assert.Equal(26, edges[0]);
        Assert.Equal(35.55555555555556, edges[1]);
        Assert.Equal(198, edges[18]);
        Assert.Equal([0, 0.1, 0.2, 0.30000000000000004], NumPy.Linspace(0, 1, 11)[..4]);
    }

    [Fact]
    public void RefusesANegativeCount() => Assert.Throws<ArgumentOutOfRangeException>(() => NumPy.Linspace(0, 1, -1));

    private static IEnumerable<(double Start, double Stop, int Count)> RandomCases(int count)
    {
        var random = new Random(7);
        for (var i = 0; i < count; i++)
        {
            var scale = Math.Pow(10, random.Next(-8, 9));
            var digits = random.Next(0, 5);
            yield return (Math.Round(random.NextDouble() * 1000, digits) * scale, Math.Round((random.NextDouble() - 0.5) * 1000, digits) * scale,
                random.Next(1, 400));
        }
    }
}
