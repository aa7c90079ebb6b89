using OrcaSong.Hdf5;
using OrcaSong.Hdf5.Filters;
using OrcaSong.Images;
using OrcaSong.Output;
using OrcaSong.Running;
using OrcaSong.Statistics;

namespace OrcaSong.Training;

/// <summary>What a file is made of that many go into: found, with all that is wrong with all of them, before anything is written.</summary>
internal sealed class MergePlan
{
    private readonly List<string> _warnings;
    private readonly MergeOptions _options;

    private MergePlan(IReadOnlyList<SampleFile> files, IReadOnlyList<FileProblem> skipped, MergeOptions options)
    {
        _options = options;
        _warnings = [];
        Files = files;
        Skipped = skipped;
        Datasets = [.. SampleLayout.Merge(files, options.Columns).Select(ForOutput).Select(d => d with { IsImage = ImageWriter.CanWrite(d.Type, d.Shape, d.ChunkShape!, d.Filters) })];
        EventCount = files.Sum(f => (long)f.EventCount);
        foreach (var twice in files.GroupBy(f => Targets.WithoutLinks(f.Path), Targets.PathComparer).Where(g => g.Count() > 1))
        {
            _warnings.Add($"'{twice.First().Path}' is given {twice.Count()} times; its events are in the output as often.");
        }

        if (Datasets.Count == 0)
        {
            throw new InvalidFilesException([new FileProblem(files[^1].Path, null, $"a dataset that '{files[0].Path}' has too", "none that all files have")], files.Count);
        }

        BinStatistics = Sum();
    }

    private MergePlan(MergePlan plan, IReadOnlyList<SampleDataset> datasets)
    {
        (_options, _warnings, Files, Skipped, EventCount, BinStatistics) = (plan._options, plan._warnings, plan.Files, plan.Skipped, plan.EventCount, plan.BinStatistics);
        Datasets = datasets;
    }

    /// <summary>The files, in order.</summary>
    internal IReadOnlyList<SampleFile> Files { get; }

    /// <summary>What is wrong with the files that are left out.</summary>
    internal IReadOnlyList<FileProblem> Skipped { get; }

    /// <summary>The datasets of the merged file, with their final lengths.</summary>
    internal IReadOnlyList<SampleDataset> Datasets { get; }

    internal long EventCount { get; }

    /// <summary>Bytes of all rows, before compression.</summary>
    internal long Bytes => Datasets.Sum(d => d.RowShape.Aggregate(d.RowCount * d.Type.Size, (bytes, n) => bytes * n));

    internal IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The statistics of all files together, if all have any.</summary>
    internal BinStatistics? BinStatistics { get; }

    /// <summary>The files that went into the merged one, those of files that were merged before among them.</summary>
    internal string[] UsedFiles => [.. Files.SelectMany(f => f.UsedFiles.Count > 0 ? f.UsedFiles : [f.Path])];

    /// <summary>Looks into the files and checks that they belong together.</summary>
    /// <param name="paths">Their paths.</param>
    /// <param name="options">How they are merged.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InvalidFilesException">Files cannot be used, and are not to be skipped; or none is left.</exception>
    internal static MergePlan Make(IReadOnlyList<string> paths, MergeOptions options, CancellationToken cancellation)
    {
        if (paths.Count == 0)
        {
            throw new ArgumentException("There are no files to merge.", nameof(paths));
        }

        var problems = new List<FileProblem>();
        var files = new List<SampleFile>();
        var seen = new HashSet<string>(Targets.PathComparer);
        var descriptions = new (SampleFile? File, IReadOnlyList<FileProblem> Problems)[paths.Count];
        Parallel.For(0, paths.Count, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = ResourceGrant.Cores }, i =>
            descriptions[i] = (SampleFileReader.TryRead(paths[i], out var found), found));
        foreach (var (file, found) in descriptions)
        {
            if (file is null)
            {
                problems.AddRange(found);
            }
            else if (!options.AllowDuplicates && !seen.Add(Targets.WithoutLinks(file.Path)))
            {
                problems.Add(new FileProblem(file.Path, null, "each file once", "it a second time"));
            }
            else if (files.Count > 0 && Disagreements(files[0], file, options).ToList() is { Count: > 0 } different)
            {
                problems.AddRange(different);
            }
            else
            {
                files.Add(file);
            }
        }

        return (problems.Count == 0 || options.SkipInvalid) && files.Count > 0
            ? new MergePlan(files, problems, options)
            : throw new InvalidFilesException(problems, paths.Count);
    }

    /// <summary>The plan for an event file, whose events are put in another order: all stays as it is.</summary>
    internal static MergePlan ForEventFile(string path)
    {
        var file = EventFileTables.Describe(path);
        return new MergePlan(new MergePlan([file], [], new MergeOptions()), file.Datasets);
    }

    /// <summary>The plan with some of the datasets only.</summary>
    /// <param name="choose">Names those of the first file that are kept.</param>
    internal MergePlan With(Func<SampleFile, HashSet<string>> choose)
    {
        var names = choose(Files[0]);
        return new MergePlan(this, [.. Datasets.Where(d => names.Contains(d.Name))]);
    }

    private static IEnumerable<FileProblem> Disagreements(SampleFile first, SampleFile other, MergeOptions options)
    {
        var statistics = Enumerable.Empty<FileProblem>();
        if (first.BinStatistics is { } mine && other.BinStatistics is { } theirs)
        {
            var sum = new BinStatisticsSum();
            sum.Add(new FileBinStatistics(first.Path, mine));
            sum.Add(new FileBinStatistics(other.Path, theirs));
            statistics = sum.Differences.Select(d => new FileProblem(other.Path, "bin_stats", $"the axes of '{first.Path}'", d));
        }

        return SampleLayout.Compare(first, other, options.Columns).Concat(statistics);
    }

    private BinStatistics? Sum()
    {
        var without = Files.Count(f => f.BinStatistics is null);
        if (without > 0)
        {
            if (without < Files.Count)
            {
                _warnings.Add($"{without} of {Files.Count} files have no bin statistics, so the merged file has none.");
            }

            return null;
        }

        return BinStatistics.Combine(Files.Select(f => new FileBinStatistics(f.Path, f.BinStatistics!)));
    }

    /// <summary>
    /// Chunks and filters as in the first file, as the Python tool has it: without checksums, and with chunks no longer than the dataset.
    /// </summary>
    /// <param name="dataset">The dataset, with its final length.</param>
    internal SampleDataset ForOutput(SampleDataset dataset)
    {
        IReadOnlyList<H5Filter> filters = dataset.Filters;
        if (!ChunkCodec.Supports(filters))
        {
            _warnings.Add($"{dataset.Name} is compressed with {string.Join(", ", filters)}, which is only read; it is written with shuffle and deflate.");
            filters = [H5Filter.Shuffle(dataset.Type.Size), H5Filter.Deflate(1)];
        }

        var chunk = dataset.ChunkShape ?? [.. DefaultChunk(dataset)];
        return dataset with
        {
            ChunkShape = chunk[0] > dataset.RowCount && dataset.RowCount > 0 ? dataset.Shape : chunk,
            Filters = [.. filters.Where(f => _options.KeepChecksum || f.Id != H5Filter.Fletcher32Id)],
        };
    }

    private static long[] DefaultChunk(SampleDataset dataset) => dataset.IsTable
        ? [PyTablesChunk.TableRows(dataset.Type.Size)]
        : PyTablesChunk.ArrayShape([.. dataset.RowShape.Select(n => (int)n)], dataset.Type.Size);
}
