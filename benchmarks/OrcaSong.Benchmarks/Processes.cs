using System.Diagnostics;

namespace OrcaSong.Benchmarks;

/// <summary>Runs commands and takes their time.</summary>
internal static class Processes
{
    /// <summary>Runs a command to its end.</summary>
    /// <param name="command">The program.</param>
    /// <param name="cores">How many of the machine's cores it may use.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Wall time, and the most memory that it had.</returns>
    /// <exception cref="InvalidOperationException">The command fails.</exception>
    internal static (double Seconds, long PeakBytes) Run(string command, int cores, params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        using var process = Start(command, cores, arguments);
        long peak = 0;
        while (!process.WaitForExit(20))
        {
            try
            {
                process.Refresh();
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                // It has ended meanwhile.
            }
        }

        return process.ExitCode == 0
            ? (watch.Elapsed.TotalSeconds, peak)
            : throw new InvalidOperationException($"{command} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    /// <summary>Starts a command on some cores; a process inherits those of the one that starts it.</summary>
    private static Process Start(string command, int cores, string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true };
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
        {
            return Process.Start(start)!;
        }

        using var own = Process.GetCurrentProcess();
        var all = own.ProcessorAffinity;
        own.ProcessorAffinity = all & (nint)((1L << cores) - 1);
        try
        {
            return Process.Start(start)!;
        }
        finally
        {
            own.ProcessorAffinity = all;
        }
    }

    internal static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
