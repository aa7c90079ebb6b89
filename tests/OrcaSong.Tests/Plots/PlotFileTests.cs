using System.Diagnostics;
using OrcaSong.Plots;
using OrcaSong.Running;
using Xunit;

namespace OrcaSong.Tests.Plots;

public sealed class PlotFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string> HostileTexts =>
    [
        "`touch bad`", "'; system('touch bad') #", "'';system(\"touch bad\");'", "';system(\"touch bad\");'", "'';! touch bad", "''`touch bad`", "\"`touch bad`\"", "a\n! touch bad\n", "a'\nsystem 'touch bad'", "@exec $(touch bad)", "{/=40 a_b^c}", "\\", "a\\'",
        "%d %s %n", "EOD\n", "line separator\u2028!touch bad", "\r!touch bad\r", "a\0b", "µs ≤ 5 😀", "\ud800",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void TextIsNeverRun(string text)
    {
        RequireGnuplot();
        var script = Example();
        script.Add($"set xlabel {text}");
        script.Add($"set title {text}");
        Gnuplot.Run(Header("a.svg") + script.Common + "plot x title " + PlotCommand.Quote(text) + "\nset output\n", _folder.Path, CancellationToken.None);
        Assert.Equal(["a.svg"], _folder.Names);
    }

    [Theory]
    [InlineData("it's", "'it\u2019s'")]
    [InlineData("a\r\nb", "'a  b'")]
    [InlineData("\\n`x`\"", "'\\n\u2018x\u2018\"'")]
    [InlineData("\u2029\u0085\u009f", "'   '")]
    public void TextIsQuoted(string text, string expected) => Assert.Equal(expected, PlotCommand.Quote(text));

    [Fact]
    public void ValuesInCommandsAreData()
    {
        var script = new PlotScript(16, 12);
        var before = script.Common.Length;
        var data = script.Data([1, 2.5], [double.NaN, -1e-9]);
        script.Add($"plot {data} using 1:2 with boxes linecolor {PlotColor.Blue} title {"it's"}, {0.1}, {3}");
        Assert.Equal("$data1 << EOD\n1 NaN\n2.5 -1E-09\nEOD\nplot $data1 using 1:2 with boxes linecolor rgb '#0072b2' title 'it\u2019s', 0.1, 3\n", script.Common[before..]);
    }

    [Theory]
    [InlineData("a.pdf", "%PDF")]
    [InlineData("a.PNG", "\u0089PNG")]
    [InlineData("a.svg", "<?xml")]
    [InlineData("it's `a` \"b\"\n.png", "\u0089PNG")]
    public void PicturesAreOfTheKindThatTheirNameSays(string name, string start)
    {
        RequireGnuplot();
        Assert.Equal([_folder[name]], PlotFile.Save(Example(), _folder[name]));
        Assert.Equal([name], _folder.Names);
        var bytes = File.ReadAllBytes(_folder[name]);
        Assert.Equal(start, string.Concat(bytes.Take(start.Length).Select(b => (char)b)));
    }

    [Theory]
    [InlineData(".pdf")]
    [InlineData(".png")]
    [InlineData(".svg")]
    public void TheSamePictureHasTheSameBytes(string extension)
    {
        RequireGnuplot();
        PlotFile.Save(Example(), _folder["a" + extension]);

        // PDFs know the second in which they were made.
        Thread.Sleep(1100);
        PlotFile.Save(Example(), _folder["b" + extension]);
        Assert.Equal(File.ReadAllBytes(_folder["a" + extension]), File.ReadAllBytes(_folder["b" + extension]));
    }

    [Fact]
    public void AScriptDrawsThePictureByItself()
    {
        PlotFile.Save(Example(), _folder["it's.gp"]);
        RequireGnuplot();
        var (_, error, exitCode) = Tool.Run(Gnuplot.Find(), ["it's.gp"], _folder.Path);
        Assert.Equal((0, string.Empty), (exitCode, error));
        Assert.Equal(["it's.gp", "it\u2019s.png"], _folder.Names);
    }

    [Fact]
    public void PagesAreFilesWhereAFormatHasNone()
    {
        RequireGnuplot();
        var script = TwoPages();
        Assert.Equal([_folder["a-1.png"], _folder["a-2.png"]], PlotFile.Save(script, _folder["a.png"]));
        Assert.Equal([_folder["a.pdf"]], PlotFile.Save(script, _folder["a.pdf"]));
        Assert.Equal(["a-1.png", "a-2.png", "a.pdf"], _folder.Names);
        Assert.NotEqual(File.ReadAllBytes(_folder["a-1.png"]), File.ReadAllBytes(_folder["a-2.png"]));
        Assert.Throws<OutputExistsException>(() => PlotFile.Save(script, _folder["a.png"]));
    }

    [Fact]
    public void AnExistingFileIsKept()
    {
        File.WriteAllText(_folder["a.gp"], "mine");
        Assert.Throws<OutputExistsException>(() => PlotFile.Check(_folder["a.gp"], overwrite: false));
        Assert.Throws<OutputExistsException>(() => PlotFile.Save(Example(), _folder["a.gp"]));
        Assert.Equal("mine", File.ReadAllText(_folder["a.gp"]));
        PlotFile.Save(Example(), _folder["a.gp"], overwrite: true);
        Assert.StartsWith("set terminal", File.ReadAllText(_folder["a.gp"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.jpg")]
    [InlineData("a")]
    public void OtherKindsAreRefused(string name) =>
        Assert.Contains(".pdf, .png, .svg, .gp", Assert.Throws<ArgumentException>(() => PlotFile.Check(_folder[name], overwrite: false)).Message, StringComparison.Ordinal);

    [Fact]
    public void AFailureOfGnuplotLeavesNothing()
    {
        RequireGnuplot();
        var script = Example();
        script.Add($"plot nothing_of_that_name");
        var error = Assert.Throws<GnuplotException>(() => PlotFile.Save(script, _folder["a.png"]));
        Assert.Contains("nothing_of_that_name", error.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void AFolderThatCannotBeWrittenIsAnError()
    {
        var missing = Assert.Throws<DirectoryNotFoundException>(() => PlotFile.Save(Example(), _folder["no/a.gp"]));
        Assert.Contains("does not exist", missing.Message, StringComparison.Ordinal);
        var unwritable = Assert.Throws<IOException>(() => PlotFile.Save(Example(), "/proc/a.gp"));
        Assert.Contains("'/proc' cannot be written to", unwritable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancellingKillsGnuplot()
    {
        RequireGnuplot();
        var script = Example();
        script.Add($"pause 60");
        using var stop = new CancellationTokenSource();
        var drawing = Task.Run(() => PlotFile.Save(script, _folder["a.png"], cancellation: stop.Token));
        var watch = Stopwatch.StartNew();
        stop.CancelAfter(300);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => drawing);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"It took {watch.Elapsed}.");
        Assert.Empty(_folder.Names);
    }

    internal static void RequireGnuplot()
    {
        try
        {
            _ = Gnuplot.Find();
        }
        catch (GnuplotException)
        {
            Assert.Skip("gnuplot is absent");
        }
    }

    private static string Header(string output) => $"set terminal svg noenhanced\nset output '{output}'\n";

    private static PlotScript Example()
    {
        var script = new PlotScript(16, 12);
        var data = script.Data([1, 2, 3], [3, 1, 2]);
        script.Add($"plot {data} using 1:2 with linespoints linecolor {PlotColor.Vermilion}");
        return script;
    }

    private static PlotScript TwoPages()
    {
        var script = new PlotScript(16, 12);
        script.NewPage();
        script.Add($"plot x linecolor {PlotColor.Blue}");
        script.NewPage();
        script.Add($"plot -x linecolor {PlotColor.Blue}");
        return script;
    }
}
