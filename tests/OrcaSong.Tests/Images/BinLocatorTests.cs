using OrcaSong.Images;
using OrcaSong.Numerics;
using Xunit;

namespace OrcaSong.Tests.Images;

/// <summary>Bins against a search from edge to edge, where it matters: on the edges and a hair beside them.</summary>
public sealed class BinLocatorTests
{
    public static IEnumerable<TheoryDataRow<string>> Kinds() =>
        new[] { "linspace", "far away", "tiny", "nearly even", "halfway uneven", "random", "zero width", "one bin", "many", "integers", "huge" }.Select(k => new TheoryDataRow<string>(k));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void FindsTheBinOfNumPy(string kind)
    {
        var random = new Random(7);
        for (var trial = 0; trial < 20; trial++)
        {
            var edges = Edges(kind, random);
            var values = edges.SelectMany(e => new[] { e, Math.BitIncrement(e), Math.BitDecrement(e), Math.BitIncrement(Math.BitIncrement(e)) })
                .Concat(edges.Zip(edges.Skip(1), (a, b) => (a / 2) + (b / 2)))
                .Concat(Enumerable.Range(0, 50).Select(_ => edges[0] + (random.NextDouble() * (edges[^1] - edges[0]))))
                .Concat([double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.MinValue, 0, -0.0, double.Epsilon])
                .ToArray();
            random.Shuffle(values);
            var bins = new int[values.Length];
            var locator = new BinLocator(edges);
            locator.Find(values, bins);
            for (var i = 0; i < values.Length; i++)
            {
                var expected = Search(edges, values[i]);
                Assert.True(expected == bins[i], $"{values[i]:R} is in bin {expected}, not {bins[i]}, of {string.Join(' ', edges.Take(8))} ...");
                Assert.Equal(expected, locator.Find(values[i]));
            }
        }
    }

    private static double[] Edges(string kind, Random random)
    {
        var bins = random.Next(1, 200);
        return kind switch
        {
            "linspace" => NumPy.Linspace(random.Next(-1000, 1000) / 7.0, 150 + (random.NextDouble() * 1000), bins + 1),
            "far away" => NumPy.Linspace(1e12, 1e12 + bins, bins + 1),
            "tiny" => NumPy.Linspace(1, 1 + (bins * 4e-16), bins + 1) is var tiny && tiny[^1] > tiny[0] ? [.. tiny.Order()] : [1, 2],
            "nearly even" => [.. NumPy.Linspace(-50, 550, bins + 1).Select(e => e + ((random.NextDouble() - 0.5) * 100 / bins)).Order()],
            "halfway uneven" => [.. NumPy.Linspace(-50, 550, bins + 1).Select(e => e + ((random.NextDouble() - 0.5) * 300 / bins)).Order()],
            "random" => [.. Enumerable.Range(0, bins + 1).Select(_ => Math.Round(random.NextDouble() * 100, 2)).Order(), 101],
            "zero width" => [0, 0, 0, 1, 2, 2, 3, 3],
            "one bin" => [-1.5, 1.5],
            "many" => NumPy.Linspace(-0.5, 30.5, 2001),
            "integers" => [.. Enumerable.Range(random.Next(-5, 5), bins + 1).Select(i => (double)i)],
            _ => [double.MinValue, -1e300, 0, 1e-300, 1e300, double.MaxValue],
        };
    }

    private static int Search(double[] edges, double value)
    {
        // numpy: searchsorted(edges, value, side="right") - 1, and the last edge belongs to the last bin.
        if (!(value >= edges[0] && value <= edges[^1]))
        {
            return -1;
        }

        var right = Array.FindIndex(edges, e => e > value);
        return (right < 0 ? edges.Length - 1 : right) - 1;
    }
}
