using System.Buffers;
using OrcaSong.Calibration;

namespace OrcaSong.Labels;

/// <summary>Labels of a built-in extractor: their columns are known from the start, and workers fill the rows.</summary>
internal sealed class ComputedLabels(ILabelMaker maker, LabelTable table) : LabelStage
{
    internal ComputedLabels(LabelNeeds needs, LabelList labels, ILabelMaker maker)
        : this(maker, new LabelTable(labels.All, needs.Options))
    {
    }

    internal override LabelTable? Table => table;

    internal override object Make(PreparedBatch batch)
    {
        var rows = ArrayPool<byte>.Shared.Rent(batch.Events.Count * table.RowBytes);
        var labels = table.Rows(rows);
        for (var e = 0; e < batch.Skip.Length; e++)
        {
            if (batch.Skip[e] == SkipReason.None)
            {
                batch.Skip[e] = maker.Make(batch, e, labels[e]);
            }
        }

        maker.TakeColumns(batch, labels);
        return rows;
    }

    internal override LabelTable Layout(object labels, int eventInBatch) => table;

    internal override void Write(object labels, int eventInBatch, Span<byte> row) =>
        ((byte[])labels).AsSpan(eventInBatch * table.RowBytes, table.RowBytes).CopyTo(row);

    internal override void Return(object labels) => ArrayPool<byte>.Shared.Return((byte[])labels);
}
