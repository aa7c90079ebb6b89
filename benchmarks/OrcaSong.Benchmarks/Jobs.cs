using System.Globalization;
using OrcaSong.Images;
using OrcaSong.Simulation;

namespace OrcaSong.Benchmarks;

/// <summary>
/// The jobs as users run them: the <c>orcasong</c> command as a whole process on simulated events, its wall time and its peak memory,
/// against the floor that the same machine has at the same time.
/// </summary>
internal sealed class Jobs(string command, string folder)
{
    private static readonly string[] Calibration = ["/hits/dom_id", "/hits/channel_id", "/hits/time", "/hits/tot", "/hits/triggered"];
    private static readonly string[] LabelTables = ["/event_info", "/reco/best_jmuon", "/reco/best_jshower"];

    private static readonly Job[] All =
    [
        new("images ztc_2017, data labels", "mode = \"image\"\nbin_edges_list = \"ztc_2017\"\nextractor = \"nu_chain_data\"\n", [.. Calibration, .. LabelTables]),
        new("images 11x13x18x60 (x, y, z, t)", FourAxes, [.. Calibration, .. LabelTables]),
        new("graphs, 16 fields", "mode = \"graph\"\nextractor = \"nu_chain_data\"\n", [.. Calibration, "/hits/group_id", .. LabelTables]),
        new("graphs, 8 fields, time window", EightFields, [.. Calibration, .. LabelTables]),
    ];

    private const string EightFields = """
        mode = "graph"
        extractor = "nu_chain_data"
        hit_infos = ["pos_x", "pos_y", "pos_z", "time", "dir_x", "dir_y", "dir_z", "tot"]
        time_window = [-250, 500]
        """;

    // The footprint, the height and the times of simulated events.
    private static string FourAxes => $"""
        mode = "image"
        extractor = "nu_chain_data"
        bin_edges_list = [{Axis("pos_x", -60, 60, 11)}, {Axis("pos_y", -60, 60, 13)}, {Axis("pos_z", 25, 205, 18)}, {Axis("time", -250, 500, 60)}]
        """;

    private const string Header = """
        | job | events | hits each | cores | s | events/s | hits/s | MB/s raw in | peak MB | floor s | over floor |
        |---|---|---|---|---|---|---|---|---|---|---|
        """;

    /// <summary>Runs all jobs on one core and on all, and prints a table.</summary>
    /// <param name="events">Numbers of events to simulate.</param>
    /// <param name="runs">Runs of each job; the median counts.</param>
    internal void Run(IEnumerable<long> events, int runs)
    {
        Console.WriteLine($"{Environment.ProcessorCount} cores, {runs} runs each, medians; floor: inflating what is read and deflating what is written");
        Console.WriteLine(Header);
        foreach (var count in events)
        {
            var input = Simulate(count, 300);
            foreach (var job in All)
            {
                foreach (var cores in Environment.ProcessorCount > 1 ? [1, Environment.ProcessorCount] : (int[])[1])
                {
                    Report(job, input, cores, runs);
                }
            }

            File.Delete(input.Path);
        }
    }

    /// <summary>Shows how time and memory grow with the number of events, and with the hits of an event.</summary>
    /// <param name="runs">Runs of each job; the median counts.</param>
    internal void Growth(int runs)
    {
        Console.WriteLine(Header);
        foreach (var (events, hits) in (ReadOnlySpan<(long, double)>)[(1_000, 300), (10_000, 300), (30_000, 300), (100_000, 300), (300_000, 300), (300_000, 30), (3_000, 3000)])
        {
            var input = Simulate(events, hits);
            foreach (var job in (ReadOnlySpan<Job>)[All[0], All[2]])
            {
                Report(job, input, Environment.ProcessorCount, runs, withFloor: false);
            }

            File.Delete(input.Path);
        }
    }

    private static string Axis(string field, double first, double last, int bins) =>
        $"[\"{field}\", [{string.Join(", ", BinAxis.Uniform(field, first, last, bins).Edges.Select(e => e.ToString("R", CultureInfo.InvariantCulture)))}]]";

    private void Report(Job job, Input input, int cores, int runs, bool withFloor = true)
    {
        var config = Path.Combine(folder, "job.toml");
        File.WriteAllText(config, job.Toml);
        var output = Path.Combine(folder, "out.h5");
        var seconds = new List<double>();
        var floors = new List<double>();
        long peak = 0;
        for (var run = 0; run < runs; run++)
        {
            var (time, memory) = Processes.Run(
                command, cores, "run", input.Path, config, "--detx", input.Detector, "--outfile", output, "--threads", cores.ToString(CultureInfo.InvariantCulture));
            seconds.Add(time);
            peak = Math.Max(peak, memory);

            // Job and floor take turns, so that a machine whose speed drifts is fair to both.
            var (inflate, deflate) = withFloor ? Floor.Measure(input.Path, job.Datasets, output, cores) : default;
            floors.Add(inflate + deflate);
        }

        File.Delete(output);
        const double HitBytes = 28;
        var (s, floor, hits) = (Processes.Median(seconds), Processes.Median(floors), input.Hits);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {job.Name} | {input.Events} | {hits / input.Events} | {cores} | {s:0.00} | {input.Events / s:0} | {hits / s:0} | {hits * HitBytes / s / 1e6:0} | {peak / 1048576.0:0} | {(withFloor ? $"{floor:0.00} | {s / floor:0.00}" : "|")} |"));
    }

    private Input Simulate(long events, double hitsPerEvent)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"events_{events}_{hitsPerEvent}.h5"));
        var detector = Path.ChangeExtension(path, ".detx");
        var run = SimulatedRun.Write(new SimulationOptions { Events = events, HitsPerEvent = hitsPerEvent }, path, detector, overwrite: true, compressionLevel: 5);
        return new Input(path, detector, events, run.Hits);
    }

    private sealed record Input(string Path, string Detector, long Events, long Hits);

    /// <summary>A job.</summary>
    /// <param name="Name">What it is.</param>
    /// <param name="Toml">Its configuration.</param>
    /// <param name="Datasets">What it reads, for the floor.</param>
    private sealed record Job(string Name, string Toml, string[] Datasets);
}
