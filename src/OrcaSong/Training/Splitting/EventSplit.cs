using OrcaSong.Hdf5;

namespace OrcaSong.Training.Splitting;

/// <summary>
/// Splits events into sets by a hash of the numbers that identify them (<see cref="EventHash"/>): the same event lands in the same set for
/// ever, as long as the fractions and the seed stay as they are. Immutable; usable by many threads.
/// </summary>
public sealed class EventSplit
{
    private readonly double[] _ends;
    private readonly ulong _start;

    /// <summary>Splits by these fractions.</summary>
    /// <param name="fractions">Sets and their fractions; see <see cref="SetFractions"/>.</param>
    /// <param name="seed">Another seed makes another, independent split.</param>
    /// <exception cref="ArgumentException">As for <see cref="SetFractions"/>.</exception>
    public EventSplit(IReadOnlyDictionary<string, double> fractions, ulong seed = 0)
        : this(new SetFractions(fractions), seed)
    {
    }

    /// <summary>Splits by these fractions.</summary>
    /// <param name="fractions">Sets and their fractions.</param>
    /// <param name="seed">Another seed makes another, independent split.</param>
    public EventSplit(SetFractions fractions, ulong seed = 0)
    {
        Fractions = fractions;
        Seed = seed;
        _start = EventHash.Start(seed);
        _ends = new double[fractions.Count];
        var end = 0.0;
        for (var set = 0; set < _ends.Length; set++)
        {
            end += fractions[set];
            _ends[set] = end;
        }
    }

    /// <summary>The columns of a table of labels that identify an event, where no others are named.</summary>
    public static IReadOnlyList<string> StandardColumns { get; } = ["run_id", "event_id"];

    /// <summary>The sets and their fractions.</summary>
    public SetFractions Fractions { get; }

    /// <summary>The seed of the hash.</summary>
    public ulong Seed { get; }

    /// <summary>The names of the sets, sorted by the characters' codes; results are places in this list.</summary>
    public IReadOnlyList<string> Sets => Fractions.Names;

    /// <summary>The set of an event.</summary>
    /// <param name="run">Its run_id.</param>
    /// <param name="eventId">Its event_id.</param>
    /// <returns>The set's place in <see cref="Sets"/>.</returns>
    public int SetOf(long run, long eventId) => SetOfHash(EventHash.Add(EventHash.Add(_start, run), eventId));

    /// <summary>The set of an event that other numbers identify.</summary>
    /// <param name="numbers">The numbers; their order counts.</param>
    /// <returns>The set's place in <see cref="Sets"/>.</returns>
    public int SetOf(ReadOnlySpan<long> numbers)
    {
        var hash = _start;
        foreach (var number in numbers)
        {
            hash = EventHash.Add(hash, number);
        }

        return SetOfHash(hash);
    }

    /// <summary>The sets of the events of a table of labels, row after row.</summary>
    /// <param name="labels">The table, <c>/y</c> as a rule; its rows are read in blocks.</param>
    /// <param name="columns">The columns that identify an event; <see cref="StandardColumns"/> if none are given.</param>
    /// <returns>For each row, the set's place in <see cref="Sets"/>.</returns>
    /// <exception cref="Events.EventFileException">
    /// A column is missing, holds no numbers, or holds a number that is not whole, or too large to be exact in its type (2^24 and above in float32, 2^53
    /// and above in float64): two events might look alike.
    /// </exception>
    /// <exception cref="H5Exception">The table cannot be read.</exception>
    public IReadOnlyList<int> Assign(H5Dataset labels, IReadOnlyList<string>? columns = null)
    {
        var reader = new IdColumns(labels, columns ?? StandardColumns);
        var sets = new List<int>((int)Math.Min(int.MaxValue, labels.Length));
        foreach (var block in reader.Blocks())
        {
            for (var row = 0; row < block.Rows; row++)
            {
                sets.Add(SetOf(block[row]));
            }
        }

        return sets;
    }

    // Rounding may leave the last end a little below 1.
    private int SetOfHash(ulong hash)
    {
        var position = EventHash.ToUnit(hash);
        var set = 0;
        while (set < _ends.Length - 1 && position >= _ends[set])
        {
            set++;
        }

        return set;
    }
}
