namespace OrcaSong.Running;

/// <summary>Names for DEFLATE levels; docs/performance.md has what each costs and saves.</summary>
public static class CompressionLevels
{
    /// <summary>
    /// The names and their levels. Fast is what is taken where nothing is said: encoders of our own do it in about the time that writing more
    /// bytes would take, and no filter that every reader of HDF5 has was found to be faster.
    /// </summary>
    public static IReadOnlyList<(string Name, int Level)> Names { get; } = [("None", 0), ("Fast", 1), ("Default", 1), ("Small", 9)];

    /// <summary>The level that a name stands for.</summary>
    /// <param name="name">None, Fast, Default or Small, in any case.</param>
    /// <param name="level">The level, 0 to 9.</param>
    /// <returns>Whether there is such a name.</returns>
    public static bool TryParse(string name, out int level)
    {
        level = -1;
        foreach (var (known, value) in Names)
        {
            level = known.Equals(name, StringComparison.OrdinalIgnoreCase) ? value : level;
        }

        return level >= 0;
    }
}
