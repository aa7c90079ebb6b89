using OrcaSong.Inspection;
using Xunit;

namespace OrcaSong.Tests.Inspection;

public class DetectorSummaryTests
{
    [Fact]
    public void DescribesADetectorOfSixUnits()
    {
        var detector = DetectorSummary.Read(Shared.Path("data", "KM3NeT_00000049_20200707.detx"));
        Assert.Equal((49, 3, 6, 18, 108, 0, 3348), (detector.Id, detector.Version, detector.DuCount, detector.FloorCount, detector.DomCount, detector.BaseModuleCount, detector.PmtCount));
        Assert.Equal((53.2, 18.7, 163.4), (Math.Round(detector.Extent!.Value.X, 1), Math.Round(detector.Extent.Value.Y, 1), Math.Round(detector.Extent.Value.Z, 1)));
        Assert.Equal(detector.Highest!.Value.Z, detector.Lowest!.Value.Z + detector.Extent.Value.Z, 9);
        Assert.Equal(113.9, detector.Centre!.Value.Z, 1);
        Assert.Equal(2020, detector.ValidFrom?.Year);
        Assert.Null(detector.ValidUntil);
    }

    [Theory]
    [InlineData("km3net-testdata/detx_v1.detx", 1, 6, 0)]
    [InlineData("km3net-testdata/detx_v4.detx", 4, 90, 0)]
    [InlineData("km3net-testdata/detx_v5.detx", 5, 108, 6)]
    public void ListsModulesOfEveryVersion(string path, int version, int doms, int bases)
    {
        var details = DetectorSummary.ReadDetails(Shared.Path(["data", .. path.Split('/')]));
        Assert.Equal((version, doms, bases), (details.Summary.Version, details.Summary.DomCount, details.Summary.BaseModuleCount));
        Assert.Equal(doms + bases, details.Modules.Count);
        Assert.All(details.Modules.Where(m => m.PmtCount > 0), m => Assert.True(double.IsFinite(m.X + m.Y + m.Z)));
        Assert.Equal(version > 1, details.Summary.Utm is not null);
    }
}
