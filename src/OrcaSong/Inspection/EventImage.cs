using System.Globalization;
using OrcaSong.Events;
using OrcaSong.Hdf5;

namespace OrcaSong.Inspection;

/// <summary>One image of a file. Only its chunk is read, however many images the file has.</summary>
public sealed class EventImage
{
    private const string Samples = "/x";
    private const long MostBytes = 1L << 28;
    private readonly double[] _values;

    private EventImage(string path, long index, EventName name, IReadOnlyList<ImageAxis> axes, double[] values)
    {
        Path = path;
        Index = index;
        Name = name;
        Axes = axes;
        _values = values;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The image's number, from 0 in file order.</summary>
    public long Index { get; }

    /// <summary>What the labels say about the event.</summary>
    public EventName Name { get; }

    /// <summary>The axes of the image.</summary>
    public IReadOnlyList<ImageAxis> Axes { get; }

    /// <summary>The sum over all bins.</summary>
    public double Sum => _values.Sum();

    /// <summary>Reads an image.</summary>
    /// <param name="path">A file of images.</param>
    /// <param name="index">The image's number, from 0 in file order.</param>
    /// <returns>The image.</returns>
    /// <exception cref="EventFileException">The file holds no images, or none of that number.</exception>
    /// <exception cref="H5Exception">The file is missing, no HDF5 file, or damaged.</exception>
    public static EventImage Read(string path, long index)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var file = H5File.OpenRead(path);
        if (file.Root.KindOf(Samples) != H5ObjectKind.Dataset)
        {
            var hint = file.Root.Contains("hits") ? "It is a file of events, of which images can be made." : "Is it a file of images?";
            throw new EventFileException(path, null, $"has no {Samples}, where images are. {hint}") { Problem = EventFileProblem.NotAnEventFile };
        }

        using var images = file.Root.OpenDataset(Samples);
        if (images.Shape.Count < 2 || new TableColumn(Samples, images.Type.InMemory(), 0).Number is not { } type
            || GraphColumns.Names(images).Length > 0 || ImageAxes.Title(images) == "nodes")
        {
            throw new EventFileException(path, Samples, "holds graphs or something else, not images.") { Problem = EventFileProblem.NotAnEventFile };
        }

        RequireIndex(path, index, images.Length, "image");
        var bins = images.Shape.Skip(1).Aggregate(1.0, (product, n) => product * n);
        if (bins * images.Type.Size > MostBytes)
        {
            throw new EventFileException(
                path, Samples, string.Create(CultureInfo.InvariantCulture, $"has images of {bins} bins; at most 256 MiB can be drawn."));
        }

        var bytes = new byte[(int)bins * images.Type.Size];
        images.Read(bytes.AsSpan(), index, 1);
        var values = new double[(int)bins];
        new Column(bytes, 0, images.Type.Size, values.Length, type).CopyTo(values);
        return new EventImage(path, index, EventName.Read(file, index, null, "/y", "/event_info"), ImageAxes.Read(file, images), values);
    }

    /// <summary>
    /// The projections of the image on each pair of its axes, summed over all others. Axes of one bin have nothing to show and are left
    /// out, as long as two others remain. An image with one axis is its own projection.
    /// </summary>
    /// <returns>The projections, in the order of the axes.</returns>
    public IReadOnlyList<ImageProjection> Project()
    {
        var shown = Enumerable.Range(0, Axes.Count).Where(a => Axes[a].Bins > 1).ToArray();
        if (shown.Length == 0)
        {
            shown = [0];
        }

        if (shown.Length == 1)
        {
            return [Project(shown[0], null)];
        }

        var pairs = new List<ImageProjection>();
        for (var first = 0; first < shown.Length; first++)
        {
            for (var second = first + 1; second < shown.Length; second++)
            {
                var (horizontal, vertical) = Arrange(shown[first], shown[second]);
                pairs.Add(Project(horizontal, vertical));
            }
        }

        return pairs;
    }

    /// <summary>Refuses a number that no event has, and says which there are.</summary>
    internal static void RequireIndex(string path, long index, long count, string what)
    {
        if (index < 0 || index >= count)
        {
            var there = count == 0
                ? $"there are no {what}s in it"
                : string.Create(CultureInfo.InvariantCulture, $"its {count} {what}s have the numbers 0 to {count - 1}");
            throw new EventFileException(path, null, string.Create(CultureInfo.InvariantCulture, $"has no {what} {index}; {there}."))
            { Problem = EventFileProblem.NoSuchEvent };
        }
    }

    // Time runs to the right, heights upwards, x lies below y; of others the first one is vertical, as rows of a matrix are.
    private (int Horizontal, int Vertical) Arrange(int first, int second)
    {
        var (a, b) = (Rank(Axes[first].Field), Rank(Axes[second].Field));
        return b <= a ? (second, first) : (first, second);
    }

    private static int Rank(string? field) => field switch
    {
        "time" => 0,
        "pos_x" => 1,
        "pos_y" => 2,
        "pos_z" => 4,
        _ => 3,
    };

    private ImageProjection Project(int horizontal, int? vertical)
    {
        var counts = new double[vertical is { } v ? Axes[v].Bins : 1][];
        for (var row = 0; row < counts.Length; row++)
        {
            counts[row] = new double[Axes[horizontal].Bins];
        }

        var (horizontalStride, verticalStride) = (Stride(horizontal), vertical is { } axis ? Stride(axis) : 1);
        for (var i = 0; i < _values.Length; i++)
        {
            if (_values[i] != 0)
            {
                counts[i / verticalStride % counts.Length][i / horizontalStride % Axes[horizontal].Bins] += _values[i];
            }
        }

        return new ImageProjection(this, Axes[horizontal], vertical is { } found ? Axes[found] : null, counts);
    }

    /// <summary>How far bins that are neighbours along an axis lie apart.</summary>
    private int Stride(int axis) => Axes.Skip(axis + 1).Aggregate(1, (product, a) => product * a.Bins);
}

/// <summary>An image summed over all axes but two, or but one.</summary>
public sealed class ImageProjection
{
    internal ImageProjection(EventImage image, ImageAxis horizontal, ImageAxis? vertical, double[][] counts)
    {
        Image = image;
        Horizontal = horizontal;
        Vertical = vertical;
        Counts = counts;
    }

    /// <summary>The file.</summary>
    public string Path => Image.Path;

    /// <summary>The image's number, from 0 in file order.</summary>
    public long Index => Image.Index;

    /// <summary>What the labels say about the event.</summary>
    public EventName Name => Image.Name;

    /// <summary>The axis that columns lie along.</summary>
    public ImageAxis Horizontal { get; }

    /// <summary>The axis that rows lie along; <see langword="null"/> for an image with one axis.</summary>
    public ImageAxis? Vertical { get; }

    /// <summary>The contents of the bins: rows along the vertical axis, from its lowest bin on, each with a value for each horizontal bin.</summary>
    public double[][] Counts { get; }

    /// <summary>The sum over all bins.</summary>
    public double Sum => Counts.Sum(row => row.Sum());

    internal EventImage Image { get; }

    /// <inheritdoc/>
    public override string ToString() => Vertical is null ? $"{Horizontal}" : $"{Vertical} against {Horizontal}";
}
