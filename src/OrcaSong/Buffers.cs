namespace OrcaSong;

/// <summary>Arrays that are kept from batch to batch.</summary>
internal static class Buffers
{
    /// <summary>Makes an array long enough; what it held may be lost.</summary>
    internal static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = new T[Math.Max(length, (int)Math.Min(Array.MaxLength, array.Length * 3L / 2))];
        }
    }
}
