using OrcaSong.Events;

namespace OrcaSong.Calibration;

/// <summary>The fields of hits that can be binned.</summary>
public static class HitFields
{
    /// <summary>Those that calibrated hits usually have: from the detector, and from the data acquisition.</summary>
    public static IReadOnlyList<string> Usual { get; } =
    [
        "channel_id", "dir_x", "dir_y", "dir_z", "dom_id", "du", "floor", "pmt_id", "pos_x", "pos_y", "pos_z", "t0", "time", "tot", "triggered",
    ];

    /// <summary>Those that the hits of a file have, with the ones that a detector file gives them.</summary>
    /// <param name="file">The file.</param>
    /// <returns>Their names, sorted.</returns>
    /// <exception cref="EventFileException">The file has no hits.</exception>
    public static IReadOnlyList<string> Of(EventFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return HitPreparation.FieldsOf(file.Require("/hits"), calibrated: true);
    }
}
