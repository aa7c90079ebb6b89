using System.Globalization;
using OrcaSong.Statistics;

namespace OrcaSong.Plots;

/// <summary>
/// Draws bin statistics: for each axis the density of hits, grey lines at the edges of the image's bins, and how many hits are cut off. As
/// in the Python tool there are no lines for the time, whose histogram has the bins of the image itself.
/// </summary>
public static class BinStatisticsPlot
{
    // In cm.
    private const double PageWidth = 16;
    private const double PageHeight = 12;
    private const double PanelWidth = 12.5;
    private const double PanelHeight = 7.5;

    // More lines than this make a grey area.
    private const int MostLines = 200;

    /// <summary>All axes on one figure, or each on a page of its own.</summary>
    /// <param name="statistics">The statistics.</param>
    /// <param name="onePagePerAxis">Whether each axis gets a page; they are in alphabetical order then, as the Python tool has them.</param>
    /// <returns>The picture.</returns>
    public static PlotScript Draw(BinStatistics statistics, bool onePagePerAxis = false)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        return onePagePerAxis ? Pages(statistics) : Figure(statistics);
    }

    /// <summary>What the box above an axis says.</summary>
    /// <param name="axis">The statistics of the axis.</param>
    /// <returns>Its text.</returns>
    internal static string CutOff(AxisStatistics axis) => axis.HitCount == 0
        ? "No hits"
        : $"Hits cut off:  Left: {Percent(axis.FractionBelow)}  Right: {Percent(axis.FractionAbove)}";

    /// <summary>What stands above an axis beside the box.</summary>
    /// <param name="axis">The statistics of the axis.</param>
    /// <returns>Its text.</returns>
    internal static string Sample(AxisStatistics axis) => axis.FileCount == 1 ? "1 file" : string.Create(CultureInfo.InvariantCulture, $"{axis.FileCount:N0} files");

    private static PlotScript Figure(BinStatistics statistics)
    {
        var columns = statistics.Axes.Count == 1 ? 1 : 2;
        var rows = (statistics.Axes.Count + columns - 1) / columns;
        var panels = new PlotPanels(rows, columns, PanelWidth, PanelHeight);
        var script = new PlotScript(panels.Width, panels.Height);
        panels.Begin(script);
        foreach (var axis in statistics.Axes)
        {
            AddAxis(script, axis);
        }

        PlotPanels.End(script);
        return script;
    }

    private static PlotScript Pages(BinStatistics statistics)
    {
        var script = new PlotScript(PageWidth, PageHeight);
        foreach (var axis in statistics.Axes.OrderBy(a => a.Field, StringComparer.Ordinal))
        {
            script.NewPage();
            script.Add($"set tmargin 2.5");
            AddAxis(script, axis);
        }

        return script;
    }

    private static string Percent(double? fraction) => string.Create(CultureInfo.InvariantCulture, $"{100 * fraction:0.0}%");

    private static void AddAxis(PlotScript script, AxisStatistics axis)
    {
        var isEmpty = axis.Histogram.All(n => n == 0);
        script.Add($"set xlabel {FieldText.Label(axis.Field)}");
        script.Add($"set ylabel {FieldText.Density("Density of hits", axis.Field)}");
        script.Add($"set xrange [{axis.Axis.Minimum}:{axis.Axis.Maximum}]");
        script.Add($"set y2range [0:1]");
        if (isEmpty)
        {
            script.Add($"set yrange [0:1]");
            script.Add($"set label 3 {(axis.HitCount == 0 ? "no hits" : "all hits are cut off")} at graph 0.5,0.5 center");
        }
        else
        {
            script.Add($"set yrange [0:*]");
            script.Add($"unset label 3");
        }

        script.Add($"set label 1 {Sample(axis)} at graph 0,1 left offset 0,0.9");
        script.AddBox(CutOff(axis));
        var steps = HistogramSteps.Of(axis.HistogramEdges, axis.Histogram, asDensity: true);
        var bars = script.Data(steps.X, steps.Y);
        if (axis.Field == AxisStatistics.TimeField || axis.Bins > MostLines)
        {
            script.Add($"plot {bars} using 1:2 with fillsteps linecolor {PlotColor.Blue}");
        }
        else
        {
            var edges = script.Data(axis.Axis.Edges);
            script.Add($"plot {edges} using 1:(1) axes x1y2 with impulses linecolor {PlotColor.Grey} linewidth 0.5, {bars} using 1:2 with fillsteps linecolor {PlotColor.Blue}");
        }
    }
}
