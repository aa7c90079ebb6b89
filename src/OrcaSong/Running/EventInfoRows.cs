using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Output;

namespace OrcaSong.Running;

/// <summary>
/// Copies the rows of <c>/event_info</c>, with group_id renumbered to the events of the output; for graphs, the number of hits that
/// were selected comes as a last column.
/// </summary>
internal sealed class EventInfoRows
{
    internal const string Path = "/event_info";
    private const string HitsInTime = "n_hits_intime";
    private readonly EventFile _file;
    private readonly EventTable _table;
    private readonly TableColumn _groupId;
    private readonly int _groupIdAt;
    private readonly int _packedSize;
    private readonly bool _withHitsInTime;

    internal EventInfoRows(EventFile file, bool withHitsInTime)
    {
        _file = file;
        _table = file.Require(Path);
        if (_table.Layout != TableLayout.Compound)
        {
            throw new EventFileException(file.Path, Path, "is not a table with a column group_id, so its rows cannot be kept. Leave event_info out, or convert the original file again.");
        }

        _groupId = _table.Find("group_id")!;
        _groupIdAt = _table.Columns.TakeWhile(c => c != _groupId).Sum(c => c.Type.Size);
        if (_table.Columns.FirstOrDefault(c => c.Type.Class is H5Class.VariableString or H5Class.VariableLength or H5Class.Reference) is { } bad)
        {
            throw new EventFileException(file.Path, Path, $"has a column {bad.Name} of type {bad.Type}, which cannot be kept. Leave event_info out.");
        }

        _packedSize = _table.Columns.Sum(c => c.Type.Size);
        _withHitsInTime = withHitsInTime;
        if (withHitsInTime && _table.Find(HitsInTime) is not null)
        {
            throw new EventFileException(file.Path, Path, $"has a column {HitsInTime} already, which graphs are to add. Leave event_info out.");
        }
    }

    internal TableRequest Request { get; } = new(Path);

    internal RowWriter AddTo(OutputFile output, int? chunkRows) =>
        output.AddTable(
            Path,
            "EventInfo",
            [
                .. _table.Columns.Select(c => (c.Name, c.Type)),
                .. _withHitsInTime ? new[] { (HitsInTime, H5Type.Int64) } : [],
            ],
            chunkRows);

    /// <summary>Whether the event has its one row.</summary>
    internal bool Has(EventBatch batch, int eventInBatch)
    {
        var rows = batch[Path].CountOf(eventInBatch);
        return rows <= 1
            ? rows == 1
            : throw new EventFileException(_file.Path, Path, $"has {rows} rows for one event; one is expected. Convert the original file again.", batch.FirstEvent + eventInBatch);
    }

    internal void Copy(EventBatch batch, int eventInBatch, long groupId, long? hitsInTime, Span<byte> destination)
    {
        var table = batch[Path];
        _table.Pack(table.Rows.Slice(table.Offsets[eventInBatch] * _table.RowSize, _table.RowSize), destination);
        _groupId.Number!.Value.Write(destination[_groupIdAt..], groupId);
        if (hitsInTime is { } hits)
        {
            BitConverter.TryWriteBytes(destination[_packedSize..], hits);
        }
    }
}
