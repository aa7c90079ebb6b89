using System.Globalization;
using OrcaSong.Images;

namespace OrcaSong.Statistics;

/// <summary>The statistics of a file.</summary>
/// <param name="File">Name of the file, for errors.</param>
/// <param name="Statistics">Its statistics.</param>
public sealed record FileBinStatistics(string File, BinStatistics Statistics);

/// <summary>The axes of files differ, so that their statistics cannot be added up.</summary>
/// <param name="first">The file that the others are compared to.</param>
/// <param name="differences">Each way to differ from it, and the files that do.</param>
public sealed class DifferentAxesException(string first, IReadOnlyList<string> differences)
    : IOException($"The files were binned along different axes, so their statistics cannot be combined; take each kind by itself. Other than in '{first}': {string.Join(" ", differences)}")
{
    /// <summary>Each way to differ from the first file, and the files that do.</summary>
    public IReadOnlyList<string> Differences { get; } = differences;
}

/// <summary>
/// Adds up the statistics of files. The Python tool compares the numbers of edges only, so it adds up histograms of different
/// ranges; here the edges themselves have to agree.
/// </summary>
public sealed class BinStatisticsSum
{
    // Edges that were computed by another version of NumPy may differ in their last digits.
    private const double Tolerance = 1e-9;
    private const int MostNames = 3;
    private readonly List<(string File, string Text)> _differences = [];
    private FileBinStatistics? _first;
    private AxisStatistics[] _axes = [];
    private int _files;

    /// <summary>What is said of a file that has none.</summary>
    /// <param name="file">Name of the file.</param>
    /// <returns>A warning.</returns>
    public static string NoStatistics(string file) => $"'{file}' has no bin statistics (graphs have none, nor images that were made without); it is left out.";

    /// <summary>Whether nothing was added.</summary>
    public bool IsEmpty => _files == 0;

    /// <summary>How files differ from the first, file by file.</summary>
    internal IEnumerable<string> Differences => _differences.Select(d => d.Text);

    /// <summary>Adds a produced file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <returns>Whether it has statistics.</returns>
    /// <exception cref="IOException">It cannot be read, or its statistics are damaged.</exception>
    public bool TryAddFile(string path)
    {
        var statistics = BinStatistics.Read(path);
        if (statistics is not null)
        {
            Add(new FileBinStatistics(path, statistics));
        }

        return statistics is not null;
    }

    /// <summary>Adds a file; one that differs from the first is kept for the error.</summary>
    /// <param name="file">The file.</param>
    public void Add(FileBinStatistics file)
    {
        ArgumentNullException.ThrowIfNull(file);
        _files++;
        if (_first is null)
        {
            _first = file;
            _axes = [.. file.Statistics.Axes.Select(Empty)];
        }

        var differences = DifferencesOf(file.Statistics).ToArray();
        if (differences.Length > 0)
        {
            _differences.Add((file.File, string.Join("; ", differences)));
            return;
        }

        var ofField = file.Statistics.Axes.ToDictionary(a => a.Field, StringComparer.Ordinal);
        new BinStatistics(_axes).Add(new BinStatistics(_axes.Select(a => ofField[a.Field])));
    }

    /// <summary>The sum, its axes in the order of the first file.</summary>
    /// <returns>The statistics of all files together.</returns>
    /// <exception cref="DifferentAxesException">Files differ.</exception>
    /// <exception cref="ArgumentException">There are none.</exception>
    public BinStatistics Total()
    {
        if (_differences.Count > 0)
        {
            throw new DifferentAxesException(_first!.File, [.. _differences.GroupBy(d => d.Text, d => d.File, StringComparer.Ordinal).Select(kind => $"{Names([.. kind])}: {kind.Key}.")]);
        }

        return IsEmpty
            ? throw new ArgumentException("None of the files has bin statistics. Images have them, unless they were made without; graphs have none.")
            : new BinStatistics(_axes.Select(a =>
                new AxisStatistics(a.Axis, a.EdgesOfHistogram, a.HistogramArray) { CutOffBelow = a.CutOffBelow, CutOffAbove = a.CutOffAbove, FileCount = _files }));
    }

    private static AxisStatistics Empty(AxisStatistics axis) => new(axis.Axis, axis.EdgesOfHistogram);

    private IEnumerable<string> DifferencesOf(BinStatistics other)
    {
        var (mine, theirs) = (_axes.Select(a => a.Field).ToHashSet(StringComparer.Ordinal), other.Axes.Select(a => a.Field).ToHashSet(StringComparer.Ordinal));
        if (!mine.SetEquals(theirs))
        {
            yield return $"the axes are {string.Join(", ", theirs.Order(StringComparer.Ordinal))}, not {string.Join(", ", mine.Order(StringComparer.Ordinal))}";
        }

        foreach (var axis in _axes)
        {
            if (other.Axes.FirstOrDefault(a => a.Field == axis.Field) is { } its && !(Agree(axis.Axis.Edges, its.Axis.Edges) && Agree(axis.EdgesOfHistogram, its.EdgesOfHistogram)))
            {
                yield return $"{axis.Field} has {Text(its.Axis)}, not {Text(axis.Axis)}{(SameLimits(its.Axis, axis.Axis) ? " (other edges in between)" : string.Empty)}";
            }
        }
    }

    private static string Names(string[] files) =>
        string.Join(", ", files.Take(MostNames).Select(f => $"'{f}'")) + (files.Length <= MostNames ? string.Empty : $" and {files.Length - MostNames} more");

    private static bool SameLimits(BinAxis a, BinAxis b) => (a.BinCount, a.Minimum, a.Maximum) == (b.BinCount, b.Minimum, b.Maximum);

    private static string Text(BinAxis axis) => string.Create(CultureInfo.InvariantCulture, $"{axis.BinCount} bins from {axis.Minimum:G7} to {axis.Maximum:G7}");

    private static bool Agree(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        var allowed = Tolerance * (a[^1] - a[0]);
        return a.Count == b.Count && a.Zip(b).All(pair => Math.Abs(pair.First - pair.Second) <= allowed);
    }
}
