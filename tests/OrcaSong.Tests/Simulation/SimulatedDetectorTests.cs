using System.Globalization;
using OrcaSong.Simulation;
using Xunit;

namespace OrcaSong.Tests.Simulation;

public class SimulatedDetectorTests
{
    private static readonly SimulatedDetector Orca6 = new(new SimulationOptions());

    [Fact]
    public void DetxHasVersion3AndEveryDomAndPmtOnce()
    {
        var detx = ParseDetx(Detx(Orca6));
        Assert.Equal(("200", "v3"), (detx.Id, detx.Version));
        Assert.Equal(6 * 18, detx.Doms.Count);
        Assert.Equal(detx.Doms.Count, detx.Doms.Select(dom => dom.Id).Distinct().Count());
        Assert.Equal(Orca6.DomIds, detx.Doms.Select(dom => dom.Id));
        Assert.Equal(
            from unit in Enumerable.Range(1, 6) from floor in Enumerable.Range(1, 18) select (unit, floor),
            detx.Doms.Select(dom => (dom.Unit, dom.Floor)));
        Assert.All(detx.Doms, dom => Assert.Equal(31, dom.Pmts.Count));
        Assert.Equal(Enumerable.Range(1, 108 * 31), detx.Doms.SelectMany(dom => dom.Pmts).Select(pmt => pmt.Id));
    }

    [Fact]
    public void DetxHoldsExactlyTheNumbersThatEventsAreMadeWith()
    {
        var pmts = ParseDetx(Detx(Orca6)).Doms.SelectMany(dom => dom.Pmts).ToList();
        for (int pmt = 0; pmt < pmts.Count; pmt++)
        {
            Assert.Equal(Orca6.PmtPositions[pmt], pmts[pmt].Position);
            Assert.Equal(Orca6.PmtDirections[pmt], pmts[pmt].Direction);
            Assert.Equal(Orca6.PmtT0[pmt], pmts[pmt].T0);
        }
    }

    [Fact]
    public void PmtsLookOutwardsFromASphereOfTwentyCentimetres()
    {
        for (int pmt = 0; pmt < Orca6.PmtCount; pmt++)
        {
            var arm = Orca6.PmtPositions[pmt] - Orca6.DomPositions[pmt / 31];
            Assert.Equal(0.2, arm.Length, 0.0015);
            Assert.Equal(1, Orca6.PmtDirections[pmt].Length, 0.002);
            Assert.Equal(1, arm.Dot(Orca6.PmtDirections[pmt]) / 0.2, 0.01);
        }

        // More PMTs look down than up, since neutrinos of interest come from below.
        Assert.Equal(19, Orca6.PmtDirections.Take(31).Count(direction => direction.Z < 0));
    }

    [Fact]
    public void UnitsStandAboutTheirSpacingApartAndFloorsExactly()
    {
        var feet = Enumerable.Range(0, 6).Select(unit => Orca6.DomPositions[unit * 18]).ToList();
        foreach (var foot in feet)
        {
            Assert.InRange(feet.Where(other => other != foot).Min(other => (other - foot).Length), 16, 24);
        }

        Assert.Equal(9, (Orca6.DomPositions[1] - Orca6.DomPositions[0]).Z, 1e-9);
    }

    [Fact]
    public void T0LiesAroundTwoHundredThousandNanosecondsAndDiffersByPmt()
    {
        Assert.All(Orca6.PmtT0, t0 => Assert.InRange(t0, 206_900, 210_000));
        Assert.True(Orca6.PmtT0.Distinct().Count() > 3000);
    }

    [Fact]
    public void TextDoesNotDependOnTheCultureOrTheSeed()
    {
        var text = Detx(Orca6);
        var culture = CultureInfo.CurrentCulture;
        try
        {
            var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            foreign.NumberFormat.NumberDecimalSeparator = ",";
            foreign.NumberFormat.NegativeSign = "~";
            CultureInfo.CurrentCulture = foreign;
            Assert.Equal(text, Detx(new(new SimulationOptions { Seed = 99, RunId = 5, Kind = SimulatedEventKind.Muon })));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(115, 18)]
    [InlineData(255, 255)]
    public void DomIdsAreUniqueInDetectorsOfAnySize(int units, int floors)
    {
        var detector = new SimulatedDetector(new SimulationOptions { DetectionUnits = units, FloorsPerUnit = floors });
        Assert.Equal(units * floors, detector.DomIds.Distinct().Count());
        Assert.InRange(detector.DomIds.Min(), 806_451_572, 809_544_061);
        Assert.InRange(detector.DomIds.Max(), 806_451_572, 809_544_061);
    }

    [Fact]
    public void DetectorsOfOtherIdHaveOtherDoms()
    {
        var other = new SimulatedDetector(new SimulationOptions { DetectorId = 201 });
        Assert.NotEqual(Orca6.DomIds, other.DomIds);
        Assert.NotEqual(Orca6.PmtT0, other.PmtT0);
    }

    [Fact]
    public void SavesTheTextAndRefusesAnotherExtension()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".detx");
        try
        {
            Orca6.Save(path);
            Assert.Equal(Detx(Orca6), File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Contains(".detx", Assert.Throws<ArgumentException>(() => Orca6.Save("detector.txt")).Message, StringComparison.Ordinal);
    }

    private static string Detx(SimulatedDetector detector)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        detector.WriteDetx(writer);
        return writer.ToString();
    }

    private static ParsedDetector ParseDetx(string text)
    {
        var lines = new Queue<string[]>(
            text.Split('\n')
                .Where(line => line.Length > 0 && line[0] != '#')
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        var head = lines.Dequeue();
        Assert.Equal(2, lines.Dequeue().Length);
        Assert.Equal("UTM", lines.Dequeue()[0]);
        int count = int.Parse(Assert.Single(lines.Dequeue()), CultureInfo.InvariantCulture);
        var doms = new List<ParsedDom>();
        for (int dom = 0; dom < count; dom++)
        {
            var line = lines.Dequeue().Select(item => int.Parse(item, CultureInfo.InvariantCulture)).ToArray();
            Assert.Equal(4, line.Length);
            var pmts = new List<ParsedPmt>();
            for (int pmt = 0; pmt < line[3]; pmt++)
            {
                var texts = lines.Dequeue();
                Assert.Equal(9, texts.Length);
                Assert.Equal("0", texts[8]);
                var n = texts.Select(item => double.Parse(item, CultureInfo.InvariantCulture)).ToArray();
                pmts.Add(new((int)n[0], new(n[1], n[2], n[3]), new(n[4], n[5], n[6]), n[7]));
            }

            doms.Add(new(line[0], line[1], line[2], pmts));
        }

        Assert.Empty(lines);
        return new(head[0], head[1], doms);
    }

    private sealed record ParsedDetector(string Id, string Version, List<ParsedDom> Doms);

    private sealed record ParsedDom(int Id, int Unit, int Floor, List<ParsedPmt> Pmts);

    private sealed record ParsedPmt(int Id, Vector Position, Vector Direction, double T0);
}
