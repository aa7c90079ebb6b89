using System.Security.Cryptography;
using OrcaSong.Hdf5;
using OrcaSong.Images;
using OrcaSong.Labels;
using OrcaSong.Running;
using OrcaSong.Simulation;
using Xunit;

namespace OrcaSong.Tests.Running;

/// <summary>The same input and configuration give the same bytes, whatever runs them.</summary>
public sealed class DeterminismTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(3000, 12, 32, 1)]
    [InlineData(200, 1200, 7, 1)]
    [InlineData(200, 1200, 1, 0)]
    [InlineData(400, 100, null, 9)]
    public void TheOutputDoesNotDependOnTheNumberOfThreads(int events, int hits, int? chunkSize, int level)
    {
        var run = SimulatedRun.Write(new SimulationOptions { Events = events, HitsPerEvent = hits }, _folder["run.h5"]);
        var binner = new FileBinner(BinAxisPresets.Get("ztc_2017").Take(2), new ProcessingOptions
        {
            DetectorFile = run.DetectorFile,
            KeepEventInfo = true,
            Extractor = LabelExtractors.Get("nu_chain_data"),
            ChunkSize = chunkSize,
            CompressionLevel = level,
        });
        SameBytes(binner, run.Path);
    }

    [Fact]
    public void RowsOutOfOrderMakeNoDifference()
    {
        var events = Enumerable.Range(0, 300).Select(e => e % 17).ToArray();
        var rows = Enumerable.Range(0, events.Sum()).ToArray();
        var binner = new FileBinner([BinAxis.Uniform("pos_z", 0, 50, 10), BinAxis.Uniform("time", -50, 550, 20)], new ProcessingOptions { KeepEventInfo = true });
        var ordered = SameData(binner, new TestFile(events) { IsSplit = false }.Write(_folder["ordered.h5"]));
        var shuffled = SameData(binner, new TestFile(events) { IsSplit = false, RowOrder = [.. rows.OrderBy(r => r * 7919L % 2411)] }.Write(_folder["shuffled.h5"]));
        var split = SameData(binner, new TestFile(events).Write(_folder["split.h5"]));
        Assert.Equal(ordered, shuffled);
        Assert.Equal(ordered, split);
    }

    [Fact]
    public void FilesRunTogetherAreTheSameAsFilesRunAlone()
    {
        var run = SimulatedRun.Write(new SimulationOptions { Events = 700, HitsPerEvent = 40 }, _folder["run.h5"]);
        var binners = new[] { "ztc_2017", "four_line_low", "four_line_high" }
            .Select(p => new FileBinner(BinAxisPresets.Get(p), new ProcessingOptions { DetectorFile = run.DetectorFile }))
            .ToArray();
        using var queue = new RunQueue(new Runner(3, filesAtOnce: 3));
        for (var i = 0; i < 6; i++)
        {
            queue.Add(new RunJob(binners[i % 3], run.Path, _folder[$"out{i}.h5"]));
        }

        while (queue.Pending > 0)
        {
            Assert.True(queue.TryTake(out var outcome, TimeSpan.FromMinutes(1)));
            Assert.Null(outcome!.Error);
        }

        for (var i = 0; i < 3; i++)
        {
            var alone = File.ReadAllBytes(new Runner(1).Run(binners[i], run.Path, _folder["alone.h5"], overwrite: true).Output);
            Assert.Equal(alone, File.ReadAllBytes(_folder[$"out{i}.h5"]));
            Assert.Equal(alone, File.ReadAllBytes(_folder[$"out{i + 3}.h5"]));
        }
    }

    [Fact]
    public void ResultsComeInTheOrderOfTheFilesWhicheverEndsFirst()
    {
        var large = SimulatedRun.Write(new SimulationOptions { Events = 3000, HitsPerEvent = 40 }, _folder["run.h5"]).Path;
        var small = new TestFile(3, 4).Write(_folder["small.h5"]);
        var binner = new FileBinner([BinAxis.Uniform("time", 0, 50, 10)]);
        using var queue = new RunQueue(new Runner(2, filesAtOnce: 2));
        string[] inputs = [large, small, small, large, small];
        for (var i = 0; i < inputs.Length; i++)
        {
            queue.Add(new RunJob(binner, inputs[i], _folder[$"{i}.h5"]));
        }

        var outputs = new List<string>();
        while (queue.Pending > 0)
        {
            Assert.True(queue.TryTake(out var outcome, Timeout.InfiniteTimeSpan));
            outputs.Add(outcome!.Result!.Output);
        }

        Assert.Equal(inputs.Select((_, i) => _folder[$"{i}.h5"]), outputs);
    }

    [Fact]
    public void OneBadFileIsOneErrorAndTheOthersGoOn()
    {
        var good = new TestFile(3, 4).Write(_folder["good.h5"]);
        var binner = new FileBinner([BinAxis.Uniform("time", 0, 50, 10)]);
        using var queue = new RunQueue(new Runner(2, filesAtOnce: 2));
        queue.Add(new RunJob(binner, good, _folder["1.h5"]));
        queue.Add(new RunJob(binner, _folder["absent.h5"], _folder["2.h5"]));
        queue.Add(new RunJob(binner, good, _folder["1.h5"]));
        queue.Add(new RunJob(binner, good, _folder["3.h5"]));
        var outcomes = new List<RunOutcome>();
        while (queue.Pending > 0)
        {
            Assert.True(queue.TryTake(out var outcome, TimeSpan.FromMinutes(1)));
            outcomes.Add(outcome!);
        }

        Assert.Equal([_folder["1.h5"], _folder["2.h5"], _folder["1.h5"], _folder["3.h5"]], outcomes.Select(o => o.Job.Output));
        Assert.Equal([true, false, false, true], outcomes.Select(o => o.Result is not null));
        Assert.Contains("absent.h5", outcomes[1].Error!.Message, StringComparison.Ordinal);
        Assert.Contains("in the same call", outcomes[2].Error!.Message, StringComparison.Ordinal);
        Assert.Equal((4, 4), (queue.Progress.EventsDone, queue.Progress.EventsTotal));
        Assert.Equal(["1.h5", "3.h5", "good.h5"], _folder.Names);
    }

    /// <summary>Images and rows of event_info of an output that is the same with any number of threads; inputs that differ leave their names and hashes in it.</summary>
    private (string Images, string EventInfo) SameData(FileBinner binner, string input)
    {
        SameBytes(binner, input);
        using var file = H5File.OpenRead(_folder["out.h5"]);
        string Hash(string name)
        {
            using var dataset = file.Root.OpenDataset(name);
            var bytes = new byte[dataset.Shape.Aggregate((long)dataset.Type.Size, (product, n) => product * n)];
            dataset.Read(bytes.AsSpan(), 0, dataset.Length);
            return Convert.ToHexString(SHA256.HashData(bytes));
        }

        return (Hash("x"), Hash("event_info"));
    }

    private byte[] SameBytes(FileBinner binner, string input)
    {
        byte[]? first = null;
        foreach (var threads in new[] { 1, 2, 8, 2 })
        {
            var bytes = File.ReadAllBytes(new Runner(threads).Run(binner, input, _folder["out.h5"], overwrite: true).Output);
            first ??= bytes;
            Assert.True(first.AsSpan().SequenceEqual(bytes), $"{threads} threads write other bytes");
        }

        return first!;
    }
}
