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

        var top = means.Append(0).Max();
        return string.Concat(means.Select(m => Blocks[m <= 0 ? 0 : Math.Max(1, (int)Math.Round((Blocks.Length - 1) * m / top))]));
    }
}
