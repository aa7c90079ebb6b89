using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace OrcaSong.Output;

/// <summary>Tells processes of this machine apart, also those that have, one after the other, the same number.</summary>
internal static class ProcessMark
{
    private static readonly string Own = StartOf(Environment.ProcessId) ?? string.Empty;

    /// <summary>
    /// This machine, as far as processes have numbers of their own on it: containers that have the same name each count their processes from 1.
    /// </summary>
    internal static string Machine { get; } = Environment.MachineName + NumberSpace();

    /// <summary>When this process began.</summary>
    internal static string Start => Own;

    /// <summary>Whether a process of this machine is running.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="start">When it began.</param>
    internal static bool IsRunning(int id, string start) => StartOf(id) is { } found && (found.Length == 0 || found == start);

    /// <summary>Whether any process of this machine has a number.</summary>
    internal static bool IsRunning(int id) => StartOf(id) is not null;

    /// <summary>When a process began, as a text to compare; empty where that may not be known, <see langword="null"/> if it is not running.</summary>
    private static string? StartOf(int id) => OperatingSystem.IsLinux() ? StartOnLinux(id) : StartElsewhere(id);

    // Ticks since the machine was started: the time that .NET makes of them changes when the clock is set.
    private static string? StartOnLinux(int id)
    {
        try
        {
            // proc(5): the fields that follow the name, which may hold anything; the third of all is the state, the 22nd the start.
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return fields.Length < 20 || fields[0] is "Z" or "X" ? null : $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}/{fields[19]}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Directory.Exists("/proc/self") ? null : StartElsewhere(id);
        }
    }

    private static string? StartElsewhere(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited ? null : process.StartTime.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
        }
        catch (ArgumentException)
        {
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or NotSupportedException)
        {
            return string.Empty;
        }
    }

    private static string NumberSpace()
    {
        try
        {
            return OperatingSystem.IsLinux() && new FileInfo("/proc/self/ns/pid").LinkTarget is { } space ? " " + space : string.Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
