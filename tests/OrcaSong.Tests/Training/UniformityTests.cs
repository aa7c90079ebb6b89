using OrcaSong.Training;
using Xunit;

namespace OrcaSong.Tests.Training;

/// <summary>
/// Whether every order is as likely as any other: Pearson's chi-squared of many small shuffles with fixed seeds. The limit is the mean of the distribution
/// and six standard deviations.
/// </summary>
public sealed class UniformityTests
{
    private const int Shuffles = 20_000;

    [Fact]
    public void EveryEventIsAtEveryPlaceAsOften()
    {
        const int events = 8;
        var counts = new long[events * events];
        foreach (var order in Orders(events))
        {
            for (var place = 0; place < events; place++)
            {
                counts[(place * events) + order[place]]++;
            }
        }

        Check(counts, Shuffles / (double)events, (events - 1) * (events - 1));
    }

    [Fact]
    public void EveryPairIsAtEveryTwoPlacesAsOften()
    {
        const int events = 5;
        const int ordered = events * (events - 1);
        for (var a = 0; a < events; a++)
        {
            for (var b = 0; b < events; b++)
            {
                if (a != b)
                {
                    var counts = new long[events * events];
                    foreach (var order in Orders(events))
                    {
                        counts[(order[a] * events) + order[b]]++;
                    }

                    Check([.. counts.Where((_, i) => i / events != i % events)], Shuffles / (double)ordered, ordered - 1);
                }
            }
        }
    }

    [Fact]
    public void NeighboursAreAnyTwoEvents()
    {
        const int events = 30;
        var counts = new long[events * events];
        foreach (var order in Orders(events))
        {
            for (var place = 1; place < events; place++)
            {
                counts[(order[place - 1] * events) + order[place]]++;
            }
        }

        Check([.. counts.Where((_, i) => i / events != i % events)], Shuffles / (double)events, (events * (events - 1)) - 1);
    }

    [Fact]
    public void EveryOrderOfFourComesAsOften()
    {
        var counts = Orders(4).GroupBy(o => string.Join(' ', o), StringComparer.Ordinal).Select(g => g.LongCount()).ToArray();
        Assert.Equal(24, counts.Length);
        Check(counts, Shuffles / 24.0, 23);
    }

    [Fact]
    public void FilesAreShuffledSo()
    {
        const int events = 5;
        const int shuffles = 150;
        using var folder = new TempFolder();
        var input = new SampleInput(events).Write(folder["in.h5"]);
        var counts = new long[events * events];
        for (uint seed = 0; seed < shuffles; seed++)
        {
            Shuffler.Shuffle(input, folder["out.h5"], new ShuffleOptions { Seed = seed }, overwrite: true, threads: 1);
            var codes = SampleContents.Codes(folder["out.h5"]);
            for (var place = 0; place < events; place++)
            {
                counts[(place * events) + codes[place] - SampleInput.Code(1, 0)]++;
            }
        }

        Check(counts, shuffles / (double)events, (events - 1) * (events - 1));
    }

    private static IEnumerable<int[]> Orders(int events) => Enumerable.Range(0, Shuffles).Select(seed => Shuffler.UniformOrder(events, (uint)seed));

    private static void Check(long[] counts, double expected, int freedom)
    {
        var chiSquared = counts.Sum(n => (n - expected) * (n - expected) / expected);
        Assert.True(chiSquared < freedom + (6 * Math.Sqrt(2.0 * freedom)), $"chi-squared is {chiSquared:0.0} with {freedom} degrees of freedom");
    }
}
