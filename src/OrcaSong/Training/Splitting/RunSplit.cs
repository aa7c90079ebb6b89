using System.Globalization;

namespace OrcaSong.Training.Splitting;

/// <summary>Splits files by the runs that their events are of.</summary>
public sealed record RunSplit
{
    private const int MostRunsNamed = 5;

    /// <summary>The names of the sets, in the order in which they are listed.</summary>
    public required IReadOnlyList<string> Sets { get; init; }

    /// <summary>The runs of each set, for a group.</summary>
    public required Func<string, IReadOnlyDictionary<string, IReadOnlyList<RunRange>>> RangesOf { get; init; }

    /// <summary>How many parts each set is split into; 1 for those that are not named.</summary>
    public IReadOnlyDictionary<string, int> PartCounts { get; init; } = new Dictionary<string, int>();

    /// <summary>Whether a run may belong to several sets, as upstream allows; that is a warning then.</summary>
    public bool AllowOverlaps { get; init; }

    /// <summary>Seed of the order in which files are dealt out to parts: that of Python's <c>random.Random(seed).shuffle</c>.</summary>
    public uint Seed { get; init; } = 42;

    /// <summary>Splits files.</summary>
    /// <param name="files">The files, with their runs; those of a group need not be together.</param>
    /// <returns>
    /// For each set, its parts: the files of each group, shuffled, are cut into as many pieces, whose lengths differ by one at most with the longer ones
    /// first; part i has the pieces i of all groups.
    /// </returns>
    /// <exception cref="DataSplitException">A file has runs of several sets, ranges overlap, a set has no parts, or no file is in any set.</exception>
    /// <exception cref="ArgumentException">A name of a set cannot be part of a file's name, or there is a number of parts for a set that there is not.</exception>
    public DataSplit Split(IReadOnlyList<SplitFile> files)
    {
        var warnings = new List<string>(DataSplit.WarningsAbout(files));
        var problems = new List<SplitProblem>();
        SetNames.Check(Sets);
        SetNames.CheckCounts(PartCounts, Sets);
        var groups = SplitFile.Shuffled(files, Seed).ToArray();
        var taken = new List<SplitFile>[groups.Length, Sets.Count];
        for (var g = 0; g < groups.Length; g++)
        {
            var ranges = RangesOf(groups[g].Group);
            CheckOverlaps(groups[g].Group, ranges, warnings, problems);
            for (var set = 0; set < Sets.Count; set++)
            {
                taken[g, set] = [];
            }

            var left = new List<SplitFile>();
            foreach (var file in groups[g].Files)
            {
                var sets = SetsOf(file, ranges, problems);
                sets.ForEach(set => taken[g, set].Add(file));
                if (sets.Count == 0)
                {
                    left.Add(file);
                }
            }

            foreach (var set in Enumerable.Range(0, Sets.Count).Where(set => taken[g, set].Count == 0 && ranges.ContainsKey(Sets[set])))
            {
                warnings.Add($"Group {groups[g].Group}: no file has runs of {Sets[set]} ({string.Join(", ", ranges[Sets[set]])}).");
            }

            WarnOfRest(groups[g].Group, left, warnings);
        }

        var parts = Sets.Select((_, set) => Cut(set, [.. Enumerable.Range(0, groups.Length).Select(g => taken[g, set])], warnings, problems)).ToArray();
        if (problems.Count == 0 && parts.All(p => p.Count == 0))
        {
            problems.Add(new SplitProblem(SplitProblemKind.EmptySet, $"No file is in any set; there are {Runs(files)}. Check the ranges of runs."));
        }

        DataSplitException.ThrowIfAny(problems);
        return DataSplit.Create(Sets, groups, parts, warnings);
    }

    private List<int> SetsOf(SplitFile file, IReadOnlyDictionary<string, IReadOnlyList<RunRange>> ranges, List<SplitProblem> problems)
    {
        var sets = file.Runs.Select(run => Enumerable.Range(0, Sets.Count)
            .Where(set => ranges.TryGetValue(Sets[set], out var those) && those.Any(r => r.Contains(run.Run))).ToList()).ToArray();
        if (sets.All(s => s.SequenceEqual(sets[0])))
        {
            return sets[0];
        }

        var named = file.Runs.Zip(sets).DistinctBy(r => string.Join(',', r.Second)).Take(MostRunsNamed)
            .Select(r => string.Create(CultureInfo.InvariantCulture, $"run {r.First.Run} ({(r.Second.Count == 0 ? "no set" : string.Join(", ", r.Second.Select(s => Sets[s])))})"));
        problems.Add(new SplitProblem(
            SplitProblemKind.MixedRuns,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{file.Path}: its {file.Runs.Count} runs do not belong to the same set: {string.Join(", ", named)}. A file goes to a set as a whole; split by event instead (New-TrainingSet -SplitBy Event), or give ranges that keep its runs together."),
            file.Path));
        return sets[0];
    }

    private void CheckOverlaps(
        string group, IReadOnlyDictionary<string, IReadOnlyList<RunRange>> ranges, List<string> warnings, List<SplitProblem> problems)
    {
        var all = Sets.Where(ranges.ContainsKey).SelectMany(set => ranges[set].Select(range => (Set: set, Range: range))).ToArray();
        foreach (var (a, b) in all.SelectMany((a, i) => all.Skip(i + 1).Select(b => (a, b))).Where(pair => pair.a.Set != pair.b.Set))
        {
            if (a.Range.Overlap(b.Range) is not { } both)
            {
                continue;
            }

            if (AllowOverlaps)
            {
                warnings.Add($"Group {group}: {Runs(both)} in {a.Set} and in {b.Set}; their events are in both sets.");
            }
            else
            {
                problems.Add(new SplitProblem(SplitProblemKind.OverlappingRanges, $"Group {group}: {Runs(both)} in {a.Set} and in {b.Set}; a run can be in one set only."));
            }
        }
    }

    private static string Runs(RunRange range) => range.First == range.Last ? $"run {range} is" : $"runs {range} are";

    private static void WarnOfRest(string group, List<SplitFile> left, List<string> warnings)
    {
        if (left.Count > 0)
        {
            warnings.Add(string.Create(
                CultureInfo.InvariantCulture, $"Group {group}: {left.Count} {(left.Count == 1 ? "file" : "files")} with {left.Sum(f => f.Events)} events, {Runs(left)}, {(left.Count == 1 ? "is" : "are")} in no set."));
        }
    }

    private static string Runs(IEnumerable<SplitFile> files)
    {
        var runs = files.SelectMany(f => f.Runs).Select(r => r.Run).DefaultIfEmpty().ToArray();
        return $"{(runs.Min() == runs.Max() ? "run" : "runs")} {new RunRange(runs.Min(), runs.Max())}";
    }

    private List<IReadOnlyList<SplitFile>> Cut(int set, IReadOnlyList<List<SplitFile>> groups, List<string> warnings, List<SplitProblem> problems)
    {
        var (files, count) = (groups.Sum(g => g.Count), PartCounts.GetValueOrDefault(Sets[set], 1));
        if (files > 0 && count < 1)
        {
            problems.Add(new SplitProblem(
                SplitProblemKind.EmptySet,
                string.Create(CultureInfo.InvariantCulture, $"Set {Sets[set]} has {files} files, but is to be split into {count}. Give 1 or more, or no ranges for this set.")));
            return [];
        }

        var parts = Enumerable.Range(0, count)
            .Select(part => (IReadOnlyList<SplitFile>)[.. groups.SelectMany(group => Piece(group, part, count))])
            .Where(part => part.Count > 0)
            .ToList();
        WarnOfFewerParts(Sets[set], parts.Count, count, files, warnings);
        return parts;
    }

    /// <summary>Says so where there are fewer files than parts.</summary>
    internal static void WarnOfFewerParts(string set, int parts, int wanted, int files, List<string> warnings)
    {
        if (parts > 0 && parts < wanted)
        {
            warnings.Add(string.Create(
                CultureInfo.InvariantCulture, $"Set {set}: {wanted} lists were asked for, but its {files} {(files == 1 ? "file" : "files")}, dealt out group by group, {(files == 1 ? "fills" : "fill")} {parts} only."));
        }
    }

    /// <summary>One of <paramref name="count"/> pieces of about the same length, the longer ones first.</summary>
    private static List<SplitFile> Piece(List<SplitFile> files, int part, int count)
    {
        var (length, longer) = Math.DivRem(files.Count, count);
        return files.GetRange((part * length) + Math.Min(part, longer), length + (part < longer ? 1 : 0));
    }
}
