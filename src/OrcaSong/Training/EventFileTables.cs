using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Output;

namespace OrcaSong.Training;

/// <summary>Describes an event file in the way files for training are described, so that its events can be shuffled as well.</summary>
internal static class EventFileTables
{
    private const string GroupInfo = "/group_info";

    /// <summary>Whether a file is an event file, rather than one for training.</summary>
    internal static bool IsEventFile(string path)
    {
        using var file = H5File.OpenRead(path);
        return file.Root.Contains("group_info") && !file.Root.Contains("x") && !file.Root.Contains("y");
    }

    /// <summary>Describes an event file.</summary>
    internal static SampleFile Describe(string path)
    {
        using var file = EventFile.Open(Path.GetFullPath(path));
        var datasets = new List<SampleDataset>();
        var headers = new List<string>();
        foreach (var table in file.Tables)
        {
            switch (table.Layout)
            {
                case TableLayout.Singleton:
                    headers.Add(table.Path[1..]);
                    break;
                case TableLayout.Compound:
                    datasets.Add(Describe(file, table.Path, table.Path == GroupInfo ? SampleRole.PerEvent : SampleRole.Grouped, table));
                    break;
                default:
                    datasets.AddRange(table.Columns.Select(c => Describe(file, $"{table.Path}/{c.Name}", SampleRole.Grouped, table)));
                    datasets.Add(DescribeIndex(file, table));
                    break;
            }
        }

        // The Python tool gives all tables the chunks of the first one.
        var chunk = datasets.Where(d => d.IsTable && !d.Name.Contains('/', StringComparison.Ordinal)).OrderBy(d => d.Name, StringComparer.Ordinal).First().ChunkShape;
        return new SampleFile(
            file.Path, file.EventCount, [.. datasets.Select(d => d.IsTable ? d with { ChunkShape = chunk } : d)], [], null, null, headers);
    }

    private static SampleDataset DescribeIndex(EventFile file, EventTable table)
    {
        var index = Describe(file, $"{table.Path}/_indices", SampleRole.Index, table);
        return index.RowCount == file.EventCount && index.Type.Members is [{ Name: "index" }, { Name: "n_items" }] && index.Type.Members.All(m => m.Type.Equals(H5Type.Int64))
            ? index
            : throw new EventFileException(
                file.Path, "/" + index.Name, $"has {index.RowCount} rows of {index.Type}; expected (index, n_items), int64, for each of the {file.EventCount} events. Convert the original file again.");
    }

    private static SampleDataset Describe(EventFile file, string path, SampleRole role, EventTable table)
    {
        using var dataset = file.File.Root.OpenDataset(path);
        if (!dataset.Type.IsNative || !dataset.Type.IsSelfContained)
        {
            throw new EventFileException(file.Path, path, $"has elements of type {dataset.Type}, which cannot be copied; expected numbers, little-endian, or text of fixed length.");
        }

        return new SampleDataset(
            path[1..],
            role,
            dataset.Type,
            [.. dataset.Shape],
            dataset.ChunkShape is { } chunk ? [.. chunk] : [dataset.Type.Class == H5Class.Compound ? PyTablesChunk.TableRows(dataset.Type.Size) : PyTablesChunk.ArrayShape([], dataset.Type.Size)[0]],
            dataset.Filters,
            null,
            new Dictionary<string, string>())
        {
            CanGrow = true,
            Table = table.Path,

            // km3pipe names it 'Group Info' when it makes it, and as all tables, after its name, when it copies it.
            Title = path == GroupInfo ? "GroupInfo" : null,
        };
    }
}
