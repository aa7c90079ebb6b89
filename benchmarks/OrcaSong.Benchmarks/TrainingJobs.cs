using System.Globalization;
using OrcaSong.Hdf5;
using OrcaSong.Simulation;

namespace OrcaSong.Benchmarks;

/// <summary>
/// Merging and shuffling files for training as users do it, on files that are made here: two simulated runs, as images and as graphs, several
/// times each. Their rows do not fill whole chunks, so that all chunks but those of the first file are recoded.
/// </summary>
internal sealed class TrainingJobs(string command, string folder)
{
    private static readonly (string Name, string Toml)[] Kinds =
    [
        ("images", "mode = \"image\"\nbin_edges_list = \"ztc_2017\"\nextractor = \"nu_chain_data\"\n"),
        ("graphs", "mode = \"graph\"\nextractor = \"nu_chain_data\"\n"),
    ];

    /// <summary>Merges files, and prints a table.</summary>
    /// <param name="events">Events of each of the files.</param>
    /// <param name="files">How many files.</param>
    /// <param name="runs">Runs of each job; the median counts.</param>
    internal void Merge(int events, int files, int runs) => Run(
        events, files, runs, (inputs, output, threads) => [["concatenate", .. inputs, "--outfile", output, "--threads", threads]]);

    /// <summary>Merges the files, shuffles the result within 500 MB, and prints a table.</summary>
    /// <inheritdoc cref="Merge"/>
    internal void Shuffle(int events, int files, int runs) => Run(
        events, files, runs, (inputs, output, threads) => [["h5shuffle", inputs[0], "--memory", "500000000", "--output_file", output, "--threads", threads]], merged: true);

    private static double RawBytes(string file)
    {
        using var source = H5File.OpenRead(file);
        return source.Root.Names.Where(n => source.Root.KindOf(n) == H5ObjectKind.Dataset).Sum(name =>
        {
            using var dataset = source.Root.OpenDataset(name);
            return dataset.Shape.Aggregate((double)dataset.Type.Size, (bytes, n) => bytes * n);
        });
    }

    /// <param name="events">Events of each of the files.</param>
    /// <param name="files">How many files.</param>
    /// <param name="runs">Runs of each job.</param>
    /// <param name="commands">From inputs, output and number of threads: the arguments of the commands that do the job.</param>
    /// <param name="merged">Whether the files are merged to one beforehand.</param>
    private void Run(int events, int files, int runs, Func<string[], string, string, string[][]> commands, bool merged = false)
    {
        Console.WriteLine($"{Environment.ProcessorCount} cores, {runs} runs each, medians; floor: inflating what is read and deflating what is written");
        Console.WriteLine("| files | events | cores | s | MB/s raw | peak MB | floor s | over floor |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var (name, toml) in Kinds)
        {
            var inputs = Inputs(name, toml, events, files);
            if (merged)
            {
                var all = Path.Combine(folder, $"{name}.h5");
                Make(all, Environment.ProcessorCount, ["concatenate", .. inputs, "--outfile", all]);
                inputs = [all];
            }

            var bytes = inputs.Sum(RawBytes);
            foreach (var threads in Environment.ProcessorCount > 1 ? [1, Environment.ProcessorCount] : (int[])[1])
            {
                var output = Path.Combine(folder, "out.h5");
                var (seconds, floors) = (new List<double>(), new List<double>());
                long peak = 0;
                for (var run = 0; run < runs; run++)
                {
                    var parts = commands(inputs, output, threads.ToString(CultureInfo.InvariantCulture)).Select(c => Make(output, threads, c)).ToArray();
                    seconds.Add(parts.Sum(p => p.Seconds));
                    peak = Math.Max(peak, parts.Max(p => p.PeakBytes));

                    // Job and floor take turns, so that a machine whose speed drifts is fair to both. Each command writes as much as the last one did.
                    var (inflate, deflate) = Floor.Measure(inputs, output, threads);
                    floors.Add(inflate + (deflate * parts.Length));
                }

                var (s, floor) = (Processes.Median(seconds), Processes.Median(floors));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {files} x {name} | {files * events} | {threads} | {s:0.00} | {bytes / s / 1e6:0} | {peak / 1048576.0:0} | {floor:0.00} | {s / floor:0.00} |"));
            }
        }
    }

    private string[] Inputs(string kind, string toml, int events, int files)
    {
        Directory.CreateDirectory(folder);
        var config = Path.Combine(folder, $"{kind}.toml");
        File.WriteAllText(config, toml);
        return [.. Enumerable.Range(0, files).Select(i =>
        {
            var path = Path.Combine(folder, $"{kind}_{i}.h5");
            if (i > 1)
            {
                File.Copy(Path.Combine(folder, $"{kind}_{i % 2}.h5"), path, overwrite: true);
                return path;
            }

            // One event more or less, so that the files have different lengths.
            var run = Path.Combine(folder, $"run_{i}.h5");
            var detector = Path.ChangeExtension(run, ".detx");
            SimulatedRun.Write(new SimulationOptions { Events = events - i, Seed = 1 + i }, run, detector, overwrite: true, compressionLevel: 1);
            Make(path, Environment.ProcessorCount, "run", run, config, "--detx", detector, "--outfile", path);
            return path;
        })];
    }

    private (double Seconds, long PeakBytes) Make(string output, int cores, params string[] arguments)
    {
        File.Delete(output);
        return Processes.Run(command, cores, arguments);
    }
}
