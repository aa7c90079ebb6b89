using OrcaSong.Inspection;
using OrcaSong.Plots;
using OrcaSong.Tests.Inspection;
using Xunit;

namespace OrcaSong.Tests.Plots;

public sealed class EventPictureTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ImagesShowTheirAxesWithUnits()
    {
        EventImageTests.Write(_folder["it's a `file`.h5"], "pos_z_time_channel_id", [3, 4, 5], 1, (0, [.. Enumerable.Range(0, 60).Select(i => (byte)(i % 7))]), ("pos_z", [0, 1, 2, 3]), ("time", [0, 1, 2, 3, 5]));
        var text = TextOf(EventImagePlot.Draw([EventImage.Read(_folder["it's a `file`.h5"], 0)]));
        Assert.Contains("time [ns]", text, StringComparison.Ordinal);
        Assert.Contains("pos_z [m]", text, StringComparison.Ordinal);
        Assert.Contains("channel_id [bin]", text, StringComparison.Ordinal);
        Assert.Contains("image 0: 174 hits", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new long[] { 4 }, 1)]
    [InlineData(new long[] { 4 }, 0)]
    [InlineData(new long[] { 1, 1 }, 3)]
    [InlineData(new long[] { 4, 3 }, 0)]
    [InlineData(new long[] { 4, 3 }, 255)]
    [InlineData(new long[] { 2, 2, 3, 4, 2 }, 2)]
    public void ImagesOfAnyShapeAreDrawn(long[] shape, byte count)
    {
        EventImageTests.Write(_folder["a.h5"], "x", shape, 1, (0, [.. Enumerable.Repeat(count, (int)shape.Aggregate(1L, (a, b) => a * b))]));
        var image = EventImage.Read(_folder["a.h5"], 0);
        Assert.Contains("hits", TextOf(EventImagePlot.Draw([image])), StringComparison.Ordinal);
        Assert.All(image.Project(), p => FitsInto(TextProjection.Draw(p, 60), 60));
    }

    [Fact]
    public void EachImageHasAPage()
    {
        EventImageTests.Write(_folder["a.h5"], "pos_z_time", [3, 4], 3, (1, new byte[12]));
        Assert.Equal(3, EventImagePlot.Draw([.. Enumerable.Range(0, 3).Select(i => EventImage.Read(_folder["a.h5"], i))]).PageCount);
    }

    [Fact]
    public void EventsShowTheirViewsFromAllSides()
    {
        var e = EventHits.Read(EventHitsTests.Calibrated(true, 4, 9).Write(_folder["a.h5"]), 1);
        var text = TextOf(EventPlot.Draw([e]));
        foreach (var label in (string[])["pos_x [m]", "pos_y [m]", "pos_z [m]", "time after the first triggered hit [ns]", "event 1 (run 7, event 101): 9 hits, 1 triggered", "ringed: triggered"])
        {
            Assert.Contains(label, text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void EventsOfFewHitsAreDrawn(int hits)
    {
        var e = EventHits.Read(EventHitsTests.Calibrated(true, hits, 3).Write(_folder["a.h5"]), 0);
        Assert.Contains($"event 0 (run 7, event 100): {hits} hit", TextOf(EventPlot.Draw([e])), StringComparison.Ordinal);
        FitsInto(TextEvent.Draw(e, 80), 80);
    }

    [Fact]
    public void OnlyTimesAroundTriggeredHitsAreDrawn()
    {
        var file = EventHitsTests.Calibrated(true, 6).Set("time", (_, hit, _) => hit < 4 ? hit * 10.0 : hit * 1e6);
        var e = EventHits.Read(file.Write(_folder["a.h5"]), 0);
        Assert.Equal((-100, 100), EventPlot.TimeRange(e));
        Assert.Contains("2 hits at other times are not shown", TextOf(EventPlot.Draw([e])), StringComparison.Ordinal);
        Assert.Contains("2 at other times", TextEvent.Draw(e, 80), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(200)]
    public void CharactersFitTheWindow(int width)
    {
        var e = EventHits.Read(EventHitsTests.Calibrated(true, 20).Write(_folder["a.h5"]), 0);
        var lines = TextEvent.Draw(e, width).Split('\n');
        Assert.All(lines[3..], line => Assert.True(line.Length <= width, line));
        Assert.Equal(1, lines.Sum(line => line.Count(c => c == '\u25cf')) - 1); // one in the legend
        EventImageTests.Write(_folder["b.h5"], "pos_z_time", [40, 300], 1, (0, [.. Enumerable.Repeat((byte)1, 12000)]));
        FitsInto(TextProjection.Draw(EventImage.Read(_folder["b.h5"], 0).Project()[0], width), width);
    }

    [Fact]
    public void CharactersShowCountsFromTheLowestBinAtTheBottom()
    {
        EventImageTests.Write(_folder["a.h5"], "pos_z_time", [2, 5], 1, (0, [0, 1, 0, 0, 4, 0, 0, 2, 0, 0]), ("pos_z", [0, 10, 20]), ("time", [0, 1, 2, 3, 4, 5]));
        var lines = TextProjection.Draw(EventImage.Read(_folder["a.h5"], 0).Project()[0], 80).Split('\n');
        Assert.Equal(
            [
                "pos_z [m] against time [ns]",
                "       20\u2502    \u2592\u2592    \u2502",
                "        0\u2502  \u2591\u2591    \u2588\u2588\u2502",
                "          0        5",
            ],
            lines);
    }

    [Fact]
    public void DetectorsShowTheirUnits()
    {
        var text = TextOf(DetectorPlot.Draw([DetectorSummary.ReadDetails(Shared.Path("data", "KM3NeT_00000049_20200707.detx"))]));
        foreach (var label in (string[])["KM3NeT_00000049_20200707.detx: 6 detection units, 108 optical modules", "x [m]", "y [m]", "z [m]", "detection unit", "11"])
        {
            Assert.Contains(label, text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1, 0.2)]
    [InlineData(6, 1)]
    [InlineData(600, 100)]
    [InlineData(61, 20)]
    [InlineData(0, 1)]
    public void TicsAreRoundAndFew(double length, double step) => Assert.Equal(step, Tics.Step(length), 12);

    private static void FitsInto(string text, int width) => Assert.All(text.Split('\n'), line => Assert.True(line.Length <= width, line));

    private string TextOf(PlotScript script)
    {
        PlotFileTests.RequireGnuplot();
        const string program = "/usr/bin/pdftotext";
        if (!File.Exists(program))
        {
            Assert.Skip("pdftotext is absent");
        }

        PlotFile.Save(script, _folder["a.pdf"], overwrite: true);
        var (output, error, exitCode) = Tool.Run(program, ["-layout", _folder["a.pdf"], "-"]);
        Assert.True(exitCode == 0, error);
        return string.Join('\n', output.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }
}
