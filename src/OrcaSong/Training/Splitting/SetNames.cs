namespace OrcaSong.Training.Splitting;

/// <summary>Names of sets become parts of names of files.</summary>
internal static class SetNames
{
    // Those that Windows forbids, so that a set's name is good everywhere.
    private const string Forbidden = "/\\:*?\"<>|";

    /// <summary>Refuses names that cannot be part of a file's name, and names that differ by case only.</summary>
    internal static void Check(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in names)
        {
            if (!IsFileNamePart(name))
            {
                throw new ArgumentException(
                    $"'{Printable.Line(name)}' cannot be the name of a set, as it becomes part of a file's name: expected letters, digits, '_', '-' and the like.");
            }

            if (!seen.Add(name))
            {
                throw new ArgumentException($"There are two sets of the name '{name}', but for case; their files would replace each other on some machines.");
            }
        }

        if (seen.Count == 0)
        {
            throw new ArgumentException("There are no sets; expected at least one, such as train.");
        }
    }

    /// <summary>Refuses numbers of parts for sets that there are not.</summary>
    internal static void CheckCounts(IReadOnlyDictionary<string, int> counts, IReadOnlyList<string> sets)
    {
        if (counts.Keys.FirstOrDefault(name => !sets.Contains(name)) is { } unknown)
        {
            throw new ArgumentException($"There is a number of parts for set '{Printable.Line(unknown)}', which is no set; {Spelling.Hint(unknown, sets)}");
        }
    }

    /// <summary>Whether a text can stand in a file's name on every system, and is seen there.</summary>
    internal static bool IsFileNamePart(string text) =>
        text.Length > 0 && text == text.Trim() && text is not ("." or "..") && !text.Any(c => char.IsControl(c) || Forbidden.Contains(c, StringComparison.Ordinal));
}
