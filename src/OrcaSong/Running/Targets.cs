namespace OrcaSong.Running;

/// <summary>Checks of the place where a file is to be written, before any work is done for it.</summary>
internal static class Targets
{
    /// <summary>Refuses a target that cannot be written.</summary>
    /// <param name="output">Path of the file to make.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    internal static void Check(string output, bool overwrite)
    {
        if (Directory.Exists(output))
        {
            throw new InvalidOutputException(output, $"The output '{output}' is a folder; give the name of a file.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(output))))
        {
            throw new DirectoryNotFoundException($"The folder of the output '{output}' does not exist; make it first.");
        }

        if (!overwrite && File.Exists(output))
        {
            throw new OutputExistsException(output);
        }
    }
}

/// <summary>An output has a name that no file can be written to.</summary>
public sealed class InvalidOutputException : IOException
{
    internal InvalidOutputException(string path, string message)
        : base(message) => Path = path;

    /// <summary>Path of the output.</summary>
    public string Path { get; }
}

/// <summary>An output exists, and may not be overwritten.</summary>
public sealed class OutputExistsException(string path)
    : IOException($"The output '{path}' exists already; allow overwriting, or give another name.")
{
    /// <summary>Path of the output.</summary>
    public string Path { get; } = path;
}
