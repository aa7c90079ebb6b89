using OrcaSong.Numerics;
using Xunit;

namespace OrcaSong.Tests.Numerics;

public class RandomTests
{
    [Fact]
    public void GivesThePublishedFirstOutputs()
    {
        // mt19937ar.out of the authors' reference implementation: init_by_array({0x123, 0x234, 0x345, 0x456}).
        var keyed = new MersenneTwister([0x123, 0x234, 0x345, 0x456]);
        Assert.Equal([1067595299u, 955945823, 477289528, 4107218783, 4228976476], Enumerable.Range(0, 5).Select(_ => keyed.NextUInt32()));

        // The C++ standard's check of mt19937: the 10000th number of the default seed 5489.
        var seeded = new MersenneTwister(5489);
        for (var i = 1; i < 10000; i++)
        {
            seeded.NextUInt32();
        }

        Assert.Equal(4123659995u, seeded.NextUInt32());
    }

    [Fact]
    public void ShufflesAsNumPySeed42()
    {
        var items = Enumerable.Range(0, 10).ToArray();
        new MersenneTwister(42).Shuffle<int>(items);
        Assert.Equal([8, 1, 5, 0, 7, 2, 9, 4, 3, 6], items);

        int[] three = [0, 1, 2];
        new MersenneTwister(13).Shuffle<int>(three);
        Assert.Equal([1, 0, 2], three);
    }

    [Fact]
    public void ShufflesAsPythonSeed42()
    {
        var items = Enumerable.Range(0, 7).ToArray();
        new PythonRandom(42).Shuffle<int>(items);
        Assert.Equal([1, 3, 4, 2, 6, 0, 5], items);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(42u)]
    [InlineData(uint.MaxValue)]
    public void ShufflesOneAfterTheOtherAsNumPy(uint seed)
    {
        int[] sizes = [0, 1, 2, 3, 64, 65, 1000, 3001];
        var expected = NumPyOracle.Run<int>(
            """
            seed, *sizes = (int(a) for a in sys.argv[1:])
            random = np.random.RandomState(seed)
            for n in sizes:
                items = np.arange(n, dtype="i4")
                random.shuffle(items)
                give(items)
            """,
            arguments: [$"{seed}", .. sizes.Select(n => $"{n}")]);

        var twister = new MersenneTwister(seed);
        Assert.Equal(expected, sizes.SelectMany(n => Shuffled(n, items => twister.Shuffle<int>(items))));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(42u)]
    [InlineData(uint.MaxValue)]
    public void ShufflesOneAfterTheOtherAsPython(uint seed)
    {
        int[] sizes = [0, 1, 2, 3, 64, 65, 1000, 3001];
        var expected = NumPyOracle.Run<int>(
            """
            import random
            seed, *sizes = (int(a) for a in sys.argv[1:])
            generator = random.Random(seed)
            for n in sizes:
                items = list(range(n))
                generator.shuffle(items)
                give(np.array(items, dtype="i4"))
            """,
            arguments: [$"{seed}", .. sizes.Select(n => $"{n}")]);

        var python = new PythonRandom(seed);
        Assert.Equal(expected, sizes.SelectMany(n => Shuffled(n, items => python.Shuffle<int>(items))));
    }

    [Fact]
    public void IntervalsReachBothEndsAndNothingBeyond()
    {
        var twister = new MersenneTwister(1);
        Assert.Equal(0u, twister.RandomInterval(0));
        var draws = Enumerable.Range(0, 1000).Select(_ => twister.RandomInterval(4)).ToArray();
        Assert.Equal([0u, 1, 2, 3, 4], draws.Distinct().Order().ToArray());
        Assert.Equal(new MersenneTwister(9).NextUInt32(), new MersenneTwister(9).RandomInterval(uint.MaxValue));
    }

    [Fact]
    public void AnIntervalOfZeroDrawsNothing()
    {
        var twister = new MersenneTwister(3);
        twister.RandomInterval(0);
        Assert.Equal(new MersenneTwister(3).NextUInt32(), twister.NextUInt32());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(33)]
    public void RefusesBitCountsOutsideAWord(int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PythonRandom(1).NextBits(count));

    private static int[] Shuffled(int count, Action<int[]> shuffle)
    {
        var items = Enumerable.Range(0, count).ToArray();
        shuffle(items);
        return items;
    }
}
