using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace OrcaSong.Simulation;

/// <summary>What the events of a simulated run are.</summary>
public enum SimulatedEventKind
{
    /// <summary>Bundles of down-going atmospheric muons, as MUPAGE files have them.</summary>
    Muon,

    /// <summary>
    /// Neutrinos of all flavours that interact in the detector, by charged and neutral current (tracks and cascades), as gSeaGen files
    /// have them.
    /// </summary>
    Neutrino,

    /// <summary>Accidental triggers: dark noise and decays of potassium 40 only, with no MC truth.</summary>
    Noise,
}

/// <summary>
/// Describes a simulated run: its detector and its events. Every value is checked when it is set.
/// An event depends on these options and its own number only, never on the number of events or the batches they are asked for in.
/// </summary>
/// <exception cref="ArgumentOutOfRangeException">A value is outside the range that its property states.</exception>
public sealed record SimulationOptions
{
    /// <summary>Number of events, 0 or more.</summary>
    public long Events { get; init => field = InRange(value, 0, 1_000_000_000); } = 1000;

    /// <summary>What the events are.</summary>
    public SimulatedEventKind Kind
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value), value, $"Kind must be one of {string.Join(", ", Enum.GetNames<SimulatedEventKind>())}, but is {value}.");
    } = SimulatedEventKind.Neutrino;

    /// <summary>Seed of the random numbers of the events. The detector does not depend on it.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Mean number of hits an event, signal and noise together, 1 to 1,000,000.</summary>
    public double HitsPerEvent { get; init => field = InRange(value, 1, 1e6); } = 300;

    /// <summary>
    /// Share of the hits that is dark noise and potassium 40, 0 to 1. <see cref="SimulatedEventKind.Noise"/> events are all noise.
    /// </summary>
    public double NoiseFraction { get; init => field = InRange(value, 0, 1); } = 0.5;

    /// <summary>
    /// False, as in most real files: hits carry the raw time, to which the t0 of the PMT is still to be added.
    /// True: hits carry time with t0 added, the raw time (tdc), and the position and direction of the PMT.
    /// </summary>
    public bool Calibrated { get; init; }

    /// <summary>Run number (run_id and mc_run_id), 0 to 2,147,483,647. Runs of one seed have different events.</summary>
    public int RunId { get; init => field = InRange(value, 0, int.MaxValue); } = 1;

    /// <summary>Identifier of the detector (det_id), 1 to 2,147,483,647. DOM identifiers and t0 depend on it.</summary>
    public int DetectorId { get; init => field = InRange(value, 1, int.MaxValue); } = 200;

    /// <summary>Number of detection units, 1 to 255.</summary>
    public int DetectionUnits { get; init => field = InRange(value, 1, 255); } = 6;

    /// <summary>Number of floors (DOMs) of a detection unit, 1 to 255.</summary>
    public int FloorsPerUnit { get; init => field = InRange(value, 1, 255); } = 18;

    /// <summary>Distance between neighbouring detection units in m, 1 to 1000; ORCA has 20, ARCA 90.</summary>
    public double UnitSpacing { get; init => field = InRange(value, 1, 1000); } = 20;

    /// <summary>Distance between neighbouring floors in m, 1 to 1000; ORCA has 9, ARCA 36.</summary>
    public double FloorSpacing { get; init => field = InRange(value, 1, 1000); } = 9;

    private static T InRange<T>(T value, T lowest, T highest, [CallerMemberName] string option = "")
        where T : INumber<T> =>
        value >= lowest && value <= highest
            ? value
            : throw new ArgumentOutOfRangeException(
                option,
                value,
                string.Create(
                    CultureInfo.InvariantCulture, $"{option} of a simulated run must lie between {lowest} and {highest}, but is {value}."));
}
