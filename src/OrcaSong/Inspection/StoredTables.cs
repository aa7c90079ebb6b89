using System.Globalization;
using OrcaSong.Hdf5;

namespace OrcaSong.Inspection;

/// <summary>Lists what a file holds, of whatever kind it is. What cannot be opened is noted down and passed over.</summary>
/// <param name="file">The file.</param>
/// <param name="problems">Receives what cannot be opened.</param>
internal sealed class StoredTables(H5File file, List<string> problems)
{
    private const int DeepestGroup = 6; // links can lead round in circles
    private const int MostTables = 2_000;
    private readonly List<StoredTable> _tables = [];

    /// <summary>Walks through the file. PyTables' indexes, <c>_i_*</c>, are left out.</summary>
    internal IReadOnlyList<StoredTable> List()
    {
        Walk(file.Root, 0);
        return _tables;
    }

    /// <summary>The filters of a dataset in words.</summary>
    internal static string Describe(IReadOnlyList<H5Filter> filters) =>
        filters.Count == 0 ? "none" : string.Join(", ", filters.Select(Describe));

    private static string Describe(H5Filter filter) => filter.Id switch
    {
        H5Filter.ShuffleId => "shuffle",
        H5Filter.DeflateId when filter.Values is [var level, ..] => string.Create(CultureInfo.InvariantCulture, $"deflate {level}"),
        _ => filter.ToString(),
    };

    private void Walk(H5Group group, int depth)
    {
        foreach (var name in Names(group))
        {
            if (name.StartsWith("_i_", StringComparison.Ordinal) || _tables.Count >= MostTables)
            {
                continue;
            }

            try
            {
                switch (group.KindOf(name))
                {
                    case H5ObjectKind.Group when depth < DeepestGroup:
                        var inner = group.OpenGroup(name);
                        if (inner.Contains("_indices"))
                        {
                            AddSplit(inner);
                        }
                        else
                        {
                            Walk(inner, depth + 1);
                        }

                        break;
                    case H5ObjectKind.Dataset:
                        using (var dataset = group.OpenDataset(name))
                        {
                            _tables.Add(Describe(dataset));
                        }

                        break;
                }
            }
            catch (H5Exception e)
            {
                problems.Add(e.ObjectPath is null ? e.Message : $"{e.ObjectPath}: {e.Reason}");
            }
        }
    }

    private IReadOnlyList<string> Names(H5Group group)
    {
        try
        {
            return group.Names;
        }
        catch (H5Exception e)
        {
            problems.Add($"{group.Path}: {e.Reason}");
            return [];
        }
    }

    private static StoredTable Describe(H5Dataset dataset) => new()
    {
        Path = dataset.Path,
        Rows = dataset.Length,
        Columns = new(dataset.Type.Members.Select(m => new StoredColumn(m.Name, m.Type.ToString()))),
        Type = dataset.Type.Class == H5Class.Compound ? Columns(dataset.Type.Members.Count) : dataset.Type.ToString(),
        Shape = new(dataset.Shape),
        ChunkShape = dataset.ChunkShape is { } chunk ? new(chunk) : null,
        Filters = Describe(dataset.Filters),
        Bytes = Size(dataset),
        StoredBytes = dataset.StoredBytes,
    };

    private void AddSplit(H5Group group)
    {
        var columns = new List<StoredTable>();
        foreach (var name in group.Names.Where(n => group.KindOf(n) == H5ObjectKind.Dataset))
        {
            using var dataset = group.OpenDataset(name);
            columns.Add(Describe(dataset));
        }

        var indices = columns.Find(c => c.Path.EndsWith("/_indices", StringComparison.Ordinal));
        columns.RemoveAll(c => c == indices || c.Shape.Count != 1);
        var rows = columns.Select(c => c.Rows).Distinct().ToArray();
        if (rows.Length > 1)
        {
            var lengths = string.Join(", ", columns.Select(c => $"{Name(c)} {c.Rows}"));
            problems.Add($"{group.Path}: its columns have different numbers of rows ({lengths}), so it is incomplete");
        }

        _tables.Add(new StoredTable
        {
            Path = group.Path,
            Rows = rows.FirstOrDefault(),
            Columns = new(columns.Select(c => new StoredColumn(Name(c), c.Type))),
            Type = Columns(columns.Count),
            Shape = new([rows.FirstOrDefault()]),
            ChunkShape = columns.Select(c => c.ChunkShape?[0]).Distinct().Count() == 1 ? columns[0].ChunkShape : null,
            Filters = string.Join(" or ", columns.Select(c => c.Filters).Distinct()) is { Length: > 0 } filters ? filters : "none",
            Bytes = (long)columns.Sum(c => (double)c.Bytes),
            StoredBytes = (long)columns.Sum(c => (double)c.StoredBytes),
        });
        if (indices is not null)
        {
            _tables.Add(indices);
        }
    }

    private static string Columns(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} column{(count == 1 ? string.Empty : "s")}");

    private static string Name(StoredTable column) => column.Path[(column.Path.LastIndexOf('/') + 1)..];

    private static long Size(H5Dataset dataset)
    {
        // Sizes in a file that is not to be trusted may be beyond 64 bits; the conversion stops there.
        var bytes = dataset.Shape.Aggregate((double)dataset.Type.Size, (product, length) => product * length);
        return dataset.Length == 0 ? 0 : (long)bytes;
    }
}
