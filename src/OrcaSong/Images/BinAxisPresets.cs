namespace OrcaSong.Images;

/// <summary>Sets of axes that are in use at KM3NeT, with the edges of the Python tool.</summary>
public static class BinAxisPresets
{
    private static readonly Dictionary<string, Func<BinAxis[]>> Sets = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ztc_2017"] = () => [BinAxis.Uniform("pos_z", 26, 198, 18), BinAxis.Uniform("time", -50, 550, 100), Channels()],
        ["four_line_low"] = () => FourLines(BinAxis.Uniform("time", -50, 550, 100)),
        ["four_line_high"] = () => FourLines(BinAxis.Uniform("time", -100, 900, 300)),
    };

    /// <summary>Names of the presets.</summary>
    public static IReadOnlyCollection<string> Names => Sets.Keys;

    /// <summary>The axes of a preset.</summary>
    /// <param name="name">
    /// <c>ztc_2017</c> (pos_z, time, channel_id: 18 x 100 x 31), <c>four_line_low</c> or <c>four_line_high</c>
    /// (pos_x, pos_y, pos_z, time, channel_id of a detector of four lines: 2 x 2 x 18 x 100 or 300 x 31).
    /// </param>
    /// <returns>The axes, in the order of the image's dimensions.</returns>
    /// <exception cref="ArgumentException">There is no such preset.</exception>
    public static IReadOnlyList<BinAxis> Get(string name) => Sets.TryGetValue(name, out var make)
        ? make()
        : throw new ArgumentException($"There are no axes called '{name}'; there are {string.Join(", ", Names)}.", nameof(name));

    private static BinAxis Channels() => BinAxis.Uniform("channel_id", -0.5, 30.5, 31);

    private static BinAxis[] FourLines(BinAxis time) =>
    [
        new("pos_x", [-32, -2, 28], integerEdges: true),
        new("pos_y", [-26.3, 3.7, 33.7]),
        BinAxis.Uniform("pos_z", 24, 198, 18),
        time,
        Channels(),
    ];
}
