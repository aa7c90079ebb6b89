using OrcaSong.Running;

namespace OrcaSong.Images;

/// <summary>What becomes of a bin with more than 255 hits (or a weighted sum beyond what a byte holds).</summary>
public enum OverflowHandling
{
    /// <summary>It holds 255 (or 0 when negative), and is counted in the result.</summary>
    Saturate,

    /// <summary>It holds the count modulo 256, as the Python tool has it, and is counted in the result.</summary>
    Wrap,
}

/// <summary>
/// Makes images of events: n-dimensional histograms of hits, uint8, of shape (events, bins of axis 1, bins of axis 2, ...).
/// </summary>
public sealed class FileBinner : EventProcessor, IEquatable<FileBinner>
{
    private const int DefaultChunkSize = 32;

    // HDF5 chunks end at 4 GiB; indices within a chunk are 32-bit integers here.
    private const long LargestChunk = int.MaxValue - 64;

    /// <summary>Describes the images.</summary>
    /// <param name="axes">Axes in the order of the image's dimensions, each of another field.</param>
    /// <param name="options">What is done to every event; a chunk size of <see langword="null"/> is kept.</param>
    /// <param name="addBinStatistics">Add statistics of the binning to the output (on).</param>
    /// <param name="hitWeights">Hit field whose values are summed in place of counting hits.</param>
    /// <param name="overflow">What becomes of bins with more than 255 hits.</param>
    /// <exception cref="ArgumentException">There are no axes, two have the same field, the image is too large, or options contradict each other.</exception>
    public FileBinner(
        IEnumerable<BinAxis> axes,
        ProcessingOptions? options = null,
        bool addBinStatistics = true,
        string? hitWeights = null,
        OverflowHandling overflow = OverflowHandling.Saturate)
        : base(options ?? ProcessingOptions.Default with { ChunkSize = DefaultChunkSize })
    {
        ArgumentNullException.ThrowIfNull(axes);
        Axes = [.. axes];
        if (Axes.Count is 0 or > 31)
        {
            throw new ArgumentException($"An image has 1 to 31 axes; got {Axes.Count}.", nameof(axes));
        }

        if (Axes.GroupBy(a => a.Field).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Field {twice.Key} has {twice.Count()} axes; an image has one axis for a field.", nameof(axes));
        }

        if (hitWeights is not null && string.IsNullOrWhiteSpace(hitWeights))
        {
            throw new ArgumentException("The hit weights are the name of a hit field, such as tot.", nameof(hitWeights));
        }

        AddBinStatistics = addBinStatistics;
        HitWeights = hitWeights;
        Overflow = overflow;
        long bins = 1;
        foreach (var axis in Axes)
        {
            bins *= axis.BinCount;
            if (bins > LargestChunk)
            {
                throw new ArgumentException($"An image of shape ({ShapeText}) is too large; at most {LargestChunk} bins can be stored. Use wider bins.", nameof(axes));
            }
        }

        BinCount = (int)bins;
        if (Options.ChunkSize is { } chunk && chunk * bins > LargestChunk)
        {
            throw new ArgumentException(
                $"A chunk of {chunk} images of shape ({ShapeText}) is too large ({chunk * bins} bytes); use a chunk size of at most {LargestChunk / bins}.", nameof(options));
        }
    }

    /// <summary>The chunk size of images unless another is given: 32 events.</summary>
    public static int StandardChunkSize => DefaultChunkSize;

    /// <summary>Axes in the order of the image's dimensions.</summary>
    public IReadOnlyList<BinAxis> Axes { get; }

    /// <summary>Bins of each axis.</summary>
    public IReadOnlyList<int> Shape => [.. Axes.Select(a => a.BinCount)];

    /// <summary>Bins of an image.</summary>
    public int BinCount { get; }

    /// <summary>Whether statistics of the binning are added to the output.</summary>
    public bool AddBinStatistics { get; }

    /// <summary>Hit field whose values are summed in place of counting hits.</summary>
    public string? HitWeights { get; }

    /// <summary>What becomes of bins with more than 255 hits.</summary>
    public OverflowHandling Overflow { get; }

    private string ShapeText => string.Join(", ", Axes.Select(a => a.BinCount));

    /// <inheritdoc/>
    public bool Equals(FileBinner? other) =>
        other is not null
        && Axes.SequenceEqual(other.Axes)
        && (AddBinStatistics, HitWeights, Overflow) == (other.AddBinStatistics, other.HitWeights, other.Overflow)
        && Options == other.Options;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FileBinner);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Axes.Count, Axes[0], BinCount, AddBinStatistics, HitWeights, Overflow, Options);

    /// <inheritdoc/>
    public override string ToString() => $"<FileBinner: {string.Join(", ", Axes.Select(a => a.Field))} ({ShapeText})>";
}
