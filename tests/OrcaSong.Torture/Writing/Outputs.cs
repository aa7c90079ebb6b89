namespace OrcaSong.Torture.Writing;

/// <summary>What lies in a folder of outputs.</summary>
internal sealed class Outputs
{
    private readonly Dictionary<string, byte[]> _files;

    private Outputs(Dictionary<string, byte[]> files) => _files = files;

    internal long Bytes => _files.Values.Sum(f => (long)f.Length);

    internal int Count => _files.Count;

    /// <summary>Whether a job has left something that has not its name yet.</summary>
    internal bool HasLeftovers { get; private init; }

    internal static Outputs In(string folder)
    {
        var all = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(p => Path.GetRelativePath(folder, p)).ToArray();
        return new Outputs(all.Where(n => !IsTemporary(n)).ToDictionary(n => n, n => File.ReadAllBytes(Path.Combine(folder, n)), StringComparer.Ordinal))
        {
            HasLeftovers = Directory.EnumerateFileSystemEntries(folder, "*.partial", SearchOption.AllDirectories).Any(),
        };
    }

    /// <summary>Says what is not as it was when nothing disturbed the job.</summary>
    /// <param name="whole">What there is to be.</param>
    /// <param name="all">Whether all of it must be there; otherwise what is there must be right.</param>
    internal string? Difference(Outputs whole, bool all)
    {
        foreach (var (name, bytes) in _files)
        {
            if (!whole._files.TryGetValue(name, out var right))
            {
                return $"{name} is not one of the outputs";
            }

            if (!bytes.AsSpan().SequenceEqual(right))
            {
                return $"{name} ({bytes.Length} bytes) is not the whole file ({right.Length} bytes)";
            }
        }

        // Where a set says that it is complete, it is.
        var manifest = _files.Keys.FirstOrDefault(n => Path.GetFileName(n) == Training.TrainingSet.ManifestName);
        var missing = whole._files.Keys.FirstOrDefault(n => !_files.ContainsKey(n));
        return missing is not null && (all || manifest is not null) ? $"{missing} is missing"
            : all && HasLeftovers ? "something was left behind" : null;
    }

    private static bool IsTemporary(string name) => name.Split(Path.DirectorySeparatorChar).Any(part => part.EndsWith(".partial", StringComparison.Ordinal));
}
