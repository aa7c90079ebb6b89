using System.Diagnostics;
using OrcaSong.Hdf5;
using OrcaSong.Numerics;
using OrcaSong.Output;
using OrcaSong.Running;

namespace OrcaSong.Training;

/// <summary>Brings the events of a file for training into a random order, the same for all datasets, within limited memory.</summary>
public static class Shuffler
{
    private static readonly string[] PythonDatasets = ["x", "y"];

    /// <summary>The output's name for an input, as the Python tool has it: <c>name_shuffled.h5</c> beside <c>name.h5</c>.</summary>
    /// <param name="input">Path of the input.</param>
    /// <returns>The path.</returns>
    public static string DefaultOutput(string input) =>
        Path.Combine(Path.GetDirectoryName(input) ?? string.Empty, Path.GetFileNameWithoutExtension(input) + "_shuffled.h5");

    /// <summary>Shuffles a file.</summary>
    /// <param name="input">Path of a file for training; or of an event file, whose events are then in another order, and whose group_id count them anew.</param>
    /// <param name="output">Path of the file to make; its folder must exist, and have room for as much data again, uncompressed, if they do not fit into memory.</param>
    /// <param name="options">How it is shuffled.</param>
    /// <param name="overwrite">Whether an existing output is replaced.</param>
    /// <param name="threads">Worker threads; by default one for each core.</param>
    /// <param name="progress">Told how far the shuffle is.</param>
    /// <param name="cancellation">Stops the shuffle; nothing is left behind.</param>
    /// <returns>What became of the file.</returns>
    /// <exception cref="InvalidFilesException">The file cannot be used; all that is wrong with it is in it.</exception>
    /// <exception cref="ArgumentException">The memory limit is too small, or a dataset is not there.</exception>
    /// <exception cref="IOException">The input cannot be read, or the output not written. Nothing is left under the output's name.</exception>
    public static ShuffleResult Shuffle(
        string input, string output, ShuffleOptions? options = null, bool overwrite = false, int? threads = null, RunProgress? progress = null, CancellationToken cancellation = default)
    {
        options ??= new ShuffleOptions();
        var watch = Stopwatch.StartNew();
        using var claim = Targets.Claim(output, overwrite, (input, "the input itself"));
        var isEventFile = File.Exists(input) && EventFileTables.IsEventFile(input);
        if (isEventFile && options.Order == ShuffleOrder.Compatible)
        {
            throw new ArgumentException($"'{input}' is an event file; it can be shuffled in the uniform order (h5shuffle), not batch by batch.");
        }

        var plan = (isEventFile ? MergePlan.ForEventFile(input) : MergePlan.Make([input], new MergeOptions { KeepChecksum = options.KeepChecksum }, cancellation))
            .With(file => Choose(file, options));
        var file = plan.Files[0];
        var memory = options.MemoryLimit ?? MemoryGrant.Default();
        var compatible = options.Order == ShuffleOrder.Compatible;
        var order = compatible
            ? PythonShuffle.Order(file, [.. (options.Datasets ?? PythonDatasets).Select(name => file.Find(name)!)], memory, options.Iterations, options.Seed)
            : UniformOrder(file.EventCount, options.Seed);
        var workers = new Workers(threads);
        progress?.AddFile(file.EventCount);
        using var events = new EventOrder(
            plan, Places(order), [file.EventCount], Math.Max(memory, compatible ? EventOrder.LeastMemory : 0), OutputFile.TemporaryName(output, "events"), workers, progress, cancellation);
        using var record = new JobRecord([file.Path], cancellation);
        using var target = new SampleOutput(output, file.Path, plan.Datasets, workers, renumber: !compatible);
        try
        {
            events.Deal();
            events.Write(0, target.Writers);
            if (!compatible)
            {
                target.CopyHeaders(file);
            }

            target.Close(root => FileNotes.Write(
                root, plan, file.UsedFiles, plan.BinStatistics, record, new FileNotes.Job("shuffle", file.EventCount, options.Seed), ("order", options.Order.ToString()), ("iterations", options.Iterations), ("memory", compatible ? memory : null)));
            target.Publish();
        }
        catch (H5Exception e)
        {
            throw target.Failure(e);
        }

        return new ShuffleResult
        {
            Input = file.Path,
            Output = Path.GetFullPath(output),
            Events = file.EventCount,
            Bytes = plan.Bytes,
            Seed = options.Seed,
            MemoryLimit = memory,
            Parts = events.PileCount,
            Datasets = [.. plan.Datasets.Select(d => d.Name)],
            Warnings = [.. claim.Notes, .. plan.Warnings],
            Elapsed = watch.Elapsed,
        };
    }

    /// <summary>For each place in the output, the event that goes there; any order is as likely as any other.</summary>
    internal static int[] UniformOrder(int events, uint seed)
    {
        var order = Enumerable.Range(0, events).ToArray();
        new MersenneTwister(seed).Shuffle<int>(order);
        return order;
    }

    private static int[] Places(int[] order)
    {
        var places = new int[order.Length];
        for (var place = 0; place < order.Length; place++)
        {
            places[order[place]] = place;
        }

        return places;
    }

    /// <summary>The datasets that are kept, and those that index them.</summary>
    private static HashSet<string> Choose(SampleFile file, ShuffleOptions options)
    {
        if (options.Datasets is null && options.Order == ShuffleOrder.Uniform)
        {
            return [.. file.Datasets.Select(d => d.Name)];
        }

        var names = options.Datasets ?? PythonDatasets;
        var chosen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var dataset = file.Find(name)
                ?? throw new ArgumentException($"'{file.Path}' has no dataset {name}; it has {string.Join(", ", file.Datasets.Select(d => d.Name))}. Name the datasets to keep.");
            chosen.Add(name);
            if (dataset.Index is { } index && (dataset.Role == SampleRole.Indexed || options.Order == ShuffleOrder.Uniform))
            {
                chosen.Add(index);
            }
        }

        return chosen;
    }
}
