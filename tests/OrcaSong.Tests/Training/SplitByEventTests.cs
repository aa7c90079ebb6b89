using System.Runtime.InteropServices;
using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Training.Splitting;
using Xunit;

namespace OrcaSong.Tests.Training;

public sealed class SplitByEventTests
{
    private static readonly Dictionary<string, double> Fractions = new() { ["train"] = 0.8, ["validate"] = 0.15, ["test"] = 0.05 };

    // From an implementation in Python; docs/data-splits.md has it.
    [Theory]
    [InlineData(0, 0, 0, 0x238275bc38fcbe91)]
    [InlineData(1, 2, 0, 0x5def8c1f8a9e3322)]
    [InlineData(2, 1, 0, 0x51bf25161a05fb1b)]
    [InlineData(5782, 365, 0, 0x28fc5dbbd77d3fff)]
    [InlineData(5782, 365, 42, 0x352a45e8a15404eb)]
    [InlineData(-1, 9007199254740993, 0, 0x818c3f404a57f3af)]
    public void HashIsTheDocumentedOne(long run, long eventId, ulong seed, ulong hash) => Assert.Equal(hash, EventHash.Of([run, eventId], seed));

    [Fact]
    public void ThePythonCodeOfTheDocumentationGivesTheSameSets()
    {
        Tool.RequirePython("json");
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "OrcaSong.slnx")))
        {
            root = root.Parent;
        }

        var page = File.ReadAllText(Path.Combine(root.FullName, "docs", "data-splits.md")).ReplaceLineEndings("\n");
        var code = page.Split("```python\n")[1].Split("```")[0];
        var (output, error, exitCode) = Tool.PythonFile("-c", code + """
            fractions = {"train": 0.8, "validate": 0.15, "test": 0.05}
            for i in range(3000):
                print(set_of(i - 1500, i * 7919, fractions=fractions, seed=2**64 - 1))
            """);
        Assert.True(exitCode == 0, error);
        var split = new EventSplit(Fractions, ulong.MaxValue);
        Assert.Equal(output.Trim().Split('\n'), Enumerable.Range(0, 3000).Select(i => split.Sets[split.SetOf(i - 1500, i * 7919L)]));
        Assert.Contains($"| 5782 | 365 | 42 | `0x{EventHash.Of([5782, 365], 42):x16}` | {EventHash.ToUnit(EventHash.Of([5782, 365], 42)):R} |", page, StringComparison.Ordinal);
    }

    [Fact]
    public void PositionIsBelowOne() => Assert.Equal((0.0, 1 - (1.0 / (1UL << 53))), (EventHash.ToUnit(0), EventHash.ToUnit(ulong.MaxValue)));

    [Fact]
    public void SetsAreSortedByNameWhateverTheOrderGiven()
    {
        var reversed = Fractions.Reverse().ToDictionary();
        var (a, b) = (new EventSplit(Fractions), new EventSplit(reversed));
        Assert.Equal(["test", "train", "validate"], a.Sets);
        Assert.All(Enumerable.Range(0, 1000), i => Assert.Equal(a.SetOf(7, i), b.SetOf(7, i)));
    }

    [Fact]
    public void EventsAreSplitByTheFractionsInEveryRun()
    {
        var split = new EventSplit(Fractions);
        foreach (var run in new[] { 1L, 2, 5782, 1L << 40 })
        {
            var counts = new int[3];
            for (var e = 0; e < 100_000; e++)
            {
                counts[split.SetOf(run, e)]++;
            }

            // Five standard deviations are 345 events at most.
            Assert.All(Enumerable.Range(0, 3), set => Assert.Equal(split.Fractions[set] * 100_000, counts[set], 650.0));
        }
    }

    [Fact]
    public void AnotherSeedIsAnotherSplit()
    {
        var (a, b) = (new EventSplit(Fractions), new EventSplit(Fractions, 1));
        var both = Enumerable.Range(0, 10_000).Count(i => a.SetOf(1, i) == 1 && b.SetOf(1, i) == 1);
        Assert.InRange(both, 6200, 6600);
    }

    [Theory]
    [InlineData("train", 0.5, "validate", 0.4, "sum to 0.9")]
    [InlineData("train", 1.0, "validate", 0.0, "'validate' is 0")]
    [InlineData("train", double.NaN, "validate", 0.5, "'train' is NaN")]
    [InlineData("a/b", 0.5, "validate", 0.5, "'a/b'")]
    [InlineData("a\nb", 0.5, "validate", 0.5, "a\\u000ab")]
    [InlineData("Train", 0.5, "train", 0.5, "but for case")]
    [InlineData(" train", 0.5, "validate", 0.5, "' train'")]
    public void BadFractionsAreRefused(string a, double fractionA, string b, double fractionB, string word) =>
        Refusal.Of(() => _ = new SetFractions(new Dictionary<string, double> { [a] = fractionA, [b] = fractionB }), word);

    [Fact]
    public void FractionsNeedNotSumToOneExactly() => Assert.Equal(3, new SetFractions(new Dictionary<string, double> { ["a"] = 1 / 3.0, ["b"] = 1 / 3.0, ["c"] = 1 / 3.0 }).Count);

    [Fact]
    public void RowsOfATableAreAssignedWhateverTheTypesOfItsColumns()
    {
        using var folder = new TempFolder();
        var split = new EventSplit(Fractions, 3);
        var expected = Enumerable.Range(0, 300_000).Select(i => split.SetOf(100 + (i % 3), i)).ToArray();
        using var file = H5File.Create(folder["y.h5"]);
        using var floats = Write<(double Energy, double Event, float Run)>(
            file, "floats", [("energy", H5Type.Float64), ("event_id", H5Type.Float64), ("run_id", H5Type.Float32)], 300_000, i => (0.5, i, 100 + (i % 3)));
        using var chunked = Write<(double Energy, double Event, float Run)>(
            file, "chunked", [("energy", H5Type.Float64), ("event_id", H5Type.Float64), ("run_id", H5Type.Float32)], 300_000, i => (0.5, i, 100 + (i % 3)), chunk: 1024);
        Assert.Equal(expected, split.Assign(chunked));
        using var integers = Write<(long Event, int Run, uint Trigger)>(
            file, "integers", [("event_id", H5Type.Int64), ("run_id", H5Type.Int32), ("trigger_counter", H5Type.UInt32)], 300_000, i => (i, 100 + (i % 3), 5));
        Assert.Equal(expected, split.Assign(floats));
        Assert.Equal(expected, split.Assign(integers));
        Assert.Equal(split.SetOf([102, 5, 299_999]), split.Assign(integers, ["run_id", "trigger_counter", "event_id"])[^1]);
    }

    [Theory]
    [InlineData(16777216.0, "row 1", "2^24")]
    [InlineData(0.5, "row 1", "whole number")]
    [InlineData(double.NaN, "row 1", "NaN")]
    public void NumbersThatDoNotIdentifyAnEventAreRefused(double value, params string[] words)
    {
        using var folder = new TempFolder();
        using var file = H5File.Create(folder["y.h5"]);
        using var y = Write<(float Event, int Run)>(file, "y", [("event_id", H5Type.Float32), ("run_id", H5Type.Int32)], 2, i => (i == 0 ? 16777215 : (float)value, 1));
        var error = Assert.Throws<EventFileException>(() => new EventSplit(Fractions).Assign(y));
        Assert.All([.. words, "event_id", "y.h5"], word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void MissingColumnsAreNamedWithThoseThatThereAre()
    {
        using var folder = new TempFolder();
        using var file = H5File.Create(folder["y.h5"]);
        using var y = Write<(int Event, int Run)>(file, "y", [("event_id", H5Type.Int32), ("run", H5Type.Int32)], 1, i => (i, 1));
        var error = Assert.Throws<EventFileException>(() => new EventSplit(Fractions).Assign(y));
        Assert.Equal(EventFileProblem.MissingData, error.Problem);
        Assert.Contains("no column run_id; there are event_id, run", error.Message, StringComparison.Ordinal);
    }

    private static H5Dataset Write<T>(H5File file, string name, (string, H5Type)[] columns, int rows, Func<int, T> row, int? chunk = null)
        where T : unmanaged
    {
        var type = H5Type.Compound(columns);
        var bytes = new byte[rows * type.Size];
        for (var i = 0; i < rows; i++)
        {
            // Tuples have gaps, tables have none.
            var value = row(i);
            var at = i * type.Size;
            foreach (var (field, member) in typeof(T).GetFields().Zip(type.Members))
            {
                var number = field.GetValue(value)!;
                var destination = bytes.AsSpan(at + member.Offset);
                switch (number)
                {
                    case double d: MemoryMarshal.Write(destination, in d); break;
                    case float f: MemoryMarshal.Write(destination, in f); break;
                    case long l: MemoryMarshal.Write(destination, in l); break;
                    case int n: MemoryMarshal.Write(destination, in n); break;
                    case uint u: MemoryMarshal.Write(destination, in u); break;
                }
            }
        }

        var dataset = file.Root.CreateDataset(name, new H5DatasetSpec
        {
            Type = type,
            Shape = [rows],
            ChunkShape = chunk is { } length ? [length] : null,
            Filters = chunk is null ? [] : [H5Filter.Shuffle(type.Size), H5Filter.Deflate(1)],
        });
        dataset.Write<byte>(bytes);
        return dataset;
    }
}
