namespace OrcaSong.Plots;

/// <summary>A histogram as the corners of its outline, for <c>with fillsteps</c> or <c>with steps</c>.</summary>
/// <param name="X">Left edges of the bins, and at the end the right edge of the last.</param>
/// <param name="Y">Heights of the bins; the last one is given twice.</param>
internal sealed record HistogramSteps(IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    // Two to a pixel of a wide picture; more can neither be printed nor seen.
    private const int MostBins = 4000;

    /// <summary>The outline. Very many bins are drawn several as one.</summary>
    /// <param name="edges">Edges of the bins, one more than there are bins.</param>
    /// <param name="counts">Counts.</param>
    /// <param name="asDensity">Whether heights are counts over the bin's width and over the sum of all counts, or counts over the bins drawn as one.</param>
    internal static HistogramSteps Of(IReadOnlyList<double> edges, IReadOnlyList<long> counts, bool asDensity)
    {
        var together = (counts.Count + MostBins - 1) / MostBins;
        double sum = counts.Sum();
        var (x, y) = (new List<double>(), new List<double>());
        for (var first = 0; first < counts.Count; first += together)
        {
            var after = Math.Min(first + together, counts.Count);
            var width = edges[after] - edges[first];
            if (width > 0)
            {
                double count = 0;
                for (var bin = first; bin < after; bin++)
                {
                    count += counts[bin];
                }

                x.Add(edges[first]);
                y.Add(!asDensity ? count / (after - first) : sum == 0 ? 0 : count / width / sum);
            }
        }

        x.Add(edges[^1]);
        y.Add(y[^1]);
        return new HistogramSteps(x, y);
    }
}
