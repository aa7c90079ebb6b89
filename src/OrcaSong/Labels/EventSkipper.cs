using OrcaSong.Calibration;
using OrcaSong.Events;

namespace OrcaSong.Labels;

/// <summary>
/// Your own code that says which events are left out. It sees events after calibration, and before their labels are made; statistics of
/// the binning still count the events that it leaves out.
/// </summary>
/// <param name="Skip">Whether an event is left out.</param>
/// <param name="InOrder">
/// Whether it must see the events one after the other, in file order and on one particular thread, as a script must; otherwise it is
/// called by many threads at once.
/// </param>
public sealed record EventSkipper(Func<EventView, bool> Skip, bool InOrder = false)
{
    /// <summary>The code as it was written, where it is known: outputs keep it.</summary>
    public string? Text { get; init; }

    /// <summary>Marks the events of a batch that are to be left out.</summary>
    internal void Apply(PreparedBatch batch)
    {
        for (var e = 0; e < batch.Skip.Length; e++)
        {
            if (batch.Skip[e] == SkipReason.None && EventCodeException.Call(batch.View(e), "the event skipper", Skip))
            {
                batch.Skip[e] = SkipReason.Skipper;
            }
        }
    }
}
