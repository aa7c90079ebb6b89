using OrcaSong.Statistics;
using Xunit;

namespace OrcaSong.Tests.Statistics;

public sealed class BlockHistogramTests
{
    [Fact]
    public void HeightsFollowTheCounts() => Assert.Equal(" ▁▂▃▄▅▆▇█", BlockHistogram.Draw([0, 1, 2, 3, 4, 5, 6, 7, 8], 20));

    [Fact]
    public void ABinThatIsNotEmptyCanBeSeen() => Assert.Equal("▁█", BlockHistogram.Draw([1, 1_000_000], 2));

    [Fact]
    public void BinsThatShareACharacterAreAveraged() => Assert.Equal("▄█", BlockHistogram.Draw([0, 4, 4, 4], 2));

    [Fact]
    public void EmptyBinsAreBlank() => Assert.Equal("   ", BlockHistogram.Draw([0, 0, 0], 9));

    [Fact]
    public void BinsAreAsWideAsThereIsRoom() => Assert.Equal("▄▄▄███", BlockHistogram.Draw([0, 1, 2], [1, 2], 7));

    [Fact]
    public void UnevenBinsAreDrawnByTheirDensity() => Assert.Equal("█▄▄▄▄", BlockHistogram.Draw([0, 1, 5], [2, 4], 5));
}
