using System.Globalization;
using OrcaSong.Images;

namespace OrcaSong.Statistics;

/// <summary>The statistics of a file.</summary>
/// <param name="File">Name of the file, for errors.</param>
/// <param name="Statistics">Its statistics.</param>
public sealed record FileBinStatistics(string File, BinStatistics Statistics);

/// <summary>The axes of files differ, so that their statistics cannot be added up.</summary>
/// <param name="differences">Each file that differs from the first, and how.</param>
public sealed class DifferentAxesException(IReadOnlyList<string> differences)
    : IOException($"The files were binned along different axes, so their statistics cannot be combined; make each kind a call of its own. {string.Join(" ", differences)}")
{
    /// <summary>Each file that differs from the first, and how.</summary>
    public IReadOnlyList<string> Differences { get; } = differences;
}

/// <summary>
/// Adds up the statistics of files. The Python tool compares the numbers of edges only, so it adds up histograms of different
/// ranges; here the edges themselves have to agree.
/// </summary>
internal sealed class BinStatisticsSum
{
    // Edges that were computed by another version of NumPy may differ in their last digits.
    private const double Tolerance = 1e-9;
    private readonly List<string> _differences = [];
    private FileBinStatistics? _first;
    private AxisStatistics[] _axes = [];
    private int _files;

    /// <summary>Whether nothing was added.</summary>
    internal bool IsEmpty => _files == 0;

    /// <summary>Adds a file; one that differs is kept for the error.</summary>
    internal void Add(FileBinStatistics file)
    {
        _files++;
        if (_first is null)
        {
            _first = file;
            _axes = [.. file.Statistics.Axes.Select(Empty)];
        }

        var differences = Differences(file.Statistics).ToArray();
        if (differences.Length > 0)
        {
            _differences.Add($"'{file.File}' differs from '{_first.File}': {string.Join("; ", differences)}.");
            return;
        }

        var ofField = file.Statistics.Axes.ToDictionary(a => a.Field, StringComparer.Ordinal);
        new BinStatistics(_axes).Add(new BinStatistics(_axes.Select(a => ofField[a.Field])));
    }

    /// <summary>The sum.</summary>
    /// <exception cref="DifferentAxesException">Files differ.</exception>
    /// <exception cref="ArgumentException">There are none.</exception>
    internal BinStatistics Total()
    {
        if (_differences.Count > 0)
        {
            throw new DifferentAxesException(_differences);
        }

        return IsEmpty
            ? throw new ArgumentException("There are no statistics to combine.")
            : new BinStatistics(_axes.Select(a =>
                new AxisStatistics(a.Axis, a.EdgesOfHistogram, a.HistogramArray) { CutOffBelow = a.CutOffBelow, CutOffAbove = a.CutOffAbove, FileCount = _files }));
    }

    private static AxisStatistics Empty(AxisStatistics axis) => new(axis.Axis, axis.EdgesOfHistogram);

    private IEnumerable<string> Differences(BinStatistics other)
    {
        var (mine, theirs) = (_axes.Select(a => a.Field).ToHashSet(StringComparer.Ordinal), other.Axes.Select(a => a.Field).ToHashSet(StringComparer.Ordinal));
        if (!mine.SetEquals(theirs))
        {
            yield return $"it has the axes {string.Join(", ", theirs.Order(StringComparer.Ordinal))}, not {string.Join(", ", mine.Order(StringComparer.Ordinal))}";
        }

        foreach (var axis in _axes)
        {
            if (other.Axes.FirstOrDefault(a => a.Field == axis.Field) is { } its && !(Agree(axis.Axis.Edges, its.Axis.Edges) && Agree(axis.EdgesOfHistogram, its.EdgesOfHistogram)))
            {
                yield return $"{axis.Field} has {Text(its.Axis)}, not {Text(axis.Axis)}{(SameLimits(its.Axis, axis.Axis) ? " (other edges in between)" : string.Empty)}";
            }
        }
    }

    private static bool SameLimits(BinAxis a, BinAxis b) => (a.BinCount, a.Minimum, a.Maximum) == (b.BinCount, b.Minimum, b.Maximum);

    private static string Text(BinAxis axis) => string.Create(CultureInfo.InvariantCulture, $"{axis.BinCount} bins from {axis.Minimum:G7} to {axis.Maximum:G7}");

    private static bool Agree(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        var allowed = Tolerance * (a[^1] - a[0]);
        return a.Count == b.Count && a.Zip(b).All(pair => Math.Abs(pair.First - pair.Second) <= allowed);
    }
}
