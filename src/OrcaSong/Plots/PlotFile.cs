using System.Globalization;
using System.Text;
using OrcaSong.Running;

namespace OrcaSong.Plots;

/// <summary>Saves pictures: under a temporary name first, so that there is never half of one.</summary>
public static class PlotFile
{
    private const double DotsPerInch = 120;
    private const double SvgDotsPerInch = 96;
    private const double CentimetresPerInch = 2.54;
    private const double PointsPerInch = 72;
    private const double FontSize = 8;
    private const double SvgFontSize = 12;

    private static readonly (string Extension, PlotFormat Format)[] Formats =
        [(".pdf", PlotFormat.Pdf), (".png", PlotFormat.Png), (".svg", PlotFormat.Svg), (".gp", PlotFormat.Script)];

    private static int _started;

    /// <summary>Endings of names that pictures may have.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [.. Formats.Select(f => f.Extension)];

    /// <summary>Checks a target before any work is done for it.</summary>
    /// <param name="path">Path of the picture.</param>
    /// <param name="overwrite">Whether an existing one may be replaced.</param>
    /// <returns>What kind of file it is to be.</returns>
    /// <exception cref="ArgumentException">Its ending is of no known kind.</exception>
    /// <exception cref="IOException">It is a folder, its folder does not exist, or it exists and may not be replaced.</exception>
    /// <exception cref="GnuplotException">gnuplot is needed, and missing.</exception>
    public static PlotFormat Check(string path, bool overwrite)
    {
        var format = FormatOf(path);
        Targets.Check(path, overwrite);
        if (format != PlotFormat.Script)
        {
            _ = Gnuplot.Find();
        }

        return format;
    }

    /// <summary>Draws a picture. One of several pages becomes several files, <c>name-1.png</c>, <c>name-2.png</c> …, in formats that have no pages (PNG, SVG).</summary>
    /// <param name="script">The picture.</param>
    /// <param name="path">Path of the file; its ending says which kind it is.</param>
    /// <param name="overwrite">Whether existing files may be replaced.</param>
    /// <param name="cancellation">Stops drawing; nothing is left behind.</param>
    /// <returns>Full paths of the files that were written.</returns>
    /// <exception cref="ArgumentException">The ending is of no known kind.</exception>
    /// <exception cref="IOException">A file exists and may not be replaced, or cannot be written, or gnuplot failed.</exception>
    public static IReadOnlyList<string> Save(PlotScript script, string path, bool overwrite = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(script);
        var format = FormatOf(path);
        var targets = PageNames(Path.GetFullPath(path), format is PlotFormat.Png or PlotFormat.Svg ? script.PageCount : 1);
        foreach (var target in targets)
        {
            Targets.Check(target, overwrite);
        }

        // The names that gnuplot gets to see are ours; those that users gave stay out of the script.
        var folder = Path.GetDirectoryName(targets[0])!;
        var temporary = targets.Select(_ => string.Create(CultureInfo.InvariantCulture, $".orcasong-{Environment.ProcessId}-{Interlocked.Increment(ref _started)}.partial")).ToArray();
        try
        {
            Write(script, format, folder, temporary, Path.GetFileNameWithoutExtension(path), cancellation);
            cancellation.ThrowIfCancellationRequested();
            for (var i = 0; i < targets.Length; i++)
            {
                File.Move(Path.Combine(folder, temporary[i]), targets[i], overwrite);
            }
        }
        finally
        {
            foreach (var name in temporary)
            {
                File.Delete(Path.Combine(folder, name));
            }
        }

        return targets;
    }

    private static void Write(PlotScript script, PlotFormat format, string folder, string[] names, string stem, CancellationToken cancellation)
    {
        RequireWritable(Path.Combine(folder, names[0]));
        if (format == PlotFormat.Script)
        {
            var drawn = script.PageCount == 1 ? PlotFormat.Png : PlotFormat.Pdf;
            File.WriteAllText(Path.Combine(folder, names[0]), Text(script, drawn, [$"{stem}.{(drawn == PlotFormat.Png ? "png" : "pdf")}"]));
            return;
        }

        Gnuplot.Run(Text(script, format, names), folder, cancellation);
        foreach (var file in names.Select(name => Path.Combine(folder, name)))
        {
            if (!File.Exists(file) || new FileInfo(file).Length == 0)
            {
                throw new GnuplotException("gnuplot drew nothing, though it reports no error. Is there room on the disk?");
            }

            if (format == PlotFormat.Pdf)
            {
                PdfDate.Remove(file);
            }
        }
    }

    // gnuplot's own error for this would be about the temporary name, and come after the work.
    private static void RequireWritable(string file)
    {
        try
        {
            File.Create(file).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The folder '{Path.GetDirectoryName(file)}' cannot be written to: {e.Message}", e);
        }
    }

    private static string Text(PlotScript script, PlotFormat format, string[] outputs)
    {
        var text = new StringBuilder();
        text.Append(Terminal(format, script)).Append('\n');
        var page = 0;
        foreach (var commands in script.Pages)
        {
            if (page < outputs.Length)
            {
                text.Append(CultureInfo.InvariantCulture, $"set output {PlotCommand.Quote(outputs[page])}\n");
            }

            text.Append(page == 0 ? script.Common : string.Empty).Append(commands);
            page++;
        }

        return text.Append("set output\n").ToString();
    }

    private static string Terminal(PlotFormat format, PlotScript script)
    {
        // The terminal of SVG counts pixels; it leaves room for the size of the font itself only, not for its scale, and more than the others.
        var (kind, dots, font, scale) = format switch
        {
            PlotFormat.Pdf => ("pdfcairo", PointsPerInch, FontSize, 1),
            PlotFormat.Png => ("pngcairo", DotsPerInch, FontSize, DotsPerInch / PointsPerInch),
            _ => ("svg", SvgDotsPerInch, SvgFontSize, 1),
        };
        var size = format == PlotFormat.Pdf
            ? string.Create(CultureInfo.InvariantCulture, $"{script.Width}cm,{script.Height}cm")
            : string.Create(CultureInfo.InvariantCulture, $"{script.Width / CentimetresPerInch * dots:0},{script.Height / CentimetresPerInch * dots:0}");
        return string.Create(
            CultureInfo.InvariantCulture, $"set terminal {kind} noenhanced size {size} font 'sans-serif,{font:0.#}' fontscale {scale:0.###} linewidth {dots / PointsPerInch:0.###} background '#ffffff'");
    }

    private static PlotFormat FormatOf(string path)
    {
        var extension = Path.GetExtension(path);
        foreach (var (known, format) in Formats)
        {
            if (known.Equals(extension, StringComparison.OrdinalIgnoreCase))
            {
                return format;
            }
        }

        throw new ArgumentException($"The name of a picture says what kind it is to be: it ends in {string.Join(", ", Extensions)}; '{Path.GetFileName(path)}' does not.");
    }

    private static string[] PageNames(string path, int pages)
    {
        var digits = pages.ToString(CultureInfo.InvariantCulture).Length;
        return pages == 1
            ? [path]
            : [.. Enumerable.Range(1, pages).Select(page => Path.Combine(
                Path.GetDirectoryName(path)!, $"{Path.GetFileNameWithoutExtension(path)}-{page.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0')}{Path.GetExtension(path)}"))];
    }
}
