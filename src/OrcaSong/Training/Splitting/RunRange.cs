using System.Globalization;

namespace OrcaSong.Training.Splitting;

/// <summary>Runs from one to another.</summary>
public sealed record RunRange
{
    /// <summary>Makes a range.</summary>
    /// <param name="first">The first run_id.</param>
    /// <param name="last">The last run_id, which belongs to the range.</param>
    /// <exception cref="ArgumentException">The last one comes before the first.</exception>
    public RunRange(long first, long last)
    {
        First = first;
        Last = last >= first
            ? last
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The runs {first} to {last} are none: the first comes after the last. Write {last}, {first}."));
    }

    /// <summary>The first run_id.</summary>
    public long First { get; }

    /// <summary>The last run_id, which belongs to the range.</summary>
    public long Last { get; }

    /// <summary>Whether a run belongs to the range.</summary>
    /// <param name="run">Its run_id.</param>
    /// <returns>Whether it does.</returns>
    public bool Contains(long run) => First <= run && run <= Last;

    /// <inheritdoc/>
    public override string ToString() => First == Last
        ? First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{First} to {Last}");

    /// <summary>The runs that both have, if there are any.</summary>
    internal RunRange? Overlap(RunRange other) =>
        Math.Max(First, other.First) is var first && Math.Min(Last, other.Last) is var last && first <= last ? new RunRange(first, last) : null;
}
