namespace OrcaSong;

/// <summary>Helps those who mistype a name.</summary>
internal static class Spelling
{
    /// <summary>What to say about a name that is not known: the nearest one that is, or all of them.</summary>
    /// <param name="name">The name.</param>
    /// <param name="known">Names that are known; at least one.</param>
    /// <returns>"did you mean 'x'?" or "there are x, y".</returns>
    internal static string Hint(string name, IEnumerable<string> known)
    {
        var sorted = known.Order(StringComparer.Ordinal).ToArray();
        var nearest = sorted.MinBy(k => Distance(name, k));
        return nearest is not null && Distance(name, nearest) <= Math.Max(2, name.Length / 3)
            ? $"did you mean '{nearest}'?"
            : $"there are {string.Join(", ", sorted)}";
    }

    /// <summary>Levenshtein's distance, but for case.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]);
                var cost = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1));
                (diagonal, row[j]) = (row[j], cost);
            }
        }

        return row[^1];
    }
}
