using System.Globalization;
using OrcaSong.Inspection;

namespace OrcaSong.Plots;

/// <summary>Draws images of events: a map of colours for each projection. Bins without hits stay white; the more hits, the darker.</summary>
public static class EventImagePlot
{
    // In cm.
    private const double PanelWidth = 10.5;
    private const double PanelHeight = 8;
    private const double ColourBarWidth = 2;
    private const double TitleHeight = 0.6;
    private const int MostColumns = 4;

    /// <summary>Draws images, each on a page of its own.</summary>
    /// <param name="images">The images; at least one.</param>
    /// <returns>The picture.</returns>
    public static PlotScript Draw(IReadOnlyList<EventImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var projections = images.Select(i => i.Project()).ToArray();
        var most = projections.Max(p => p.Count);
        var columns = most switch { <= 3 => most, 6 => 3, _ => MostColumns };
        var panels = new PlotPanels((most + columns - 1) / columns, columns, PanelWidth, PanelHeight) { PageTop = TitleHeight, Right = ColourBarWidth };
        var script = new PlotScript(panels.Width, panels.Height);
        foreach (var page in projections)
        {
            if (projections.Length > 1)
            {
                script.NewPage();
            }

            AddPage(script, panels, page);
        }

        return script;
    }

    /// <summary>What stands above an image: <c>image 3 (run 8349, event 12, 23.5 GeV): 89 hits</c>.</summary>
    /// <param name="image">The image.</param>
    /// <returns>The text.</returns>
    internal static string Description(EventImage image)
    {
        var name = image.Name.ToString() is { Length: > 0 } known ? $" ({known})" : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"image {image.Index}{name}: {image.Sum:N0} {(image.Sum == 1 ? "hit" : "hits")}");
    }

    /// <summary>An axis with its unit, or with bin numbers where the file has no edges.</summary>
    internal static string Label(ImageAxis axis) =>
        axis.Field is null ? "bin"
        : axis.Edges is null ? $"{axis.Field} [bin]"
        : FieldText.Label(axis.Field);

    private static void AddPage(PlotScript script, PlotPanels panels, IReadOnlyList<ImageProjection> projections)
    {
        script.UseViridis();
        script.Add($"set palette negative");
        panels.Begin(script);
        script.Add($"set label 1 {EventPlot.ShortName(projections[0].Path)} at screen 0.5,{1 - (0.5 / panels.Height)} center");
        script.Add($"set label 3 {Description(projections[0].Image)} at screen 0.5,{1 - (1.05 / panels.Height)} center");
        foreach (var projection in projections)
        {
            AddProjection(script, projection);
            script.Add($"unset label");
        }

        PlotPanels.End(script);
    }

    private static void AddProjection(PlotScript script, ImageProjection projection)
    {
        var (x, y) = (Edges(projection.Horizontal), projection.Vertical is { } vertical ? Edges(vertical) : new([0, 1]));
        var most = projection.Counts.Max(row => row.Max());
        script.Add($"set xlabel {Label(projection.Horizontal)}");
        script.Add($"set xrange [{x[0]}:{x[^1]}]");
        script.Add($"set xtics {Tics.Step(x[^1] - x[0])}");
        if (projection.Vertical is null)
        {
            script.Add($"set ylabel {"hits"}");
            script.Add($"set yrange [0:{Math.Max(1, most * 1.05)}]");
        }
        else
        {
            script.Add($"set ylabel {Label(projection.Vertical)}");
            script.Add($"set yrange [{y[0]}:{y[^1]}]");
            script.Add($"set cblabel {"hits"} offset 0.8,0");
            script.Add($"set cbrange [0:{Math.Max(1, most)}]");
            if (most <= 10)
            {
                script.Add($"set cbtics 1");
            }
            else
            {
                script.Add($"set cbtics autofreq");
            }
        }

        if (most <= 0)
        {
            script.Add($"set label 2 {"no hits"} at graph 0.5,0.5 center");
            script.Add($"plot NaN");
            script.Add($"unset label 2");
            return;
        }

        var bins = Bins(projection, x, y);
        var boxes = script.Data(bins);
        if (projection.Vertical is null)
        {
            script.Add($"plot {boxes} using (($1+$2)/2):(0):1:2:(0):5 with boxxyerror fillstyle solid noborder linecolor {PlotColor.Blue}");
        }
        else
        {
            script.Add($"plot {boxes} using (($1+$2)/2):(($3+$4)/2):1:2:3:4:5 with boxxyerror fillstyle solid noborder linecolor palette");
        }
    }

    /// <summary>The bins with hits: their edges left, right, below and above, and the number of hits.</summary>
    private static double[][] Bins(ImageProjection projection, ValueList<double> x, ValueList<double> y)
    {
        var bins = new List<double[]>();
        for (var v = 0; v < projection.Counts.Length; v++)
        {
            for (var h = 0; h < projection.Counts[v].Length; h++)
            {
                if (projection.Counts[v][h] is var count and not 0)
                {
                    bins.Add([x[h], x[h + 1], y[v], y[v + 1], count]);
                }
            }
        }

        return [.. Enumerable.Range(0, 5).Select(column => bins.Select(bin => bin[column]).ToArray())];
    }

    private static ValueList<double> Edges(ImageAxis axis) => axis.Edges ?? new(Enumerable.Range(0, axis.Bins + 1).Select(b => b - 0.5));
}
