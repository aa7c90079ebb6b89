namespace OrcaSong.Hdf5;

/// <summary>An HDF5 file cannot be used as asked: missing, not HDF5, damaged, or not holding what was expected.</summary>
public sealed class H5Exception : IOException
{
    internal H5Exception(string operation, string filePath, string? objectPath, string reason, IReadOnlyList<string>? libraryErrors = null)
        : base($"cannot {operation}{(objectPath is null ? string.Empty : $" {objectPath} in")} '{filePath}': {reason}")
    {
        Operation = operation;
        FilePath = filePath;
        ObjectPath = objectPath;
        LibraryErrors = libraryErrors ?? [];
    }

    /// <summary>What was tried, such as <c>open</c> or <c>read chunk (0,) of</c>.</summary>
    public string Operation { get; }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>The object in the file, such as <c>/hits/time</c>; <see langword="null"/> when it was about the whole file.</summary>
    public string? ObjectPath { get; }

    /// <summary>The HDF5 library's own error stack, innermost function first; empty when the library was not involved.</summary>
    public IReadOnlyList<string> LibraryErrors { get; }
}
