namespace OrcaSong.Events;

/// <summary>
/// Reads tables that nobody said beforehand would be needed: what users' code looks at, it gets. Rows of any batch, in any order, for
/// any thread; only fetching the stored chunks is done by one thread at a time.
/// </summary>
/// <param name="file">The file.</param>
internal sealed class OnDemandTables(EventFile file) : IDisposable
{
    private readonly Dictionary<string, BatchReader> _readers = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Reads a column of a split table, or all columns of a compound one.</summary>
    /// <param name="table">The table; not a singleton.</param>
    /// <param name="column">A column of numbers.</param>
    /// <param name="firstEvent">First event of the batch.</param>
    /// <param name="count">Number of events.</param>
    /// <returns>The rows; the caller disposes them.</returns>
    internal TableBatch Read(EventTable table, string column, int firstEvent, int count)
    {
        StoredBatch stored;
        lock (_lock)
        {
            var key = table.Layout == TableLayout.Split ? $"{table.Path}/{column}" : table.Path;
            if (!_readers.TryGetValue(key, out var reader))
            {
                var columns = table.Layout == TableLayout.Split ? new[] { column } : null;
                _readers[key] = reader = new BatchReader(file, [new TableRequest(table.Path, columns)], inOrder: false);
            }

            stored = reader.Read(firstEvent, count);
        }

        return stored.Decode()[table.Path];
    }

    public void Dispose()
    {
        foreach (var reader in _readers.Values)
        {
            reader.Dispose();
        }
    }
}
