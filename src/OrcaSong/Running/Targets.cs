using OrcaSong.Output;

namespace OrcaSong.Running;

/// <summary>Checks of the place where a file is to be written, before any work is done for it.</summary>
internal static class Targets
{
    /// <summary>Refuses a target that cannot be written.</summary>
    /// <param name="output">Path of the file to make.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="used">Files that it must not replace in any case, and what they are.</param>
    internal static void Check(string output, bool overwrite, params ReadOnlySpan<(string? Path, string What)> used)
    {
        if (string.IsNullOrWhiteSpace(output))
        {
            throw new InvalidOutputException(output, "The name of the output is empty.");
        }

        if (Directory.Exists(output))
        {
            throw new InvalidOutputException(output, $"The output '{output}' is a folder; give the name of a file.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(output))))
        {
            throw new DirectoryNotFoundException($"The folder of the output '{output}' does not exist; make it first.");
        }

        foreach (var (path, what) in used)
        {
            if (path is not null && IsSame(path, output))
            {
                throw new InvalidOutputException(output, $"The output '{output}' is {what}; give the output another name.");
            }
        }

        if (!overwrite && File.Exists(output))
        {
            throw new OutputExistsException(output);
        }
    }

    /// <summary>Compares paths as the system's file systems usually do.</summary>
    internal static StringComparer PathComparer { get; } = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>Checks a target, and takes the right to write it; see <see cref="OutputClaim"/>.</summary>
    /// <inheritdoc cref="Check"/>
    /// <returns>The right, to be disposed when the file has its name.</returns>
    /// <exception cref="OutputInUseException">Another job is writing it.</exception>
    internal static OutputClaim Claim(string output, bool overwrite, params ReadOnlySpan<(string? Path, string What)> used)
    {
        Check(output, overwrite, used);
        var claim = OutputClaim.Take(output);
        if (!overwrite && File.Exists(output))
        {
            // A job that was writing it has just finished.
            claim.Dispose();
            throw new OutputExistsException(output);
        }

        return claim;
    }

    private static bool IsSame(string a, string b) => PathComparer.Equals(WithoutLinks(a), WithoutLinks(b));

    /// <summary>The path with all symbolic links resolved, those of folders too.</summary>
    internal static string WithoutLinks(string path)
    {
        var full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is not { } folder)
        {
            return full;
        }

        var resolved = Path.Combine(WithoutLinks(folder), Path.GetFileName(full));
        try
        {
            return File.ResolveLinkTarget(resolved, returnFinalTarget: true) is { } target ? WithoutLinks(target.FullName) : resolved;
        }
        catch (IOException)
        {
            // It does not exist, or the links go round in circles: opening it will say so.
            return resolved;
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
