using System.Globalization;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using OrcaSong.Graphs;
using OrcaSong.Hdf5;
using OrcaSong.Images;
using OrcaSong.Inspection;
using OrcaSong.Running;
using OrcaSong.Tests.Training;
using OrcaSong.Training;
using OrcaSong.Training.Splitting;
using Xunit;
using Runner = OrcaSong.Running.Runner;

namespace OrcaSong.Tests.Torture;

/// <summary>What is true of any configuration and any events. What is to be in an output is worked out here, from the events.</summary>
public sealed class PropertyTests : IDisposable
{
    private const int Cases = 40;
    private static readonly string[] Fields = ["pos_z", "time", "tot", "channel_id", "dom_id"];
    private readonly TempFolder _folder = new();
    private int _case;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ImagesReadBackAsTheHitsAre()
    {
        var written = new List<(string Path, string Hash)>();
        var generator =
            from events in Events()
            from fields in Gen.Shuffle(Fields)
            from count in Gen.Choose(1, 3)
            from bins in Gen.Choose(1, 7).ArrayOf(3)
            from level in Gen.Choose(0, 9)
            from chunk in Gen.Choose(1, 40)
            from flags in Gen.Choose(0, 7)
            from threads in Gen.Choose(1, 3)
            select (events, fields: fields[..count], bins, level, chunk, flags, threads);
        Check(generator, c =>
        {
            var axes = c.fields.Select((f, i) => BinAxis.Uniform(f, f == "dom_id" ? 100.5 : -0.5, f == "dom_id" ? 104.5 : f == "time" ? 60.5 : 40.5, c.bins[i])).ToArray();
            var centre = (c.flags & 1) != 0;
            var file = new TestFile(c.events) { IsSplit = (c.flags & 2) != 0 };
            var input = file.Write(_folder["in.h5"]);
            var output = Next();
            var options = new ProcessingOptions { CompressionLevel = c.level, ChunkSize = c.chunk, CenterTime = centre, KeepEventInfo = (c.flags & 4) != 0 };
            new Runner(c.threads).Run(new FileBinner(axes, options), input, output);
            var expected = file.Images(axes, centre);
            written.Add((output, Convert.ToHexStringLower(SHA256.HashData(expected))));
            return expected.AsSpan().SequenceEqual(Output.Images(output)) && FileCheck.Run(output, threads: 1).IsValid;
        });
        ReadByH5py(written);
    }

    [Fact]
    public void GraphsReadBackAsTheHitsAre()
    {
        var written = new List<(string Path, string Hash)>();
        var generator =
            from events in Events()
            from fields in Gen.Shuffle(Fields)
            from count in Gen.Choose(1, Fields.Length)
            from most in Gen.Choose(0, 20)
            from level in Gen.Choose(0, 9)
            from chunk in Gen.Choose(0, 40)
            from flags in Gen.Choose(0, 15)
            from start in Gen.Choose(-10, 20)
            select (events, fields: fields[..count], most, level, chunk, flags, start);
        Check(generator, c =>
        {
            var (isFixed, triggered, windowed) = ((c.flags & 1) != 0 && c.most > 0, (c.flags & 2) != 0, (c.flags & 4) != 0);
            var file = new TestFile(c.events) { IsSplit = (c.flags & 8) != 0 };
            var input = file.Write(_folder["in.h5"]);
            var window = windowed ? new TimeWindow(c.start, c.start + 15) : null;
            var output = Next();
            var options = new ProcessingOptions { CompressionLevel = c.level, ChunkSize = c.chunk == 0 ? null : c.chunk };
            new Runner(2).Run(new FileGraph(c.fields, window, triggered, c.most == 0 ? null : c.most, isFixed, options), input, output);
            var (x, counts, width) = ReadGraphs(output);
            written.Add((output, Convert.ToHexStringLower(SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(x)))));
            return FileCheck.Run(output, threads: 1).IsValid && Agrees(file, c.fields, window, triggered, c.most, isFixed, x, counts, width);
        });
        ReadByH5py(written);
    }

    [Fact]
    public void SetsMergedAgainAreTheSameEvents()
    {
        var generator =
            from events in Gen.Choose(1, 120)
            from kind in Gen.Elements(SampleKind.Graph, SampleKind.FixedGraph, SampleKind.Image)
            from train in Gen.Choose(1, 9)
            from shard in Gen.Choose(1, 60)
            from seed in Gen.Choose(0, 1000)
            select (events, kind, train, shard, seed);
        Check(generator, c =>
        {
            var input = new SampleInput(c.events, c.kind).Write(_folder["in.h5"]);
            var set = Path.Combine(_folder.Path, $"set{_case++}");
            var options = new TrainingSetOptions
            {
                Fractions = new SetFractions(new Dictionary<string, double> { ["train"] = c.train / 10.0, ["test"] = 1 - (c.train / 10.0) }),
                ShardSize = c.shard,
                Seed = (uint)c.seed,
            };
            var files = TrainingSet.Make([input], set, options, threads: 2).Files.Select(f => f.Path).ToArray();
            var merged = Next();
            Merger.Merge(files, merged, threads: 2);

            // Codes checks that hits and labels are those of their events.
            return SampleContents.Codes(merged).Order().SequenceEqual(SampleContents.Codes(input).Order()) && FileCheck.Run(merged, threads: 1).IsValid;
        });
    }

    [Fact]
    public void AShuffleIsAPermutation()
    {
        var generator =
            from events in Gen.Choose(0, 150)
            from kind in Gen.Elements(SampleKind.Graph, SampleKind.FixedGraph, SampleKind.Image)
            from rows in Gen.Choose(1, 50)
            from seed in Gen.Choose(0, 1000)
            select (events, kind, rows, seed);
        Check(generator, c =>
        {
            var input = new SampleInput(c.events, c.kind) { ChunkRows = c.rows, HitChunkRows = (2 * c.rows) + 1 }.Write(_folder["in.h5"]);
            var output = Next();
            Shuffler.Shuffle(input, output, new ShuffleOptions { Seed = (uint)c.seed }, threads: 2);
            return SampleContents.Codes(output).Order().SequenceEqual(SampleContents.Codes(input).Order()) && FileCheck.Run(output, threads: 1).IsValid;
        });
    }

    private static Gen<int[]> Events() =>
        from count in Gen.Choose(1, 12)
        from hits in Gen.Choose(0, 25).ArrayOf(count)
        select hits;

    private static void Check<T>(Gen<T> generator, Func<T, bool> property) =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases).WithQuietOnSuccess(true), Prop.ForAll(Arb.From(generator), property));

    private string Next() => _folder[string.Create(CultureInfo.InvariantCulture, $"out{_case++}.h5")];

    private static (float[] X, long[] Counts, int Width) ReadGraphs(string path)
    {
        using var file = H5File.OpenRead(path);
        using var x = file.Root.OpenDataset("x");
        return (x.ReadAll<float>(), Output.Integers(path, "x_indices", "n_items"), (int)x.Shape[^1]);
    }

    /// <summary>Whether each event has its own hits: those that are chosen, in their order, or as many of them as may be.</summary>
    private static bool Agrees(TestFile file, string[] fields, TimeWindow? window, bool triggeredOnly, int most, bool isFixed, float[] x, long[] counts, int width)
    {
        var triggered = (ulong[])file.Hits["triggered"];
        var times = (double[])file.Hits["time"];
        var columns = fields.Select(f => file.Hits[f].Cast<IConvertible>().Select(v => v.ToDouble(null)).ToArray()).ToArray();
        var (first, e, at) = (0, 0, 0);
        foreach (var count in file.HitsPerEvent)
        {
            var all = Enumerable.Range(first, count).ToArray();
            first += count;
            if (!all.Any(r => triggered[r] != 0))
            {
                continue;
            }

            var start = all.Where(r => triggered[r] != 0).Min(r => times[r]);
            var rows = all.Where(r => (!triggeredOnly || triggered[r] != 0) && (window is null || (times[r] - start >= window.Start && times[r] - start <= window.End)))
                .Select(r => columns.Select((c, i) => (float)(c[r] - (fields[i] == "time" ? start : 0))).ToArray()).ToArray();
            var expected = most == 0 ? rows.Length : Math.Min(most, rows.Length);
            var found = Enumerable.Range(at, expected).Select(r => x[(r * width)..((r * width) + fields.Length)]).ToArray();
            at += isFixed ? most : expected;
            if (expected == rows.Length ? !found.Zip(rows).All(p => p.First.SequenceEqual(p.Second)) : !IsPart(found, rows))
            {
                return false;
            }

            if (isFixed ? !IsFilled(x, at - most, most, expected, width) : counts[e] != expected)
            {
                return false;
            }

            e++;
        }

        return at * width == x.Length && e == counts.Length;
    }

    private static bool IsFilled(float[] x, int row, int most, int expected, int width) =>
        Enumerable.Range(row, most).All(r => x[(r * width) + width - 1] == (r - row < expected ? 1 : 0) && (r - row < expected || x[(r * width)..((r + 1) * width)].All(v => v == 0)));

    private static bool IsPart(float[][] part, float[][] whole)
    {
        var left = whole.Select(w => string.Join(' ', w)).ToList();
        return part.All(p => left.Remove(string.Join(' ', p)));
    }

    private void ReadByH5py(List<(string Path, string Hash)> written)
    {
        Assert.Equal(Cases, written.Count);
        if (!Tool.HasPython("h5py"))
        {
            return;
        }

        File.WriteAllLines(_folder["list.txt"], written.Select(w => $"{w.Hash} {w.Path}"));
        Assert.Equal(
            $"{Cases}",
            Tool.H5py(
                """
                import hashlib
                n = 0
                for line in open(sys.argv[1]):
                    sha, path = line.rstrip("\n").split(" ", 1)
                    with h5py.File(path, "r") as f:
                        assert hashlib.sha256(f["x"][()].tobytes()).hexdigest() == sha, path
                        assert len(f["group_info"]) == len(f["x_indices"]) and "provenance_header" in f
                    n += 1
                print(n)
                """,
                _folder["list.txt"]));
    }
}
