using OrcaSong.Calibration;

namespace OrcaSong.Running;

/// <summary>Words for the reasons why events are left out.</summary>
public static class SkipReasons
{
    /// <summary>A reason in words, to follow a number of events.</summary>
    /// <param name="reason">The reason.</param>
    /// <returns>For instance "without hits".</returns>
    public static string Describe(SkipReason reason) => reason switch
    {
        SkipReason.NoHits => "without hits",
        SkipReason.NoTriggeredHit => "without a triggered hit",
        SkipReason.NoEventInfo => "without a row in event_info",
        SkipReason.NoMcTrack => "without an MC track",
        SkipReason.Skipper => "by the event skipper",
        _ => "written",
    };
}
