namespace OrcaSong.Simulation;

/// <summary>Consecutive events of a simulated run. There is one batch a simulator: the next call fills it anew.</summary>
public sealed class SimulatedBatch
{
    internal SimulatedBatch(IReadOnlyList<SimulatedTable> tables) => Tables = tables;

    /// <summary>Number of the first event, which is also its group_id.</summary>
    public long FirstEvent { get; internal set; }

    /// <summary>Number of events.</summary>
    public int EventCount { get; internal set; }

    /// <summary>The tables with the rows of these events; the same objects as <see cref="EventSimulator.Tables"/>.</summary>
    public IReadOnlyList<SimulatedTable> Tables { get; }
}
