using OrcaSong.Detectors;

namespace OrcaSong.Inspection;

/// <summary>A module of a detector, with its place.</summary>
/// <param name="DomId">The module's identifier.</param>
/// <param name="Du">The detection unit (string).</param>
/// <param name="Floor">The floor, counted from 1 upwards; 0 is the base.</param>
/// <param name="X">Metres, to the east; NaN for a module without PMTs in a file that has no positions of modules.</param>
/// <param name="Y">Metres, to the north.</param>
/// <param name="Z">Metres, upwards.</param>
/// <param name="PmtCount">How many PMTs it has.</param>
public sealed record DetectorModule(int DomId, int Du, int Floor, double X, double Y, double Z, int PmtCount);

/// <summary>What a detector file describes: how many of what, where, and since when.</summary>
public sealed record DetectorSummary
{
    // Files say 9999999999, a time in 2286, for "without end".
    private const double WithoutEnd = 9999999999;

    /// <summary>The detector file.</summary>
    public required string Path { get; init; }

    /// <summary>The detector's identifier, as in 49 of <c>KM3NeT_00000049</c>; negative for simulated layouts.</summary>
    public required int Id { get; init; }

    /// <summary>The version of the .detx format, 1 to 5.</summary>
    public required int Version { get; init; }

    /// <summary>How many detection units (strings) there are.</summary>
    public required int DuCount { get; init; }

    /// <summary>How many floors with PMTs the detection units have; the most, where they differ.</summary>
    public required int FloorCount { get; init; }

    /// <summary>How many modules with PMTs there are.</summary>
    public required int DomCount { get; init; }

    /// <summary>How many modules without PMTs there are: bases of detection units.</summary>
    public required int BaseModuleCount { get; init; }

    /// <summary>How many PMTs there are.</summary>
    public required int PmtCount { get; init; }

    /// <summary>The mean of the positions of modules with PMTs, m: what centring moves. <see langword="null"/> without such modules.</summary>
    public required Position? Centre { get; init; }

    /// <summary>The lowest coordinates of modules with PMTs, m.</summary>
    public required Position? Lowest { get; init; }

    /// <summary>The highest coordinates of modules with PMTs, m.</summary>
    public required Position? Highest { get; init; }

    /// <summary>The widths in x, y and z that modules with PMTs span, m.</summary>
    public Position? Extent => Highest - Lowest;

    /// <summary>The place on Earth; <see langword="null"/> in v1 and where the file's UTM line is incomplete.</summary>
    public required UtmReference? Utm { get; init; }

    /// <summary>From when the file is valid; <see langword="null"/> in v1, and where it is so always.</summary>
    public required DateTimeOffset? ValidFrom { get; init; }

    /// <summary>Until when the file is valid; <see langword="null"/> in v1, and where it is so for good.</summary>
    public required DateTimeOffset? ValidUntil { get; init; }

    /// <summary>Reads a detector file.</summary>
    /// <param name="path">Its path; the name ends in <c>detx</c>.</param>
    /// <returns>What it describes.</returns>
    /// <exception cref="DetectorFormatException">The content is not .detx v1 to v5.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static DetectorSummary Read(string path) => ReadDetails(path).Summary;

    /// <summary>Reads a detector file, module by module.</summary>
    /// <param name="path">Its path; the name ends in <c>detx</c>.</param>
    /// <returns>What it describes, and its modules in file order.</returns>
    /// <exception cref="DetectorFormatException">The content is not .detx v1 to v5.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static DetectorDetails ReadDetails(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var detector = Detector.Load(path);
        var modules = detector.Doms.Select(dom => Module(detector, dom)).ToArray();
        var doms = modules.Where(m => m.PmtCount > 0).ToArray();
        var summary = new DetectorSummary
        {
            Path = path,
            Id = detector.Id,
            Version = detector.Version,
            DuCount = detector.DuCount,
            FloorCount = doms.GroupBy(m => m.Du).Select(du => du.Select(m => m.Floor).Distinct().Count()).DefaultIfEmpty().Max(),
            DomCount = doms.Length,
            BaseModuleCount = modules.Length - doms.Length,
            PmtCount = detector.PmtCount,
            Centre = detector.MeanDomCentre(),
            Lowest = doms.Length == 0 ? null : new Position(doms.Min(m => m.X), doms.Min(m => m.Y), doms.Min(m => m.Z)),
            Highest = doms.Length == 0 ? null : new Position(doms.Max(m => m.X), doms.Max(m => m.Y), doms.Max(m => m.Z)),
            Utm = detector.Utm,
            ValidFrom = detector.ValidFrom is > 0 and < WithoutEnd and { } from ? Time(from) : null,
            ValidUntil = detector.ValidUntil is >= 0 and < WithoutEnd and { } until ? Time(until) : null,
        };
        return new DetectorDetails(path, summary, new(modules));
    }

    private static DetectorModule Module(Detector detector, Dom dom)
    {
        var place = detector.DomCentre(dom) ?? dom.Placement?.Position ?? new Position(double.NaN, double.NaN, double.NaN);
        return new DetectorModule(dom.Id, dom.Du, dom.Floor, place.X, place.Y, place.Z, dom.PmtCount);
    }

    private static DateTimeOffset Time(double unixSeconds) => DateTimeOffset.FromUnixTimeSeconds((long)unixSeconds);
}

/// <summary>A detector file, module by module.</summary>
/// <param name="Path">The detector file.</param>
/// <param name="Summary">The detector as a whole.</param>
/// <param name="Modules">Its modules in file order.</param>
public sealed record DetectorDetails(string Path, DetectorSummary Summary, ValueList<DetectorModule> Modules);
