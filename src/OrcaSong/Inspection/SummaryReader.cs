using System.Globalization;
using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Output;

namespace OrcaSong.Inspection;

/// <summary>Finds out what is in a file; see <see cref="EventFileSummary"/>.</summary>
internal sealed class SummaryReader
{
    private const string Samples = "/x";
    private const string LabelTable = "/y";
    private const string EventInfo = "/event_info";
    private const string EventList = "/group_info";
    private const string SampleIndex = "/x_indices";
    private const string Merged = "/used_files";
    private const string ProvenanceHeader = "/" + Provenance.DatasetName;
    private const int HitsLookedAt = 4096;
    private const int MostIds = 10_000;
    private const int MostTextBytes = 1 << 26;
    private readonly H5File _file;
    private readonly List<string> _problems = [];
    private readonly Dictionary<string, StoredTable> _tables;
    private bool _contradicts;

    internal SummaryReader(H5File file)
    {
        _file = file;
        _tables = new StoredTables(file, _problems).List().ToDictionary(t => t.Path, StringComparer.Ordinal);
    }

    internal EventFileDetails Read()
    {
        var summary = new EventFileSummary { Path = _file.Path, FileSize = new FileInfo(_file.Path).Length };
        summary = Find(Samples) is { Shape.Count: > 1 } x && Try(() => SamplesOf(summary, x)) is { } found ? found
            : Find("/hits") is not null || Find(EventList) is not null || Find(EventInfo) is not null ? Events(summary)
            : summary;
        var (detectors, runs, all) = Ids();
        var used = Texts(Merged);
        var provenance = Texts(ProvenanceHeader) is { Count: > 0 } text ? string.Concat(text) : null;
        var largest = Main(summary.Kind);
        summary = summary with
        {
            McHitCount = Find("/mc_hits")?.Rows,
            IsSimulated = Find("/mc_hits") is not null || Find("/mc_tracks") is not null ? true : summary.IsSimulated,
            DetectorIds = new(detectors),
            RunIds = new(runs),
            AllRunsKnown = all,
            Labels = new(Find(LabelTable)?.Columns.Select(c => c.Name) ?? []),
            Tables = new(_tables.Keys),
            FormatVersion = Attribute("format_version"),
            WrittenBy = new(new[] { ("km3pipe", "km3pipe"), ("OrcaSong", "orcasong") }
                .Select(p => (p.Item1, Version: Attribute(p.Item2))).Where(p => p.Version is not null).Select(p => $"{p.Item1} {p.Version}")),
            Compression = largest?.Filters,
            ChunkShape = largest?.ChunkShape,
            UsedFiles = new(used),
            IsShuffled = ProvenanceText.SaysShuffled(provenance) ? true : summary.Kind is EventFileKind.Images or EventFileKind.Graphs ? IsShuffled() : null,
            Provenance = provenance,
        };
        summary = WithEventFile(summary);
        CheckLengths(summary);
        summary = summary with
        {
            IsComplete = _contradicts ? false : summary.Provenance is not null ? true : null,
            Problems = new(_problems),
        };
        return new EventFileDetails(_file.Path, summary with { Contents = Contents(summary) }, new(_tables.Values));
    }

    private StoredTable? Find(string path) => _tables.GetValueOrDefault(path);

    private EventFileSummary? SamplesOf(EventFileSummary summary, StoredTable x)
    {
        using var dataset = _file.Root.OpenDataset(Samples);
        var columns = GraphColumns.Names(dataset);
        var isImage = ImageAxes.Title(dataset).EndsWith(ImageAxes.TitleSuffix, StringComparison.Ordinal);
        if (!isImage && Find(SampleIndex) is null && Find(LabelTable) is null)
        {
            return null; // a dataset that happens to be called x
        }

        if (columns.Length > 0 || ImageAxes.Title(dataset) == "nodes" || (!isImage && dataset.Type.Class == H5Class.Float))
        {
            var isIndexed = GraphColumns.IsIndexed(dataset) ?? (Find(SampleIndex) is { } index && index.Rows != x.Rows);
            var events = Find(SampleIndex)?.Rows ?? Find(LabelTable)?.Rows ?? Find(EventList)?.Rows;
            return summary with
            {
                Kind = EventFileKind.Graphs,
                EventCount = isIndexed ? events : x.Rows,
                HitCount = isIndexed ? x.Rows : null,
                SampleShape = isIndexed ? null : new(x.Shape.Skip(1)),
                Fields = columns.Length > 0 ? new(columns) : null,
                IsCalibrated = columns.Length == 0 ? null : HasPositions([.. columns.Select((name, i) => (name, i))]),
            };
        }

        var axes = ImageAxes.Read(_file, dataset);
        var known = axes.All(a => a.Field is not null);
        return summary with
        {
            Kind = EventFileKind.Images,
            EventCount = x.Rows,
            SampleShape = new(x.Shape.Skip(1)),
            Fields = known ? new(axes.Select(a => a.Field!)) : null,
            IsCalibrated = known && axes.Any(a => a.Field!.StartsWith("pos_", StringComparison.Ordinal)) ? true : null,
        };
    }

    private EventFileSummary Events(EventFileSummary summary)
    {
        var hits = Find("/hits");
        return summary with
        {
            Kind = EventFileKind.Events,
            EventCount = Find(EventList)?.Rows ?? Find(EventInfo)?.Rows,
            HitCount = hits?.Rows,
            IsCalibrated = hits is null ? null : HitsHavePositions(hits),
            IsSimulated = hits is null ? null : false,
        };
    }

    private bool? HitsHavePositions(StoredTable hits)
    {
        var positions = hits.Columns.Where(c => c.Name is "pos_x" or "pos_y" or "pos_z").Select(c => c.Name).ToArray();
        if (positions.Length < 3)
        {
            return false;
        }

        if (hits.Rows == 0)
        {
            return null;
        }

        return Try<bool?>(() =>
        {
            if (_file.Root.KindOf("hits") == H5ObjectKind.Dataset)
            {
                using var table = new RowScan(_file, "/hits");
                return AnyNonZero(table, [.. positions.Select(table.Find).OfType<TableColumn>()]);
            }

            return positions.Any(name =>
            {
                using var column = new RowScan(_file, $"/hits/{name}");
                return column.Element(0) is { } values && AnyNonZero(column, [values]);
            });
        });
    }

    /// <summary>Whether the hits of graphs have positions; unknown where they leave them out.</summary>
    private bool? HasPositions((string Name, int Index)[] columns)
    {
        using var scan = new RowScan(_file, Samples);
        var positions = columns.Where(c => c.Name.StartsWith("pos_", StringComparison.Ordinal))
            .Select(c => scan.Element(c.Index)).OfType<TableColumn>().ToArray();
        return positions.Length == 0 || scan.Rows == 0 ? null : AnyNonZero(scan, positions);
    }

    private static bool AnyNonZero(RowScan scan, IReadOnlyList<TableColumn> columns)
    {
        var any = false;
        scan.Look(columns, (_, block) => !(any = block.Any(c => c.CountNonZero(0, c.Count) > 0)), HitsLookedAt);
        return any;
    }

    /// <summary>Detectors and runs, from the first table that has them.</summary>
    private (IEnumerable<long> Detectors, IEnumerable<long> Runs, bool All) Ids()
    {
        var (detectors, runs, all) = (new SortedSet<long>(), new SortedSet<long>(), true);
        foreach (var path in (ReadOnlySpan<string>)[EventInfo, LabelTable])
        {
            if (Find(path) is not { Rows: > 0 } || (detectors.Count > 0 && runs.Count > 0))
            {
                continue;
            }

            Try(() =>
            {
                using var scan = new RowScan(_file, path);
                var wanted = new[] { ("det_id", detectors), ("run_id", runs) }
                    .Where(w => w.Item2.Count == 0).Select(w => (Column: scan.Find(w.Item1), Ids: w.Item2)).Where(w => w.Column is not null).ToArray();
                if (wanted.Length > 0)
                {
                    all &= scan.Look([.. wanted.Select(w => w.Column!)], (_, block) =>
                    {
                        for (var c = 0; c < wanted.Length; c++)
                        {
                            Collect(block[c], wanted[c].Ids);
                        }

                        return runs.Count < MostIds;
                    });
                }

                return true;
            });
        }

        return (detectors, runs, all);
    }

    private static void Collect(Column column, SortedSet<long> ids)
    {
        long? last = null;
        for (var row = 0; row < column.Count; row++)
        {
            // Labels are floating-point numbers, as a rule.
            if (column[row] is var value && Math.Abs(value) < long.MaxValue && (long)value != last)
            {
                ids.Add((long)value);
                last = (long)value;
            }
        }
    }

    private bool? IsShuffled()
    {
        if (Find(LabelTable) is not { Rows: > 1 })
        {
            return null;
        }

        return Try<bool?>(() =>
        {
            using var scan = new RowScan(_file, LabelTable);
            if (scan.Find("group_id") is not { } column)
            {
                return null;
            }

            var ascending = true;
            var last = double.NegativeInfinity;
            scan.Look([column], (_, block) =>
            {
                for (var row = 0; row < block[0].Count && ascending; row++)
                {
                    (ascending, last) = (block[0][row] >= last, block[0][row]);
                }

                return ascending;
            });
            return !ascending;
        });
    }

    /// <summary>The table that takes most of the file: samples, hits, or whatever else is largest.</summary>
    private StoredTable? Main(EventFileKind kind) => kind switch
    {
        EventFileKind.Images or EventFileKind.Graphs => Find(Samples),
        EventFileKind.Events when Find("/hits") is { } hits => hits,
        _ => _tables.Values.MaxBy(t => t.StoredBytes),
    };

    /// <summary>What only a file that can be read as an event file tells: its header, and which extractors work.</summary>
    private EventFileSummary WithEventFile(EventFileSummary summary)
    {
        if (Find(EventList) is null)
        {
            if (summary.Kind == EventFileKind.Events)
            {
                _problems.Add($"has no {EventList}, which lists the events, so it cannot be processed");
            }

            return summary;
        }

        try
        {
            using var file = EventFile.Open(_file.Path);
            var header = FileHeader.Read(file);
            var checks = summary.Kind == EventFileKind.Events && Find("/hits") is not null ? ExtractorCheck.All(file) : [];
            _problems.AddRange(summary.Kind == EventFileKind.Events && Find("/hits") is not null ? file.Warnings : []);
            return summary with
            {
                Generators = new(Generators(header)),
                IsSimulated = header?.Keys.Any(IsOfGenerator) == true ? true : summary.IsSimulated,
                DetectorName = DetectorName(header),
                Extractors = new(checks.Where(c => c.Works).Select(c => c.Name)),
                ExtractorChecks = new(checks),
            };
        }
        catch (Exception e) when (e is EventFileException or H5Exception)
        {
            _problems.Add(ExtractorCheck.WithoutFile(e.Message, _file.Path));
            return summary;
        }
    }

    /// <summary>Programs and versions from the parameters <c>physics</c>, <c>simul</c> and <c>generator</c>, of which there may be several, numbered.</summary>
    private static IEnumerable<string> Generators(FileHeader? header) =>
        (header is null ? [] : header.Where(p => IsOfGenerator(p.Key)))
            .Select(p => string.Join(' ', p.Value.Values.Take(2).Select(v => Convert.ToString(v, CultureInfo.InvariantCulture)).Where(v => v is not "None")))
            .Where(p => p.Length > 0).Distinct(StringComparer.Ordinal);

    private static bool IsOfGenerator(string parameter) => parameter.Split('_')[0] is "physics" or "simul" or "generator";

    private static string? DetectorName(FileHeader? header) =>
        header?.Where(p => p.Key.Contains("detector", StringComparison.Ordinal)).SelectMany(p => p.Value.Values).OfType<string>()
            .FirstOrDefault(v => v.Contains("KM3NeT_", StringComparison.Ordinal) || v.EndsWith(".detx", StringComparison.Ordinal)) is { } path
            ? path[(path.LastIndexOf('/') + 1)..] : null;

    /// <summary>Notes down where the lengths of tables that belong together differ.</summary>
    private void CheckLengths(EventFileSummary summary)
    {
        if (summary.Kind is not (EventFileKind.Images or EventFileKind.Graphs))
        {
            if (Find(Samples) is null && Find(LabelTable) is not null && summary.Kind == EventFileKind.Events && Find("/hits") is null)
            {
                Contradiction($"has labels ({LabelTable}), but no samples ({Samples})");
            }

            return;
        }

        foreach (var path in (ReadOnlySpan<string>)[EventList, SampleIndex, LabelTable, EventInfo])
        {
            if (Find(path) is { } table && table.Rows != summary.EventCount)
            {
                Contradiction(string.Create(CultureInfo.InvariantCulture, $"has {table.Rows} rows in {path}, but {summary.EventCount} events"));
            }
        }
    }

    private void Contradiction(string problem)
    {
        _contradicts = true;
        _problems.Add($"{problem}: it is incomplete");
    }

    private static string Contents(EventFileSummary summary)
    {
        var what = summary.Kind switch
        {
            EventFileKind.Events when summary.HitCount is null => "event tables without hits",
            EventFileKind.Events => summary.IsSimulated == true ? "simulated events" : "events",
            EventFileKind.Images => summary.Fields is { } fields ? $"images of {string.Join(" x ", fields)}" : "images",
            EventFileKind.Graphs when summary.SampleShape is { } shape => $"graphs of {shape[0]} hits each",
            EventFileKind.Graphs => "graphs",
            _ => "HDF5 file of no kind that OrcaSong knows",
        };
        var merged = summary.UsedFiles.Count > 0 ? $", merged from {summary.UsedFiles.Count} files" : string.Empty;
        return what + merged + (summary.IsShuffled == true ? ", in random order" : string.Empty);
    }

    private List<string> Texts(string path)
    {
        if (Find(path) is null)
        {
            return [];
        }

        return Try(() =>
        {
            using var dataset = _file.Root.OpenDataset(path);
            var isText = dataset.Type.Class is H5Class.String or H5Class.VariableString;
            return isText && dataset.Length <= MostTextBytes / dataset.Type.Size ? [.. dataset.ReadStrings()] : new List<string>();
        }) ?? [];
    }

    private string? Attribute(string name) => Try(() => _file.Root.Attributes.GetString(name));

    /// <summary>What is damaged is noted down, and the rest goes on.</summary>
    private T? Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is H5Exception or EventFileException)
        {
            _problems.Add(e is H5Exception { ObjectPath: { } path } h5 ? $"{path}: {h5.Reason}" : ExtractorCheck.WithoutFile(e.Message, _file.Path));
            return default;
        }
    }
}
