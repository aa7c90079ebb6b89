using System.Management.Automation;

namespace OrcaSong.PowerShell;

/// <summary>A path of the session that is no path of the file system.</summary>
internal sealed class PathException(string path, string problem, Exception? inner = null) : Exception(problem, inner)
{
    internal static PathException NotAFile(string path, string provider) =>
        new(path, $"'{path}' lies in PowerShell's {provider}; event files are read from and written to the file system only.");

    internal ErrorRecord Record() => new(this, "InvalidPath", ErrorCategory.InvalidArgument, path);
}
