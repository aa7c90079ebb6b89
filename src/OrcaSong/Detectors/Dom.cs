namespace OrcaSong.Detectors;

/// <summary>A module of the detector: a digital optical module with its PMTs, or a base module without any.</summary>
public sealed record Dom
{
    /// <summary>The module's identifier, the <c>dom_id</c> of hits.</summary>
    public required int Id { get; init; }

    /// <summary>The detection unit (string).</summary>
    public required int Du { get; init; }

    /// <summary>The floor in the detection unit, counted from 1 upwards; 0 is the base.</summary>
    public required int Floor { get; init; }

    /// <summary>How many PMTs the module has, 0 to <see cref="PmtTable.ChannelsPerDom"/>.</summary>
    public required int PmtCount { get; init; }

    /// <summary>
    /// The row of channel 0 in <see cref="Detector.Pmts"/>; channel c is c rows further on. -1 for a module without PMTs.
    /// </summary>
    public required int FirstPmtRow { get; init; }

    /// <summary>Position and orientation as the file gives them; null before .detx v4.</summary>
    public DomPlacement? Placement { get; init; }

    /// <summary>The bits of the component status; null before .detx v5.</summary>
    public int? ComponentStatus { get; init; }
}
