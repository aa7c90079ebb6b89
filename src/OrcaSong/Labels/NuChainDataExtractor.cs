using OrcaSong.Events;

namespace OrcaSong.Labels;

/// <summary>
/// Labels of real data: event_id, run_id and trigger_mask of the event, the number of hits and of triggered hits (before any
/// selection), and the reconstructions that there are. The Python tool's <c>get_real_data_info_extr</c>.
/// </summary>
public sealed class NuChainDataExtractor : ILabelExtractor
{
    internal const string ExtractorName = "nu_chain_data";
    private const string EventInfo = "/event_info";
    private const string Hits = "/hits";

    /// <inheritdoc/>
    public string Name => ExtractorName;

    /// <inheritdoc/>
    public ILabelMaker Prepare(EventFile file)
    {
        var info = file.Require(EventInfo);
        NumberType Type(EventTable table, string column) => table.Find(column)?.Number ?? throw new EventFileException(
            file.Path, table.Path, $"has no column {column}, which extractor {ExtractorName} needs; it has {string.Join(", ", table.Columns.Select(c => c.Name))}.")
        {
            Problem = EventFileProblem.MissingData,
        };

        var eventId = Type(info, "event_id");
        var runId = Type(info, "run_id");
        var triggerMask = Type(info, "trigger_mask");
        Type(file.Require(Hits), "triggered");
        return new Maker(file, [("event_id", eventId), ("run_id", runId), ("trigger_mask", triggerMask)]);
    }

    /// <inheritdoc/>
    public override string ToString() => ExtractorName;

    private sealed class Maker : ILabelMaker
    {
        private readonly StandardReconstructions _reconstructions;

        internal Maker(EventFile file, (string Name, NumberType Type)[] eventColumns)
        {
            _reconstructions = new StandardReconstructions(file);
            Columns = [.. eventColumns, ("n_hits", NumberType.Int64), ("n_trig_hits", NumberType.Int64), .. _reconstructions.Columns];
            Requests = [new TableRequest(EventInfo), new TableRequest(Hits, ["triggered"]), .. _reconstructions.Requests];
        }

        public IReadOnlyList<(string Name, NumberType Type)> Columns { get; }

        public IReadOnlyList<TableRequest> Requests { get; }

        public bool TryMake(PreparedBatch batch, int eventInBatch, Span<double> labels)
        {
            var events = batch.Events;
            var info = events[EventInfo];
            if (info.CountOf(eventInBatch) == 0)
            {
                return false;
            }

            var row = info.Offsets[eventInBatch];
            labels[0] = info["event_id"][row];
            labels[1] = info["run_id"][row];
            labels[2] = info["trigger_mask"][row];

            var hits = events[Hits];
            var triggered = hits["triggered"];
            labels[3] = hits.CountOf(eventInBatch);
            labels[4] = triggered.CountNonZero(hits.Offsets[eventInBatch], hits.CountOf(eventInBatch));
            _reconstructions.Make(events, eventInBatch, labels[5..]);
            return true;
        }
    }
}
