using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace OrcaSong.Torture.Fuzz;

/// <summary>Gives damaged inputs to child processes, and notes what becomes of them. A child that crashes or hangs is replaced.</summary>
internal static class FuzzDriver
{
    private const long MostMegabytes = 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);

    /// <summary>Runs inputs.</summary>
    /// <param name="kind">What is damaged.</param>
    /// <param name="first">The number of the first input.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">Another seed damages in other ways.</param>
    /// <param name="processes">Children at the same time.</param>
    internal static FuzzReport Run(string kind, int first, int count, int seed, int processes)
    {
        Environment.SetEnvironmentVariable(Writing.KillTest.EpochVariable, Writing.KillTest.Epoch);
        var folder = Itself.FastFolder("orcasong-fuzz");
        try
        {
            var seeds = Path.Combine(folder, "seeds");
            var target = FuzzTarget.Open(kind, seeds, seed);
            var report = new FuzzReport(kind, index => Keep(kind, index, target));
            using var indices = new BlockingCollection<int>(new ConcurrentQueue<int>(Enumerable.Range(first, count)));
            indices.CompleteAdding();
            Task[] workers =
            [
                .. Enumerable.Range(0, processes).Select(i => Task.Factory.StartNew(
                    () => Work(kind, seeds, Directory.CreateDirectory(Path.Combine(folder, $"{i}")).FullName, seed, indices, report), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
            ];
            Task.WaitAll(workers);
            return report;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Good inputs hold paths, so a number gives the same input in one run only: what is found is kept.</summary>
    private static string Keep(string kind, int index, FuzzTarget target)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "orcasong-findings")).FullName;
        var path = Path.Combine(folder, $"{kind}-{index}-{Environment.ProcessId}-{target.FileName}");
        File.WriteAllBytes(path, target.Make(index));
        return path;
    }

    private static void Work(string kind, string seeds, string folder, int seed, BlockingCollection<int> indices, FuzzReport report)
    {
        Child? child = null;
        foreach (var index in indices.GetConsumingEnumerable())
        {
            // A machine that stands still for a while is no hang: that happens twice.
            for (var attempt = 1; attempt <= 2; attempt++)
            {
                child ??= new Child(kind, seeds, folder, seed);
                var hangs = false;
                if (!child.Run(index, report, isLast: attempt == 2, ref hangs))
                {
                    child.Dispose();
                    child = null;
                    Empty(folder);
                }

                if (!hangs)
                {
                    break;
                }
            }
        }

        child?.Dispose();
    }

    private static void Empty(string folder)
    {
        Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
    }

    private sealed class Child : IDisposable
    {
        private readonly Process _process;
        private readonly BlockingCollection<string> _lines = [];
        private readonly List<string> _errors = [];

        internal Child(string kind, string seeds, string folder, int seed)
        {
            string[] command = [Itself.Program, "fuzz-child", kind, seeds, folder, seed.ToString(CultureInfo.InvariantCulture)];
            var start = OperatingSystem.IsWindows()
                ? new ProcessStartInfo(command[0], command[1..])
                : new ProcessStartInfo("/bin/sh", ["-c", "ulimit -v 16000000; exec \"$@\"", "sh", .. command]);
            start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;

            // Memory of the managed heap beyond this is an OutOfMemoryException, a defect.
            start.Environment["DOTNET_GCHeapHardLimit"] = (MostMegabytes << 20).ToString("x", CultureInfo.InvariantCulture);
            start.Environment["TMPDIR"] = folder;
            _process = Process.Start(start)!;
            _process.OutputDataReceived += (_, e) => Receive(e.Data);
            _process.ErrorDataReceived += (_, e) => _errors.Add(e.Data ?? string.Empty);
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
            if (!_lines.TryTake(out var ready, StartPatience) || ready != "ready")
            {
                throw new InvalidOperationException($"The child process does not start: {ready} {string.Join(' ', _errors)}");
            }
        }

        /// <summary>Runs an input.</summary>
        /// <param name="index">Its number.</param>
        /// <param name="report">Told what comes of it.</param>
        /// <param name="isLast">Whether a hang is to be told, too.</param>
        /// <param name="hangs">Whether it hung.</param>
        /// <returns>Whether the child can go on with another one.</returns>
        internal bool Run(int index, FuzzReport report, bool isLast, ref bool hangs)
        {
            var operation = "start";
            var watch = Stopwatch.StartNew();
            try
            {
                _process.StandardInput.WriteLine(index.ToString(CultureInfo.InvariantCulture));
                _process.StandardInput.Flush();
            }
            catch (IOException)
            {
                // It has ended, which reading will tell.
            }

            while (true)
            {
                if (!_lines.TryTake(out var line, Patience))
                {
                    _process.Kill();
                    hangs = true;
                    if (!isLast)
                    {
                        return false;
                    }

                    report.Add(index, operation, FuzzOutcome.Hang, $"more than {Patience.TotalSeconds} s", watch.Elapsed);
                    report.AddInput(0);
                    return false;
                }

                switch (line.Length > 0 ? line[0] : ' ')
                {
                    case '>':
                        operation = line.Split(' ', 3)[2];
                        watch.Restart();
                        break;
                    case '=':
                        var words = line.Split(' ', 3);
                        report.Add(index, operation, Enum.Parse<FuzzOutcome>(words[1]), words.Length > 2 ? words[2] : string.Empty, watch.Elapsed);
                        break;
                    case '.':
                        var megabytes = long.Parse(line[2..], CultureInfo.InvariantCulture);
                        report.AddInput(megabytes);
                        if (megabytes > MostMegabytes)
                        {
                            report.Add(index, operation, FuzzOutcome.Memory, $"{megabytes} MB", TimeSpan.Zero);
                        }

                        return megabytes < MostMegabytes / 2;
                    default:
                        _process.WaitForExit();
                        report.Add(index, operation, FuzzOutcome.Crash, $"exit code {_process.ExitCode} {string.Join(" | ", _errors.Take(20))}", watch.Elapsed);
                        report.AddInput(0);
                        return false;
                }
            }
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.StandardInput.Close();
                if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
                {
                    _process.Kill();
                }
            }

            _process.WaitForExit();
            _process.Dispose();
            _lines.Dispose();
        }

        private void Receive(string? line)
        {
            if (!_lines.IsAddingCompleted)
            {
                _lines.Add(line ?? string.Empty); // the end of its output
            }
        }
    }
}
