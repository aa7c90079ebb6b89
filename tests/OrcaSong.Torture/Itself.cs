namespace OrcaSong.Torture;

/// <summary>This program and the command, beside the running one: that may be the tests.</summary>
internal static class Itself
{
    internal static string Program { get; } = Beside("OrcaSong.Torture");

    internal static string Command { get; } = Beside("OrcaSong.Cli");

    /// <summary>A new folder, in memory where the system has such a place: outputs are flushed to the disk, which takes the most time otherwise.</summary>
    internal static string FastFolder(string name)
    {
        const string memory = "/dev/shm";
        return Directory.Exists(memory)
            ? Directory.CreateDirectory(Path.Combine(memory, $"{name}-{Environment.ProcessId}-{Guid.NewGuid():n}")).FullName
            : Directory.CreateTempSubdirectory(name + "-").FullName;
    }

    private static string Beside(string name) => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? name + ".exe" : name);
}
