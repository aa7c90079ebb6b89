namespace OrcaSong.Plots;

/// <summary>
/// A colour of a picture. The named ones are those of Okabe and Ito (https://jfly.uni-koeln.de/color/), which readers with any
/// of the usual colour blindnesses can tell apart, and greys.
/// </summary>
/// <param name="Hex">Red, green and blue as <c>#rrggbb</c>.</param>
internal readonly record struct PlotColor(string Hex)
{
    internal static readonly PlotColor Black = new("#000000");
    internal static readonly PlotColor Orange = new("#e69f00");
    internal static readonly PlotColor SkyBlue = new("#56b4e9");
    internal static readonly PlotColor Green = new("#009e73");
    internal static readonly PlotColor Yellow = new("#f0e442");
    internal static readonly PlotColor Blue = new("#0072b2");
    internal static readonly PlotColor Vermilion = new("#d55e00");
    internal static readonly PlotColor Purple = new("#cc79a7");
    internal static readonly PlotColor Grey = new("#999999");
    internal static readonly PlotColor LightGrey = new("#d9d9d9");

    /// <summary>Viridis, from low to high, for <c>set palette</c> (https://bids.github.io/colormap/).</summary>
    internal static readonly IReadOnlyList<PlotColor> Viridis =
    [
        new("#440154"), new("#482878"), new("#3e4989"), new("#31688e"), new("#26828e"), new("#1f9e89"), new("#35b779"), new("#6ece58"), new("#b5de2b"), new("#fde725"),
    ];
}
