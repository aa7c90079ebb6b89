using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Running;

namespace OrcaSong.Training.Splitting;

/// <summary>Reads what a split depends on: how many events each file has, of which runs. Labels are the table <c>/y</c>.</summary>
public static class LabelScan
{
    private const string Table = "y";
    private const string RunColumn = "run_id";

    /// <summary>The files with the given ending in a folder, as upstream takes them: not those of its subfolders.</summary>
    /// <param name="folder">The folder as lists are to name it.</param>
    /// <param name="group">The group of the files.</param>
    /// <param name="baseFolder">The folder that a relative one is relative to; the current folder if not given.</param>
    /// <returns>Its files whose names end in <c>.h5</c>, sorted by name (the characters' codes).</returns>
    /// <exception cref="DataSplitException">There is no such folder, it cannot be read, or it has no such files.</exception>
    public static IReadOnlyList<SplitSource> Folder(string folder, string group, string? baseFolder = null)
    {
        var full = Path.GetFullPath(folder, baseFolder ?? Environment.CurrentDirectory);
        string[] names;
        try
        {
            names = [.. Directory.EnumerateFiles(full).Select(f => Path.GetFileName(f)).Where(n => n.EndsWith(".h5", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var problem = Directory.Exists(full) ? "cannot be read: " + e.Message : "does not exist" + (Path.IsPathFullyQualified(folder) ? "." : $"; it is relative to '{baseFolder ?? Environment.CurrentDirectory}'.");
            throw new DataSplitException(new SplitProblem(SplitProblemKind.InputFolderNotFound, Printable.Line($"The folder '{folder}' of group {group} {problem}"), folder));
        }

        if (names.Length == 0)
        {
            throw new DataSplitException(new SplitProblem(SplitProblemKind.NoInput, Printable.Line($"The folder '{folder}' of group {group} has no file whose name ends in .h5."), folder));
        }

        var prefix = folder.EndsWith('/') ? folder : folder + "/";
        return [.. names.Select(name => new SplitSource(prefix + name, group, Path.Combine(full, name)))];
    }

    /// <summary>Reads the labels of files, several at once.</summary>
    /// <param name="sources">The files.</param>
    /// <param name="needRuns">Whether labels without a column run_id are an error.</param>
    /// <param name="threads">Files at once; by default one for each core.</param>
    /// <param name="progress">Where to tell how far it is.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The files in the same order, also those without events.</returns>
    /// <exception cref="DataSplitException">Files cannot be read, lack labels, or have a name that cannot stand in a list; all of them are named.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static IReadOnlyList<SplitFile> Read(
        IReadOnlyList<SplitSource> sources, bool needRuns, int? threads = null, RunProgress? progress = null, CancellationToken cancellation = default)
    {
        var files = new SplitFile[sources.Count];
        var problems = new SplitProblem?[sources.Count];
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = threads ?? ResourceGrant.Cores };
        Parallel.For(0, sources.Count, options, i =>
        {
            try
            {
                files[i] = Read(sources[i], needRuns, progress, cancellation);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problems[i] = new SplitProblem(Kind(e), Printable.Line(e.Message), sources[i].Path);
            }
        });
        DataSplitException.ThrowIfAny([.. problems.OfType<SplitProblem>()]);
        return files;
    }

    private static SplitFile Read(SplitSource source, bool needRuns, RunProgress? progress, CancellationToken cancellation)
    {
        if (source.Path.AsSpan().ContainsAny('\n', '\r') || source.Path.Trim() != source.Path)
        {
            throw new DataSplitException(new SplitProblem(
                SplitProblemKind.InvalidPath, $"'{source.Path}' has a line end in its name, or begins or ends with a space, and lists have a path in each line; rename the file or its folder."));
        }

        using var file = H5File.OpenRead(source.FullPath);
        if (file.Root.KindOf(Table) != H5ObjectKind.Dataset)
        {
            throw new EventFileException(source.FullPath, null, $"there are no labels (table {Table}); make the file with an extractor.") { Problem = EventFileProblem.MissingData };
        }

        using var labels = file.Root.OpenDataset(Table);
        progress?.AddFile(labels.Length);
        if (labels.Length == 0 || (!needRuns && labels.Type.Members.All(m => m.Name != RunColumn)))
        {
            progress?.AddDone(labels.Length);
            return new SplitFile(source, labels.Length, []);
        }

        var runs = new SortedDictionary<long, long>();
        foreach (var block in new IdColumns(labels, [RunColumn]).Blocks())
        {
            cancellation.ThrowIfCancellationRequested();
            for (var row = 0; row < block.Rows; row++)
            {
                runs[block[row][0]] = runs.GetValueOrDefault(block[row][0]) + 1;
            }

            progress?.AddDone(block.Rows);
        }

        return new SplitFile(source, labels.Length, runs.Select(r => new RunEvents(r.Key, r.Value)).ToArray());
    }

    private static SplitProblemKind Kind(Exception e) => e switch
    {
        DataSplitException d => d.Problems[0].Kind,
        EventFileException { Problem: EventFileProblem.MissingData } => SplitProblemKind.MissingData,
        H5Exception { Problem: H5Problem.NotFound } => SplitProblemKind.InputNotFound,
        _ => SplitProblemKind.CannotReadInput,
    };
}
