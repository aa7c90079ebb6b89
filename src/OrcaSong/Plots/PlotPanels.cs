namespace OrcaSong.Plots;

/// <summary>Several plots on a page, in rows from left to right, with room around each for its labels.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="PanelWidth">Width of a plot with its labels, in cm.</param>
/// <param name="PanelHeight">Height of a plot with its labels, in cm.</param>
internal sealed record PlotPanels(int Rows, int Columns, double PanelWidth, double PanelHeight)
{
    // In cm, around the frame of each plot.
    private const double Left = 2.8;
    private const double Bottom = 1.6;
    private const double Top = 1.1;

    /// <summary>Room to the right of each plot's frame in cm; a colour bar needs more.</summary>
    internal double Right { get; init; } = 0.5;

    /// <summary>Room at the top of the page in cm, for what stands above all plots.</summary>
    internal double PageTop { get; init; }

    /// <summary>Room at the right of the page in cm, for what all plots share.</summary>
    internal double PageRight { get; init; }

    /// <summary>Width of the page in cm.</summary>
    internal double Width => (Columns * PanelWidth) + PageRight;

    /// <summary>Height of the page in cm.</summary>
    internal double Height => (Rows * PanelHeight) + PageTop;

    /// <summary>Begins the page; each <c>plot</c> that follows fills the next place.</summary>
    internal void Begin(PlotScript script) => script.Add(
        $"set multiplot layout {Rows},{Columns} rowsfirst margins screen {Left / Width},{1 - ((Right + PageRight) / Width)},{Bottom / Height},{1 - ((Top + PageTop) / Height)} spacing screen {(Left + Right) / Width},{(Bottom + Top) / Height}");

    /// <summary>Ends the page.</summary>
    internal static void End(PlotScript script) => script.Add($"unset multiplot");
}
