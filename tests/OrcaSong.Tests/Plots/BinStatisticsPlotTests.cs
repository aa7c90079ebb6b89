using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using OrcaSong.Images;
using OrcaSong.Plots;
using OrcaSong.Statistics;
using Xunit;

namespace OrcaSong.Tests.Plots;

public sealed partial class BinStatisticsPlotTests : IDisposable
{
    // Heights of the axes in the Python tool's pages, in points.
    private const double AxesHeight = 266.112;
    private readonly TempFolder _folder = new();

    public static TheoryData<string, string[]> Golden => new()
    {
        { "plot_binstats_4line", ["image_4line_low_neutrino"] },
        { "det_plot_binstats", ["det_image_ztc_nc897", "det_image_ztc_nc898"] },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Golden))]
    public void TheTextOfThePagesIsThatOfThePythonTool(string name, string[] inputs)
    {
        PlotFileTests.RequireGnuplot();
        PlotFile.Save(BinStatisticsPlot.Draw(Statistics(inputs), onePagePerAxis: true), _folder["plot.pdf"]);
        var expected = Pages(Shared.Path("golden", name, "plot.pdf"));
        var pages = Pages(_folder["plot.pdf"]);
        Assert.Equal(expected.Length, pages.Length);
        for (var p = 0; p < pages.Length; p++)
        {
            var field = FieldOf().Match(expected[p]).Value;
            Assert.Matches($@"\b{field}\b", pages[p]);
            Assert.Contains("Density of hits", pages[p], StringComparison.Ordinal);
            Assert.Equal(CutOff().Matches(expected[p]).Select(m => m.Value), CutOff().Matches(pages[p]).Select(m => m.Value));
            Assert.Matches($@"\b{inputs.Length} files?\b", pages[p]);
        }
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void TheBarsAreThoseOfThePythonTool(string name, string[] inputs)
    {
        var statistics = Statistics(inputs);
        var pdf = Shared.Path("golden", name, "plot.pdf");
        var text = Pages(pdf);
        var drawings = Drawings(pdf);
        Assert.Equal(statistics.Axes.Count, drawings.Count);
        for (var p = 0; p < drawings.Count; p++)
        {
            var axis = statistics.Axes[p];
            var bars = Bar().Matches(drawings[p]).Select(m => (Left: Number(m, 1), Right: Number(m, 2), Height: Number(m, 3) - 38.016)).ToArray();
            var density = axis.Density();
            Assert.Equal(density.Count, bars.Length);
            var top = double.Parse(Tick().Match(text[p]).Value, CultureInfo.InvariantCulture);
            var scale = (bars[^1].Right - bars[0].Left) / (axis.Maximum - axis.Minimum);
            for (var bin = 0; bin < bars.Length; bin++)
            {
                Assert.Equal(density[bin] / top * AxesHeight, bars[bin].Height, 1e-4);
                Assert.Equal((axis.HistogramEdges[bin] - axis.Minimum) * scale, bars[bin].Left - bars[0].Left, 1e-4);
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 3)]
    public void AllAxesAreOnOneFigure(int axes, int rows)
    {
        var script = BinStatisticsPlot.Draw(Example(axes));
        Assert.Equal(1, script.PageCount);
        Assert.Equal(7.5 * rows, script.Height);
        Assert.Equal(axes, Plot().Count(script.Common));
        Assert.Equal(axes - 1, script.Common.Split("with impulses").Length - 1);
    }

    [Fact]
    public void EachAxisHasAPage()
    {
        var script = BinStatisticsPlot.Draw(Example(4), onePagePerAxis: true);
        Assert.Equal(["channel_id", "pos_x", "pos_y", "time"], script.Pages.Select(p => XLabel().Match(p).Groups[1].Value));
    }

    [Fact]
    public void APictureIsDrawn()
    {
        PlotFileTests.RequireGnuplot();
        PlotFile.Save(BinStatisticsPlot.Draw(Example(3)), _folder["a.png"]);
        var picture = Picture.Read(_folder["a.png"]);
        Assert.Equal((1181, 709), (picture.Width, picture.Height));
        Assert.InRange(picture.Share(255, 255, 255), 0.5, 0.95);
        Assert.InRange(picture.Share(0, 0x72, 0xb2), 0.05, 0.4);
    }

    [Fact]
    public void WithoutHitsThePictureSaysSo()
    {
        PlotFileTests.RequireGnuplot();
        var statistics = new BinStatistics([new AxisStatistics(new BinAxis("time", [0, 5])), new AxisStatistics(new BinAxis("pos_z", [0, 5])) { CutOffBelow = 7 }]);
        var script = BinStatisticsPlot.Draw(statistics, onePagePerAxis: true);
        PlotFile.Save(script, _folder["a.pdf"]);
        Assert.Contains("'no hits'", script.Pages.Last(), StringComparison.Ordinal);
        Assert.Contains("'all hits are cut off'", script.Pages.First(), StringComparison.Ordinal);
        Assert.Contains("Left: 100.0%  Right: 0.0%", script.Pages.First(), StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", string.Concat(script.Pages), StringComparison.Ordinal);
    }

    [Fact]
    public void VeryManyBinsAreDrawnSeveralAsOne()
    {
        var axis = BinAxis.Uniform("time", 0, 1_000_000, 1_000_001);
        var statistics = new AxisStatistics(axis);
        Array.Fill(statistics.HistogramArray, 3);
        var steps = HistogramSteps.Of(statistics.HistogramEdges, statistics.Histogram, asDensity: true);
        Assert.InRange(steps.X.Count, 2000, 4001);
        Assert.All(steps.Y, y => Assert.Equal(1e-6, y, 1e-9));
        Assert.Equal((0, 1_000_000), (steps.X[0], steps.X[^1]));
        Assert.All(HistogramSteps.Of(statistics.HistogramEdges, statistics.Histogram, asDensity: false).Y, y => Assert.Equal(3, y));
    }

    private static BinStatistics Example(int axes)
    {
        string[] fields = ["time", "pos_y", "channel_id", "pos_x", "pos_z"];
        return new BinStatistics(fields.Take(axes).Select(field =>
        {
            var statistics = new AxisStatistics(BinAxis.Uniform(field, -10, 10, 20));
            for (var i = 0; i < statistics.HistogramArray.Length; i++)
            {
                statistics.HistogramArray[i] = i;
            }

            return statistics;
        }));
    }

    private static BinStatistics Statistics(string[] cases)
    {
        var sum = new BinStatisticsSum();
        Assert.All(cases, name => Assert.True(sum.TryAddFile(Shared.Path("golden", name, "out.h5"))));
        return sum.Total();
    }

    private static string[] Pages(string pdf)
    {
        const string program = "/usr/bin/pdftotext";
        if (!File.Exists(program))
        {
            Assert.Skip("pdftotext is absent");
        }

        var (output, error, exitCode) = Tool.Run(program, ["-layout", pdf, "-"]);
        Assert.True(exitCode == 0, error);
        return output.TrimEnd('\f', '\n').Split('\f');
    }

    private static List<string> Drawings(string pdf)
    {
        var bytes = File.ReadAllBytes(pdf);
        var text = Encoding.Latin1.GetString(bytes);
        var drawings = new List<string>();
        foreach (Match match in Compressed().Matches(text))
        {
            using var stream = new ZLibStream(new MemoryStream(bytes, match.Groups[1].Index, match.Groups[1].Length), CompressionMode.Decompress);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            if (Read(reader) is { } drawing && drawing.StartsWith("/DeviceRGB CS", StringComparison.Ordinal))
            {
                drawings.Add(string.Join(' ', drawing.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
            }
        }

        return drawings;
    }

    private static string? Read(StreamReader reader)
    {
        try
        {
            return reader.ReadToEnd();
        }
        catch (InvalidDataException)
        {
            return null; // not a compressed stream
        }
    }

    private static double Number(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\S+(?=\s*\z)")]
    private static partial Regex FieldOf();

    [GeneratedRegex(@"(Left|Right): \d+\.\d%")]
    private static partial Regex CutOff();

    [GeneratedRegex(@"^\s*(\d+\.\d+)\b", RegexOptions.Multiline)]
    private static partial Regex Tick();

    [GeneratedRegex(@"(?<=rg )([\d.]+) 38\.016 m ([\d.]+) 38\.016 l [\d.]+ ([\d.]+) l [\d.]+ [\d.]+ l h f")]
    private static partial Regex Bar();

    [GeneratedRegex("^plot ", RegexOptions.Multiline)]
    private static partial Regex Plot();

    [GeneratedRegex(@"set xlabel '([a-z_]+)")]
    private static partial Regex XLabel();

    [GeneratedRegex(@"stream\r?\n(.*?)\r?\nendstream", RegexOptions.Singleline)]
    private static partial Regex Compressed();
}
