namespace OrcaSong.Plots;

/// <summary>The kinds of files that pictures are saved as.</summary>
public enum PlotFormat
{
    /// <summary>For papers and slides; may have several pages.</summary>
    Pdf,

    /// <summary>Pixels, 120 to the inch.</summary>
    Png,

    /// <summary>For web pages.</summary>
    Svg,

    /// <summary>The script of gnuplot's with its data, to edit.</summary>
    Script,
}
