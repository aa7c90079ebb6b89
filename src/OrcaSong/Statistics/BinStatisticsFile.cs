using System.Globalization;
using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Images;

namespace OrcaSong.Statistics;

/// <summary>
/// The group <c>/bin_stats</c> of a file: for each field hist, hist_bin_edges, bin_edges and cut_off (below, above), contiguous and
/// without attributes, as h5py writes them for the Python tool.
/// </summary>
internal static class BinStatisticsFile
{
    private const string GroupName = "bin_stats";
    private const double LargestCount = 1L << 53;

    /// <summary>Reads the statistics of a file, whoever wrote them.</summary>
    /// <param name="root">The file's root.</param>
    /// <returns>The statistics, axes by name; <see langword="null"/> where the file has none.</returns>
    /// <exception cref="H5Exception">The group has other members, or is damaged.</exception>
    /// <exception cref="EventFileException">Its numbers contradict each other.</exception>
    internal static BinStatistics? Read(H5Group root)
    {
        if (!root.Contains(GroupName))
        {
            return null;
        }

        var group = root.OpenGroup(GroupName);
        var fields = group.Names;
        return fields.Count == 0 ? null : new BinStatistics(fields.Select(field => ReadAxis(root.File.Path, group.OpenGroup(field), field)).ToArray());
    }

    internal static void Write(H5Group root, BinStatistics statistics)
    {
        var group = root.CreateGroup(GroupName);
        foreach (var axis in statistics.Axes)
        {
            var field = group.CreateGroup(axis.Axis.Field);
            var integers = axis.Axis.HasIntegerEdges;
            WriteEdges(field, "bin_edges", axis.Axis.Edges, integers);
            WriteDoubles(field, "cut_off", [axis.CutOffBelow, axis.CutOffAbove]);
            WriteDoubles(field, "hist", [.. axis.Histogram.Select(n => (double)n)]);
            WriteEdges(field, "hist_bin_edges", axis.EdgesOfHistogram, integers && ReferenceEquals(axis.EdgesOfHistogram, axis.Axis.Edges));
        }
    }

    private static AxisStatistics ReadAxis(string file, H5Group group, string field)
    {
        var (edges, integers) = Numbers(file, group, "bin_edges");
        var (histogramEdges, _) = Numbers(file, group, "hist_bin_edges");
        var histogram = Counts(file, group, "hist");
        var cutOff = Counts(file, group, "cut_off");
        if (cutOff.Length != 2)
        {
            throw Bad(file, group, "cut_off", $"has {cutOff.Length} numbers, not two: hits below and above the limits");
        }

        if (histogram.Length + 1 != histogramEdges.Length)
        {
            throw Bad(file, group, "hist", $"has {histogram.Length} numbers, but hist_bin_edges has {histogramEdges.Length}, which must be one more");
        }

        var axis = Axis(file, group, field, edges, integers);
        var histogramAxis = axis.Edges.SequenceEqual(histogramEdges) ? axis : Axis(file, group, field, histogramEdges, integers: false);
        return new AxisStatistics(axis, histogramAxis.Edges, histogram) { CutOffBelow = cutOff[0], CutOffAbove = cutOff[1] };
    }

    private static BinAxis Axis(string file, H5Group group, string field, double[] edges, bool integers)
    {
        try
        {
            return new BinAxis(field, edges, integers);
        }
        catch (ArgumentException e)
        {
            throw new EventFileException(file, group.Path, e.Message.Split(" (Parameter '", 2)[0], inner: e);
        }
    }

    private static long[] Counts(string file, H5Group group, string name)
    {
        var counts = Numbers(file, group, name).Numbers;
        foreach (var count in counts)
        {
            if (count is not (>= 0 and <= LargestCount) || !double.IsInteger(count))
            {
                throw Bad(file, group, name, string.Create(CultureInfo.InvariantCulture, $"holds {count}, which is no number of hits"));
            }
        }

        return [.. counts.Select(c => (long)c)];
    }

    private static (double[] Numbers, bool AreIntegers) Numbers(string file, H5Group group, string name)
    {
        using var dataset = group.OpenDataset(name);
        return dataset.Shape.Count != 1 ? throw Bad(file, group, name, $"has {dataset.Shape.Count} dimensions, not one")
            : dataset.Type.InMemory().Equals(H5Type.Float64) ? (dataset.ReadAll<double>(), false)
            : dataset.Type.InMemory().Equals(H5Type.Int64) ? ([.. dataset.ReadAll<long>().Select(n => (double)n)], true)
            : dataset.Type.InMemory().Equals(H5Type.Int32) ? ([.. dataset.ReadAll<int>().Select(n => (double)n)], true)
            : dataset.Type.InMemory().Equals(H5Type.Float32) ? ([.. dataset.ReadAll<float>().Select(n => (double)n)], false)
            : throw Bad(file, group, name, $"has the type {dataset.Type}, not float64 or int64");
    }

    private static EventFileException Bad(string file, H5Group group, string name, string problem) =>
        new(file, $"{group.Path}/{name}", $"{problem}. The statistics are damaged; make the file again.");

    private static void WriteEdges(H5Group field, string name, IReadOnlyList<double> edges, bool integers)
    {
        if (integers)
        {
            Write<long>(field, name, H5Type.Int64, [.. edges.Select(e => (long)e)]);
        }
        else
        {
            WriteDoubles(field, name, [.. edges]);
        }
    }

    private static void WriteDoubles(H5Group field, string name, double[] values) => Write<double>(field, name, H5Type.Float64, values);

    private static void Write<T>(H5Group field, string name, H5Type type, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        using var dataset = field.CreateDataset(name, new H5DatasetSpec { Type = type, Shape = [values.Length] });
        dataset.Write(values, 0);
    }
}
