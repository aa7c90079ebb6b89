namespace OrcaSong.Training.Splitting;

/// <summary>A file that is to be split among sets.</summary>
/// <param name="Path">Its path as lists are to name it.</param>
/// <param name="Group">Its group: files of one kind, such as muons. Sets get their share of each group.</param>
/// <param name="FullPath">Where it is opened.</param>
public sealed record SplitSource(string Path, string Group, string FullPath)
{
    /// <summary>Files in groups by their folders.</summary>
    /// <param name="paths">Full paths; a file that is named twice counts once.</param>
    /// <returns>The files. A group has the name of its folder, or the folder's full path where two folders have the same name.</returns>
    public static IReadOnlyList<SplitSource> ByFolder(IEnumerable<string> paths)
    {
        var files = paths.Distinct(StringComparer.Ordinal).Select(path => (Path: path, Folder: System.IO.Path.GetDirectoryName(path) ?? string.Empty)).ToArray();
        var names = files.Select(f => f.Folder).Distinct(StringComparer.Ordinal)
            .GroupBy(folder => System.IO.Path.GetFileName(folder), StringComparer.Ordinal)
            .SelectMany(same => same.Select(folder => (Folder: folder, Name: same.Key.Length > 0 && same.Count() == 1 ? same.Key : folder)))
            .ToDictionary(f => f.Folder, f => f.Name, StringComparer.Ordinal);
        return [.. files.Select(f => new SplitSource(f.Path, names[f.Folder], f.Path))];
    }
}

/// <summary>The events of a run in a file.</summary>
/// <param name="Run">The run_id.</param>
/// <param name="Events">How many events.</param>
public sealed record RunEvents(long Run, long Events);

/// <summary>A file whose labels have been read.</summary>
/// <param name="Source">The file.</param>
/// <param name="Events">Rows of its table of labels.</param>
/// <param name="Runs">Its runs, ascending; empty where the labels have no column run_id.</param>
public sealed record SplitFile(SplitSource Source, long Events, IReadOnlyList<RunEvents> Runs)
{
    /// <summary>Its path as lists name it.</summary>
    public string Path => Source.Path;

    /// <summary>Its group.</summary>
    public string Group => Source.Group;

    /// <inheritdoc/>
    public override string ToString() => Path;

    /// <summary>The files of each group in the order in which they are dealt out: by name (the characters' codes), then shuffled as Python's <c>random.Random(seed).shuffle</c> does.</summary>
    internal static IEnumerable<(string Group, IReadOnlyList<SplitFile> Files)> Shuffled(IEnumerable<SplitFile> files, uint seed)
    {
        foreach (var group in files.GroupBy(f => f.Group, StringComparer.Ordinal))
        {
            var shuffled = group
                .OrderBy(f => System.IO.Path.GetFileName(f.Source.FullPath), StringComparer.Ordinal)
                .ThenBy(f => f.Source.FullPath, StringComparer.Ordinal)
                .ToArray();
            new Numerics.PythonRandom(seed).Shuffle<SplitFile>(shuffled);
            yield return (group.Key, [.. shuffled.Where(f => f.Events > 0)]);
        }
    }
}
