using OrcaSong.Graphs;
using OrcaSong.Tests.Numerics;
using Xunit;

namespace OrcaSong.Tests.Graphs;

public class HitChoiceTests
{
    [Fact]
    public void KeepsTheHitsThatNumPyPutsFirst() =>
        Assert.Equal([0, 1, 5, 8], new HitChoice(42).Draw(10, 4)); // numpy.random.seed(42): 8 1 5 0 7 2 9 4 3 6

    [Fact]
    public void DrawsAsThePythonToolEventAfterEvent()
    {
        int[] counts = [2, 101, 7, 5000, 64, 65, 3];
        int[] keep = [1, 100, 3, 40, 63, 1, 2];
        var expected = NumPyOracle.Run<long>(
            """
            np.random.seed(7)
            for n, k in take("i4").reshape(-1, 2):
                indices = np.arange(n)
                np.random.shuffle(indices)
                give(np.sort(indices[:k]).astype("i8"))
            """,
            NumPyOracle.Bytes(counts.Zip(keep).SelectMany(p => new[] { p.First, p.Second }).ToArray()));

        var choice = new HitChoice(7);
        var drawn = counts.Zip(keep).SelectMany(p => choice.Draw(p.First, p.Second).ToArray()).Select(i => (long)i);
        Assert.Equal(expected, drawn);
    }
}
