using System.Management.Automation;
using Microsoft.PowerShell.Commands;
using OrcaSong.Hdf5;

namespace OrcaSong.PowerShell;

/// <summary>
/// The base of all commands: turns paths of the session into paths of the file system. They are relative to the session's current
/// location, which is not the process's current folder, and may begin with a drive of the session (<c>TestDrive:</c>).
/// </summary>
public abstract class OrcaSongCommand : PSCmdlet
{
    /// <summary>Ends the command with instructions where the HDF5 library is missing.</summary>
    private protected void RequireHdf5()
    {
        try
        {
            _ = HdfLibrary.Version;
        }
        catch (HdfLibraryNotFoundException e)
        {
            ThrowTerminatingError(Failures.Record(e, null));
        }
    }

    /// <summary>The file system's path of a file or folder that may not exist; wildcards are taken as they stand.</summary>
    /// <param name="path">A path of the session.</param>
    /// <exception cref="PathException">It is not in the file system.</exception>
    private protected string FileSystemPath(string path)
    {
        try
        {
            var full = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            return provider.ImplementingType == typeof(FileSystemProvider) ? full : throw PathException.NotAFile(path, provider.Name);
        }
        catch (Exception e) when (e is SessionStateException or ProviderInvocationException or PSArgumentException or NotSupportedException)
        {
            throw new PathException(path, e.Message, e);
        }
    }

    /// <summary>The files that a path stands for, whether they exist or not; none where wildcards match no file.</summary>
    /// <param name="path">A path of the session.</param>
    /// <param name="literal">Whether wildcards are taken as they stand.</param>
    /// <exception cref="PathException">It is not in the file system.</exception>
    private protected IReadOnlyList<string> InputFiles(string path, bool literal)
    {
        if (literal || !WildcardPattern.ContainsWildcardCharacters(path))
        {
            return [FileSystemPath(literal ? path : WildcardPattern.Unescape(path))];
        }

        var files = Matches(path);

        // A file with brackets in its name is rather what is meant than nothing.
        return files.Count == 0 && FileSystemPath(path) is var named && File.Exists(named) ? [named] : files;
    }

    /// <summary>The files that paths stand for; each that cannot be used is an error.</summary>
    /// <param name="paths">Paths of the session.</param>
    /// <param name="literal">Whether wildcards are taken as they stand.</param>
    /// <param name="kind">What they are.</param>
    private protected IReadOnlyList<string> Inputs(IEnumerable<string> paths, bool literal, string kind = "event file")
    {
        var inputs = new List<string>();
        foreach (var path in paths)
        {
            try
            {
                var files = InputFiles(path, literal);
                if (files.Count == 0)
                {
                    WriteError(Failures.Record($"No file matches '{path}' (in '{SessionState.Path.CurrentFileSystemLocation}').", "InputNotFound", ErrorCategory.ObjectNotFound, path));
                }

                inputs.AddRange(files.Where(file => IsFile(file, path, kind)));
            }
            catch (PathException e)
            {
                WriteError(e.Record());
            }
        }

        return inputs;
    }

    private bool IsFile(string file, string path, string kind)
    {
        if (File.Exists(file))
        {
            return true;
        }

        WriteError(Directory.Exists(file)
            ? Failures.Record($"'{file}' is a folder. Name its files, for example '{Path.Combine(path, kind == "configuration" ? "*.toml" : "*.h5")}'.", "InputIsFolder", ErrorCategory.InvalidArgument, file)
            : Failures.Record($"The {kind} '{file}' does not exist.", "InputNotFound", ErrorCategory.ObjectNotFound, file));
        return false;
    }

    private List<string> Matches(string pattern)
    {
        try
        {
            var found = SessionState.Path.GetResolvedProviderPathFromPSPath(pattern, out var provider);
            return provider.ImplementingType == typeof(FileSystemProvider)
                ? [.. found.Where(f => !Directory.Exists(f))]
                : throw PathException.NotAFile(pattern, provider.Name);
        }
        catch (ItemNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is SessionStateException or ProviderInvocationException or PSArgumentException or NotSupportedException)
        {
            throw new PathException(pattern, e.Message, e);
        }
    }
}
