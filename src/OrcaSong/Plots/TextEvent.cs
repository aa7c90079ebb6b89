using System.Globalization;
using System.Text;
using OrcaSong.Inspection;

namespace OrcaSong.Plots;

/// <summary>Draws the hits of an event with characters, for terminals: height against time.</summary>
public static class TextEvent
{
    private const int Rows = 18;
    private const int LabelWidth = 9;

    // Nothing, other hits, triggered hits.
    private static readonly char[] Marks = [' ', '\u00b7', '\u25cf'];

    /// <summary>Draws an event.</summary>
    /// <param name="e">The event.</param>
    /// <param name="width">Characters in a line.</param>
    /// <returns>Some lines: a title, the hits, and the limits of the axes.</returns>
    public static string Draw(EventHits e, int width)
    {
        ArgumentNullException.ThrowIfNull(e);
        var columns = Math.Max(10, width - LabelWidth - 2);
        var (first, last) = EventPlot.TimeRange(e);
        var shown = e.Hits.Where(h => h.Time >= first && h.Time <= last && double.IsFinite(h.Z)).ToArray();
        var (low, high) = SquareRange.Limits(shown.Select(h => h.Z));
        var marks = new int[Rows, columns];
        foreach (var hit in shown)
        {
            var row = high > low ? (int)Math.Round((Rows - 1) * (hit.Z - low) / (high - low)) : Rows / 2;
            var column = (int)((columns - 1) * (hit.Time - first) / (last - first));
            marks[row, column] = Math.Max(marks[row, column], hit.IsTriggered == false ? 1 : 2);
        }

        var outside = e.HitCount - shown.Length;
        var left = outside > 0 ? string.Create(CultureInfo.InvariantCulture, $", {outside:N0} at other times") : string.Empty;
        var text = new StringBuilder($"{EventPlot.ShortName(e.Path)}\n{EventPlot.Description(e)}{left}\n{Legend(e)}\n");
        for (var row = Rows - 1; row >= 0; row--)
        {
            var label = row == Rows - 1 ? Number(high) : row == 0 ? Number(low) : string.Empty;
            text.Append(label.PadLeft(LabelWidth)).Append('\u2502');
            for (var column = 0; column < columns; column++)
            {
                text.Append(Marks[marks[row, column]]);
            }

            text.Append("\u2502\n");
        }

        var (start, end) = (Number(first), Number(last));
        return text.Append(' ', LabelWidth + 1).Append(start).Append(end.PadLeft(Math.Max(end.Length + 1, columns - start.Length))).ToString();
    }

    private static string Legend(EventHits e)
    {
        var marks = e.TriggeredCount is null ? string.Empty : "; \u25cf triggered \u00b7 other hits";
        return $"z [m] against time [ns]{(e.IsCentred ? " after the first triggered hit" : string.Empty)}{marks}";
    }

    private static string Number(double value) => value.ToString(Math.Abs(value) < 1e6 ? "0.#" : "G6", CultureInfo.InvariantCulture);
}
