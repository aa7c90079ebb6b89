namespace OrcaSong.Plots;

/// <summary>Hit fields as pictures name them.</summary>
internal static class FieldText
{
    /// <summary>A field with its unit in brackets, where it is known: <c>pos_z [m]</c>.</summary>
    /// <param name="field">Name of the field.</param>
    internal static string Label(string field) => Unit(field) is { } unit ? $"{field} [{unit}]" : field;

    /// <summary>A quantity per unit of a field: <c>Density of hits [1/m]</c>.</summary>
    /// <param name="quantity">The quantity.</param>
    /// <param name="field">Name of the field.</param>
    internal static string Density(string quantity, string field) => Unit(field) is { } unit ? $"{quantity} [1/{unit}]" : quantity;

    /// <summary>The unit of a field, or <see langword="null"/> where it has none or is not known.</summary>
    /// <param name="field">Name of the field.</param>
    internal static string? Unit(string field) => field switch
    {
        _ when field.StartsWith("pos_", StringComparison.Ordinal) => "m",
        "x" or "y" or "z" => "m",
        "time" or "t0" or "tot" => "ns",
        _ => null,
    };
}
