using System.Globalization;

namespace OrcaSong.Training.Splitting;

/// <summary>
/// The sets that events or files are split into, and the fraction that each one gets. Sets are in the order of their names, by the
/// characters' codes (capitals before small letters), whatever the order in which they were given: dictionaries need not have one.
/// </summary>
public sealed class SetFractions
{
    private const double Tolerance = 1e-9;
    private readonly double[] _fractions;

    /// <summary>Checks and sorts the sets.</summary>
    /// <param name="fractions">The fraction of each set, such as <c>train = 0.8, validate = 0.2</c>; they sum to 1 within 1e-9.</param>
    /// <exception cref="ArgumentException">There are no sets, a name cannot be part of a file's name, a fraction is not above 0, or the sum is not 1.</exception>
    public SetFractions(IReadOnlyDictionary<string, double> fractions)
    {
        SetNames.Check(fractions.Keys);

        // An array, as PowerShell cannot index into what a collection expression makes of a read-only list.
        Names = fractions.Keys.Order(StringComparer.Ordinal).ToArray();
        _fractions = [.. Names.Select(name => fractions[name])];
        foreach (var (name, fraction) in Names.Zip(_fractions))
        {
            if (!(fraction > 0 && fraction <= 1))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The fraction of set '{name}' is {fraction}; expected a number above 0 and up to 1. Leave out sets that are to be empty."));
            }
        }

        if (_fractions.Sum() is var sum && Math.Abs(sum - 1) > Tolerance)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The fractions of {string.Join(", ", Names)} sum to {sum:0.##########}; they must sum to 1."));
        }
    }

    /// <summary>The names, sorted by the characters' codes.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The number of sets.</summary>
    public int Count => _fractions.Length;

    /// <summary>The fraction of a set.</summary>
    /// <param name="set">Its place among <see cref="Names"/>.</param>
    public double this[int set] => _fractions[set];

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Names.Zip(_fractions, (n, f) => string.Create(CultureInfo.InvariantCulture, $"{n} {f}")));
}
