using OrcaSong.Training.Splitting;
using Xunit;

namespace OrcaSong.Tests.Training;

public sealed class SplitByFractionTests
{
    private static readonly FractionSplit Split = new(new SetFractions(new Dictionary<string, double> { ["train"] = 0.8, ["validate"] = 0.1, ["test"] = 0.1 }));

    [Theory]
    [InlineData(10, 1)]
    [InlineData(10, 5000)]
    [InlineData(1000, 100)]
    public void EqualFilesAreSplitExactly(int files, long events)
    {
        var split = Split.Split(Equal("a", files, events));
        Assert.Equal([("test", 0.1), ("train", 0.8), ("validate", 0.1)], split.Statistics.Select(s => (s.Set!, Math.Round(s.Share, 9))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void EachGroupIsSplitToWithinAFewSmallFiles(int seed)
    {
        var random = new Random(seed);
        var files = new[] { "muon", "neutrino", "noise" }.SelectMany((group, g) => Enumerable.Range(0, 200)
            .Select(i => SplitInput.File($"{i:000}.h5", group, (g + 1) * (1 + (long)Math.Exp(random.NextDouble() * 8)), i))).ToArray();
        var split = (Split with { Seed = (uint)seed }).Split(files);
        foreach (var row in split.Statistics)
        {
            // A hundredth of a group's events; the largest file has more.
            Assert.Equal(row.Set == "train" ? 0.8 : 0.1, row.Share, 0.01);
            Assert.True(files.Where(f => f.Group == row.Group).Max(f => f.Events) > 0.01 * files.Where(f => f.Group == row.Group).Sum(f => f.Events));
        }

        Assert.Equal(files.Select(f => f.Source), split.Parts.SelectMany(p => p.Files).Select(f => f.Source).OrderBy(s => s.Group).ThenBy(s => s.Path));
    }

    [Fact]
    public void TheOrderOfTheFilesDoesNotMatterAndTheSeedDoes()
    {
        SplitFile[] files = [.. Equal("a", 50, 100), .. Equal("b", 40, 30)];
        var shuffled = files.ToArray();
        new Random(5).Shuffle(shuffled);
        string Text(DataSplit split) => string.Join(' ', split.Parts.Select(p => $"{p.Set}: {string.Join(' ', p.Files)}"));
        Assert.Equal(Text(Split.Split(files)), Text(Split.Split(shuffled)));
        Assert.NotEqual(Text(Split.Split(files)), Text((Split with { Seed = 1 }).Split(files)));
    }

    [Fact]
    public void PartsAreOfTheSameSizeAndHaveAShareOfEachGroup()
    {
        var counts = new Dictionary<string, int> { ["train"] = 4 };
        var split = (Split with { PartCounts = counts }).Split([.. Equal("a", 100, 100), .. Equal("b", 50, 7), .. Enumerable.Range(0, 10).SelectMany(g => Equal($"small{g}", 1, 5))]);
        var train = split.Parts.Where(p => p.Set == "train").ToArray();
        Assert.Equal([20, 20, 20, 20], train.Select(p => p.Files.Count(f => f.Group == "a")));
        Assert.Equal([10, 10, 10, 10], train.Select(p => p.Files.Count(f => f.Group == "b")));
        Assert.All(train, p => Assert.InRange(p.Files.Count(f => f.Group.StartsWith("small", StringComparison.Ordinal)), 2, 3));
    }

    [Fact]
    public void TooFewFilesAreAWarningOrAnError()
    {
        var split = Split.Split([.. Equal("many", 100, 10), .. Equal("few", 1, 10)]);
        Assert.Contains(split.Warnings, w => w.Contains("Group few: its 1 file is too few for test, validate", StringComparison.Ordinal));
        var problems = Assert.Throws<DataSplitException>(() => Split.Split(Equal("few", 2, 10))).Problems;
        Assert.Equal(2, problems.Count);
        Assert.All(problems, p => Assert.Equal(SplitProblemKind.EmptySet, p.Kind));
        Assert.Contains("no events", Assert.Throws<DataSplitException>(() => Split.Split(Equal("empty", 2, 0))).Message, StringComparison.Ordinal);
        Refusal.Of(() => (Split with { PartCounts = new Dictionary<string, int> { ["rest"] = 2 } }).Split(Equal("a", 10, 1)), "'rest'");
    }

    [Fact]
    public void LabelsNeedNoRuns()
    {
        var part = Split.Split(Equal("a", 10, 1)).Parts[0];
        Assert.Null(part.FirstRun);
        Assert.Null(part.LastRun);
    }

    [Fact]
    public void FoldersAreGroups()
    {
        var sources = SplitSource.ByFolder(["/x/muon/1.h5", "/x/muon/2.h5", "/x/noise/1.h5", "/y/noise/1.h5", "/x/muon/1.h5", "/1.h5"]);
        Assert.Equal(["muon", "muon", "/x/noise", "/y/noise", "/"], sources.Select(s => s.Group));
    }

    private static SplitFile[] Equal(string group, int count, long events) => [.. Enumerable.Range(0, count).Select(i => SplitInput.File($"{group}{i:0000}.h5", group, events))];
}
