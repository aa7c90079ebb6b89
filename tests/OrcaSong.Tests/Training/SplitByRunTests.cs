using OrcaSong.Numerics;
using OrcaSong.Training.Splitting;
using Xunit;

namespace OrcaSong.Tests.Training;

public sealed class SplitByRunTests
{
    private static readonly Dictionary<string, IReadOnlyList<RunRange>> Ranges = new()
    {
        ["train"] = [new RunRange(100, 103)],
        ["validate"] = [new RunRange(104, 105), new RunRange(110, 110)],
    };

    // 100 events of each run.
    private static readonly SplitFile[] Files = [.. Enumerable.Range(0, 12).Select(i => SplitInput.File($"f{i:00}.h5", "muon", 100, 100 + i))];

    [Fact]
    public void FilesGoToTheSetsOfTheirRuns()
    {
        var split = By().Split(Files);
        Assert.Equal(["f00.h5", "f01.h5", "f02.h5", "f03.h5"], SplitInput.Paths(split, "train").Order());
        Assert.Equal(["f04.h5", "f05.h5", "f10.h5"], SplitInput.Paths(split, "validate").Order());
        Assert.Equal((100L, 103L, 400L), (split.Parts[0].FirstRun, split.Parts[0].LastRun, split.Parts[0].Events));
        Assert.Contains(split.Warnings, w => w.Contains("5 files with 500 events, runs 106 to 111, are in no set", StringComparison.Ordinal));
        Assert.Equal(
            [new("muon", "train", 4, 400, 4 / 12.0), new("muon", "validate", 3, 300, 3 / 12.0), new SplitStatistics("muon", null, 5, 500, 5 / 12.0)],
            split.Statistics);
    }

    // random.Random(42).shuffle(list(range(7))) of CPython.
    [Fact]
    public void FilesAreShuffledAsUpstreamAfterTheyAreSorted()
    {
        var files = Enumerable.Range(0, 7).Reverse().Select(i => SplitInput.File($"file_{i}.h5", "a", 5, 100)).ToArray();
        Assert.Equal("1 3 4 2 6 0 5", string.Join(' ', SplitInput.Paths(By().Split(files), "train").Select(n => n[5])));
    }

    [Fact]
    public void PartsHaveAPieceOfEachGroupTheLongerOnesFirst()
    {
        var split = By(("train", 3)).Split(
            [.. Enumerable.Range(0, 4).Select(i => SplitInput.File($"a{i}", "a", 1, 100)), .. Enumerable.Range(0, 2).Select(i => SplitInput.File($"b{i}", "b", 1, 100))]);
        Assert.Equal(["aab", "ab", "a"], split.Parts.Select(p => string.Concat(p.Files.Select(f => f.Group))));
        Assert.Equal([0, 1, 2], split.Parts.Select(p => p.Part));
    }

    [Fact]
    public void FewerFilesThanPartsGiveFewerPartsAndAWarning()
    {
        var split = By(("train", 9)).Split(Files);
        Assert.Equal(4, split.Parts.Count(p => p.Set == "train"));
        Assert.Contains(split.Warnings, w => w.Contains("9 lists were asked for, but its 4 files", StringComparison.Ordinal));
    }

    [Fact]
    public void AFileOfSeveralSetsIsRefused()
    {
        SplitFile[] files = [SplitInput.File("mixed.h5", "a", 9, 102, 103, 104), SplitInput.File("rest.h5", "a", 9, 103, 107), SplitInput.File("fine.h5", "a", 9, 100, 101)];
        var problems = Assert.Throws<DataSplitException>(() => By().Split(files)).Problems;
        Assert.Equal(["mixed.h5", "rest.h5"], problems.Select(p => p.Path).Order());
        Assert.All(problems, p => Assert.Equal(SplitProblemKind.MixedRuns, p.Kind));
        Assert.Contains(problems, p => p.Message.Contains("its 3 runs", StringComparison.Ordinal) && p.Message.Contains("run 102 (train), run 104 (validate)", StringComparison.Ordinal)
            && p.Message.Contains("New-TrainingSet -SplitBy Event", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Message.Contains("run 107 (no set)", StringComparison.Ordinal));
    }

    [Fact]
    public void OverlappingRangesAreRefusedOrAWarning()
    {
        var ranges = new Dictionary<string, IReadOnlyList<RunRange>> { ["train"] = [new RunRange(100, 104)], ["validate"] = [new RunRange(104, 105)] };
        var by = By() with { RangesOf = _ => ranges };
        Assert.Contains("run 104 is in train and in validate", Assert.Throws<DataSplitException>(() => by.Split(Files)).Message, StringComparison.Ordinal);

        var split = (by with { AllowOverlaps = true }).Split(Files);
        Assert.Contains("f04.h5", SplitInput.Paths(split, "train"));
        Assert.Contains("f04.h5", SplitInput.Paths(split, "validate"));
        Assert.Contains(split.Warnings, w => w.Contains("run 104 is in train and in validate", StringComparison.Ordinal));
    }

    [Fact]
    public void FilesWithoutEventsAreLeftOutWithAWarning()
    {
        var split = By().Split([.. Files, SplitInput.File("empty.h5", "muon", 0)]);
        Assert.DoesNotContain("empty.h5", split.Parts.SelectMany(p => p.Files).Select(f => f.Path));
        Assert.Contains(split.Warnings, w => w.Contains("empty.h5", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatCannotBeSplitIsSaid()
    {
        Assert.Contains("there are runs 106 to 111", Assert.Throws<DataSplitException>(() => By().Split(Files[6..10].Append(Files[11]).ToArray())).Message, StringComparison.Ordinal);
        Assert.Contains("Set train has 4 files, but is to be split into 0", Assert.Throws<DataSplitException>(() => By(("train", 0)).Split(Files)).Message, StringComparison.Ordinal);
        Refusal.Of(() => By(("trian", 2)).Split(Files), "'trian'", "did you mean 'train'?");
        Refusal.Of(() => _ = new RunRange(105, 100), "105 to 100", "Write 100, 105");
    }

    [Fact]
    public void TheShuffleIsThatOfTheSeed()
    {
        var order = Files.ToArray();
        new PythonRandom(7).Shuffle<SplitFile>(order);
        var everything = new Dictionary<string, IReadOnlyList<RunRange>> { ["train"] = [new RunRange(0, 1000)] };
        var split = new RunSplit { Sets = ["train"], RangesOf = _ => everything, Seed = 7 }.Split([.. Files.Reverse()]);
        Assert.Equal(order, split.Parts.Single().Files);
    }

    private static RunSplit By(params (string Set, int Count)[] parts) =>
        new() { Sets = ["train", "validate"], RangesOf = _ => Ranges, PartCounts = parts.ToDictionary(p => p.Set, p => p.Count) };
}
