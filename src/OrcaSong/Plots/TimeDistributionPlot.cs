using System.Globalization;
using OrcaSong.Statistics;

namespace OrcaSong.Plots;

/// <summary>Draws the distribution of hit times, with dashed lines at the ends of the bins that were given.</summary>
public static class TimeDistributionPlot
{
    // In cm.
    private const double Width = 16;
    private const double Height = 10;

    /// <summary>The distribution as hits per bin.</summary>
    /// <param name="times">The distribution.</param>
    /// <returns>The picture.</returns>
    public static PlotScript Draw(TimeDistribution times)
    {
        ArgumentNullException.ThrowIfNull(times);
        var script = new PlotScript(Width, Height);
        var hits = times.Source == "hits" ? "Hits" : "MC hits";
        script.Add($"set tmargin {(times.HasLimits ? 4 : 2.5)}");
        script.Add($"set grid ytics linecolor {PlotColor.LightGrey} linewidth 0.5");
        script.Add($"set xlabel {(times.IsCentred ? "Time since the first triggered hit [ns]" : "Time [ns]")}");
        script.Add($"set ylabel {hits + " per bin"}");
        script.Add($"set xrange [{times.HistogramEdges[0]}:{times.HistogramEdges[^1]}]");
        script.Add($"set label 1 {Sample(times)} at graph 0,1 left offset 0,{(times.HasLimits ? 2.4 : 0.9)}");
        if (times.HasLimits || times.HitCount == 0)
        {
            script.AddBox(CutOff(times));
        }

        if (times.Histogram.All(n => n == 0))
        {
            script.Add($"set yrange [0:1]");
            script.Add($"set label 3 {(times.HitCount == 0 ? "no hits" : "all hits lie outside")} at graph 0.5,0.5 center");
        }
        else
        {
            script.Add($"set yrange [0:*]");
        }

        foreach (var edge in times.HasLimits ? [times.Minimum, times.Maximum] : Array.Empty<double>())
        {
            script.Add($"set arrow from first {edge}, graph 0 to first {edge}, graph 1 nohead front dashtype 2 linewidth 1.5 linecolor {PlotColor.Vermilion}");
        }

        var steps = HistogramSteps.Of(times.HistogramEdges, times.Histogram, asDensity: false);
        script.Add($"plot {script.Data(steps.X, steps.Y)} using 1:2 with fillsteps linecolor {PlotColor.Blue}");
        return script;
    }

    /// <summary>What the box above the plot says.</summary>
    /// <param name="times">The distribution.</param>
    /// <returns>Its text.</returns>
    internal static string CutOff(TimeDistribution times) => times.HitCount == 0
        ? "No hits"
        : string.Create(CultureInfo.InvariantCulture, $"Hits cut off:  Left: {100 * times.FractionBelow:0.00}%  Right: {100 * times.FractionAbove:0.00}%");

    /// <summary>What stands above the plot.</summary>
    /// <param name="times">The distribution.</param>
    /// <returns>Its text.</returns>
    internal static string Sample(TimeDistribution times) => string.Create(
        CultureInfo.InvariantCulture, $"{Count(times.FileCount, "file")}, {Count(times.EventCount, "event")}, {Count(times.HitCount, "hit")}; {times.MeanBinWidth:0.00} ns per bin");

    private static string Count(long number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {what}{(number == 1 ? string.Empty : "s")}");
}
