using System.ComponentModel;
using System.Diagnostics;

namespace OrcaSong.Plots;

/// <summary>Shows saved pictures with the program that the system has for them.</summary>
public static class PictureViewer
{
    /// <summary>A name in the folder for temporary files, for a picture that is only to be looked at.</summary>
    /// <param name="extension">Its ending, such as <c>.png</c>.</param>
    /// <returns>Full path of a file that does not exist.</returns>
    public static string TemporaryName(string extension) => Path.Combine(Path.GetTempPath(), $"orcasong-{Path.GetRandomFileName()}{extension}");

    /// <summary>Opens a picture; does not wait until it is closed.</summary>
    /// <param name="path">Path of the picture.</param>
    /// <exception cref="IOException">The system has no program for it.</exception>
    public static void Open(string path)
    {
        try
        {
            Process.Start(new ProcessStartInfo(Path.GetFullPath(path)) { UseShellExecute = true })?.Dispose();
        }
        catch (Win32Exception e)
        {
            throw new IOException($"The picture is '{path}', but there is no program here to open it with ({e.Message}).", e);
        }
    }
}
