using OrcaSong.Hdf5;

namespace OrcaSong.Statistics;

/// <summary>
/// The group <c>/bin_stats</c> of a file: for each field hist, hist_bin_edges, bin_edges and cut_off (below, above), contiguous and
/// without attributes, as h5py writes them for the Python tool.
/// </summary>
internal static class BinStatisticsFile
{
    internal static void Write(H5Group root, BinStatistics statistics)
    {
        var group = root.CreateGroup("bin_stats");
        foreach (var axis in statistics.Axes)
        {
            var field = group.CreateGroup(axis.Axis.Field);
            var integers = axis.Axis.HasIntegerEdges;
            WriteEdges(field, "bin_edges", axis.Axis.Edges, integers);
            WriteDoubles(field, "cut_off", [axis.CutOffBelow, axis.CutOffAbove]);
            WriteDoubles(field, "hist", [.. axis.Histogram.Select(n => (double)n)]);
            WriteEdges(field, "hist_bin_edges", axis.HistogramEdges, integers && ReferenceEquals(axis.HistogramEdges, axis.Axis.Edges));
        }
    }

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
