using System.Globalization;
using System.Numerics;

namespace OrcaSong.Training.Splitting;

/// <summary>
/// Splits files so that each set gets its fraction of the events of each group, as nearly as whole files permit.
/// </summary>
/// <param name="Fractions">The sets and their fractions.</param>
/// <remarks>
/// The rule: the files of a group are sorted by name (the characters' codes) and shuffled as Python's <c>random.Random(seed).shuffle</c> does; then
/// those with the most events come first, where numbers of events between the same powers of two count as equal. Each file goes to the set that, with this
/// file counted, lags behind most: fraction times events dealt out so far, minus events that the set has. Of sets that lag equally, the one with the fewest
/// events is taken, then the first by name.
/// The small files at the end even out what the large ones leave. Parts of a set are made likewise, with equal fractions.
/// </remarks>
public sealed record FractionSplit(SetFractions Fractions)
{
    /// <summary>How many parts each set is split into; 1 for those that are not named.</summary>
    public IReadOnlyDictionary<string, int> PartCounts { get; init; } = new Dictionary<string, int>();

    /// <summary>Seed of the shuffle.</summary>
    public uint Seed { get; init; } = 42;

    /// <summary>Splits files.</summary>
    /// <param name="files">The files; the result does not depend on their order.</param>
    /// <returns>The parts of each set.</returns>
    /// <exception cref="DataSplitException">There are no events, or a set would be empty.</exception>
    /// <exception cref="ArgumentException">There is a number of parts for a set that there is not.</exception>
    public DataSplit Split(IReadOnlyList<SplitFile> files)
    {
        SetNames.CheckCounts(PartCounts, Fractions.Names);
        var warnings = new List<string>(DataSplit.WarningsAbout(files));
        var groups = SplitFile.Shuffled(files.OrderBy(f => f.Group, StringComparer.Ordinal), Seed)
            .Select(g => (g.Group, Files: (IReadOnlyList<SplitFile>)[.. g.Files.OrderByDescending(f => BitOperations.Log2((ulong)f.Events))])).ToArray();
        if (groups.All(g => g.Files.Count == 0))
        {
            throw new DataSplitException(new SplitProblem(SplitProblemKind.NoInput, "There are no events to split."));
        }

        var fractions = Enumerable.Range(0, Fractions.Count).Select(set => Fractions[set]).ToArray();
        var taken = groups.Select(g => Deal(g.Files, fractions, new long[Fractions.Count])).ToArray();
        WarnOfMissing(groups, taken, warnings);
        var problems = new List<SplitProblem>();
        var parts = Fractions.Names.Select((name, set) => Parts(name, [.. taken.Select(t => t[set])], warnings, problems)).ToArray();
        DataSplitException.ThrowIfAny(problems);
        return DataSplit.Create(Fractions.Names, groups, parts, warnings);
    }

    private List<IReadOnlyList<SplitFile>> Parts(string set, IReadOnlyList<List<SplitFile>> groups, List<string> warnings, List<SplitProblem> problems)
    {
        var (files, count) = (groups.Sum(g => g.Count), PartCounts.GetValueOrDefault(set, 1));
        if (files == 0 || count < 1)
        {
            problems.Add(new SplitProblem(
                SplitProblemKind.EmptySet,
                files == 0
                    ? $"Set {set} would be empty: there are too few files for its fraction. Give it a larger fraction more files, or one group for all, or split by event (New-TrainingSet -SplitBy Event)."
                    : string.Create(CultureInfo.InvariantCulture, $"Set {set} is to be split into {count} parts; expected 1 or more.")));
            return [];
        }

        // What parts have of all groups so far decides between equals, so that small groups do not all go to the first part.
        var (parts, loads) = (Enumerable.Range(0, count).Select(_ => new List<SplitFile>()).ToArray(), new long[count]);
        foreach (var group in groups)
        {
            foreach (var (part, dealt) in parts.Zip(Deal(group, [.. Enumerable.Repeat(1.0 / count, count)], loads)))
            {
                part.AddRange(dealt);
            }
        }

        List<IReadOnlyList<SplitFile>> filled = [.. parts.Where(p => p.Count > 0)];
        RunSplit.WarnOfFewerParts(set, filled.Count, count, files, warnings);
        return filled;
    }

    /// <summary>Deals files out, each to whoever lags behind most; among those who do equally, to the one with the least load.</summary>
    private static List<SplitFile>[] Deal(IEnumerable<SplitFile> files, double[] fractions, long[] loads)
    {
        const double Rounding = 1e-6;
        var (dealt, events, total) = (fractions.Select(_ => new List<SplitFile>()).ToArray(), new long[fractions.Length], 0L);
        foreach (var file in files)
        {
            total += file.Events;
            var best = 0;
            for (var i = 1; i < fractions.Length; i++)
            {
                var ahead = (fractions[i] * total) - events[i] - ((fractions[best] * total) - events[best]);
                if (ahead > Rounding || (ahead > -Rounding && loads[i] < loads[best]))
                {
                    best = i;
                }
            }

            dealt[best].Add(file);
            events[best] += file.Events;
            loads[best] += file.Events;
        }

        return dealt;
    }

    private void WarnOfMissing(IReadOnlyList<(string Group, IReadOnlyList<SplitFile> Files)> groups, List<SplitFile>[][] taken, List<string> warnings)
    {
        foreach (var ((group, files), sets) in groups.Zip(taken))
        {
            var without = Fractions.Names.Where((_, set) => sets[set].Count == 0).ToArray();
            if (files.Count > 0 && without.Length > 0)
            {
                warnings.Add(string.Create(
                    CultureInfo.InvariantCulture, $"Group {group}: its {files.Count} {(files.Count == 1 ? "file is" : "files are")} too few for {string.Join(", ", without)}, which got none."));
            }
        }
    }
}
