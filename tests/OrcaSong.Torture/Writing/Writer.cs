using OrcaSong.Graphs;
using OrcaSong.Images;
using OrcaSong.Labels;
using OrcaSong.Running;
using OrcaSong.Simulation;
using OrcaSong.Training;
using OrcaSong.Training.Splitting;

namespace OrcaSong.Torture.Writing;

/// <summary>One of the jobs that write files.</summary>
/// <param name="Name">What it makes.</param>
/// <param name="Write">Writes into a folder (the second argument) what it makes of inputs in another one.</param>
internal sealed record Writer(string Name, Action<string, string> Write)
{
    private const int Events = 400;

    internal static IReadOnlyList<Writer> All { get; } =
    [
        new("images", (inputs, outputs) => new Runner(2).Run(new FileBinner(BinAxisPresets.Get("ztc_2017"), Options(inputs, 0)), In(inputs, "a.h5"), In(outputs, "images.h5"), overwrite: true)),
        new("graphs", (inputs, outputs) => new Runner(2).Run(new FileGraph(options: Options(inputs, 1)), In(inputs, "a.h5"), In(outputs, "graphs.h5"), overwrite: true)),
        new("merge", (inputs, outputs) => Merger.Merge([In(inputs, "a_graphs.h5"), In(inputs, "b_graphs.h5")], In(outputs, "merged.h5"), overwrite: true, threads: 2)),
        new("shuffle", (inputs, outputs) => Shuffler.Shuffle(In(inputs, "a_graphs.h5"), In(outputs, "shuffled.h5"), overwrite: true, threads: 2)),
        new("training set", (inputs, outputs) => TrainingSet.Make([In(inputs, "a_graphs.h5"), In(inputs, "b_graphs.h5")], In(outputs, "set"), Sets(), overwrite: true, threads: 2)),
        new("simulate", (_, outputs) => SimulatedRun.Write(new SimulationOptions { Events = Events, HitsPerEvent = 100 }, In(outputs, "run.h5"), overwrite: true, threads: 2)),
    ];

    private static TrainingSetOptions Sets() => new()
    {
        Fractions = new SetFractions(new Dictionary<string, double> { ["train"] = 0.5, ["validate"] = 0.25, ["test"] = 0.25 }),
        SplitBy = SplitBy.Random,
        ShardSize = 150,
    };

    internal static Writer Get(string name) => All.Single(w => w.Name == name);

    /// <summary>Writes the inputs of all writers.</summary>
    internal static void Prepare(string folder)
    {
        foreach (var (name, seed) in new[] { ("a", 1), ("b", 2) })
        {
            var run = SimulatedRun.Write(new SimulationOptions { Events = Events, HitsPerEvent = 100, Seed = seed, RunId = seed }, In(folder, $"{name}.h5"), threads: 2);
            new Runner(2).Run(
                new FileGraph(options: new ProcessingOptions { DetectorFile = run.DetectorFile, Extractor = LabelExtractors.Get("nu_chain_neutrino") }), run.Path, In(folder, $"{name}_graphs.h5"));
        }
    }

    private static ProcessingOptions Options(string inputs, int level) =>
        new() { DetectorFile = In(inputs, "a.detx"), Extractor = LabelExtractors.Get("nu_chain_neutrino"), KeepEventInfo = true, CompressionLevel = level, ChunkSize = 2 };

    private static string In(string folder, string name) => Path.Combine(folder, name);
}
