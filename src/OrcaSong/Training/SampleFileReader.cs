using System.Globalization;
using System.Text;
using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Hdf5.Filters;
using OrcaSong.Output;
using OrcaSong.Statistics;

namespace OrcaSong.Training;

/// <summary>Looks into a file for training and checks that its parts belong together.</summary>
internal sealed class SampleFileReader
{
    private const string ImageTitle = "_event_images";
    private const string IndexSuffix = "_indices";
    private const int MostHeaderBytes = 16 << 20;
    private const int LongestHeader = 64 << 10;
    private static readonly string[] HeaderColumns = ["parameter", "field_names", "field_values"];
    private readonly H5File _file;
    private readonly List<FileProblem> _problems;

    private SampleFileReader(H5File file, List<FileProblem> problems) => (_file, _problems) = (file, problems);

    /// <summary>Describes a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="problems">Receives everything that is wrong with it.</param>
    /// <returns>The description; <see langword="null"/> if there were problems.</returns>
    internal static SampleFile? TryRead(string path, out IReadOnlyList<FileProblem> problems)
    {
        var found = new List<FileProblem>();
        problems = found;
        var full = Path.GetFullPath(path);
        try
        {
            using var file = H5File.OpenRead(full);
            var description = new SampleFileReader(file, found).Describe();
            return found.Count == 0 ? description : null;
        }
        catch (H5Exception e)
        {
            found.Add(new FileProblem(full, null, "a readable HDF5 file", e.Reason));
        }
        catch (EventFileException e)
        {
            found.Add(new FileProblem(full, e.Dataset?.TrimStart('/'), "consistent data", e.Message));
        }

        return null;
    }

    /// <summary>
    /// Whether a name at the root is not one of a dataset of events. The Python tool leaves out the same ones; a table is looked for by what its
    /// name contains.
    /// </summary>
    private static bool IsAside(string name) => name is SampleFile.UsedFilesName || name.Contains("_i_", StringComparison.Ordinal)
        || name.Contains("bin_stats", StringComparison.Ordinal) || name.Contains("header", StringComparison.Ordinal);

    private SampleFile? Describe()
    {
        var datasets = new List<SampleDataset>();
        foreach (var name in _file.Root.Names.Where(n => !IsAside(n)))
        {
            switch (_file.Root.KindOf(name))
            {
                case H5ObjectKind.Dataset:
                    using (var dataset = _file.Root.OpenDataset(name))
                    {
                        if (Describe(name, dataset) is { } sample)
                        {
                            datasets.Add(sample);
                        }
                    }

                    break;
                case H5ObjectKind.Group:
                    Problem(name, "datasets whose rows belong to events", "a group. Is this an event file, of which images or graphs are still to be made?");
                    break;
                default:
                    Problem(name, "a dataset", "a link that leads nowhere");
                    break;
            }
        }

        if (datasets.Count == 0)
        {
            Problem(null, "datasets of events, such as x and y", "none");
        }

        return _problems.Count == 0 ? Check(datasets) : null;
    }

    private SampleDataset? Describe(string name, H5Dataset dataset)
    {
        if (dataset.Shape.Count == 0 || !dataset.Type.IsSelfContained)
        {
            Problem(name, "rows of numbers or of text of fixed length", dataset.Shape.Count == 0 ? "a single value" : $"elements of type {dataset.Type}");
            return null;
        }

        if (!dataset.Type.IsNative)
        {
            Problem(name, "numbers as this machine has them, little-endian", $"elements of type {dataset.Type}");
            return null;
        }

        if (dataset.Shape.Skip(1).Contains(0))
        {
            Problem(name, "rows of at least one number", $"rows of ({string.Join(", ", dataset.Shape.Skip(1))})");
            return null;
        }

        if (!IsReadable(name, dataset))
        {
            return null;
        }

        var attributes = dataset.Attributes;
        var isIndexed = attributes.Contains("indexed") && attributes.GetBoolean("indexed") == true;
        var index = name + IndexSuffix;
        if (isIndexed && !_file.Root.Contains(index))
        {
            Problem(index, $"the index of {name}, whose attribute indexed is true", "no such dataset");
            return null;
        }

        var isIndex = name.EndsWith(IndexSuffix, StringComparison.Ordinal) && _file.Root.Contains(name[..^IndexSuffix.Length]);
        if (isIndex && !(dataset.Shape.Count == 1 && dataset.Type.Members is [{ Name: "index" }, { Name: "n_items" }] && dataset.Type.Members.All(m => m.Type.Equals(H5Type.Int64))))
        {
            Problem(name, "the columns index and n_items, both int64", $"elements of type {dataset.Type}");
            return null;
        }

        return new SampleDataset(
            name,
            isIndex ? SampleRole.Index : isIndexed ? SampleRole.Indexed : SampleRole.PerEvent,
            dataset.Type,
            [.. dataset.Shape],
            dataset.ChunkShape is { } chunk ? [.. chunk] : null,
            dataset.Filters,
            _file.Root.Contains(index) ? index : null,
            Meaning(attributes));
    }

    /// <summary>Whether its chunks are of a size that can be handled, and compressed in a way that this machine's HDF5 library knows.</summary>
    private bool IsReadable(string name, H5Dataset dataset)
    {
        try
        {
            using var source = new RowSource(_file, name);
            if (source.RowCount > 0 && !ChunkCodec.Supports(dataset.Filters))
            {
                source.Get(0).Dispose();
            }

            return true;
        }
        catch (H5Exception e)
        {
            Problem(name, "rows that can be read", e.Reason);
        }
        catch (EventFileException e)
        {
            Problem(name, "rows that can be read", e.Message);
        }

        return false;
    }

    private static SortedDictionary<string, string> Meaning(H5Attributes attributes)
    {
        var meaning = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in attributes.Names)
        {
            if (name == "indexed")
            {
                meaning[name] = attributes.GetBoolean(name) == true ? "true" : "false";
            }
            else if (name.StartsWith("hit_info_", StringComparison.Ordinal)
                || (name == "TITLE" && attributes.GetString(name) is { } title && title.EndsWith(ImageTitle, StringComparison.Ordinal)))
            {
                meaning[name] = attributes.GetString(name) ?? "no text";
            }
        }

        return meaning;
    }

    private SampleFile? Check(List<SampleDataset> datasets)
    {
        var lengths = datasets.Where(d => d.Role != SampleRole.Indexed).ToList();
        var events = lengths.Count == 0 ? 0 : lengths[0].RowCount;
        if (lengths.Any(d => d.RowCount != events))
        {
            Problem(null, "as many rows as there are events, in all of these datasets", string.Join(", ", lengths.Select(d => $"{d.Name} {Number(d.RowCount)}")));
        }
        else if (events > int.MaxValue)
        {
            Problem(null, $"up to {Number(int.MaxValue)} events", Number(events));
        }

        foreach (var indexed in datasets.Where(d => datasets.Any(i => i.Role == SampleRole.Index && i.Name == d.Index)))
        {
            CheckIndex(indexed.Index!, indexed);
        }

        if (_problems.Count > 0)
        {
            return null;
        }

        var headers = Headers();
        return new SampleFile(_file.Path, (int)events, datasets, Texts(SampleFile.UsedFilesName), BinStatisticsFile.Read(_file.Root), Texts(Provenance.DatasetName) is [var provenance] ? provenance : null, headers)
        {
            RawHeader = headers.Contains(FileHeader.Path[1..], StringComparer.Ordinal) ? RawHeader() : [],
        };
    }

    /// <summary>An index has to count through all rows, event after event: only then can its events be told apart, and moved.</summary>
    private void CheckIndex(string name, SampleDataset indexed)
    {
        using var source = new RowSource(_file, name);
        long next = 0;
        for (long row = 0; row < source.RowCount;)
        {
            using var block = source.Get(row / source.BlockRows);
            var rows = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(block.Rows.AsSpan(0, block.Count * 2 * sizeof(long)));
            for (var i = 0; i < block.Count; i++, row++)
            {
                var (first, count) = (rows[2 * i], rows[(2 * i) + 1]);
                if (first != next || count < 0 || count > int.MaxValue)
                {
                    Problem(name, $"rows of {indexed.Name} that follow those of the event before, from row {Number(next)} on", $"index {Number(first)}, n_items {Number(count)} for event {Number(row)}");
                    return;
                }

                next += count;
            }
        }

        if (next != indexed.RowCount)
        {
            Problem(name, $"the {Number(indexed.RowCount)} rows of {indexed.Name}", Number(next));
        }
    }

    private string[] Texts(string name)
    {
        if (!_file.Root.Contains(name) || _file.Root.KindOf(name) != H5ObjectKind.Dataset)
        {
            return [];
        }

        using var dataset = _file.Root.OpenDataset(name);
        return dataset.Type.Class is H5Class.String or H5Class.VariableString ? dataset.ReadStrings() : [];
    }

    /// <summary>Tables such as <c>raw_header</c>, which the Python tool leaves out.</summary>
    private string[] Headers() =>
    [
        .. _file.Root.Names.Where(n => n.Contains("header", StringComparison.Ordinal) && !n.Contains("_i_", StringComparison.Ordinal)).Where(n =>
        {
            if (_file.Root.KindOf(n) != H5ObjectKind.Dataset)
            {
                return false;
            }

            using var dataset = _file.Root.OpenDataset(n);
            return dataset.Shape.Count == 1 && dataset.Type is { Class: H5Class.Compound, IsSelfContained: true, IsNative: true };
        }),
    ];

    /// <summary>The header of the simulation, for the provenance of what is made of the file; nothing if it is long.</summary>
    private List<HeaderRow> RawHeader()
    {
        using var source = new RowSource(_file, FileHeader.Path);
        using var dataset = _file.Root.OpenDataset(FileHeader.Path);
        var columns = HeaderColumns.Select(name => dataset.Type.Members.FirstOrDefault(m => m.Name == name && m.Type.Class == H5Class.String)).OfType<H5Member>().ToArray();
        if (columns.Length != HeaderColumns.Length || source.RowCount * source.RowBytes > MostHeaderBytes)
        {
            return [];
        }

        var rows = new List<HeaderRow>();
        while (rows.Count < source.RowCount)
        {
            using var block = source.Get(rows.Count / source.BlockRows);
            for (var i = 0; i < block.Count; i++)
            {
                var row = i * source.RowBytes;
                string Text(int column) => Encoding.UTF8.GetString(block.Rows, row + columns[column].Offset, columns[column].Type.Size).TrimEnd('\0');
                rows.Add(new HeaderRow(Text(0), Text(1), Text(2)));
            }
        }

        return rows.Sum(r => r.Parameter.Length + r.FieldNames.Length + r.FieldValues.Length) > LongestHeader ? [] : rows;
    }

    private void Problem(string? dataset, string expected, string found) => _problems.Add(new FileProblem(_file.Path, dataset, expected, found));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
