using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Output;
using OrcaSong.Running;
using OrcaSong.Statistics;
using OrcaSong.Training;

namespace OrcaSong.Inspection;

/// <summary>
/// Checks that a file is whole and consistent: every chunk is there and passes its checksum; rows that belong together are as many; indices cover the
/// samples exactly; samples are finite numbers, and so are the numbers of events; no event is there twice; the statistics of images add up; and
/// what the file says about its making agrees with what is in it.
/// </summary>
/// <remarks>
/// Labels may be NaN or infinite, but for group_id, run_id, event_id and det_id: reconstructions that failed are (also with the Python tool), and weights that
/// a simulation does not have.
/// </remarks>
public sealed class FileCheck
{
    private const string Samples = "x";
    private const string LabelTable = "y";
    private const string GroupId = "group_id";
    private const int MostTextBytes = 1 << 28;
    private const int DeepestGroup = 6;
    private const int MostGroups = 200;
    private static readonly string[] Numbers = [GroupId, "run_id", "event_id", "det_id"];
    private static readonly string[] EventTables = ["group_info", LabelTable, "event_info"];
    private int _groups;
    private readonly H5File _file;
    private readonly Workers? _workers;
    private readonly RunProgress? _progress;
    private readonly CancellationToken _cancellation;
    private readonly List<FileProblem> _problems;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ulong> _groupIds = new(StringComparer.Ordinal);
    private long _bytes;
    private long _events;
    private long _sum;
    private bool _sumIsKnown;

    private FileCheck(H5File file, Workers? workers, RunProgress? progress, List<FileProblem> problems, CancellationToken cancellation) =>
        (_file, _workers, _progress, _problems, _cancellation) = (file, workers, progress, problems, cancellation);

    /// <summary>Checks a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="threads">Threads that inflate and look at rows; by default one for each core.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What was found. A file that cannot be opened is a problem, no error.</returns>
    public static FileCheckReport Run(string path, int? threads = null, RunProgress? progress = null, CancellationToken cancellation = default) =>
        Check(path, new Workers(threads), progress, cancellation);

    /// <summary>Checks all but the rows themselves: structure, lengths, indices, that each chunk is there, and what the file says about itself.</summary>
    internal static FileCheckReport RunQuickly(string path, CancellationToken cancellation) => Check(path, null, null, cancellation);

    private static FileCheckReport Check(string path, Workers? workers, RunProgress? progress, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var watch = Stopwatch.StartNew();
        var full = Path.GetFullPath(path);
        var problems = new List<FileProblem>();
        var report = new FileCheckReport { Path = full };
        try
        {
            using var file = H5File.OpenRead(full);
            report = new FileCheck(file, workers, progress, problems, cancellation).Run(report);
        }
        catch (Exception e) when (e is H5Exception or EventFileException)
        {
            problems.Add(new FileProblem(full, null, "a readable HDF5 file", e is H5Exception h5 ? h5.Reason : e.Message));
        }

        var distinct = problems.Distinct().OrderBy(p => p.Dataset, StringComparer.Ordinal);
        return report with { Problems = new(distinct), IsComplete = problems.Count > 0 && report.IsComplete is not null ? false : report.IsComplete, Elapsed = watch.Elapsed };
    }

    private FileCheckReport Run(FileCheckReport report)
    {
        var isEventFile = _file.Root.Contains("group_info") && !_file.Root.Contains(Samples);
        if (isEventFile)
        {
            CheckEventFile();
            report = report with { Kind = EventFileKind.Events };
        }
        else
        {
            report = CheckSampleFile(report);
        }

        Walk(_file.Root, string.Empty, 0, isEventFile);
        CheckGroupIds();
        CheckStatistics();
        return report with { EventCount = report.EventCount ?? _events, BytesRead = _bytes, IsComplete = CheckProvenance() };
    }

    /// <summary>What images and graphs have to be like, so that they can be merged and shuffled.</summary>
    private FileCheckReport CheckSampleFile(FileCheckReport report)
    {
        var description = SampleFileReader.TryRead(_file.Path, out var problems);
        _problems.AddRange(problems);
        _events = description?.EventCount ?? 0;
        _progress?.AddFile(_events);
        var isGraph = description?.Find(Samples) is { } x && (x.Role == SampleRole.Indexed || x.Type.Class == H5Class.Float || x.Meaning.Keys.Any(k => k.StartsWith("hit_info_", StringComparison.Ordinal)));
        return report with
        {
            Kind = description?.Find(Samples) is null ? EventFileKind.Unknown : isGraph ? EventFileKind.Graphs : EventFileKind.Images,
            EventCount = description?.EventCount,
        };
    }

    /// <summary>The tables of an event file have the rows that their indices say, and only those of its events.</summary>
    private void CheckEventFile()
    {
        try
        {
            using var events = EventFile.Open(_file.Path);
            _events = events.EventCount;
            _progress?.AddFile(_events);
            _ = Events.EventOrder.Of(events);
            foreach (var table in events.Tables.Where(t => t.Layout == TableLayout.Split))
            {
                try
                {
                    if (SplitIndex.TryRead(events, table) is null && table.Find(GroupId) is not { Number: not null })
                    {
                        throw SplitIndex.Inconsistent(events, table);
                    }
                }
                catch (EventFileException e)
                {
                    Problem(table.Path[1..], "consistent tables", ExtractorCheck.WithoutFile(e.Message, _file.Path));
                }
            }
        }
        catch (EventFileException e)
        {
            Problem(e.Dataset?.TrimStart('/'), "consistent tables", ExtractorCheck.WithoutFile(e.Message, _file.Path));
        }
    }

    private void Walk(H5Group group, string path, int depth, bool isEventFile)
    {
        if (++_groups >= MostGroups)
        {
            if (_groups == MostGroups)
            {
                Problem(path.TrimEnd('/'), $"fewer than {MostGroups} groups", "links that seem to lead in circles");
            }

            return;
        }

        foreach (var name in group.Names.Where(n => !n.StartsWith("_i_", StringComparison.Ordinal)))
        {
            var child = $"{path}{name}";
            try
            {
                switch (group.KindOf(name))
                {
                    case H5ObjectKind.Group when depth < DeepestGroup:
                        Walk(group.OpenGroup(name), child + "/", depth + 1, isEventFile);
                        break;
                    case H5ObjectKind.Dataset:
                        Scan(child, isEventFile);
                        break;
                }
            }
            catch (H5Exception e)
            {
                Problem(child, "a readable dataset", e.Reason);
            }
        }
    }

    private void Scan(string name, bool isEventFile)
    {
        using var dataset = _file.Root.OpenDataset("/" + name);
        if (dataset.Type.Class is H5Class.String or H5Class.VariableString || !dataset.Type.IsSelfContained || dataset.Shape.Count == 0)
        {
            ReadText(dataset);
            return;
        }

        if (dataset.Length > 0 && dataset.StoredBytes == 0)
        {
            Problem(name, "stored rows", string.Create(CultureInfo.InvariantCulture, $"{dataset.Length} rows, of which none was ever written"));
            return;
        }

        var isSamples = name == Samples && !isEventFile;
        var look = _workers is null && isSamples ? null : Looks(name, dataset, isEventFile);
        var scan = new DatasetScan(_file, "/" + name, (expected, found) => Problem(name, expected, found));
        var (rows, reported) = (0L, 0L);
        Action<long>? report = (isEventFile ? name == "group_info" : isSamples) && _progress is not null
            ? count =>
            {
                rows += count;
                var done = dataset.Length == 0 ? 0 : (long)((double)rows / dataset.Length * _events);
                _progress.AddDone(done - reported);
                reported = done;
            }
        : null;
        var isWhole = scan.Run(_workers ?? (isSamples ? null : new Workers(1)), look is null ? null : block => look.ForEach(l => l(block)), report, _cancellation);
        _bytes += scan.BytesRead;
        if (isWhole && name is LabelTable or "event_info")
        {
            FindTwins(name, dataset);
        }

        if (isSamples && look is not null)
        {
            _sumIsKnown = isWhole && Sum(dataset.Type) is not null;
        }
    }

    private static void ReadText(H5Dataset dataset)
    {
        if (dataset.Type.Class is H5Class.String or H5Class.VariableString && dataset.Length < MostTextBytes / dataset.Type.Size)
        {
            _ = dataset.ReadStrings();
        }
    }

    /// <summary>What is looked for in the rows of a dataset.</summary>
    private List<Action<RowBlock>> Looks(string name, H5Dataset dataset, bool isEventFile)
    {
        var looks = new List<Action<RowBlock>>();
        var (type, rowBytes) = (dataset.Type.InMemory(), dataset.Type.Size);
        if (type.Class == H5Class.Compound)
        {
            TableColumn[] columns = [.. type.Members.Select(m => new TableColumn(m.Name, m.Type.InMemory(), m.Offset)).Where(c => c.Number is not null)];
            looks.AddRange(columns.Where(c => c.Number is NumberType.Float32 or NumberType.Float64 && MustBeFinite(name, c.Name, isEventFile)).Select(c => Finite(name, c, rowBytes)));
            if (EventTables.Contains(name, StringComparer.Ordinal) && columns.FirstOrDefault(c => c.Name == GroupId) is { } id && (dataset.Length == _events || !isEventFile))
            {
                looks.Add(UniqueIds(name, id, rowBytes, dataset.Length));
            }
        }
        else if (NumberTypes.Of(type) is NumberType.Float32 or NumberType.Float64 && MustBeFinite(name, name[(name.LastIndexOf('/') + 1)..], isEventFile))
        {
            var values = (int)Math.Min(int.MaxValue / rowBytes, dataset.Shape.Skip(1).Aggregate(1L, (product, n) => product * n));
            looks.Add(FiniteValues(name, NumberTypes.Of(type)!.Value, values));
        }
        else if (name == Samples && Sum(type) is { } sum)
        {
            var values = dataset.Shape.Skip(1).Aggregate(1L, (product, n) => product * n);
            looks.Add(block => Interlocked.Add(ref _sum, sum(block.Rows.AsSpan(0, (int)(block.Count * values * rowBytes)))));
        }

        return looks;
    }

    private static bool MustBeFinite(string dataset, string column, bool isEventFile) => isEventFile
        ? dataset.StartsWith("hits", StringComparison.Ordinal) && column is "time" or "pos_x" or "pos_y" or "pos_z" or "dir_x" or "dir_y" or "dir_z"
        : dataset == Samples || Numbers.Contains(column, StringComparer.Ordinal);

    /// <summary>What adds up the values of images, if they are whole numbers of a type that is used for them.</summary>
    private static Func<ReadOnlySpan<byte>, long>? Sum(H5Type type) => NumberTypes.Of(type) == NumberType.UInt8 ? Bytes : null;

    private static long Bytes(ReadOnlySpan<byte> values)
    {
        // 255 x 256 fits into 16 bits: that many vectors are added up before the sums are widened.
        long total = 0;
        while (values.Length >= Vector<byte>.Count)
        {
            var sums = Vector<ushort>.Zero;
            var vectors = Math.Min(128, values.Length / Vector<byte>.Count);
            for (var i = 0; i < vectors; i++)
            {
                Vector.Widen(new Vector<byte>(values.Slice(i * Vector<byte>.Count)), out var low, out var high);
                sums += low + high;
            }

            values = values[(vectors * Vector<byte>.Count)..];
            Vector.Widen(sums, out var a, out var b);
            total += Vector.Sum(a) + (long)Vector.Sum(b);
        }

        foreach (var value in values)
        {
            total += value;
        }

        return total;
    }

    private Action<RowBlock> Finite(string name, TableColumn column, int rowBytes)
    {
        var found = 0;
        return block =>
        {
            var values = new Column(block.Rows, column.Offset, rowBytes, block.Count, column.Number!.Value);
            for (var row = 0; row < block.Count && Volatile.Read(ref found) == 0; row++)
            {
                if (!double.IsFinite(values[row]) && Interlocked.Exchange(ref found, 1) == 0)
                {
                    Problem(name, $"finite numbers in {column.Name}", string.Create(CultureInfo.InvariantCulture, $"{values[row]} in row {block.FirstRow + row}"));
                }
            }
        };
    }

    private Action<RowBlock> FiniteValues(string name, NumberType type, int valuesInRow)
    {
        var found = 0;
        return block =>
        {
            var bytes = block.Rows.AsSpan(0, block.Count * valuesInRow * type.Size());
            var at = Volatile.Read(ref found) != 0 ? -1
                : type == NumberType.Float32 ? FirstNotFinite(MemoryMarshal.Cast<byte, float>(bytes)) : FirstNotFinite(MemoryMarshal.Cast<byte, double>(bytes));
            if (at >= 0 && Interlocked.Exchange(ref found, 1) == 0)
            {
                Problem(name, "finite numbers", string.Create(CultureInfo.InvariantCulture, $"NaN or infinity in row {block.FirstRow + (at / valuesInRow)}, value {at % valuesInRow}"));
            }
        };
    }

    private static int FirstNotFinite<T>(ReadOnlySpan<T> values)
        where T : IFloatingPointIeee754<T>
    {
        // What is not finite makes a sum of zeros that is not zero.
        var i = 0;
        var sum = Vector<T>.Zero;
        for (; i <= values.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            sum += new Vector<T>(values[i..]) * Vector<T>.Zero;
        }

        if (T.IsFinite(Vector.Sum(sum)) && AllFinite(values[i..]))
        {
            return -1;
        }

        for (i = 0; T.IsFinite(values[i]);)
        {
            i++;
        }

        return i;
    }

    private static bool AllFinite<T>(ReadOnlySpan<T> values)
        where T : IFloatingPointIeee754<T>
    {
        foreach (var value in values)
        {
            if (!T.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    private Action<RowBlock> UniqueIds(string name, TableColumn column, int rowBytes, long rows)
    {
        var ids = new GroupIds(rows);
        return block =>
        {
            var values = new Column(block.Rows, column.Offset, rowBytes, block.Count, column.Number!.Value);
            var numbers = new long[block.Count];
            for (var row = 0; row < numbers.Length; row++)
            {
                numbers[row] = values.ToInt64(row);
            }

            if (ids.Add(block.FirstRow, numbers) is { } twice)
            {
                Problem(name, "a group_id of its own for each event", string.Create(CultureInfo.InvariantCulture, $"{twice.Id} in row {twice.Row}, and in another one"));
            }

            lock (_lock)
            {
                _groupIds[name] = ids.Sum;
            }
        };
    }

    private void CheckGroupIds()
    {
        foreach (var other in _groupIds.Skip(1).Where(o => o.Value != _groupIds.First().Value))
        {
            Problem(other.Key, $"the same group_id, row by row, as in {_groupIds.First().Key}", "others");
        }
    }

    private void FindTwins(string name, H5Dataset dataset)
    {
        var members = dataset.Type.InMemory().Members;
        TableColumn? Find(string column) => members.FirstOrDefault(m => m.Name == column) is { } m && new TableColumn(m.Name, m.Type.InMemory(), m.Offset) is { Number: not null } c ? c : null;
        if (Find("run_id") is not { } run || Find("event_id") is not { } number || dataset.Length is 0 or > int.MaxValue)
        {
            return;
        }

        var isMerged = _file.Root.Contains(SampleFile.UsedFilesName) || name == "event_info";
        var parts = (int)((dataset.Length + RowKeys.MostKeys - 1) / RowKeys.MostKeys);
        for (var part = 0; part < parts; part++)
        {
            var keys = new RowKeys([run, number], Find(GroupId), dataset.Type.Size, isMerged) { Share = (part, parts) };
            new DatasetScan(_file, "/" + name, (_, _) => { }).Run(_workers ?? new Workers(1), keys.Add, null, _cancellation);
            if (keys.Twice() is { } twice)
            {
                Problem(name, "each event once", string.Create(
                    CultureInfo.InvariantCulture,
                    $"{twice.Count} more than once{(isMerged ? ", with all that is said of it" : " (run_id and event_id)")}: first in rows {twice.First} and {twice.Second}"));
                return;
            }
        }
    }

    /// <summary>
    /// All histograms of a file count the hits that no axis cuts off, and so do its images, but for bins that overflow.
    /// </summary>
    private void CheckStatistics()
    {
        BinStatistics? statistics;
        try
        {
            statistics = BinStatisticsFile.Read(_file.Root);
        }
        catch (Exception e) when (e is H5Exception or EventFileException)
        {
            Problem("bin_stats", "statistics", e is H5Exception h5 ? h5.Reason : ExtractorCheck.WithoutFile(e.Message, _file.Path));
            return;
        }

        if (statistics is null)
        {
            return;
        }

        var totals = statistics.Axes.Select(a => a.Histogram.Sum()).ToArray();
        if (totals.Distinct().Count() > 1)
        {
            Problem("bin_stats", "as many hits in the histograms of all axes", string.Join(", ", statistics.Axes.Zip(totals, (a, n) => string.Create(CultureInfo.InvariantCulture, $"{a.Field} {n}"))));
        }
        else if (_sumIsKnown && ProvenanceRecord.TryRead(_file) is { Job: RunProvenance.Images, Overflows: 0, HasOwnCode: false } made && made.EventsSkipped.Count == 0
            && made.Configuration?.Contains("hit_weights", StringComparison.Ordinal) == false && totals[0] != _sum)
        {
            Problem("bin_stats", string.Create(CultureInfo.InvariantCulture, $"the {_sum} hits of the images"), string.Create(CultureInfo.InvariantCulture, $"{totals[0]} hits in the histograms"));
        }
    }

    /// <summary>Whether the file is complete as it says itself; unknown if it says nothing.</summary>
    private bool? CheckProvenance()
    {
        if (!_file.Root.Contains(Provenance.DatasetName))
        {
            return null;
        }

        if (ProvenanceRecord.TryRead(_file) is not { } made)
        {
            Problem(Provenance.DatasetName, "what OrcaSong says of how it made the file", "something else: it is damaged, or another program's");
            return false;
        }

        if (made.EventsWritten != _events)
        {
            Problem(Provenance.DatasetName, string.Create(CultureInfo.InvariantCulture, $"the number of events in the file, {_events}"), string.Create(CultureInfo.InvariantCulture, $"{made.EventsWritten} written"));
            return false;
        }

        return true;
    }

    private void Problem(string? dataset, string expected, string found)
    {
        lock (_lock)
        {
            _problems.Add(new FileProblem(_file.Path, dataset, expected, found));
        }
    }
}
