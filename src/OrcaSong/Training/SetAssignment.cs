using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Training.Splitting;

namespace OrcaSong.Training;

/// <summary>Which event goes to which set, to which file of it, and to which place there.</summary>
internal sealed class SetAssignment
{
    private const string Labels = "y";

    private SetAssignment(MergePlan plan, int[] sets, TrainingSetOptions options)
    {
        var names = options.Fractions.Names;
        Counts = Count(plan, sets, names.Count);
        var events = new int[names.Count];
        foreach (var counts in Counts)
        {
            for (var set = 0; set < events.Length; set++)
            {
                events[set] += counts[set];
            }
        }

        // The places of a set follow those of the sets before; within it, any order is as likely as any other.
        var next = new int[names.Count];
        for (var set = 1; set < next.Length; set++)
        {
            next[set] = next[set - 1] + events[set - 1];
        }

        Shards = [.. names.Index().SelectMany(n => Split(n.Item, next[n.Index], events[n.Index], options.ShardSize))];
        Places = new int[sets.Length];
        foreach (var e in Shuffler.UniformOrder(sets.Length, options.Seed))
        {
            Places[e] = next[sets[e]]++;
        }
    }

    /// <summary>For each event, in the order of the files, its place; places go through all shards.</summary>
    internal int[] Places { get; }

    /// <summary>The files, in the order of their places.</summary>
    internal IReadOnlyList<Shard> Shards { get; }

    /// <summary>For each input, how many events go to each set.</summary>
    internal IReadOnlyList<int[]> Counts { get; }

    /// <summary>Assigns all events.</summary>
    /// <exception cref="EventFileException">Events cannot be told apart by the columns that identify them.</exception>
    internal static SetAssignment Make(MergePlan plan, TrainingSetOptions options, CancellationToken cancellation)
    {
        if (plan.EventCount > Array.MaxLength)
        {
            throw new ArgumentException($"{plan.EventCount} events are too many for one training set; at most {Array.MaxLength} can be shuffled together. Make several of some of the files each.");
        }

        var sets = new int[plan.EventCount];
        if (options.SplitBy == SplitBy.Random)
        {
            SplitByChance(sets, options);
            return new SetAssignment(plan, sets, options);
        }

        if (plan.Files[0].Find(Labels) is null)
        {
            throw new EventFileException(
                plan.Files[0].Path, null, "has no table y, whose columns run_id and event_id would say which event goes to which set. Split at random instead, or make the files with labels.")
            {
                Problem = EventFileProblem.MissingData,
            };
        }

        var split = new EventSplit(options.Fractions, options.SplitSeed);
        var done = 0;
        foreach (var file in plan.Files)
        {
            cancellation.ThrowIfCancellationRequested();
            using var open = H5File.OpenRead(file.Path);
            using var labels = open.Root.OpenDataset(Labels);
            foreach (var set in split.Assign(labels, options.EventColumns))
            {
                sets[done++] = set;
            }
        }

        return new SetAssignment(plan, sets, options);
    }

    /// <summary>Fractions to the event: what is left over by rounding down goes to the sets that lack most.</summary>
    private static void SplitByChance(int[] sets, TrainingSetOptions options)
    {
        var fractions = options.Fractions;
        var exact = Enumerable.Range(0, fractions.Count).Select(s => fractions[s] * sets.Length).ToArray();
        var counts = exact.Select(n => (int)n).ToArray();
        foreach (var set in Enumerable.Range(0, counts.Length).OrderByDescending(s => exact[s] - counts[s]).Take(sets.Length - counts.Sum()))
        {
            counts[set]++;
        }

        // Another stream than the order within the sets.
        var order = Shuffler.UniformOrder(sets.Length, ~options.Seed);
        var done = 0;
        for (var set = 0; set < counts.Length; set++)
        {
            foreach (var e in order.AsSpan(done, counts[set]))
            {
                sets[e] = set;
            }

            done += counts[set];
        }
    }

    private static int[][] Count(MergePlan plan, int[] sets, int setCount)
    {
        var first = 0;
        return [.. plan.Files.Select(file =>
        {
            var counts = new int[setCount];
            foreach (var set in sets.AsSpan(first, file.EventCount))
            {
                counts[set]++;
            }

            first += file.EventCount;
            return counts;
        })];
    }

    private static IEnumerable<Shard> Split(string set, int first, int events, int most)
    {
        var shards = (int)(((long)events + most - 1) / most);
        for (var shard = 0; shard < shards; shard++)
        {
            var (start, end) = ((long)events * shard / shards, (long)events * (shard + 1) / shards);
            yield return new Shard(set, shard, (int)(end - start), first + (int)end);
        }
    }
}

/// <summary>A file of a training set that is to be made.</summary>
/// <param name="Set">Its set.</param>
/// <param name="Number">Its number among the files of the set.</param>
/// <param name="Events">Its number of events.</param>
/// <param name="End">The place after its last event.</param>
internal sealed record Shard(string Set, int Number, int Events, int End)
{
    internal string FileName => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Set}_{Number}.h5");
}
