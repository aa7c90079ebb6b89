using System.Diagnostics;

namespace OrcaSong.Benchmarks;

/// <summary>Runs commands and takes their time.</summary>
internal static class Processes
{
    /// <summary>Runs a command to its end.</summary>
    /// <param name="command">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Wall time, and the most memory that it had.</returns>
    /// <exception cref="InvalidOperationException">The command fails.</exception>
    internal static (double Seconds, long PeakBytes) Run(string command, params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{command} cannot be started.");
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

    internal static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
