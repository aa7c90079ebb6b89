using OrcaSong.Calibration;
using OrcaSong.Detectors;
using OrcaSong.Labels;
using OrcaSong.Running;

namespace OrcaSong.Events;

/// <summary>Reads events to be looked at, outside of a run: to try an extractor out on them, for instance.</summary>
public static class EventViews
{
    private const int EventsInBatch = 64;

    /// <summary>Reads events as an extractor would get them. Unlike those of a run, they may be kept.</summary>
    /// <param name="path">Path of a km3pipe HDF5 file.</param>
    /// <param name="options">What is done to events: detector, calibration, times. By default what is done without any option.</param>
    /// <param name="first">The first event, counted from 0 in file order.</param>
    /// <returns>The events, as many as are asked for; all tables are read for each.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IEnumerable<EventView> Read(string path, ProcessingOptions? options = null, int first = 0)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        return ReadAll(path, (options ?? ProcessingOptions.Default).Checked(), first);
    }

    private static IEnumerable<EventView> ReadAll(string path, ProcessingOptions options, int first)
    {
        var detector = options.DetectorFile is { } name ? Detector.Load(name) : null;
        using var file = EventFile.Open(path);
        var hits = new HitPreparation(file, detector, options, ["time"], []);
        using var prepared = new PreparedFile(file, options, detector, hits);
        _ = prepared.Header; // as long as the file is open
        var tables = file.Tables.Where(t => t.Layout != TableLayout.Singleton && t.Columns.Any(c => c.Number is not null))
            .Select(t => new TableRequest(t.Path)).ToArray();

        // Events are read from the first on; from anywhere else, each table is looked through once.
        var reader = new BatchReader(file, tables, inOrder: first == 0);
        try
        {
            for (; first < file.EventCount; first += EventsInBatch)
            {
                var events = Decode(Math.Min(EventsInBatch, file.EventCount - first));
                var batch = new PreparedBatch(prepared, events, hits.Prepare(events), _ => null);
                for (var e = 0; e < events.Count; e++)
                {
                    yield return batch.View(e);
                }
            }
        }
        finally
        {
            reader.Dispose();
        }

        EventBatch Decode(int count)
        {
            try
            {
                return reader.Read(first, count).Decode();
            }
            catch (TableOrderException)
            {
                reader.Dispose();
                reader = new BatchReader(file, tables, inOrder: false);
                return reader.Read(first, count).Decode();
            }
        }
    }
}
