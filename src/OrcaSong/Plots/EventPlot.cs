using System.Globalization;
using OrcaSong.Detectors;
using OrcaSong.Inspection;

namespace OrcaSong.Plots;

/// <summary>
/// Draws the hits of events: height against time, seen from above, and from two sides. The colour tells the time, the size the time over
/// threshold; triggered hits are ringed.
/// </summary>
public static class EventPlot
{
    // In cm. Square frames, so that both scales of the view from above are the same.
    private const double PanelWidth = 10.5;
    private const double PanelHeight = 9.9;
    private const double SinglePanelWidth = 13;
    private const double TitleHeight = 1.2;
    private const double ColourBarWidth = 2.6;
    private const double LongestTot = 200;
    private const int LongestName = 44;

    // So many hits would cover those that matter.
    private const int Many = 500;

    /// <summary>Draws events, each on a page of its own.</summary>
    /// <param name="events">The events; at least one.</param>
    /// <returns>The picture.</returns>
    public static PlotScript Draw(IReadOnlyList<EventHits> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var side = events.Any(HasFootprint) ? 2 : 1;
        var panels = new PlotPanels(side, side, side == 1 ? SinglePanelWidth : PanelWidth, PanelHeight) { PageTop = TitleHeight, PageRight = ColourBarWidth };
        var script = new PlotScript(panels.Width, panels.Height);
        foreach (var e in events)
        {
            if (events.Count > 1)
            {
                script.NewPage();
            }

            AddPage(script, panels, e);
        }

        return script;
    }

    /// <summary>What stands above an event: <c>event 3 (run 8349, event 12): 89 hits, 23 triggered</c>.</summary>
    /// <param name="e">The event.</param>
    /// <returns>The text.</returns>
    internal static string Description(EventHits e)
    {
        var name = e.Name.ToString() is { Length: > 0 } known ? $" ({known})" : string.Empty;
        var triggered = e.TriggeredCount is { } n ? string.Create(CultureInfo.InvariantCulture, $", {n:N0} triggered") : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"event {e.Index}{name}: {e.HitCount:N0} {(e.HitCount == 1 ? "hit" : "hits")}{triggered}");
    }

    /// <summary>The times that are drawn: around those of the triggered hits, as raw events last some microseconds, most of them noise.</summary>
    internal static (double First, double Last) TimeRange(EventHits e)
    {
        const double leastPadding = 100;
        var triggered = e.Hits.Where(h => h.IsTriggered == true).ToArray();
        var (first, last) = SquareRange.Limits((triggered.Length == 0 ? e.Hits : triggered.AsEnumerable()).Select(h => h.Time));
        var padding = triggered.Length == 0 ? Math.Max(1, 0.03 * (last - first)) : Math.Max(leastPadding, 0.25 * (last - first));
        return (first - padding, last + padding);
    }

    private static bool HasFootprint(EventHits e) => e.Hits.Any(h => double.IsFinite(h.X) && double.IsFinite(h.Y));

    private static void AddPage(PlotScript script, PlotPanels panels, EventHits e)
    {
        var (first, last) = TimeRange(e);

        // What comes later is drawn above the rest: triggered hits, and of these the first ones.
        var shown = e.Hits.Where(h => h.Time >= first && h.Time <= last).OrderBy(h => h.IsTriggered == true).ThenByDescending(h => h.Time).ToArray();
        script.UseViridis();
        panels.Begin(script);
        script.Add($"set label 1 {ShortName(e.Path)} at screen 0.5,{1 - (0.5 / panels.Height)} center");
        script.Add($"set label 2 {Description(e)} at screen 0.5,{1 - (1.05 / panels.Height)} center");
        script.Add($"set label 3 {Legend(e, e.HitCount - shown.Length)} at screen 0.5,{1 - (1.6 / panels.Height)} center");
        script.Add($"set grid linecolor {PlotColor.LightGrey}");
        script.Add($"set cbrange [{first}:{last}]");
        script.Add($"set cblabel {TimeLabel(e)} offset 1,0");
        script.Add(
            $"set colorbox vertical user origin screen {1 - (ColourBarWidth / panels.Width)},{1.6 / panels.Height} "
            + $"size screen {0.4 / panels.Width},{1 - ((2.7 + TitleHeight) / panels.Height)}");
        if (shown.Length == 0)
        {
            AddNothing(script);
        }
        else
        {
            AddViews(script, e, shown, (first, last));
        }

        PlotPanels.End(script);
    }

    private static void AddViews(PlotScript script, EventHits e, EventHit[] shown, (double First, double Last) time)
    {
        var hits = new Points(
            Data(script, shown.Where(h => h.IsTriggered == false), shown.Length > Many ? 0.4 : 0.6),
            Data(script, shown.Where(h => h.IsTriggered == true)),
            Data(script, shown.Where(h => h.IsTriggered is null)));
        var range = SquareRange.Of(shown.Select(h => h.X), shown.Select(h => h.Y));
        var modules = script.Data([.. Places(e, range, m => m.X)], [.. Places(e, range, m => m.Y)], [.. Places(e, range, m => m.Z)]);
        var (low, high) = SquareRange.Limits(shown.Select(h => h.Z));
        var padding = Math.Max(5, 0.06 * (high - low));
        var heights = (Low: low - padding, High: high + padding);

        script.Add($"set xrange [{time.First}:{time.Last}]");
        script.Add($"set xtics {Tics.Step(time.Last - time.First)}");
        script.Add($"set yrange [{heights.Low}:{heights.High}]");
        script.Add($"set xlabel {TimeLabel(e)}");
        script.Add($"set ylabel {FieldText.Label("pos_z")}");
        script.Add($"plot {hits.Columns(4, 3)}");
        script.Add($"unset label");
        script.Add($"unset colorbox");
        if (!HasFootprint(e))
        {
            return;
        }

        range.Set(script);
        script.Add($"set xtics {Tics.Step(2 * range.Half)}");
        script.Add($"set xlabel {FieldText.Label("pos_x")}");
        script.Add($"set ylabel {FieldText.Label("pos_y")}");
        script.Add($"plot {Dots(modules, 1, 2)}, {hits.Columns(1, 2)}");
        script.Add($"set size noratio");
        script.Add($"set yrange [{heights.Low}:{heights.High}]");
        script.Add($"set ylabel {FieldText.Label("pos_z")}");
        script.Add($"plot {Dots(modules, 1, 3)}, {hits.Columns(1, 3)}");
        script.Add($"set xrange [{range.Y - range.Half}:{range.Y + range.Half}]");
        script.Add($"set xlabel {FieldText.Label("pos_y")}");
        script.Add($"plot {Dots(modules, 2, 3)}, {hits.Columns(2, 3)}");
    }

    private static void AddNothing(PlotScript script)
    {
        script.Add($"set label 4 {"no hits"} at graph 0.5,0.5 center");
        script.Add($"set xrange [0:1]");
        script.Add($"set yrange [0:1]");
        script.Add($"plot NaN");
        script.Add($"unset label");
    }

    private static PlotCommand Dots(PlotData modules, int x, int y) =>
        Part($"{modules} using {x}:{y} with points pointtype 7 pointsize 0.25 linecolor {PlotColor.Grey}");

    // gnuplot wants at least one row.
    private static IEnumerable<double> Places(EventHits e, SquareRange range, Func<Position, double> coordinate) =>
        e.Modules.Where(m => Math.Abs(m.X - range.X) <= range.Half && Math.Abs(m.Y - range.Y) <= range.Half).Select(coordinate).DefaultIfEmpty(double.NaN);

    private static PlotCommand Part(PlotCommand command) => command;

    private static string Legend(EventHits e, int outside) => string.Join("; ", new[]
    {
        e.TriggeredCount is null ? null : "ringed: triggered",
        e.Hits.Any(h => double.IsFinite(h.Tot)) ? "size: time over threshold" : null,
        outside > 0 ? string.Create(CultureInfo.InvariantCulture, $"{outside:N0} hits at other times are not shown") : null,
    }.OfType<string>());

    private static string TimeLabel(EventHits e) => e.IsCentred ? "time after the first triggered hit [ns]" : FieldText.Label("time");

    private static PlotData Data(PlotScript script, IEnumerable<EventHit> hits, double scale = 1)
    {
        // gnuplot wants at least one row.
        var rows = hits.DefaultIfEmpty(new EventHit(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, null)).ToArray();
        return script.Data(
            [.. rows.Select(h => h.X)], [.. rows.Select(h => h.Y)], [.. rows.Select(h => h.Z)], [.. rows.Select(h => h.Time)], [.. rows.Select(h => scale * Size(h.Tot))]);
    }

    /// <summary>The size of a point: its area grows with the time over threshold.</summary>
    private static double Size(double tot) => double.IsFinite(tot) ? 0.5 + (1.9 * Math.Sqrt(Math.Clamp(tot, 0, LongestTot) / LongestTot)) : 1.2;

    /// <summary>The name of a file, its middle left out where it is long.</summary>
    internal static string ShortName(string path)
    {
        var name = Path.GetFileName(path);
        var half = (LongestName - 1) / 2;
        return name.Length <= LongestName ? name : $"{name[..half]}\u2026{name[^half..]}";
    }

    /// <summary>Hits by how they are marked: not triggered ones small, triggered ones ringed, and those that are neither.</summary>
    private readonly record struct Points(PlotData Others, PlotData Triggered, PlotData Unknown)
    {
        // Black discs below all coloured ones: rings would cover the colours of hits that lie close together.
        internal PlotCommand Columns(int x, int y) => Part(
            $"{Coloured(Others, x, y)}, {Coloured(Unknown, x, y)}, "
            + $"{Triggered} using {x}:{y}:(1.35*$5) with points pointtype 7 pointsize variable linecolor {PlotColor.Black}, {Coloured(Triggered, x, y)}");

        private static PlotCommand Coloured(PlotData hits, int x, int y) =>
            Part($"{hits} using {x}:{y}:5:4 with points pointtype 7 pointsize variable linecolor palette");
    }
}
