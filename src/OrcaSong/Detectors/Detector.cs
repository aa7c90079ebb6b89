using System.Collections.Immutable;

namespace OrcaSong.Detectors;

/// <summary>
/// A KM3NeT detector as a .detx file (v1 to v5) describes it: modules, and for each PMT position, direction and time offset.
/// Immutable; one object may serve any number of threads and files.
/// </summary>
/// <remarks>Source: the .detx format of KM3NeT's Jpp, read as km3pipe's <c>hardware.Detector</c> reads it.</remarks>
public sealed class Detector
{
    internal Detector(
        int id, int version, double? validFrom, double? validUntil, UtmReference? utm, ImmutableArray<Dom> doms, PmtTable pmts)
    {
        Id = id;
        Version = version;
        ValidFrom = validFrom;
        ValidUntil = validUntil;
        Utm = utm;
        Doms = doms;
        Pmts = pmts;
    }

    /// <summary>The detector's identifier, as in 49 of <c>KM3NeT_00000049</c>; negative for simulated layouts.</summary>
    public int Id { get; }

    /// <summary>The version of the .detx format, 1 to 5.</summary>
    public int Version { get; }

    /// <summary>From when the file is valid, Unix seconds; null in v1.</summary>
    public double? ValidFrom { get; }

    /// <summary>Until when the file is valid, Unix seconds; null in v1.</summary>
    public double? ValidUntil { get; }

    /// <summary>The place on Earth; null in v1 and where the file's UTM line is incomplete.</summary>
    public UtmReference? Utm { get; }

    /// <summary>The modules in file order.</summary>
    public ImmutableArray<Dom> Doms { get; }

    /// <summary>All PMTs, and the look-up from the identifiers of hits to them.</summary>
    public PmtTable Pmts { get; }

    /// <summary>How many PMTs there are.</summary>
    public int PmtCount => Doms.Sum(dom => dom.PmtCount);

    /// <summary>How many detection units (strings) there are.</summary>
    public int DuCount => Doms.Select(dom => dom.Du).Distinct().Count();

    /// <summary>Reads a detector file.</summary>
    /// <param name="path">The file; its name must end in <c>detx</c>.</param>
    /// <exception cref="DetectorFormatException">The name does not end in <c>detx</c>, or the content is not .detx v1 to v5.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Detector Load(string path)
    {
        if (!path.EndsWith("detx", StringComparison.Ordinal))
        {
            throw new DetectorFormatException(
                path, 0, "a detector file whose name ends in 'detx'", $"'{Path.GetFileName(path)}'; convert other formats to .detx first");
        }

        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Reads a detector from the text of a .detx file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <exception cref="DetectorFormatException">The text is not .detx v1 to v5.</exception>
    public static Detector Parse(string text, string source) => new DetxReader(text, source).Read();

    /// <summary>
    /// The centre of a module: the point closest, by least squares, to the axes of its PMTs (the position of v4 and v5 is not used,
    /// so that all versions agree). Null for a module without PMTs.
    /// </summary>
    /// <remarks>As km3pipe's <c>Detector.dom_positions</c> of v1 to v3 to about 1e-10 m, the rounding of its LAPACK solver.</remarks>
    public Position? DomCentre(Dom dom) =>
        dom.PmtCount == 0 ? null : AxisIntersection.Find(Pmts, dom.FirstPmtRow, dom.PmtCount);

    /// <summary>
    /// The mean of all <see cref="DomCentre"/>s, which <c>center_hits_to</c> moves: each module with PMTs counts the same. Null when
    /// no module has PMTs.
    /// </summary>
    public Position? MeanDomCentre()
    {
        var sum = default(Position);
        var count = 0;
        foreach (var dom in Doms)
        {
            if (DomCentre(dom) is { } centre)
            {
                sum += centre;
                count++;
            }
        }

        return count == 0 ? null : new Position(sum.X / count, sum.Y / count, sum.Z / count);
    }
}
