namespace OrcaSong.Numerics;

/// <summary>Guards of functions that walk over several columns of the same hits.</summary>
internal static class ColumnLengths
{
    /// <summary>Throws <see cref="ArgumentException"/> unless a second column has as many entries as the first.</summary>
    internal static void RequireEqual(int expected, int found, string name)
    {
        if (expected != found)
        {
            throw new ArgumentException($"Expected {expected} entries, one for each of the first column, found {found}.", name);
        }
    }
}
