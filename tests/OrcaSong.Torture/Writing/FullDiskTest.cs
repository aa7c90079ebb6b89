using System.Diagnostics;
using System.Globalization;

namespace OrcaSong.Torture.Writing;

/// <summary>What came of writing to disks that fill up.</summary>
/// <param name="Writer">What it makes.</param>
/// <param name="Full">Runs that found the disk full.</param>
/// <param name="Fitted">Runs that found room after all.</param>
/// <param name="Findings">What must not be.</param>
internal sealed record FullDiskReport(string Writer, int Full, int Fitted, IReadOnlyList<string> Findings)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"full disk {Writer}: {Full} runs failed, {Fitted} fitted, {Findings.Count} findings");
}

/// <summary>Writes to small disks, which fill up at one point after the other: one error that says so, nothing is left, and the next run goes well.</summary>
internal static class FullDiskTest
{
    private const int PageBytes = 4096;

    /// <summary>Why the test cannot be made here, if it cannot.</summary>
    internal static string? Obstacle()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "small disks are made with tmpfs, which only Linux has";
        }

        var folder = Directory.CreateTempSubdirectory("orcasong-disk-").FullName;
        try
        {
            return Mount(folder, 1 << 20) ? null : "only root can make a small disk";
        }
        finally
        {
            Unmount(folder);
            Directory.Delete(folder);
        }
    }

    /// <summary>Fills disks.</summary>
    /// <param name="writer">What is written.</param>
    /// <param name="inputs">Folder of the inputs.</param>
    /// <param name="points">How many sizes of disks.</param>
    internal static FullDiskReport Run(Writer writer, string inputs, int points)
    {
        var folder = Directory.CreateTempSubdirectory("orcasong-disk-").FullName;
        var findings = new List<string>();
        var (full, fitted) = (0, 0);
        try
        {
            Require(Mount(folder, 1L << 30));
            writer.Write(inputs, folder);
            var whole = Outputs.In(folder);
            Unmount(folder);
            for (var i = 0; i < points; i++)
            {
                var size = Math.Max(1, whole.Bytes * (i + 0.5) / points / PageBytes);
                Require(Mount(folder, (long)size * PageBytes));
                try
                {
                    if (Error(writer, inputs, folder) is { } error)
                    {
                        full++;
                        Note(i, error is IOException && error.Message.Contains("No space left on device", StringComparison.Ordinal) && error.Message.Contains(folder, StringComparison.Ordinal) ? null : $"the error is {error}");
                        Note(i, Directory.EnumerateFileSystemEntries(folder).FirstOrDefault() is { } left ? $"{Path.GetFileName(left)} was left" : null);
                    }
                    else
                    {
                        fitted++;
                    }

                    Require(Run("mount", "-o", $"remount,size={1L << 30}", folder));
                    Note(i, Error(writer, inputs, folder)?.ToString() ?? Outputs.In(folder).Difference(whole, all: true));
                }
                finally
                {
                    Unmount(folder);
                }
            }
        }
        finally
        {
            Unmount(folder);
            Directory.Delete(folder);
        }

        return new FullDiskReport(writer.Name, full, fitted, findings);

        void Note(int point, string? problem)
        {
            if (problem is not null)
            {
                findings.Add($"{writer.Name}, point {point}: {problem}");
            }
        }
    }

    private static Exception? Error(Writer writer, string inputs, string folder)
    {
        try
        {
            writer.Write(inputs, folder);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static void Require(bool done)
    {
        if (!done)
        {
            throw new InvalidOperationException("The small disk cannot be made.");
        }
    }

    private static bool Mount(string folder, long bytes) => Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", folder);

    private static void Unmount(string folder)
    {
        while (Run("umount", "--lazy", folder))
        {
            // A disk may lie over another one.
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
