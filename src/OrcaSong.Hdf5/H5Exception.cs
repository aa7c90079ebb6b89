namespace OrcaSong.Hdf5;

/// <summary>What is wrong with a file as a whole, for whoever has to tell such errors apart.</summary>
public enum H5Problem
{
    /// <summary>Anything else: the message says what.</summary>
    Other,

    /// <summary>There is no such file.</summary>
    NotFound,

    /// <summary>It is a folder.</summary>
    IsFolder,

    /// <summary>It may not be read, or not be changed.</summary>
    NoPermission,

    /// <summary>It is not an HDF5 file.</summary>
    NotHdf5,
}

/// <summary>An HDF5 file cannot be used as asked: missing, not HDF5, damaged, or not holding what was expected.</summary>
public sealed class H5Exception : IOException
{
    internal H5Exception(string operation, string filePath, string? objectPath, string reason, IReadOnlyList<string>? libraryErrors = null, H5Problem problem = H5Problem.Other)
        : base($"cannot {operation}{(objectPath is null ? string.Empty : $" {objectPath} in")} '{filePath}': {reason}")
    {
        Operation = operation;
        FilePath = filePath;
        ObjectPath = objectPath;
        Reason = reason;
        LibraryErrors = libraryErrors ?? [];
        Problem = problem;
    }

    /// <summary>What is wrong with the file as a whole.</summary>
    public H5Problem Problem { get; }

    /// <summary>Whether the operating system refused something: no room, no permission, a disk that fails.</summary>
    public bool IsOfSystem => LibraryErrors.Any(line => line.Contains("error message = '", StringComparison.Ordinal));

    /// <summary>What was tried, such as <c>open</c> or <c>read chunk (0,) of</c>.</summary>
    public string Operation { get; }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>The object in the file, such as <c>/hits/time</c>; <see langword="null"/> when it was about the whole file.</summary>
    public string? ObjectPath { get; }

    /// <summary>What was wrong, such as <c>No space left on device</c>.</summary>
    public string Reason { get; }

    /// <summary>The HDF5 library's own error stack, innermost function first; empty when the library was not involved.</summary>
    public IReadOnlyList<string> LibraryErrors { get; }
}
