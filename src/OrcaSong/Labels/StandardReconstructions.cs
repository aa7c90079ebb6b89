using OrcaSong.Calibration;
using OrcaSong.Events;

namespace OrcaSong.Labels;

/// <summary>
/// The labels that the nu_chain extractors take over from reconstructions: every column of the tables <c>/reco/best_*</c> that the
/// file has, prefixed by the reconstruction's name; NaN for an event without a row.
/// </summary>
/// <remarks>
/// Labels with their own types are int64 and float64, as Python's numbers are; but integers are float64 too where an event lacks its row,
/// since integers have no NaN. (The Python tool lets the first event decide, and fails at the first that lacks its row.)
/// </remarks>
internal sealed class StandardReconstructions
{
    /// <summary>The reconstructions in the order of the labels; the table of each is <c>/reco/best_</c> and the name.</summary>
    internal static readonly string[] Kinds = ["jmuon", "jshower", "dusjshower", "aashower"];

    private readonly List<(string Path, int Label, string[] Columns)> _tables = [];

    internal StandardReconstructions(LabelNeeds needs, LabelList labels)
    {
        foreach (var kind in Kinds)
        {
            var path = $"/reco/best_{kind}";
            if (needs.File.Find(path) is not { Layout: not TableLayout.Singleton } table)
            {
                continue;
            }

            var columns = table.Columns.Where(c => c.Number is not null).Select(c => c.Name).ToArray();
            var first = -1;
            foreach (var column in columns)
            {
                var type = needs.Column(path, column).IsInteger() ? NumberType.Int64 : NumberType.Float64;
                var label = labels.Add($"{kind}_{column}", needs.TypeOrNaN(path, type, NumberType.Int64));
                first = first < 0 ? label : first;
            }

            _tables.Add((path, first, columns));
        }
    }

    internal void Take(PreparedBatch batch, LabelRows labels)
    {
        foreach (var (path, first, columns) in _tables)
        {
            var table = batch[path];
            for (var e = 0; e < batch.Skip.Length; e++)
            {
                if (table.CountOf(e) > 1 && batch.Skip[e] == SkipReason.None)
                {
                    throw new EventFileException(
                        batch.File.File.Path,
                        path,
                        $"has {table.CountOf(e)} rows for one event, but the best reconstruction is one. Convert the original file again with --best_tracks.",
                        batch.Events.FirstEvent + e);
                }
            }

            var rows = table.FirstRows();
            for (var c = 0; c < columns.Length; c++)
            {
                labels.Take(first + c, table[columns[c]], rows);
            }
        }
    }
}
