using System.Diagnostics;
using System.Globalization;
using OrcaSong.Graphs;
using OrcaSong.Images;
using OrcaSong.Running;
using OrcaSong.Simulation;
using OrcaSong.Torture.Writing;

namespace OrcaSong.Torture;

/// <summary>Many files, many runs and one large file in one process: handles, threads and memory do not grow with them.</summary>
internal static class LoadTest
{
    private const int MoreHandles = 5;
    private const int MoreThreads = 10;
    private const long MoreMegabytes = 8;

    /// <summary>Runs everything, and prints what it took.</summary>
    /// <param name="files">Files in one queue.</param>
    /// <param name="rounds">How often all writers run.</param>
    /// <param name="events">Events of the large file; 0 for none.</param>
    /// <returns>Whether something grew.</returns>
    internal static bool Run(int files, int rounds, int events)
    {
        var folder = Itself.FastFolder("orcasong-load");
        try
        {
            var input = SimulatedRun.Write(new SimulationOptions { Events = 5, HitsPerEvent = 20 }, Path.Combine(folder, "small.h5"), threads: 1);
            var grows = Measure($"{files} files in one queue", n => RunFiles(input, folder, n), warmUp: 50, files);
            Writer.Prepare(folder);
            grows |= Measure($"{rounds} rounds of all writers", n => RunWriters(folder, n), warmUp: 3, rounds);
            if (events > 0)
            {
                RunLarge(folder, events);
            }

            return grows;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Measure(string what, Action<int> run, int warmUp, int count)
    {
        run(warmUp);
        var before = Use.Now();
        var watch = Stopwatch.StartNew();
        run(count);
        var after = Use.Now();
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"load, {what}: {watch.Elapsed.TotalSeconds:0.0} s; before {before}, after {after}"));
        return after.Handles > before.Handles + MoreHandles || after.Threads > before.Threads + MoreThreads || after.Megabytes > before.Megabytes + MoreMegabytes;
    }

    private static void RunFiles(SimulatedRun input, string folder, int count)
    {
        var binner = new FileBinner([BinAxis.Uniform("pos_z", 0, 220, 6), BinAxis.Uniform("time", -200, 800, 12)], new ProcessingOptions { DetectorFile = input.DetectorFile });
        using var queue = new RunQueue(new Runner(2, filesAtOnce: 2));
        for (var i = 0; i < count; i++)
        {
            queue.Add(new RunJob(binner, input.Path, Path.Combine(folder, $"images{i}.h5"), Overwrite: true));
        }

        for (var i = 0; i < count; i++)
        {
            if (!queue.TryTake(out var outcome, TimeSpan.FromMinutes(5)) || outcome!.Error is not null)
            {
                throw new InvalidOperationException($"A file could not be run: {outcome?.Error}");
            }
        }
    }

    private static void RunWriters(string folder, int rounds)
    {
        var outputs = Directory.CreateDirectory(Path.Combine(folder, "outputs")).FullName;
        for (var i = 0; i < rounds; i++)
        {
            foreach (var writer in Writer.All)
            {
                writer.Write(folder, outputs);
            }
        }
    }

    private static void RunLarge(string folder, int events)
    {
        var input = SimulatedRun.Write(new SimulationOptions { Events = events, HitsPerEvent = 50 }, Path.Combine(folder, "large.h5"));
        foreach (var (name, processor) in new (string, EventProcessor)[]
        {
            ("images", new FileBinner(BinAxisPresets.Get("ztc_2017"), new ProcessingOptions { DetectorFile = input.DetectorFile })),
            ("graphs", new FileGraph(options: new ProcessingOptions { DetectorFile = input.DetectorFile })),
        })
        {
            var result = new Runner().Run(processor, input.Path, Path.Combine(folder, $"large_{name}.h5"));
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"load, {name} of {events} events: {result.EventsWritten} written, {result.Hits} hits, {result.Elapsed.TotalSeconds:0.0} s; {Use.Now()}"));
        }
    }

    /// <summary>What a process holds.</summary>
    private readonly record struct Use(int Handles, int Threads, long Megabytes, long ResidentMegabytes)
    {
        internal static Use Now()
        {
            var memory = GC.GetTotalMemory(forceFullCollection: true) >> 20;
            using var process = Process.GetCurrentProcess();
            var handles = OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : process.HandleCount;
            return new Use(handles, process.Threads.Count, memory, process.WorkingSet64 >> 20);
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Handles} handles, {Threads} threads, {Megabytes} MB managed, {ResidentMegabytes} MB resident");
    }
}
