using OrcaSong.Detectors;
using Xunit;

namespace OrcaSong.Tests.Detectors;

public class DetectorTests
{
    private const string TwoModules = """
        # a comment
        7 v3
        1500000000.5 9999999999.0

        UTM WGS84 32N 256500.0 4743000.0 -2425.0
        2
        808 3 1 2
        # between a module and its PMTs

         11 1 0 5  1 0 0  100.5 0
         12 -1 0 5  -1 0 0  200.5 3
        -5 3 2 1
         13 0 2 9  0 1 0  300.5 0
        """;

    [Theory]
    [InlineData("km3net-testdata/detx_v1.detx", 1, 1, 2, 6, 18)]
    [InlineData("km3net-testdata/detx_v2.detx", 23, 2, 2, 6, 18)]
    [InlineData("km3net-testdata/detx_v3.detx", 23, 3, 2, 6, 18)]
    [InlineData("km3net-testdata/detx_v3_whitespace.detx", 23, 3, 2, 6, 18)]
    [InlineData("km3net-testdata/detx_v4.detx", 44, 4, 5, 90, 2790)]
    [InlineData("km3net-testdata/detx_v5.detx", 49, 5, 6, 114, 3348)]
    [InlineData("KM3NeT_-00000001_20171212.detx", -1, 2, 115, 2070, 64170)]
    [InlineData("KM3NeT_00000049_20200707.detx", 49, 3, 6, 108, 3348)]
    [InlineData("neutrino_detector_file.detx", 44, 2, 5, 90, 2790)]
    public void ReadsRealFiles(string file, int id, int version, int dus, int doms, int pmts)
    {
        var detector = Detector.Load(Shared.Path("data", file));
        Assert.Equal(
            (id, version, dus, doms, pmts),
            (detector.Id, detector.Version, detector.DuCount, detector.Doms.Length, detector.PmtCount));
    }

    [Fact]
    public void ReadsHeaderModulesAndPmts()
    {
        var detector = Detector.Parse(TwoModules, "two.detx");
        Assert.Equal((7, 3, 1500000000.5, 9999999999.0), (detector.Id, detector.Version, detector.ValidFrom, detector.ValidUntil));
        Assert.Equal(new UtmReference("WGS84", "32N", 256500, 4743000, -2425), detector.Utm);
        Assert.Equal(
            [
                new Dom { Id = 808, Du = 3, Floor = 1, PmtCount = 2, FirstPmtRow = 0 },
                new Dom { Id = -5, Du = 3, Floor = 2, PmtCount = 1, FirstPmtRow = 31 },
            ],
            detector.Doms);

        var pmts = detector.Pmts;
        Assert.Equal(62, pmts.RowCount);
        Assert.Equal((-1.0, 0.0, 5.0), (pmts.PosX[1], pmts.PosY[1], pmts.PosZ[1]));
        Assert.Equal((-1.0, 0.0, 0.0), (pmts.DirX[1], pmts.DirY[1], pmts.DirZ[1]));
        Assert.Equal((200.5, (byte)3, (byte)1, 12, 808, 1, 3),
            (pmts.T0[1], pmts.Du[1], pmts.Floor[1], pmts.PmtId[1], pmts.DomId[1], pmts.ChannelId[1], pmts.Status[1]));
        Assert.Equal(300.5, pmts.T0[31]);
    }

    [Fact]
    public void ReadsTheSameWithOtherWhitespace()
    {
        var plain = Detector.Parse(TwoModules, "two.detx");
        foreach (var text in new[]
        {
            TwoModules.Replace("\n", "\r\n"),
            TwoModules.Replace("\n", "\n\n \t\n# more\n"),
            TwoModules.Replace(" ", " \t ") + "\n\n",
            TwoModules.Replace("v3", "V3").Replace(" 100.5", " +1.005e2"),
        })
        {
            var other = Detector.Parse(text, "other.detx");
            Assert.Equal(plain.Doms, other.Doms);
            Assert.Equal(plain.Pmts.T0, other.Pmts.T0);
            Assert.Equal(plain.Pmts.PosZ, other.Pmts.PosZ);
        }
    }

    [Fact]
    public void ReadsPlacementOfV4AndStatusOfV5()
    {
        var v4 = Detector.Load(Shared.Path("data", "km3net-testdata", "detx_v4.detx")).Doms.Single(dom => dom.Id == 808945480);
        Assert.Equal((1, 5, 31), (v4.Du, v4.Floor, v4.PmtCount));
        Assert.Equal(new Position(86.5, 9.1, 66.821), v4.Placement!.Position);
        Assert.Null(v4.ComponentStatus);

        var v5 = Detector.Parse("1 v5\n0 1\nUTM\n2\n3 1 0 1 2 3 1 0 0 0 4 5 0\n4 1 1 1 2 9 1 .1 .2 .3 5 6 1\n 9 1 2 10 0 0 1 7 0\n", "v5.detx");
        Assert.Null(v5.Utm);
        Assert.Equal(
            new Dom
            {
                Id = 3,
                Du = 1,
                Floor = 0,
                PmtCount = 0,
                FirstPmtRow = -1,
                ComponentStatus = 5,
                Placement = new DomPlacement(new Position(1, 2, 3), 1, 0, 0, 0, 4),
            },
            v5.Doms[0]);
        Assert.Equal(new DomPlacement(new Position(1, 2, 9), 1, .1, .2, .3, 5), v5.Doms[1].Placement);
        Assert.Equal(-1, v5.Pmts.FindDom(3));
        Assert.Equal(0, v5.Pmts.FindDom(4));
    }

    [Fact]
    public void NumbersFloorsOfMinusOnePerDetectionUnit()
    {
        var detector = Detector.Parse("1 6\n1 1 -1 0\n2 1 -1 0\n3 1 7 0\n4 1 -1 0\n5 2 -1 0\n6 1 -1 0\n", "floors.detx");
        Assert.Equal([1, 2, 7, 4, 1, 1], detector.Doms.Select(dom => dom.Floor));
    }

    [Theory]
    [InlineData("1 3000000000\n", 1, "3000000000 modules", "the end of the file after 0")]
    [InlineData("1 1000000000000\n1 1 1 0\n", 2, "1000000000000 modules", "the end of the file after 1")]
    [InlineData("1 1\n1 1 1 0\n2 1 2 0\n", 3, "the end of the file after the 1 modules", "'2 1 2 0'")]
    [InlineData("1 -1\n", 1, "0 or more", "'-1'")]
    [InlineData("1 nan\n", 1, "whole number of modules", "'nan'")]
    [InlineData("1\n", 1, "the number of modules", "only '1'")]
    [InlineData("", 0, "the header", "the end of the file")]
    [InlineData("# only\n\n", 2, "the header", "the end of the file")]
    [InlineData("x 1\n", 1, "the detector id", "'x'")]
    [InlineData("1 v6\n", 1, "v1 to v5", "'v6'")]
    [InlineData("1 v0\n", 1, "v1 to v5", "'v0'")]
    [InlineData("1 v3\n0 x\n", 2, "the end of validity", "'x'")]
    [InlineData("1 1\n\n1 1 1 1000000000\n", 3, "0 to 31 PMTs", "1000000000")]
    [InlineData("1 1\n1 1 1 32\n", 2, "0 to 31 PMTs", "32")]
    [InlineData("1 1\n1 1 1 -1\n", 2, "0 to 31 PMTs", "-1")]
    [InlineData("1 1\n1 1 1\n", 2, "n_pmts", "only '1 1 1'")]
    [InlineData("1 1\n1 1 1 0 9\n", 2, "nothing more", "'9'")]
    [InlineData("1 1\n1 1 1.5 0\n", 2, "floor", "'1.5'")]
    [InlineData("1 1\n99999999999 1 1 0\n", 2, "dom_id", "'99999999999'")]
    [InlineData("1 1\n1 1 1 2\n5 0 0 0 0 0 1 9\n", 3, "a PMT", "the end of the file")]
    [InlineData("1 1\n1 1 1 1\n5 0 0 0 0 0 1\n", 3, "t0", "only '5 0 0 0 0 0 1'")]
    [InlineData("1 1\n1 1 1 1\n5 0 NaN 0 0 0 1 9\n", 3, "a finite number as y", "NaN")]
    [InlineData("1 1\n1 1 1 1\n5 0 0 0 0 0 1 1e999\n", 3, "a finite number as t0", "Infinity")]
    [InlineData("1 2\n1 1 1 0\n1 1 2 0\n", 3, "has not occurred before", "module 1 again, first in line 2")]
    public void SaysWhereAndWhatIsWrong(string text, int line, string expected, string found)
    {
        var failure = Assert.Throws<DetectorFormatException>(() => Detector.Parse(text, "dir/bad.detx"));
        Assert.Equal(("dir/bad.detx", line), (failure.DetectorFile, failure.LineNumber));
        var parts = failure.Message.Split("found", 2);
        Assert.Contains("dir/bad.detx", parts[0]);
        Assert.Contains(expected, parts[0]);
        Assert.Contains(found, parts[1]);
    }

    [Fact]
    public void RefusesCommentsThatGoOnWithoutTheirSign()
    {
        var path = Shared.Path("data", "km3net-testdata", "detx_v5_invalid_multiline_comments.detx");
        var failure = Assert.Throws<DetectorFormatException>(() => Detector.Load(path));
        Assert.Equal(109, failure.LineNumber);
        Assert.Contains("'808996773 15'", failure.Message);
    }

    [Fact]
    public void DamagedTextIsReadOrRefusedButNeverCrashes()
    {
        const string Damage = "\0\n\t #-+.,eE0123456789vVxXN\u221e\u00e9";
        var random = new Random(11);
        var refused = 0;
        for (var i = 0; i < 3000; i++)
        {
            var text = TwoModules.ToCharArray();
            for (var errors = random.Next(1, 6); errors > 0; errors--)
            {
                text[random.Next(text.Length)] = Damage[random.Next(Damage.Length)];
            }

            try
            {
                Detector.Parse(new string(text, 0, random.Next(text.Length)), "damaged.detx");
            }
            catch (DetectorFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 3000);
    }

    [Fact]
    public void RefusesOtherFileNames()
    {
        var failure = Assert.Throws<DetectorFormatException>(() => Detector.Load("folder/detector.datx"));
        Assert.Equal("folder/detector.datx: expected a detector file whose name ends in 'detx', found 'detector.datx'; "
            + "convert other formats to .detx first.", failure.Message);
        Assert.Throws<FileNotFoundException>(() => Detector.Load("/nowhere.detx"));
    }
}
