using System.Diagnostics;
using System.Globalization;

namespace OrcaSong.Torture.Writing;

/// <summary>What came of killing a writer again and again.</summary>
/// <param name="Writer">What it makes.</param>
/// <param name="Killed">Runs that were killed before their end.</param>
/// <param name="Finished">Runs that were done before they could be killed.</param>
/// <param name="Later">Undisturbed runs after killed ones.</param>
/// <param name="Findings">What must not be.</param>
internal sealed record KillReport(string Writer, int Killed, int Finished, int Later, IReadOnlyList<string> Findings)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"kill {Writer}: {Killed} runs killed, {Finished} done before, {Later} later runs, {Findings.Count} findings");
}

/// <summary>Kills writers (SIGKILL) at random moments: whatever has its name is whole, and later runs are right.</summary>
internal static class KillTest
{
    internal const string EpochVariable = "SOURCE_DATE_EPOCH";
    internal const string Epoch = "1700000000";
    private const int KillsBeforeLaterRun = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs a writer as a process that says when it begins.</summary>
    internal static int Child(string writer, string inputs, string outputs)
    {
        Console.Out.WriteLine("begin");
        Writer.Get(writer).Write(inputs, outputs);
        return 0;
    }

    /// <summary>Kills a writer.</summary>
    /// <param name="writer">What it makes.</param>
    /// <param name="inputs">Folder of the inputs.</param>
    /// <param name="kills">How often.</param>
    /// <param name="seed">Decides the moments.</param>
    internal static KillReport Run(Writer writer, string inputs, int kills, int seed)
    {
        var folder = Itself.FastFolder("orcasong-kill");
        try
        {
            var longest = TimeSpan.Zero;
            for (var i = 0; i < 2; i++)
            {
                longest = RunToEnd(writer.Name, inputs, folder);
            }

            var whole = Outputs.In(folder);
            var random = new Random(seed);
            var findings = new List<string>();
            var (killed, finished, later) = (0, 0, 0);
            while (killed < kills && finished < 4 * kills)
            {
                // Now over an older output, now into an empty folder.
                if (killed % (2 * KillsBeforeLaterRun) < KillsBeforeLaterRun)
                {
                    Remove(folder, keepTemporary: true);
                }

                if (KillAt(writer.Name, inputs, folder, longest * (1.05 * random.NextDouble())))
                {
                    killed++;
                    Note(Outputs.In(folder).Difference(whole, all: false), "after the kill");
                    if (killed % KillsBeforeLaterRun == 0 || killed == kills)
                    {
                        RunToEnd(writer.Name, inputs, folder);
                        later++;
                        Note(Outputs.In(folder).Difference(whole, all: true), "after a later run");
                    }
                }
                else
                {
                    finished++;
                }
            }

            return new KillReport(writer.Name, killed, finished, later, findings);

            void Note(string? difference, string when)
            {
                if (difference is not null)
                {
                    findings.Add($"{writer.Name}, kill {killed}, {when}: {difference}");
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Remove(string folder, bool keepTemporary)
    {
        foreach (var path in Directory.GetFileSystemEntries(folder).Where(p => !keepTemporary || !p.EndsWith(".partial", StringComparison.Ordinal)))
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
    }

    private static Process Start(string writer, string inputs, string outputs)
    {
        var start = new ProcessStartInfo(Itself.Program, ["write", writer, inputs, outputs]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[EpochVariable] = Epoch;
        var process = Process.Start(start)!;
        if (process.StandardOutput.ReadLine() != "begin")
        {
            throw new InvalidOperationException($"{writer} does not start: {process.StandardError.ReadToEnd()}");
        }

        return process;
    }

    private static TimeSpan RunToEnd(string writer, string inputs, string outputs)
    {
        using var process = Start(writer, inputs, outputs);
        var watch = Stopwatch.StartNew();
        var error = process.StandardError.ReadToEnd();
        return process.WaitForExit(Patience) && process.ExitCode == 0 ? watch.Elapsed : throw new InvalidOperationException($"{writer} fails without being disturbed: {error}");
    }

    private static bool KillAt(string writer, string inputs, string outputs, TimeSpan moment)
    {
        using var process = Start(writer, inputs, outputs);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < moment && !process.HasExited)
        {
            Thread.Sleep(TimeSpan.FromMilliseconds(Math.Min(1, (moment - watch.Elapsed).TotalMilliseconds > 0 ? 1 : 0)));
        }

        process.Kill();
        process.WaitForExit();
        return process.ExitCode != 0;
    }
}
