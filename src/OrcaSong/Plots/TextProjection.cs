using System.Globalization;
using System.Text;
using OrcaSong.Inspection;

namespace OrcaSong.Plots;

/// <summary>Draws projections of images with characters, for terminals: the more hits, the darker.</summary>
public static class TextProjection
{
    private const string Shades = " \u2591\u2592\u2593\u2588";
    private const string Bars = " \u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";
    private const int MostRows = 18;
    private const int LabelWidth = 9;

    /// <summary>Draws a projection.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="width">Characters in a line.</param>
    /// <returns>Some lines: a title, the map, and the limits of its axes.</returns>
    public static string Draw(ImageProjection projection, int width)
    {
        ArgumentNullException.ThrowIfNull(projection);
        var columns = Math.Min(Math.Max(10, width - LabelWidth - 2), projection.Horizontal.Bins * 2);
        var (low, high) = Limits(projection.Horizontal);
        var text = new StringBuilder();
        if (projection.Vertical is not { } vertical)
        {
            var line = Rows(projection.Counts, 1, columns)[0];
            text.Append(CultureInfo.InvariantCulture, $"{EventImagePlot.Label(projection.Horizontal)}\n");
            AppendRow(text, string.Empty, line, line.Max(), Bars);
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"{EventImagePlot.Label(vertical)} against {EventImagePlot.Label(projection.Horizontal)}\n");
            var rows = Rows(projection.Counts, Math.Min(MostRows, vertical.Bins), columns);
            var most = rows.Max(row => row.Max());
            var (bottom, top) = Limits(vertical);
            for (var row = rows.Length - 1; row >= 0; row--)
            {
                AppendRow(text, row == rows.Length - 1 ? Number(top) : row == 0 ? Number(bottom) : string.Empty, rows[row], most, Shades);
            }
        }

        var (left, right) = (Number(low), Number(high));
        return text.Append(' ', LabelWidth + 1).Append(left).Append(right.PadLeft(Math.Max(right.Length + 1, columns - left.Length))).ToString();
    }

    /// <summary>What stands above the projections of an image.</summary>
    /// <param name="projection">One of them.</param>
    /// <returns>The text.</returns>
    public static string Title(ImageProjection projection)
    {
        ArgumentNullException.ThrowIfNull(projection);
        return $"{EventPlot.ShortName(projection.Path)}\n{EventImagePlot.Description(projection.Image)}";
    }

    /// <summary>Brings counts to some number of rows and columns: bins that share a character are averaged, wide ones repeated.</summary>
    private static double[][] Rows(double[][] counts, int rows, int columns) =>
    [
        .. Enumerable.Range(0, rows).Select(row => Enumerable.Range(0, columns).Select(column =>
        {
            var (firstRow, afterRow) = Part(row, rows, counts.Length);
            var (firstColumn, afterColumn) = Part(column, columns, counts[0].Length);
            var sum = 0.0;
            for (var v = firstRow; v < afterRow; v++)
            {
                for (var h = firstColumn; h < afterColumn; h++)
                {
                    sum += counts[v][h];
                }
            }

            return sum / ((afterRow - firstRow) * (afterColumn - firstColumn));
        }).ToArray()),
    ];

    private static (int First, int After) Part(int part, int parts, int bins)
    {
        var first = (int)((long)part * bins / parts);
        return (first, Math.Max(first + 1, (int)((part + 1L) * bins / parts)));
    }

    private static void AppendRow(StringBuilder text, string label, double[] values, double most, string shades)
    {
        text.Append(label.PadLeft(LabelWidth)).Append('\u2502');
        foreach (var value in values)
        {
            // Whatever is not zero can be seen.
            text.Append(shades[value <= 0 ? 0 : Math.Clamp((int)Math.Ceiling((shades.Length - 1) * value / most), 1, shades.Length - 1)]);
        }

        text.Append("\u2502\n");
    }

    private static (double Low, double High) Limits(ImageAxis axis) => axis.Edges is { Count: > 0 } edges ? (edges[0], edges[^1]) : (0, axis.Bins);

    private static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
