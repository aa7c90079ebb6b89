namespace OrcaSong.Training;

/// <summary>Text files that list other files, one path a line.</summary>
public static class FileList
{
    private const long LargestBytes = 64 << 20;
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>Whether a file is an HDF5 file, rather than a list; told by its contents, and by its name if it does not exist.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsHdf5(string path)
    {
        if (!File.Exists(path))
        {
            return Path.GetExtension(path) is ".h5" or ".hdf5";
        }

        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[Signature.Length];
        return (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(Signature))
            || Path.GetExtension(path) is ".h5" or ".hdf5";
    }

    /// <summary>Reads a list. Empty lines do not count; paths are relative to the current folder, as in the Python tool.</summary>
    /// <param name="path">Path of the list.</param>
    /// <returns>The paths, in order.</returns>
    /// <exception cref="InvalidDataException">It is no list: too large, not text, or it names no file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<string> Read(string path) => Lines(path, columns: 1);

    /// <summary>Reads a list whose lines may have several columns, apart by tabs.</summary>
    /// <inheritdoc cref="Read"/>
    internal static IReadOnlyList<string> Lines(string path, int columns)
    {
        if (new FileInfo(path) is { Exists: true, Length: > LargestBytes })
        {
            throw new InvalidDataException($"'{path}' is no list of files: it is larger than 64 MiB.");
        }

        var lines = File.ReadAllLines(path).Select(l => l.Trim()).Where(l => l.Length > 0).ToArray();
        if (lines.FirstOrDefault(l => l.Count(c => c == '\t') >= columns || l.Any(c => c != '\t' && char.IsControl(c))) is { } odd)
        {
            throw new InvalidDataException($"'{path}' is no list of files: the line '{new string([.. odd.Where(c => !char.IsControl(c)).Take(40)])}' has control characters. Expected one path a line.");
        }

        return lines.Length > 0 ? lines : throw new InvalidDataException($"The list '{path}' names no file; expected one path a line.");
    }
}
