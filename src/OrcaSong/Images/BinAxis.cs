using System.Globalization;
using OrcaSong.Numerics;

namespace OrcaSong.Images;

/// <summary>
/// One axis of an image: the hit field that is binned, and the edges of its bins. Bin i holds edges[i] &lt;= v &lt; edges[i+1];
/// the last bin holds its upper edge too, as numpy.histogram has it.
/// </summary>
public sealed class BinAxis : IEquatable<BinAxis>
{
    private readonly double[] _edges;

    /// <summary>An axis with explicit edges.</summary>
    /// <param name="field">Hit field, such as <c>pos_z</c> (m), <c>time</c> (ns) or <c>channel_id</c>.</param>
    /// <param name="edges">At least two finite numbers that do not decrease, in the field's unit; n + 1 for n bins.</param>
    /// <param name="integerEdges">Whether the edges were given as whole numbers; the statistics in the file then keep them as int64.</param>
    /// <exception cref="ArgumentException">The field has no name, or the edges are too few, not finite, or decrease.</exception>
    public BinAxis(string field, IReadOnlyList<double> edges, bool integerEdges = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(field);
        ArgumentNullException.ThrowIfNull(edges);
        if (field.Contains('/', StringComparison.Ordinal) || field == ".")
        {
            throw new ArgumentException($"'{field}' cannot be a hit field: names of fields have no slash.", nameof(field));
        }

        if (edges.Count < 2)
        {
            throw new ArgumentException($"Axis {field} needs at least two bin edges (one bin); got {edges.Count}.", nameof(edges));
        }

        for (var i = 0; i < edges.Count; i++)
        {
            if (!double.IsFinite(edges[i]))
            {
                throw new ArgumentException($"Bin edge {i} of axis {field} is {Text(edges[i])}; edges are finite numbers.", nameof(edges));
            }

            if (i > 0 && edges[i] < edges[i - 1])
            {
                throw new ArgumentException(
                    $"The bin edges of axis {field} must increase: edge {i} is {Text(edges[i])}, after {Text(edges[i - 1])}.", nameof(edges));
            }
        }

        if (edges[0] == edges[^1])
        {
            throw new ArgumentException($"The bin edges of axis {field} are all {Text(edges[0])}; they must increase.", nameof(edges));
        }

        Field = field;
        _edges = [.. edges];
        HasIntegerEdges = integerEdges && _edges.All(double.IsInteger);
    }

    /// <summary>Hit field that is binned.</summary>
    public string Field { get; }

    /// <summary>Bin edges, one more than there are bins, in the field's unit (m, ns, or a plain number).</summary>
    public IReadOnlyList<double> Edges => _edges;

    /// <summary>Number of bins.</summary>
    public int BinCount => _edges.Length - 1;

    /// <summary>Lowest edge.</summary>
    public double Minimum => _edges[0];

    /// <summary>Highest edge.</summary>
    public double Maximum => _edges[^1];

    /// <summary>Whether the edges were given as whole numbers.</summary>
    public bool HasIntegerEdges { get; }

    internal ReadOnlySpan<double> EdgeSpan => _edges;

    /// <summary>An axis with bins of equal width, its edges as numpy.linspace(minimum, maximum, count + 1) has them.</summary>
    /// <param name="field">Hit field.</param>
    /// <param name="minimum">Lowest edge.</param>
    /// <param name="maximum">Highest edge; above the lowest.</param>
    /// <param name="count">Number of bins, from 1.</param>
    /// <returns>The axis.</returns>
    /// <exception cref="ArgumentException">The count is below 1, or the maximum not above the minimum.</exception>
    public static BinAxis Uniform(string field, double minimum, double maximum, int count)
    {
        if (count < 1)
        {
            throw new ArgumentException($"Axis {field} needs at least one bin; got {count}.", nameof(count));
        }

        return maximum > minimum
            ? new BinAxis(field, NumPy.Linspace(minimum, maximum, count + 1))
            : throw new ArgumentException($"The maximum of axis {field} ({Text(maximum)}) must lie above its minimum ({Text(minimum)}).", nameof(maximum));
    }

    /// <inheritdoc/>
    public bool Equals(BinAxis? other) => other is not null && Field == other.Field && _edges.AsSpan().SequenceEqual(other._edges);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as BinAxis);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Field, _edges.Length, _edges[0], _edges[^1]);

    /// <inheritdoc/>
    public override string ToString() => $"{Field}: {BinCount} bins from {Text(Minimum)} to {Text(Maximum)}";

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
