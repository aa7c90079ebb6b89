using OrcaSong.Detectors;
using Xunit;

namespace OrcaSong.Tests.Detectors;

public class PmtTableTests
{
    private const string Text = """
        1 3
        808000001 1 1 2
         70 1 2 3 0 0 1 10
         71 4 5 6 0 1 0 20
        808000002 1 2 1
         72 7 8 9 1 0 0 30
        5 2 300 1
         70 1 1 1 1 0 0 40
        """;

    private readonly PmtTable _pmts = Detector.Parse(Text, "table.detx").Pmts;

    [Fact]
    public void FindsEveryPmtOfARealDetectorByBothIdentifiers()
    {
        var table = Detector.Load(Shared.Path("data", "KM3NeT_-00000001_20171212.detx")).Pmts;
        for (var row = 0; row < table.RowCount; row++)
        {
            Assert.Equal(row, table.FindDom(table.DomId[row]) + table.ChannelId[row]);
            Assert.Equal(row, table.FindPmt(table.PmtId[row]));
        }

        Assert.Equal(-1, table.FindDom(0));
        Assert.Equal(-1, table.FindPmt(int.MaxValue));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(808000000)]
    [InlineData(808000001L + (1L << 32))]
    [InlineData(long.MinValue)]
    public void UnknownModulesHaveNoRow(long id)
    {
        Assert.Equal(-1, _pmts.FindDom(id));
        Assert.Equal(-1, _pmts.FindPmt(id));
    }

    [Fact]
    public void TheLastPmtOfAnIdentifierCounts() => Assert.Equal(_pmts.FindDom(5), _pmts.FindPmt(70));

    [Fact]
    public void FindsRowsOfHitsAndTheFirstUnknownOne()
    {
        var rows = new int[4];
        Assert.Equal(-1, _pmts.FindDoms<int>([808000002, 808000001, 808000001, 5], rows));
        Assert.Equal(-1, PmtTable.AddChannels<byte>([0, 1, 30, 0], rows));
        Assert.Equal([31, 1, 30, 62], rows);

        Assert.Equal(0, _pmts.FindDoms<uint>([0, 5, 5, 5], rows));
        Assert.Equal(2, _pmts.FindDoms<long>([5, 5, 6, 7], rows));
        Assert.Equal(-1, _pmts.FindPmts<long>([72, 71, 70, 70], rows));
        Assert.Equal([31, 1, 62, 62], rows);
        Assert.Equal(3, _pmts.FindPmts<int>([72, 71, 70, 0], rows));
    }

    [Fact]
    public void ReportsTheFirstChannelOutsideAModule()
    {
        Assert.Equal(1, PmtTable.AddChannels<byte>([30, 31], new int[2]));
        Assert.Equal(0, PmtTable.AddChannels<sbyte>([-1, 31], new int[2]));
        Assert.Equal(1, PmtTable.AddChannels<long>([0, 1L << 32], new int[2]));
    }

    [Fact]
    public void MissingChannelsAreZeroThroughout()
    {
        const int Row = 2;
        Assert.Equal((0.0, 0.0, 0.0, 0.0), (_pmts.PosX[Row], _pmts.DirZ[Row], _pmts.T0[Row], _pmts.PosZ[Row]));
        Assert.Equal((0, 0, 0), (_pmts.Du[Row], _pmts.Floor[Row], _pmts.PmtId[Row]));
    }

    [Fact]
    public void FloorsBeyondAByteWrap() => Assert.Equal(300 - 256, _pmts.Floor[_pmts.FindDom(5)]);

    [Fact]
    public void TranslateMovesAllPositionsAndNothingElse()
    {
        var moved = _pmts.Translate(new Position(10, 0, -0.5));
        Assert.Equal((11.0, 2.0, 2.5), (moved.PosX[0], moved.PosY[0], moved.PosZ[0]));
        Assert.Equal((10.0, 0.0, -0.5), (moved.PosX[2], moved.PosY[2], moved.PosZ[2]));
        Assert.Equal(_pmts.T0, moved.T0);
        Assert.Equal(1, _pmts.PosX[0]);
    }

    [Fact]
    public void GathersAColumn()
    {
        var values = new double[3];
        PmtTable.Gather(_pmts.T0, [62, 0, 0], values);
        Assert.Equal([40, 10, 10], values);
        Assert.Throws<ArgumentException>(() => PmtTable.Gather(_pmts.T0, [1, 2], new double[3]));
    }
}
