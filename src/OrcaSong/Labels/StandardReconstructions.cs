using OrcaSong.Events;

namespace OrcaSong.Labels;

/// <summary>
/// The labels that the nu_chain extractors take over from reconstructions: every column of the tables <c>/reco/best_*</c> that the
/// file has, prefixed by the reconstruction's name; NaN for an event without a row.
/// </summary>
internal sealed class StandardReconstructions
{
    private static readonly string[] Kinds = ["jmuon", "jshower", "dusjshower", "aashower"];
    private readonly EventFile _file;
    private readonly (string Path, string[] Columns)[] _tables;

    internal StandardReconstructions(EventFile file)
    {
        _file = file;
        var tables = Kinds.Select(kind => (Kind: kind, Table: file.Find($"/reco/best_{kind}")))
            .Where(t => t.Table is { Layout: TableLayout.Compound })
            .Select(t => (t.Kind, t.Table!.Path, Columns: t.Table.Columns.Where(c => c.Number is not null).ToArray()))
            .ToArray();
        _tables = [.. tables.Select(t => (t.Path, t.Columns.Select(c => c.Name).ToArray()))];
        Columns = [.. tables.SelectMany(t => t.Columns.Select(c => ($"{t.Kind}_{c.Name}", NumberType.Float64)))];
        Requests = [.. _tables.Select(t => new TableRequest(t.Path))];
    }

    internal IReadOnlyList<(string Name, NumberType Type)> Columns { get; }

    internal IReadOnlyList<TableRequest> Requests { get; }

    internal void Make(EventBatch batch, int eventInBatch, Span<double> labels)
    {
        var at = 0;
        foreach (var (path, columns) in _tables)
        {
            var table = batch[path];
            var rows = table.CountOf(eventInBatch);
            if (rows > 1)
            {
                throw new EventFileException(
                    _file.Path, path, $"has {rows} rows for one event, but the best reconstruction is one. Convert the original file again with --best_tracks.", batch.FirstEvent + eventInBatch);
            }

            foreach (var column in columns)
            {
                labels[at++] = rows == 0 ? double.NaN : table[column][table.Offsets[eventInBatch]];
            }
        }
    }
}
