namespace OrcaSong.Statistics;

/// <summary>Histograms in block characters, for terminals.</summary>
public static class BlockHistogram
{
    private const string Blocks = " ▁▂▃▄▅▆▇█";

    /// <summary>Draws counts as one line; the highest is a full block, and whatever is not zero can be seen.</summary>
    /// <param name="counts">Counts of bins of equal width.</param>
    /// <param name="width">Characters, at most; bins that share one are averaged.</param>
    /// <returns>The line.</returns>
    public static string Draw(IReadOnlyList<long> counts, int width)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        var columns = Math.Min(width, counts.Count);
        var means = new double[columns];
        for (var c = 0; c < columns; c++)
        {
            var (first, after) = ((int)((long)c * counts.Count / columns), (int)((c + 1L) * counts.Count / columns));
            means[c] = counts.Skip(first).Take(after - first).Average();
        }

        return Draw(means);
    }

    /// <summary>
    /// Draws counts of bins as wide as the line allows. Bins of equal width get as many characters each as there is room for; of others, each
    /// character is as high as the hits are dense there.
    /// </summary>
    /// <param name="edges">Limits of the bins: all edges, or those of a histogram over the same range, if the bins are of equal width.</param>
    /// <param name="counts">Counts.</param>
    /// <param name="width">Characters, at most.</param>
    /// <returns>The line.</returns>
    internal static string Draw(IReadOnlyList<double> edges, IReadOnlyList<long> counts, int width) => !AreEven(edges) ? DrawByWidth(edges, counts, width)
        : Draw(width <= counts.Count ? counts : [.. counts.SelectMany(count => Enumerable.Repeat(count, width / counts.Count))], width);

    /// <summary>Draws counts of bins over the whole line: each character is as high as the hits are dense there.</summary>
    /// <param name="edges">Edges of the bins, one more than there are bins.</param>
    /// <param name="counts">Counts.</param>
    /// <param name="width">Characters.</param>
    /// <returns>The line.</returns>
    internal static string DrawByWidth(IReadOnlyList<double> edges, IReadOnlyList<long> counts, int width) => Draw(Densities(edges, counts, width));

    private static double[] Densities(IReadOnlyList<double> edges, IReadOnlyList<long> counts, int width)
    {
        var step = (edges[^1] - edges[0]) / width;
        var densities = new double[width];
        for (var bin = 0; bin < counts.Count; bin++)
        {
            var (low, high) = (edges[bin], edges[bin + 1]);
            var last = Math.Min(width - 1, (int)((high - edges[0]) / step));
            for (var c = Math.Min(width - 1, (int)((low - edges[0]) / step)); high > low && c <= last; c++)
            {
                var overlap = Math.Min(high, edges[0] + ((c + 1) * step)) - Math.Max(low, edges[0] + (c * step));
                densities[c] += Math.Max(0, overlap) / (high - low) * counts[bin];
            }
        }

        return densities;
    }

    /// <summary>Whether bins are of equal width.</summary>
    /// <param name="edges">Their edges.</param>
    internal static bool AreEven(IReadOnlyList<double> edges)
    {
        var (width, allowed) = ((edges[^1] - edges[0]) / (edges.Count - 1), 1e-6 * (edges[^1] - edges[0]));
        return Enumerable.Range(0, edges.Count).All(i => Math.Abs(edges[i] - edges[0] - (i * width)) <= allowed);
    }

    private static string Draw(double[] heights)
    {
        var top = heights.Append(0).Max();
        return string.Concat(heights.Select(h => Blocks[h <= 0 ? 0 : Math.Max(1, (int)Math.Round((Blocks.Length - 1) * h / top))]));
    }
}
