namespace OrcaSong.Plots;

/// <summary>Several plots on a page, in rows from left to right, with room around each for its labels.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="PanelWidth">Width of a plot with its labels, in cm.</param>
/// <param name="PanelHeight">Height of a plot with its labels, in cm.</param>
internal sealed record PlotPanels(int Rows, int Columns, double PanelWidth, double PanelHeight)
{
    // In cm, around the frame of each plot.
    private const double Left = 2.2;
    private const double Right = 0.5;
    private const double Bottom = 1.5;
    private const double Top = 1.1;

    /// <summary>Width of the page in cm.</summary>
    internal double Width => Columns * PanelWidth;

    /// <summary>Height of the page in cm.</summary>
    internal double Height => Rows * PanelHeight;

    /// <summary>Begins the page; each <c>plot</c> that follows fills the next place.</summary>
    internal void Begin(PlotScript script) => script.Add(
        $"set multiplot layout {Rows},{Columns} rowsfirst margins screen {Left / Width},{1 - (Right / Width)},{Bottom / Height},{1 - (Top / Height)} spacing screen {(Left + Right) / Width},{(Bottom + Top) / Height}");

    /// <summary>Ends the page.</summary>
    internal static void End(PlotScript script) => script.Add($"unset multiplot");
}
