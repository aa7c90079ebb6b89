using OrcaSong.Calibration;
using OrcaSong.Hdf5;

namespace OrcaSong.Inspection;

/// <summary>An axis of the images of a file.</summary>
/// <param name="Field">The hit field, such as <c>pos_z</c>; <see langword="null"/> where the file does not say.</param>
/// <param name="Bins">Number of bins.</param>
/// <param name="Edges">Edges of the bins, one more than bins; <see langword="null"/> where the file does not have them.</param>
public sealed record ImageAxis(string? Field, int Bins, ValueList<double>? Edges)
{
    /// <inheritdoc/>
    public override string ToString() => Field ?? "unknown";
}

/// <summary>
/// Finds out what the axes of images are: from the title of <c>/x</c>, which names their fields in order
/// (<c>pos_z_time_channel_id_event_images</c>), and from <c>/bin_stats</c>, which has the edges by field.
/// </summary>
internal static class ImageAxes
{
    internal const string TitleSuffix = "_event_images";
    private const string Statistics = "bin_stats";

    // What hits can have; a title of a file without statistics is read as a row of these.
    private static readonly string[] KnownFields =
        [.. HitPreparation.DetectorFields, "channel_id", "dom_id", "event_id", "group_id", "tdc", "time", "tot", "triggered"];

    /// <summary>The axes of the images of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="images">Its dataset of images.</param>
    internal static IReadOnlyList<ImageAxis> Read(H5File file, H5Dataset images)
    {
        var bins = images.Shape.Skip(1).ToArray();
        var recorded = file.Root.KindOf(Statistics) == H5ObjectKind.Group ? file.Root.OpenGroup(Statistics).Names : [];
        var title = Title(images);
        var fields = Split(title, recorded, bins.Length) ?? Split(title, [.. recorded, .. KnownFields], bins.Length);
        return
        [
            .. bins.Select((n, a) => new ImageAxis(
                fields?[a], (int)n, fields is not null && recorded.Contains(fields[a]) ? Edges(file, fields[a], n) : null)),
        ];
    }

    /// <summary>The title of a dataset; empty where it has none.</summary>
    internal static string Title(H5Dataset dataset) => dataset.Attributes.GetString("TITLE") ?? string.Empty;

    /// <summary>Reads a title as that many names of fields; names may contain the character between them.</summary>
    private static string[]? Split(string title, IReadOnlyCollection<string> fields, int count)
    {
        if (!title.EndsWith(TitleSuffix, StringComparison.Ordinal))
        {
            return null;
        }

        var found = new string[count];
        return Next(title[..^TitleSuffix.Length], 0) ? found : null;

        bool Next(string rest, int axis)
        {
            foreach (var field in fields.Where(f => rest.StartsWith(f, StringComparison.Ordinal)))
            {
                if (axis < count)
                {
                    found[axis] = field;
                }

                var after = rest[field.Length..];
                if (axis == count - 1 ? after.Length == 0 : after.StartsWith('_') && Next(after[1..], axis + 1))
                {
                    return true;
                }
            }

            return false;
        }
    }

    private static ValueList<double>? Edges(H5File file, string field, long bins)
    {
        var path = $"{Statistics}/{field}/bin_edges";
        if (file.Root.KindOf(path) != H5ObjectKind.Dataset)
        {
            return null;
        }

        using var scan = new RowScan(file, path);
        var edges = new List<double>();
        if (scan.Rows != bins + 1 || scan.Element(0) is not { } column)
        {
            return null;
        }

        scan.Look([column], (_, block) =>
        {
            edges.AddRange(Enumerable.Range(0, block[0].Count).Select(i => block[0][i]));
            return true;
        });
        return new ValueList<double>(edges);
    }
}
