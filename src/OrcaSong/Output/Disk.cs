using System.Runtime.InteropServices;

namespace OrcaSong.Output;

/// <summary>Sees to it that what was written survives a power cut.</summary>
internal static partial class Disk
{
    private const int ReadOnly = 0; // O_RDONLY

    /// <summary>Brings a file from the system's memory to the disk.</summary>
    /// <param name="path">Its path.</param>
    internal static void Flush(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>
    /// Brings the entries of a folder to the disk, so that a file that was renamed keeps its name. Windows does so by itself; some network folders
    /// refuse it, and then it is left to them.
    /// </summary>
    /// <param name="folder">Its path.</param>
    internal static void FlushEntries(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, ReadOnly);
        if (descriptor >= 0)
        {
            _ = Synchronise(descriptor);
            _ = Close(descriptor);
        }
    }

    /// <summary>Removes what is half done, as far as that can be done: what led to it is on its way to the caller, and the next run tries again.</summary>
    /// <param name="path">Path of a file or a folder.</param>
    internal static void Remove(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is nobody to tell.
        }
    }

    // open(2) has an optional third argument, for files that it makes; none is made here.
    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Synchronise(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
