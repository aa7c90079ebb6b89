using System.Globalization;
using OrcaSong.Hdf5;

namespace OrcaSong.Inspection;

/// <summary>What a table says about one event: enough to name it.</summary>
/// <param name="RunId">Run.</param>
/// <param name="EventId">Event in the run.</param>
/// <param name="Energy">Energy of the simulated particle, GeV.</param>
public sealed record EventName(long? RunId, long? EventId, double? Energy)
{
    /// <summary>Of an event that nothing is known about.</summary>
    internal static readonly EventName Unknown = new(null, null, null);

    /// <summary>The name for titles: <c>run 8349, event 12, 23.5 GeV</c>; empty where nothing is known.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Join(", ", new[]
    {
        RunId is { } run ? string.Create(CultureInfo.InvariantCulture, $"run {run}") : null,
        EventId is { } id ? string.Create(CultureInfo.InvariantCulture, $"event {id}") : null,
        Energy is { } energy ? string.Create(CultureInfo.InvariantCulture, $"{energy:G3} GeV") : null,
    }.OfType<string>());

    /// <summary>Reads the name of an event from the first of some tables that has its row.</summary>
    /// <param name="file">The file.</param>
    /// <param name="index">The event; its row is the one of that number, in a table that has as many rows as there are events.</param>
    /// <param name="groupId">The event's group_id, where the row has to be looked for.</param>
    /// <param name="tables">Paths of compound tables.</param>
    internal static EventName Read(H5File file, long index, long? groupId, params ReadOnlySpan<string> tables)
    {
        foreach (var path in tables)
        {
            if (file.Root.KindOf(path) != H5ObjectKind.Dataset)
            {
                continue;
            }

            using var table = new RowScan(file, path);
            var row = groupId is { } id ? table.RowOf(id, index) : index < table.Rows ? index : null;
            if (row is { } found)
            {
                return new EventName(Whole(table, "run_id", found), Whole(table, "event_id", found), table.Value("energy", found));
            }
        }

        return Unknown;
    }

    private static long? Whole(RowScan table, string column, long row) =>
        table.Value(column, row) is { } value && Math.Abs(value) < long.MaxValue ? (long)value : null;
}
