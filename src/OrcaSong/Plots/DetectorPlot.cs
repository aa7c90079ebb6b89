using System.Globalization;
using OrcaSong.Inspection;

namespace OrcaSong.Plots;

/// <summary>Draws a detector: where its detection units stand, seen from above, and how high their modules are.</summary>
public static class DetectorPlot
{
    // In cm. Square frames, so that both scales of the footprint are the same.
    private const double PanelWidth = 12.5;
    private const double PanelHeight = 11.9;
    private const double RoomForMany = 3;

    // More numbers than this along an axis would run into one another.
    private const int MostTics = 24;

    /// <summary>Draws detectors, each on a page of its own.</summary>
    /// <param name="detectors">The detectors; at least one.</param>
    /// <returns>The picture.</returns>
    public static PlotScript Draw(IReadOnlyList<DetectorDetails> detectors)
    {
        ArgumentNullException.ThrowIfNull(detectors);
        var room = detectors.Any(d => d.Summary.DuCount > MostTics) ? RoomForMany : 0;
        var panels = new PlotPanels(1, 2, PanelWidth + room, PanelHeight + room);
        var script = new PlotScript(panels.Width, panels.Height);
        foreach (var detector in detectors)
        {
            if (detectors.Count > 1)
            {
                script.NewPage();
            }

            AddPage(script, panels, detector);
        }

        return script;
    }

    private static void AddPage(PlotScript script, PlotPanels panels, DetectorDetails detector)
    {
        panels.Begin(script);
        var doms = detector.Modules.Where(m => m.PmtCount > 0 && double.IsFinite(m.X + m.Y + m.Z)).ToArray();
        script.Add($"set label 1 {Title(detector)} at screen 0.5,{1 - (0.45 / panels.Height)} center");
        script.Add($"set grid linecolor {PlotColor.LightGrey}");
        AddFootprint(script, doms);
        script.Add($"unset label 1");
        AddHeights(script, doms);
        PlotPanels.End(script);
    }

    private static string Title(DetectorDetails detector) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Path.GetFileName(detector.Path)}: {detector.Summary.DuCount} detection units, {detector.Summary.DomCount:N0} optical modules");

    private static void AddFootprint(PlotScript script, DetectorModule[] doms)
    {
        var units = doms.GroupBy(m => m.Du).Select(du => (Number: du.Key, X: du.Average(m => m.X), Y: du.Average(m => m.Y))).ToArray();
        script.Add($"set offsets 0, 0, 0, 0");
        script.Add($"set xtics autofreq");
        SquareRange.Of(units.Select(u => u.X), units.Select(u => u.Y)).Set(script);
        script.Add($"set xlabel {FieldText.Label("x")}");
        script.Add($"set ylabel {FieldText.Label("y")}");
        if (units.Length == 0)
        {
            AddNothing(script);
            return;
        }

        var places = script.Data([.. units.Select(u => u.X)], [.. units.Select(u => u.Y)], [.. units.Select(u => (double)u.Number)]);
        var (size, offset, font) = units.Length > MostTics ? (0.6, 0.6, ",6") : (1.2, 0.9, ",8");
        script.Add(
            $"plot {places} using 1:2 with points pointtype 7 pointsize {size} linecolor {PlotColor.Blue}, "
            + $"{places} using 1:2:(sprintf('%d', int($3))) with labels font {font} offset 0,{offset}");
    }

    private static void AddHeights(PlotScript script, DetectorModule[] doms)
    {
        var numbers = doms.Select(m => m.Du).Distinct().Order().ToArray();
        script.Add($"set xlabel {"detection unit"}");
        script.Add($"set ylabel {FieldText.Label("z")}");
        if (numbers.Length == 0)
        {
            AddNothing(script);
            return;
        }

        script.Add($"set xrange [{numbers[0] - 1.0}:{numbers[^1] + 1.0}]");
        script.Add($"set yrange [*:*]");
        script.Add($"set offsets 0, 0, graph 0.03, graph 0.03");
        script.Add($"set xtics {(numbers[^1] - numbers[0] < MostTics ? 1 : Tics.Step(numbers[^1] - numbers[0]))}");

        var places = script.Data([.. doms.Select(m => (double)m.Du)], [.. doms.Select(m => m.Z)]);
        script.Add($"plot {places} using 1:2 with points pointtype 7 pointsize {(numbers.Length > MostTics ? 0.35 : 0.9)} linecolor {PlotColor.Blue}");
    }

    private static void AddNothing(PlotScript script)
    {
        script.Add($"set label 2 {"no optical modules"} at graph 0.5,0.5 center");
        script.Add($"plot NaN");
    }
}
