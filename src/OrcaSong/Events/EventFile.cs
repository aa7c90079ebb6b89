using System.Globalization;
using OrcaSong.Hdf5;

namespace OrcaSong.Events;

/// <summary>
/// A km3pipe HDF5 event file, opened for reading: its events (the rows of <c>/group_info</c>, in file order) and its tables.
/// </summary>
/// <remarks>Format: KM3HDF5 4.1 and later. Index groups of PyTables (<c>_i_*</c>) are left alone.</remarks>
public sealed class EventFile : IDisposable
{
    /// <summary>The oldest format version that can be read, as in km3pipe.</summary>
    public static readonly Version OldestFormat = new(4, 1);

    private const string ForTraining = "It looks like a file for training, made from event files.";
    private const int DeepestGroup = 6;
    private const int MostTables = 10_000;
    private const int MostGroups = 200;
    private int _groups;
    private readonly Dictionary<string, EventTable> _tables = new(StringComparer.Ordinal);
    private readonly List<string> _warnings = [];

    private EventFile(H5File file)
    {
        File = file;
        Path = file.Path;
    }

    /// <summary>Path of the file.</summary>
    public string Path { get; }

    /// <summary>The version that the attribute <c>format_version</c> names, if any.</summary>
    public Version? FormatVersion { get; private set; }

    /// <summary>Number of events: the rows of <c>/group_info</c>.</summary>
    public int EventCount => GroupIds.Length;

    /// <summary>Tables in the order in which they were found.</summary>
    public IReadOnlyCollection<EventTable> Tables => _tables.Values;

    /// <summary>What is unusual about the file but does not keep it from being read.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    internal H5File File { get; }

    /// <summary>The <c>group_id</c> of each event, in file order.</summary>
    internal long[] GroupIds { get; private set; } = [];

    /// <summary>Opens a file and reads which events and tables it has.</summary>
    /// <param name="path">Path of a km3pipe HDF5 file.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="EventFileException">It has no <c>/group_info</c>, or a format older than 4.1.</exception>
    /// <exception cref="H5Exception">It is missing, a folder, no HDF5 file, or damaged.</exception>
    public static EventFile Open(string path)
    {
        var file = new EventFile(H5File.OpenRead(path));
        try
        {
            file.CheckVersion();
            file.Walk(file.File.Root, string.Empty, 0);
            file.ReadEvents();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private bool IsForTraining => File.Root.Contains("x") && (File.Root.Contains("x_indices") || File.Root.Contains("y"));

    /// <summary>The table at a path such as <c>/hits</c>, or <see langword="null"/>.</summary>
    /// <param name="path">Absolute path in the file.</param>
    /// <returns>The table.</returns>
    public EventTable? Find(string path) => _tables.GetValueOrDefault(path);

    /// <summary>The table at a path such as <c>/hits</c>.</summary>
    /// <param name="path">Absolute path in the file.</param>
    /// <returns>The table.</returns>
    /// <exception cref="EventFileException">There is none; the message lists those that there are.</exception>
    public EventTable Require(string path) => Find(path)
        ?? throw new EventFileException(Path, null, $"has no table {path}; its tables are {string.Join(", ", _tables.Keys)}.{(IsForTraining ? " " + ForTraining : string.Empty)}")
        {
            Problem = IsForTraining ? EventFileProblem.NotAnEventFile : EventFileProblem.MissingData,
        };

    /// <inheritdoc/>
    public void Dispose() => File.Dispose();

    private void CheckVersion()
    {
        var text = File.Root.Attributes.Contains("format_version") ? File.Root.Attributes.GetString("format_version") : null;
        if (text is null)
        {
            _warnings.Add("The file does not say its format version (attribute format_version); it is read as version 5.1.");
        }
        else if (!Version.TryParse(text.Contains('.', StringComparison.Ordinal) ? text : text + ".0", out var version))
        {
            _warnings.Add($"The file's format version '{text}' is no version; it is read as version 5.1.");
        }
        else if (version < OldestFormat)
        {
            throw new EventFileException(
                Path, null, $"has format version {text}; {OldestFormat} or later is needed. Convert the original file again with a recent km3pipe.")
            {
                Problem = EventFileProblem.OldFormat,
            };
        }
        else
        {
            FormatVersion = version;
        }
    }

    private void Walk(H5Group group, string path, int depth)
    {
        if (++_groups > MostGroups)
        {
            throw new EventFileException(Path, path, $"is one of more than {MostGroups} groups, of which links seem to lead in circles. Remove those links, or convert the original file again.");
        }

        foreach (var name in group.Names)
        {
            // PyTables' indexes, not tables.
            if (name.StartsWith("_i_", StringComparison.Ordinal) || _tables.Count >= MostTables)
            {
                continue;
            }

            var child = $"{path}/{name}";
            switch (group.KindOf(name))
            {
                case H5ObjectKind.Group when depth < DeepestGroup:
                    var inner = group.OpenGroup(name);
                    if (inner.Contains("_indices"))
                    {
                        _tables[child] = SplitTable(inner, child);
                    }
                    else
                    {
                        Walk(inner, child, depth + 1);
                    }

                    break;
                case H5ObjectKind.Dataset:
                    using (var dataset = group.OpenDataset(name))
                    {
                        if (dataset.Type.Class == H5Class.Compound && dataset.Shape.Count == 1)
                        {
                            _tables[child] = CompoundTable(dataset, child);
                        }
                    }

                    break;
            }
        }
    }

    private static EventTable CompoundTable(H5Dataset dataset, string path)
    {
        var columns = dataset.Type.Members.Select(m => new TableColumn(m.Name, m.Type.InMemory(), m.Offset)).ToArray();
        var layout = columns.Any(c => c.Name == "group_id" && c.Number is not null) ? TableLayout.Compound : TableLayout.Singleton;
        return new EventTable(path, layout, columns, dataset.Length, dataset.Type.Size);
    }

    private EventTable SplitTable(H5Group group, string path)
    {
        var columns = new List<TableColumn>();
        long? rows = null;
        foreach (var name in group.Names.Where(n => n != "_indices" && group.KindOf(n) == H5ObjectKind.Dataset))
        {
            using var dataset = group.OpenDataset(name);
            if (dataset.Shape.Count != 1)
            {
                continue;
            }

            if (rows is { } expected && dataset.Length != expected)
            {
                throw new EventFileException(
                    Path, $"{path}/{name}", $"has {dataset.Length} rows, but {path}/{columns[0].Name} has {expected}. The file is incomplete; convert it again.");
            }

            rows = dataset.Length;
            columns.Add(new TableColumn(name, dataset.Type.InMemory(), 0));
        }

        return new EventTable(path, TableLayout.Split, columns, rows ?? 0, 0);
    }

    private void ReadEvents()
    {
        if (Find("/group_info") is not { } table || table.Find("group_id") is not { Number: not null } column)
        {
            var hint = IsForTraining ? ForTraining : "Is it an event file, converted with km3pipe's h5extract?";
            var found = string.Join(", ", File.Root.Names.Where(n => !n.StartsWith("_i_", StringComparison.Ordinal)).Take(12));
            throw new EventFileException(
                Path, null, $"has no table /group_info with a column group_id, which lists the events (found: {(found.Length == 0 ? "nothing" : found)}). {hint}")
            {
                Problem = EventFileProblem.NotAnEventFile,
            };
        }

        if (table.RowCount > Array.MaxLength / sizeof(long))
        {
            throw new EventFileException(
                Path, "/group_info", string.Create(CultureInfo.InvariantCulture, $"claims {table.RowCount} events; the file is damaged."));
        }

        using var source = new RowSource(this, "/group_info");
        var ids = new long[table.RowCount];
        for (long row = 0; row < ids.Length;)
        {
            using var block = source.Get(row / source.BlockRows);
            var values = new Column(block.Rows, column.Offset, table.RowSize, block.Count, column.Number.Value);
            for (var i = 0; i < block.Count; i++)
            {
                ids[row++] = values.ToInt64(i);
            }
        }

        GroupIds = ids;
    }
}
