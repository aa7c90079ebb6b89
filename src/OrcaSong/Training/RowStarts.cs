using OrcaSong.Events;
using OrcaSong.Hdf5;

namespace OrcaSong.Training;

/// <summary>Says which rows of a dataset belong to each event, where they are any number.</summary>
internal static class RowStarts
{
    /// <summary>The first row of each event, and behind the last one the number of rows.</summary>
    /// <param name="file">The file.</param>
    /// <param name="dataset">One of its datasets.</param>
    /// <returns>The rows; <see langword="null"/> where each event has one.</returns>
    /// <exception cref="EventFileException">Rows do not follow the order of events.</exception>
    internal static long[]? Of(SampleFile file, SampleDataset dataset) => dataset.Role switch
    {
        SampleRole.Indexed => OfIndex(file, dataset.Index!),
        SampleRole.Grouped => OfTable(file, dataset.Table!),
        _ => null,
    };

    private static long[] OfIndex(SampleFile file, string index)
    {
        using var open = H5File.OpenRead(file.Path);
        using var source = new RowSource(open, index);
        var starts = new long[file.EventCount + 1];
        for (var e = 0; e < file.EventCount;)
        {
            using var block = source.Get(e / source.BlockRows);
            var counts = new Column(block.Rows, sizeof(long), source.RowBytes, block.Count, NumberType.Int64);
            for (var i = 0; i < block.Count; i++, e++)
            {
                starts[e + 1] = starts[e] + counts.Value<long>(i);
            }
        }

        return starts;
    }

    private static long[] OfTable(SampleFile file, string path)
    {
        using var open = EventFile.Open(file.Path);
        var table = open.Require(path);
        var sources = new List<RowSource>();
        try
        {
            using var index = TableIndex.Of(open, table, inOrder: false, p =>
            {
                sources.Add(new RowSource(open, p));
                return sources[^1];
            });
            var starts = new long[file.EventCount + 1];
            for (var e = 0; e < file.EventCount; e++)
            {
                var runs = new RowRuns();
                index.Locate(e, runs);
                if (runs.Runs.Length > 1 || (runs.Runs.Length == 1 && runs.Runs[0].First != starts[e]))
                {
                    throw Unordered(file, path, e);
                }

                starts[e + 1] = starts[e] + runs.RowCount;
            }

            return starts[^1] == table.RowCount ? starts : throw Unordered(file, path, null);
        }
        finally
        {
            sources.ForEach(s => s.Dispose());
        }
    }

    private static EventFileException Unordered(SampleFile file, string path, long? eventIndex) => new(
        file.Path, path, "has rows that do not follow the order of the events in /group_info, or belong to none; such a file cannot be shuffled. Convert the original again.", eventIndex);
}
