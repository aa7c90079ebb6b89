using System.Text.Json;
using OrcaSong.Hdf5;
using OrcaSong.Running;
using OrcaSong.Training;
using OrcaSong.Training.Splitting;
using Xunit;

namespace OrcaSong.Tests.Training;

public sealed class TrainingSetTests : IDisposable
{
    private static readonly SetFractions Fractions = new(new Dictionary<string, double> { ["train"] = 0.7, ["validate"] = 0.2, ["test"] = 0.1 });
    private readonly TempFolder _folder = new();
    private readonly TempFolder _inputs = new();
    private readonly string _set;

    public TrainingSetTests() => _set = _folder["set"];

    public void Dispose()
    {
        _folder.Dispose();
        _inputs.Dispose();
    }

    [Theory]
    [InlineData("Graph", "Event")]
    [InlineData("Graph", "Random")]
    [InlineData("FixedGraph", "Random")]
    [InlineData("Image", "Event")]
    public void EveryEventIsInOneShardWithWhatBelongsToIt(string kind, string splitBy)
    {
        var inputs = Inputs(Enum.Parse<SampleKind>(kind), 200, 0, 331, 50);
        var options = new TrainingSetOptions { Fractions = Fractions, SplitBy = Enum.Parse<SplitBy>(splitBy), ShardSize = 100 };
        var result = TrainingSet.Make(inputs, _set, options);
        Assert.Equal(["set"], _folder.Names);
        Assert.Equal([.. result.Files.Select(f => Path.GetFileName(f.Path)), "manifest.json"], Directory.GetFiles(_set).Select(p => Path.GetFileName(p)).OrderBy(n => Array.FindIndex([.. result.Files], f => f.Path.EndsWith("/" + n, StringComparison.Ordinal)) is var at and >= 0 ? at : 1000));
        var shards = result.Files.ToDictionary(f => f, f => SampleContents.Codes(f.Path));
        Assert.Equal(inputs.SelectMany(i => SampleContents.Codes(i)).Order(), shards.Values.SelectMany(c => c).Order());
        Assert.All(shards, s => Assert.Equal((s.Key.Events, new FileInfo(s.Key.Path).Length), (s.Value.Length, s.Key.Length)));
        Assert.All(shards.Keys, s => Assert.InRange(s.Events, 1, 100));
        Assert.All(shards.Keys, s => Assert.Equal($"{s.Set}_{s.Shard}.h5", Path.GetFileName(s.Path)));

        // The files of a set have the same size, but for one event, and there are as few as the limit allows.
        foreach (var set in shards.Keys.GroupBy(s => s.Set))
        {
            Assert.InRange(set.Max(s => s.Events) - set.Min(s => s.Events), 0, 1);
            Assert.Equal((set.Sum(s => s.Events) + 99) / 100, set.Count());
            Assert.Equal(Enumerable.Range(0, set.Count()), set.Select(s => s.Shard));
            if (set.Sum(s => s.Events) > 10)
            {
                Assert.NotEqual(set.SelectMany(s => shards[s]).Order(), set.SelectMany(s => shards[s]));
            }
        }

        // A lone set of numbers says the same from the hash, or from the fractions.
        var split = new EventSplit(Fractions);
        foreach (var (shard, codes) in shards.Where(_ => splitBy == "Event"))
        {
            Assert.All(codes, c => Assert.Equal(shard.Set, Fractions.Names[split.SetOf(c / 100_000, c % 100_000)]));
        }

        if (splitBy == "Random")
        {
            Assert.Equal([58, 407, 116], Fractions.Names.OrderBy(n => n, StringComparer.Ordinal).Select(n => shards.Where(s => s.Key.Set == n).Sum(s => s.Value.Length)));
        }

        CheckManifest(result, inputs, shards);
    }

    [Fact]
    public void TheSameBytesForAnyMemoryAndThreads()
    {
        string[] inputs = [.. Enumerable.Range(1, 2).Select(i => new SampleInput(3000)
        {
            Run = i,
            Labels = [("padding", H5Type.FixedString(8000), e => [.. Enumerable.Repeat((byte)(1 + (e % 200)), 8000)])],
            Filters = [H5Filter.Deflate(1)],
        }.Write(_inputs[$"{i}.h5"]))];
        var options = new TrainingSetOptions { Fractions = Fractions, ShardSize = 2000, MemoryLimit = 1 << 30 };
        string[] Make(long memory, int threads)
        {
            var result = TrainingSet.Make(inputs, _set, options with { MemoryLimit = memory }, overwrite: true, threads: threads);
            Assert.Equal(memory == 1 << 30, result.Parts == 1);
            return [.. result.Files.Select(f => f.Path).Append(result.Manifest).Select(p => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(p))))];
        }

        var expected = Make(1 << 30, 1);
        Assert.Equal(expected, Make(EventOrder.LeastMemory, 1));
        Assert.Equal(expected, Make(EventOrder.LeastMemory * 5 / 4, 8));
    }

    [Fact]
    public void AnotherSeedGivesAnotherOrderOfTheSameSets()
    {
        var inputs = Inputs(SampleKind.Graph, 300, 100);
        var options = new TrainingSetOptions { Fractions = Fractions };
        Dictionary<string, long[]> Make(string name, TrainingSetOptions o) => TrainingSet.Make(inputs, _folder[name], o).Files.ToDictionary(f => f.Set, f => SampleContents.Codes(f.Path));

        var (one, same, order, split) = (Make("1", options), Make("2", options), Make("3", options with { Seed = 43 }), Make("4", options with { SplitSeed = 1 }));
        foreach (var set in Fractions.Names)
        {
            Assert.Equal(one[set], same[set]);
            Assert.NotEqual(one[set], order[set]);
            Assert.Equal(one[set].Order(), order[set].Order());
            Assert.NotEqual(one[set].Order(), split[set].Order());
        }

        // By chance, another seed gives other sets.
        var (chance, other) = (Make("5", options with { SplitBy = SplitBy.Random }), Make("6", options with { SplitBy = SplitBy.Random, Seed = 43 }));
        Assert.NotEqual(chance["test"].Order(), other["test"].Order());
    }

    /// <summary>Where an event goes and its place there have nothing to do with each other, nor with its place in the input.</summary>
    [Fact]
    public void TheOrderWithinASetIsAnyOrder()
    {
        var inputs = Inputs(SampleKind.Graph, 30);
        var counts = new long[30];
        const int sets = 100;
        for (uint seed = 0; seed < sets; seed++)
        {
            var result = TrainingSet.Make(inputs, _set, new TrainingSetOptions { Fractions = Fractions, SplitBy = SplitBy.Random, Seed = seed }, overwrite: true, threads: 1);
            foreach (var code in SampleContents.Codes(result.Files.Single(f => f.Set == "test").Path))
            {
                counts[code - SampleInput.Code(1, 0)]++;
            }
        }

        const double expected = 3 * sets / 30.0;
        var chiSquared = counts.Sum(n => (n - expected) * (n - expected) / expected);
        Assert.True(chiSquared < 29 + (6 * Math.Sqrt(58)), $"{chiSquared}");
    }

    [Fact]
    public void SetsThatGetNoEventsHaveNoFile()
    {
        var inputs = Inputs(SampleKind.Graph, 1);
        var result = TrainingSet.Make(inputs, _set, new TrainingSetOptions { Fractions = Fractions, SplitBy = SplitBy.Random });
        Assert.Equal("train", Assert.Single(result.Files).Set);
        Assert.Equal(["The set 'test' got no events, so it has no file.", "The set 'validate' got no events, so it has no file."], result.Warnings.Order(StringComparer.Ordinal));
        var none = TrainingSet.Make(Inputs(SampleKind.Graph, 0), _folder["none"], new TrainingSetOptions { Fractions = Fractions });
        Assert.Empty(none.Files);
        Assert.True(File.Exists(none.Manifest));
    }

    [Fact]
    public void OverwritingRemovesTheShardsOfTheOldSetOnly()
    {
        var inputs = Inputs(SampleKind.Graph, 100);
        var options = new TrainingSetOptions { Fractions = Fractions, ShardSize = 10 };
        Assert.True(TrainingSet.Make(inputs, _set, options).Files.Count > 5);
        File.WriteAllText(Path.Combine(_set, "notes.txt"), "mine");
        File.WriteAllText(Path.Combine(_set, "train_99.h5"), "mine");
        Assert.Throws<OutputExistsException>(() => TrainingSet.Make(inputs, _set, options));
        var result = TrainingSet.Make(inputs, _set + Path.DirectorySeparatorChar, options with { ShardSize = 1000 }, overwrite: true);
        Assert.Equal(["manifest.json", "notes.txt", "test_0.h5", "train_0.h5", "train_99.h5", "validate_0.h5"], Names(_set));
        Assert.Equal(100, result.Files.Sum(f => SampleContents.Codes(f.Path).Length));
        Assert.Equal(["set"], _folder.Names);
    }

    [Fact]
    public void AFolderThatHoldsOtherThingsStays()
    {
        var inputs = Inputs(SampleKind.Graph, 100);
        _folder.Folder("set");
        File.WriteAllText(Path.Combine(_set, "notes.txt"), "mine");
        TrainingSet.Make(inputs, _set, new TrainingSetOptions { Fractions = Fractions });
        Assert.Equal(["manifest.json", "notes.txt", "test_0.h5", "train_0.h5", "validate_0.h5"], Names(_set));

        // A file in the way is no shard of a set.
        _folder.Folder("other");
        File.WriteAllText(_folder["other/test_0.h5"], "mine");
        Assert.Throws<OutputExistsException>(() => TrainingSet.Make(inputs, _folder["other"], new TrainingSetOptions { Fractions = Fractions }));
        Assert.Equal(["test_0.h5"], Names(_folder["other"]));
    }

    [Fact]
    public void InputsAreNeverReplaced()
    {
        var inputs = Inputs(SampleKind.Graph, 100);
        var options = new TrainingSetOptions { Fractions = Fractions };
        var made = TrainingSet.Make(inputs, _set, options).Files.Select(f => f.Path).ToArray();
        Refusal.Of(() => TrainingSet.Make(made, _set, options, overwrite: true), "one of the inputs");

        // The new set would not have a file of that name, but the old one goes.
        var fewer = options with { Fractions = new SetFractions(new Dictionary<string, double> { ["train"] = 0.5, ["test"] = 0.5 }) };
        Refusal.Of(() => TrainingSet.Make([Path.Combine(_set, "validate_0.h5")], _set, fewer, overwrite: true), "validate_0.h5", "one of the inputs");
        Assert.Equal(100, made.Sum(p => SampleContents.Codes(p).Length));
    }

    [Fact]
    public void MergesAsFilesAreMerged()
    {
        var a = new SampleInput(50) { Run = 1, UsedFiles = ["p", "q"] }.Write(_inputs["a.h5"]);
        var b = new SampleInput(50) { Run = 2, Labels = [("only_b", H5Type.Int32, BitConverter.GetBytes)] }.Write(_inputs["b.h5"]);
        File.WriteAllText(_inputs["text.h5"], "no HDF5");
        string[] inputs = [a, b, _inputs["text.h5"]];
        var error = Assert.Throws<InvalidFilesException>(() => TrainingSet.Make(inputs, _set, new TrainingSetOptions { Fractions = Fractions }));
        Assert.Equal(2, error.Problems.Count);
        Assert.Empty(_folder.Names);
        var result = TrainingSet.Make(inputs, _set, new TrainingSetOptions { Fractions = Fractions, Merge = new MergeOptions { Columns = ColumnChoice.All, SkipInvalid = true } });
        Assert.Contains("text.h5", Assert.Single(result.Skipped).Path, StringComparison.Ordinal);
        Assert.Equal(100, result.Files.Sum(f => SampleContents.Codes(f.Path).Length));
        foreach (var file in result.Files)
        {
            Assert.Equal(["p", "q", b], MergerTests.UsedFiles(file.Path));
            var runs = Output.Column<double>(file.Path, "y", "run_id");
            Assert.Equal(Output.Column<double>(file.Path, "y", "event_id").Select((e, i) => runs[i] == 2 ? e : double.NaN), Output.Column<double>(file.Path, "y", "only_b"));
            using var provenance = MergerTests.Provenance(file.Path);
            Assert.Equal(file.Set, provenance.RootElement.GetProperty("options").GetProperty("set").GetString());
        }

        using var manifest = JsonDocument.Parse(File.ReadAllText(result.Manifest));
        Assert.Contains("text.h5", Assert.Single(manifest.RootElement.GetProperty("left_out").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void EventsAreToldApartByTheColumnsThatAreNamed()
    {
        var input = new SampleInput(60) { Labels = [("shower", H5Type.Int64, e => BitConverter.GetBytes((long)(e / 6)))] }.Write(_inputs["in.h5"]);
        var result = TrainingSet.Make([input], _set, new TrainingSetOptions { Fractions = Fractions, EventColumns = ["run_id", "shower"] });
        var sets = result.Files.Select(f => Output.Integers(f.Path, "y", "shower").ToHashSet()).ToArray();
        Assert.Equal(10, sets.Sum(s => s.Count));
        Refusal.Of(() => TrainingSet.Make([input], _folder["no"], new TrainingSetOptions { Fractions = Fractions, EventColumns = ["energy"] }), "in.h5", "energy");
        Assert.Equal(["set"], _folder.Names);
    }

    [Theory]
    [InlineData("y", "no table y")]
    [InlineData("run_id", "run_id")]
    public void WithoutWhatTellsEventsApartTheErrorSaysWhatToDo(string without, string words)
    {
        var input = new SampleInput(10)
        {
            Without = ["y"],
            Then = root =>
            {
                if (without != "y")
                {
                    root.CreateDataset("y", new H5DatasetSpec { Type = H5Type.Compound([("event_id", H5Type.Float64), ("energy", H5Type.Float64)]), Shape = [10] }).Dispose();
                }
            },
        }.Write(_inputs["in.h5"]);
        var message = Refusal.Of(() => TrainingSet.Make([input], _set, new TrainingSetOptions { Fractions = Fractions }), "in.h5", words);
        Assert.Matches("at random|Name the columns", message);
        Assert.Empty(_folder.Names);

        // By chance, no column is needed.
        Assert.Equal(10, TrainingSet.Make([input], _set, new TrainingSetOptions { Fractions = Fractions, SplitBy = SplitBy.Random }).Files.Sum(f => f.Events));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10_500)]
    public void StopsSoonAndLeavesNothing(int afterEvents)
    {
        var input = new SampleInput(20_000) { HitsOf = _ => 20, HitChunkRows = 5461 }.Write(_inputs["in.h5"]);
        var progress = new RunProgress();
        using var stop = new CancellationTokenSource();
        var options = new TrainingSetOptions { Fractions = Fractions, ShardSize = 500 };
        var running = Task.Run(() => TrainingSet.Make([input], _set, options, progress: progress, cancellation: stop.Token), TestContext.Current.CancellationToken);
        while (progress.EventsDone < afterEvents && !running.IsCompleted)
        {
            Thread.Sleep(0);
        }

        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => running.GetAwaiter().GetResult());
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void AFailureLeavesTheOldSet()
    {
        var inputs = Inputs(SampleKind.Graph, 2000);
        var options = new TrainingSetOptions { Fractions = Fractions, SplitBy = SplitBy.Random };
        TrainingSet.Make(inputs, _set, options);
        var before = Names(_set).Select(n => File.ReadAllBytes(Path.Combine(_set, n))).ToArray();
        using (var file = H5File.OpenReadWrite(inputs[0]))
        using (var x = file.Root.OpenDataset("x"))
        {
            x.WriteChunk([320, 0], new byte[5]);
        }

        Refusal.Of(() => TrainingSet.Make(inputs, _set, options, overwrite: true), "rows 320 to 351");
        Assert.Equal(before, Names(_set).Select(n => File.ReadAllBytes(Path.Combine(_set, n))));
        Assert.Equal(["set"], _folder.Names);
    }

    [Fact]
    public void MakesTheFoldersAboveIt()
    {
        var result = TrainingSet.Make(Inputs(SampleKind.Graph, 30), _folder["a/b/set/"], new TrainingSetOptions { Fractions = Fractions });
        Assert.Equal(30, result.Files.Sum(f => SampleContents.Codes(f.Path).Length));
        Assert.Equal(_folder["a/b/set/manifest.json"], result.Manifest);

        // They go when nothing comes into them.
        var damaged = Inputs(SampleKind.Graph, 2000);
        using (var file = H5File.OpenReadWrite(damaged[0]))
        using (var x = file.Root.OpenDataset("x"))
        {
            x.WriteChunk([320, 0], new byte[5]);
        }

        Refusal.Of(() => TrainingSet.Make(damaged, _folder["a/c/d/set"], new TrainingSetOptions { Fractions = Fractions, SplitBy = SplitBy.Random }), "rows 320 to 351");
        Assert.Equal([_folder["a/b"]], Directory.GetFileSystemEntries(_folder["a"]));
    }

    [Fact]
    public void RefusesPlacesWhereNoFolderCanBe()
    {
        var inputs = Inputs(SampleKind.Graph, 3);
        var options = new TrainingSetOptions { Fractions = Fractions };
        File.WriteAllText(_folder["file"], "mine");
        Refusal.Of(() => TrainingSet.Make(inputs, _folder["file"], options, overwrite: true), "is a file");
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingSet.Make(inputs, _set, options with { ShardSize = 0 }));
        Refusal.Of(() => TrainingSet.Make(inputs, _set, options with { MemoryLimit = 1000 }), "too small");
        Assert.Equal(["file"], _folder.Names);
    }

    private static string[] Names(string folder) => [.. Directory.GetFiles(folder).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)];

    private static void CheckManifest(TrainingSetResult result, string[] inputs, Dictionary<TrainingFile, long[]> shards)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(result.Manifest));
        var root = manifest.RootElement;
        Assert.Equal(581, root.GetProperty("events").GetInt32());
        Assert.Equal(inputs, root.GetProperty("inputs").EnumerateArray().Select(i => i.GetProperty("path").GetString()));
        Assert.Equal(
            shards.Select(s => (Path.GetFileName(s.Key.Path), s.Key.Set, s.Value.Length)),
            root.GetProperty("files").EnumerateArray().Select(f => (f.GetProperty("file").GetString()!, f.GetProperty("set").GetString()!, f.GetProperty("events").GetInt32())));
        foreach (var set in root.GetProperty("sets").EnumerateArray())
        {
            var name = set.GetProperty("set").GetString()!;
            var codes = shards.Where(s => s.Key.Set == name).SelectMany(s => s.Value).ToArray();
            Assert.Equal(codes.Length, set.GetProperty("events").GetInt32());

            // For each input, how many of its events went there.
            Assert.Equal(
                inputs.Select((_, i) => codes.Count(c => c / 100_000 == i + 1)), root.GetProperty("inputs").EnumerateArray().Select(i => i.GetProperty("sets").GetProperty(name).GetInt32()));
        }

        Assert.All(root.GetProperty("inputs").EnumerateArray(), i => Assert.Equal(i.GetProperty("events").GetInt32(), Fractions.Names.Sum(n => i.GetProperty("sets").GetProperty(n).GetInt32())));
        Assert.Equal(581, root.GetProperty("files").EnumerateArray().Sum(f => f.GetProperty("events").GetInt32()));
    }

    private string[] Inputs(SampleKind kind, params int[] lengths) => [.. lengths.Select((n, i) => new SampleInput(n, kind) { Run = i + 1 }.Write(_inputs[$"{i}.h5"]))];
}
