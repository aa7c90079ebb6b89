namespace OrcaSong.Training.Splitting;

/// <summary>How files are split: the files of each part of each set, to be merged to one file each.</summary>
/// <param name="Sets">The names of the sets, in order; also of those that got no file.</param>
/// <param name="Parts">The parts; none is empty.</param>
/// <param name="Statistics">What each set got of each group; without sets that got no file at all.</param>
/// <param name="Warnings">What is worth knowing.</param>
public sealed record DataSplit(
    IReadOnlyList<string> Sets, IReadOnlyList<DataSplitPart> Parts, IReadOnlyList<SplitStatistics> Statistics, IReadOnlyList<string> Warnings)
{
    /// <summary>Puts together what each set got.</summary>
    /// <param name="sets">The names of the sets, in order.</param>
    /// <param name="groups">The files of each group, but for those without events.</param>
    /// <param name="parts">For each set, the files of its parts.</param>
    /// <param name="warnings">What is worth knowing.</param>
    internal static DataSplit Create(
        IReadOnlyList<string> sets,
        IReadOnlyList<(string Group, IReadOnlyList<SplitFile> Files)> groups,
        IReadOnlyList<IReadOnlyList<IReadOnlyList<SplitFile>>> parts,
        IReadOnlyList<string> warnings)
    {
        var statistics = new List<SplitStatistics>();
        var setsOf = parts.Select(p => p.SelectMany(files => files).ToHashSet(ReferenceEqualityComparer.Instance)).ToArray();
        foreach (var (group, files) in groups)
        {
            var events = files.Sum(f => f.Events);
            foreach (var set in Enumerable.Range(0, sets.Count).Where(set => setsOf[set].Count > 0))
            {
                statistics.Add(SplitStatistics.Of(group, sets[set], files.Where(setsOf[set].Contains), events));
            }

            if (files.Where(f => !setsOf.Any(s => s.Contains(f))).ToArray() is { Length: > 0 } rest)
            {
                statistics.Add(SplitStatistics.Of(group, null, rest, events));
            }
        }

        // Arrays, as PowerShell cannot index into what a collection expression makes of a read-only list.
        return new DataSplit(
            sets,
            [.. sets.SelectMany((set, s) => parts[s].Select((files, part) => new DataSplitPart { Set = set, Part = part, Files = files.ToArray(), Statistics = statistics }))],
            statistics,
            warnings);
    }

    /// <summary>Warnings about files that no split can use.</summary>
    internal static IEnumerable<string> WarningsAbout(IEnumerable<SplitFile> files) =>
        files.Where(f => f.Events == 0).Select(f => $"{f.Path}: it has no events and is left out.");
}

/// <summary>A part of a set: files to be merged to one.</summary>
public sealed record DataSplitPart
{
    /// <summary>The set, such as train.</summary>
    public required string Set { get; init; }

    /// <summary>The part's number in the set, from 0.</summary>
    public required int Part { get; init; }

    /// <summary>Its files.</summary>
    public required IReadOnlyList<SplitFile> Files { get; init; }

    /// <summary>What each set got of each group, of all parts together.</summary>
    public required IReadOnlyList<SplitStatistics> Statistics { get; init; }

    /// <summary>Its events.</summary>
    public long Events => Files.Sum(f => f.Events);

    /// <summary>The lowest run_id; <see langword="null"/> if the labels have none.</summary>
    public long? FirstRun => Files.SelectMany(f => f.Runs).Min(r => (long?)r.Run);

    /// <summary>The highest run_id; <see langword="null"/> if the labels have none.</summary>
    public long? LastRun => Files.SelectMany(f => f.Runs).Max(r => (long?)r.Run);

    /// <summary>The file with its list of files; <see langword="null"/> if none was written.</summary>
    public string? ListFile { get; init; }

    /// <summary>The scripts that merge and shuffle it, in this order; empty if none were written.</summary>
    public IReadOnlyList<string> JobScripts { get; init; } = [];
}

/// <summary>What a set got of a group.</summary>
/// <param name="Group">The group.</param>
/// <param name="Set">The set; <see langword="null"/> for files that are in none.</param>
/// <param name="Files">How many files.</param>
/// <param name="Events">How many events.</param>
/// <param name="Share">These events as a fraction of the group's.</param>
public sealed record SplitStatistics(string Group, string? Set, int Files, long Events, double Share)
{
    internal static SplitStatistics Of(string group, string? set, IEnumerable<SplitFile> files, long groupEvents)
    {
        var (count, events) = files.Aggregate((Count: 0, Events: 0L), (sum, f) => (sum.Count + 1, sum.Events + f.Events));
        return new SplitStatistics(group, set, count, events, groupEvents == 0 ? 0 : events / (double)groupEvents);
    }
}
