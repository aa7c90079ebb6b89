using System.Runtime.InteropServices;

namespace OrcaSong.Hdf5;

/// <summary>Where C libraries may be, the HDF5 library above all, and how to install that, on each system.</summary>
internal static class LibraryLocations
{
    // 320: HDF5 2.0; 310: 1.14; 200: 1.12; 103: 1.10. Debian's packages carry "_serial", to live beside the MPI builds.
    private static readonly string[] LinuxNames =
    [
        "libhdf5_serial.so.310", "libhdf5_serial.so.200", "libhdf5_serial.so.103", "libhdf5_serial.so",
        "libhdf5.so.320", "libhdf5.so.310", "libhdf5.so.200", "libhdf5.so.103", "libhdf5.so",
    ];

    /// <summary>Bare names for the system's loader first, then files that exist.</summary>
    internal static IEnumerable<string> Candidates()
    {
        string[] names = OperatingSystem.IsWindows() ? ["hdf5.dll"] : OperatingSystem.IsMacOS() ? ["libhdf5.dylib"] : LinuxNames;
        return [.. names, .. Files(names)];
    }

    /// <summary>The files of these names that exist in the folders where libraries usually are.</summary>
    internal static IEnumerable<string> Files(string[] names)
    {
        if (OperatingSystem.IsWindows())
        {
            return InFolders(WindowsFolders(), names);
        }

        if (OperatingSystem.IsMacOS())
        {
            return InFolders([.. CondaFolder("lib"), "/opt/homebrew/lib", "/usr/local/lib"], names);
        }

        var triplet = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
        string[] folders =
        [
            .. CondaFolder("lib"), $"/usr/lib/{triplet}", $"/usr/lib/{triplet}/hdf5/serial", "/usr/lib64", "/usr/lib", "/usr/local/lib64", "/usr/local/lib",
            "/usr/local/hdf5/lib",
        ];
        return InFolders(folders, names);
    }

    /// <summary>The files that a value of the environment variable stands for: itself, or the libraries in that folder.</summary>
    internal static IReadOnlyList<string> Named(string value)
    {
        if (!Directory.Exists(value))
        {
            return [value];
        }

        string[] names = OperatingSystem.IsWindows() ? ["hdf5.dll"] : OperatingSystem.IsMacOS() ? ["libhdf5.dylib"] : LinuxNames;
        return [.. InFolders([value, Path.Combine(value, "lib"), Path.Combine(value, "bin")], names)];
    }

    internal static string InstallCommand()
    {
        if (OperatingSystem.IsWindows())
        {
            return "the installer from https://www.hdfgroup.org/download-hdf5/, or: conda install hdf5";
        }

        return OperatingSystem.IsMacOS() ? "brew install hdf5" : LinuxInstallCommand(File.Exists("/etc/os-release") ? File.ReadAllText("/etc/os-release") : string.Empty);
    }

    /// <param name="osRelease">The text of /etc/os-release.</param>
    internal static string LinuxInstallCommand(string osRelease)
    {
        var ids = osRelease.Split('\n')
            .Where(l => l.StartsWith("ID=", StringComparison.Ordinal) || l.StartsWith("ID_LIKE=", StringComparison.Ordinal))
            .SelectMany(l => l[(l.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim('"', '\r', ' ').Split(' '))
            .ToHashSet(StringComparer.Ordinal);
        const string apt = "apt-get install libhdf5-103-1 (on newer releases libhdf5-310)";
        const string dnf = "dnf install hdf5";
        return ids.Overlaps(["debian", "ubuntu"]) ? apt
            : ids.Overlaps(["fedora", "rhel", "centos"]) ? dnf
            : $"{apt} (Debian, Ubuntu), {dnf} (Fedora), or: conda install hdf5";
    }

    private static IEnumerable<string> InFolders(IEnumerable<string> folders, string[] names) =>
        folders.SelectMany(f => names.Select(n => Path.Combine(f, n))).Where(File.Exists);

    private static IEnumerable<string> WindowsFolders()
    {
        var installed = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "HDF_Group", "HDF5");
        var versions = Directory.Exists(installed) ? Directory.GetDirectories(installed) : [];
        var newestFirst = versions.OrderByDescending(v => Version.TryParse(Path.GetFileName(v), out var version) ? version : new Version());
        return [.. CondaFolder(Path.Combine("Library", "bin")), .. newestFirst.Select(v => Path.Combine(v, "bin"))];
    }

    private static string[] CondaFolder(string inside) =>
        Environment.GetEnvironmentVariable("CONDA_PREFIX") is { Length: > 0 } prefix ? [Path.Combine(prefix, inside)] : [];
}
