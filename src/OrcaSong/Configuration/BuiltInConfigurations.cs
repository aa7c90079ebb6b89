namespace OrcaSong.Configuration;

/// <summary>The configurations that come with OrcaSong: those of KM3NeT's productions, named <c>orcasong:NAME.toml</c>.</summary>
public static class BuiltInConfigurations
{
    /// <summary>What stands before the name.</summary>
    public const string Prefix = "orcasong:";

    private const string Folder = "configs/";
    private const string Extension = ".toml";

    /// <summary>Their names, such as <c>orcasong:nu_chain_data_ORCA6.toml</c>, sorted.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. typeof(BuiltInConfigurations).Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Folder, StringComparison.Ordinal))
            .Select(n => Prefix + n[Folder.Length..])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Whether a path stands for a built-in configuration.</summary>
    /// <param name="path">A path, or <c>orcasong:NAME.toml</c>; the ending may be left out.</param>
    /// <returns>Whether it begins with the prefix.</returns>
    public static bool IsName(string path) => path.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The text of a configuration.</summary>
    /// <param name="name">Its name, such as <c>orcasong:nu_chain_data_ORCA6.toml</c>; the ending may be left out.</param>
    /// <returns>The text (TOML).</returns>
    /// <exception cref="FileNotFoundException">There is none of that name; the message lists those that there are.</exception>
    public static string Get(string name)
    {
        var full = name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) ? name : name + Extension;
        var found = All.FirstOrDefault(n => n.Equals(full, StringComparison.OrdinalIgnoreCase))
            ?? throw new FileNotFoundException($"There is no configuration '{name}'; there are {string.Join(", ", All)}.", name);
        using var text = new StreamReader(typeof(BuiltInConfigurations).Assembly.GetManifestResourceStream(Folder + found[Prefix.Length..])!);
        return text.ReadToEnd();
    }
}
