using System.Collections;
using OrcaSong.Calibration;
using OrcaSong.Events;
using OrcaSong.Graphs;
using OrcaSong.Hdf5;
using OrcaSong.Images;
using OrcaSong.Labels;
using OrcaSong.Running;
using OrcaSong.Simulation;
using Xunit;

namespace OrcaSong.Tests.Labels;

/// <summary>Extractors and event skippers of users, of which some run on many threads and some must see events in order.</summary>
public sealed class UserCodeTests : IDisposable
{
    private const int Events = 700;
    private readonly TempFolder _folder = new();
    private readonly string _input;

    public UserCodeTests() =>
        _input = SimulatedRun.Write(new SimulationOptions { Events = Events, HitsPerEvent = 200 }, _folder["in.h5"]).Path;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 4)]
    [InlineData(true, 4)]
    public void LabelsAreThoseOfTheirEvents(bool inOrder, int threads)
    {
        var output = Run(new CustomExtractor("mine", Energies, inOrder), threads).Output;
        Assert.Equal(["energy", "n_hits", "neutrino", "group_id"], Output.ColumnNames(output, "y"));
        var events = EventViews.Read(_input).ToArray();
        Assert.Equal(events.Select(e => e.McTracks.Value("energy")), Output.Column<double>(output, "y", "energy"));
        Assert.Equal(events.Select(e => (double)e.Hits.Count), Output.Column<double>(output, "y", "n_hits"));
        Assert.Equal(Enumerable.Range(0, Events).Select(e => (long)e), Output.Integers(output, "y", "group_id"));
    }

    [Fact]
    public void ACompiledClassIsUsedByManyThreads()
    {
        var output = Run(new CustomExtractor(new Zenith()), threads: 4).Output;
        Assert.Equal(["zenith", "group_id"], Output.ColumnNames(output, "y"));
        Assert.All(Output.Column<double>(output, "y", "zenith"), z => Assert.InRange(z, 0, Math.PI));
    }

    [Fact]
    public void ReadsTablesThatNobodyAskedForBeforehand()
    {
        // Tables are looked at by some events only, by several threads, out of order.
        var seen = new double[Events];
        var expected = EventViews.Read(_input).Select(Look).ToArray();
        Run(new CustomExtractor("mine", e =>
        {
            seen[e.Index] = Look(e);
            return new Dictionary<string, double> { ["x"] = 1 };
        }), threads: 4);
        Assert.Equal(expected, seen);

        static double Look(EventView e) => (e.Index % 4) switch
        {
            0 => e.McHits["a"].Cast<double>().Sum(),
            1 => e.McTracks.Count == 0 ? 0 : e.McTracks.Value("energy"),
            2 => e.BestJmuon.Count == 0 ? -1 : e.BestJmuon.Value("E"),
            _ => e.Hits.Doubles("tot").ToArray().Sum() + e.Hits.Value("time"),
        };
    }

    [Fact]
    public void NumbersKeepTheirTypes()
    {
        var processor = Binner(new ProcessingOptions
        {
            Extractor = new CustomExtractor("mine", e => new Hashtable
            {
                ["i"] = 5,
                ["l"] = long.MaxValue - e.Index,
                ["u"] = ulong.MaxValue - (ulong)e.Index,
                ["f"] = 1.5f,
                ["d"] = e.Index,
                ["b"] = (byte)7,
                ["yes"] = true,
            }),
            LabelsToFloat64 = false,
        });
        var output = new Runner(2).Run(processor, _input, _folder["out.h5"], overwrite: true).Output;
        Assert.Equal(["b", "d", "f", "i", "l", "u", "yes", "group_id"], Output.ColumnNames(output, "y"));
        Assert.All(Output.Column<long>(output, "y", "i"), n => Assert.Equal(5, n));
        Assert.Equal(Enumerable.Range(0, Events).Select(e => long.MaxValue - e), Output.Column<long>(output, "y", "l"));
        Assert.Equal(Enumerable.Range(0, Events).Select(e => ulong.MaxValue - (ulong)e), Output.Column<ulong>(output, "y", "u"));
        Assert.All(Output.Column<float>(output, "y", "f"), n => Assert.Equal(1.5f, n));
        Assert.All(Output.Column<byte>(output, "y", "yes"), n => Assert.Equal(1, n));
    }

    public static TheoryData<string, string> BadLabels() => new()
    {
        { "throws", "event 300: extractor mine failed: Oh no." },
        { "null", "event 300: extractor mine gave nothing" },
        { "empty", "event 300: extractor mine gave an empty dictionary" },
        { "more", "event 300: extractor mine gave other labels than for the first event (with b)" },
        { "fewer", "event 300: extractor mine gave other labels than for the first event (without z)" },
        { "others", "event 300: extractor mine gave other labels than for the first event (without a; with b)" },
        { "text", "event 300: extractor mine gave a = the text 'high'; a label is one number." },
        { "array", "event 300: extractor mine gave a = an array of 3 elements; a label is one number." },
        { "element", "an array of one element, of which you may want the element itself, [0]" },
        { "nothing", "event 300: extractor mine gave a = null; a label is one number." },
        { "key", "event 300: extractor mine gave a label named 5 (Int32); names are texts." },
    };

    [Theory]
    [MemberData(nameof(BadLabels))]
    public void BadLabelsAreErrorsThatNameTheEvent(string what, string words)
    {
        foreach (var inOrder in (ReadOnlySpan<bool>)[false, true])
        {
            var extractor = new CustomExtractor("mine", e => e.Index != 300 ? Good() : Bad(what), inOrder);
            var error = Assert.Throws<EventCodeException>(() => Run(extractor, threads: 3));
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
            Assert.Equal(300, error.Event);
            Assert.Equal(_input, error.File);
            Assert.Equal(["in.detx", "in.h5"], _folder.Names);
        }

        static Hashtable Good() => new() { ["a"] = 1.0, ["z"] = 2 };

        static IDictionary? Bad(string what) => what switch
        {
            "throws" => throw new InvalidOperationException("Oh no."),
            "null" => null,
            "empty" => new Hashtable(),
            "more" => new Hashtable { ["a"] = 1.0, ["z"] = 2, ["b"] = 3 },
            "fewer" => new Hashtable { ["a"] = 1.0 },
            "others" => new Hashtable { ["b"] = 1.0, ["z"] = 2 },
            "text" => new Hashtable { ["a"] = "high", ["z"] = 2 },
            "array" => new Hashtable { ["a"] = new[] { 1, 2, 3 }, ["z"] = 2 },
            "element" => new Hashtable { ["a"] = new[] { 1.5 }, ["z"] = 2 },
            "nothing" => new Hashtable { ["a"] = null, ["z"] = 2 },
            _ => new Hashtable { [5] = 1.0, ["z"] = 2 },
        };
    }

    [Fact]
    public void AFractionDoesNotBecomeAWholeNumberUnnoticed()
    {
        var processor = Binner(new ProcessingOptions
        {
            Extractor = new CustomExtractor("mine", e => new Hashtable { ["a"] = e.Index < 5 ? 1 : (object)1.5 }),
            LabelsToFloat64 = false,
        });
        var error = Assert.Throws<EventCodeException>(() => new Runner(2).Run(processor, _input, _folder["out.h5"]));
        Assert.Contains("event 5: extractor mine gave a = 1.5, but a whole number (Int64) in the first event", error.Message, StringComparison.Ordinal);

        var output = Run(new CustomExtractor("mine", e => new Hashtable { ["a"] = e.Index < 5 ? 1 : (object)1.5 }), 2).Output;
        Assert.Equal(1.5, Output.Column<double>(output, "y", "a")[5]);
    }

    [Fact]
    public void TheOrderOfNamesMayDiffer()
    {
        var output = Run(new CustomExtractor("mine", e => e.Index % 2 == 0
            ? new Dictionary<string, double> { ["a"] = 1, ["b"] = 2 }
            : new Dictionary<string, double> { ["b"] = 2, ["a"] = 1 }), 2).Output;
        Assert.All(Output.Column<double>(output, "y", "a"), a => Assert.Equal(1, a));
        Assert.All(Output.Column<double>(output, "y", "b"), b => Assert.Equal(2, b));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SkippedEventsAreLeftOutOfEverythingButTheStatistics(bool inOrder)
    {
        var skipper = new EventSkipper(e => e.EventInfo.Value("event_id") % 3 == 0, inOrder);
        var all = new Runner(2).Run(Binner(new ProcessingOptions()), _input, _folder["all.h5"]);
        var result = new Runner(2).Run(
            Binner(new ProcessingOptions { EventSkipper = skipper, KeepEventInfo = true, Extractor = new NuChainDataExtractor() }), _input, _folder["out.h5"]);
        var expected = Output.Integers(_input, "event_info", "event_id").Where(id => id % 3 != 0).ToArray();
        Assert.Equal(expected, Output.Integers(result.Output, "y", "event_id"));
        Assert.Equal(expected, Output.Integers(result.Output, "event_info", "event_id"));
        Assert.Equal(Events - expected.Length, result.SkippedBy[SkipReason.Skipper]);
        Assert.Equal(expected.Length, result.EventsWritten);
        Assert.Equal(all.BinStatistics!.Axes[0].Histogram, result.BinStatistics!.Axes[0].Histogram);
    }

    [Fact]
    public void SkippedEventsUseUpRandomNumbers()
    {
        var options = new ProcessingOptions();
        var all = new Runner(2).Run(new FileGraph(["time"], maxHits: 50, options: options), _input, _folder["all.h5"]).Output;
        var some = new Runner(2).Run(
            new FileGraph(["time"], maxHits: 50, options: options with { EventSkipper = new EventSkipper(e => e.Index % 2 == 0) }), _input, _folder["some.h5"]).Output;
        var expected = Rows(all).Where((_, e) => e % 2 == 1).ToArray();
        Assert.Equal(expected, Rows(some));

        static float[][] Rows(string path)
        {
            using var file = H5File.OpenRead(path);
            using var x = file.Root.OpenDataset("x");
            var values = x.ReadAll<float>();
            return [.. Output.Integers(path, "x_indices", "index").Zip(
                Output.Integers(path, "x_indices", "n_items"), (i, n) => values.AsSpan((int)i, (int)n).ToArray())];
        }
    }

    [Fact]
    public void LabelsAreNotMadeOfSkippedEvents()
    {
        var made = new bool[Events];
        var processor = Binner(new ProcessingOptions
        {
            EventSkipper = new EventSkipper(e => e.Index % 2 == 0),
            Extractor = new CustomExtractor("mine", e =>
            {
                made[e.Index] = true;
                return new Hashtable { ["a"] = 1 };
            }),
        });
        new Runner(3).Run(processor, _input, _folder["out.h5"]);
        Assert.Equal(Enumerable.Range(0, Events).Select(e => e % 2 == 1), made);
    }

    [Fact]
    public void WithAllEventsSkippedThereIsAnEmptyFile()
    {
        var processor = Binner(new ProcessingOptions
        {
            EventSkipper = new EventSkipper(_ => true),
            Extractor = new CustomExtractor("mine", _ => new Hashtable { ["a"] = 1 }),
        });
        var result = new Runner(3).Run(processor, _input, _folder["out.h5"]);
        Assert.Equal(0, result.EventsWritten);
        Assert.Empty(Output.Images(result.Output));
    }

    [Fact]
    public void ASkipperThatFailsIsAnErrorThatNamesTheEvent()
    {
        var processor = Binner(new ProcessingOptions { EventSkipper = new EventSkipper(e => e.Index == 4 ? throw new FormatException("no") : false) });
        var error = Assert.Throws<EventCodeException>(() => new Runner(2).Run(processor, _input, _folder["out.h5"]));
        Assert.Contains("event 4: the event skipper failed: no", error.Message, StringComparison.Ordinal);
        Assert.IsType<FormatException>(error.InnerException);
    }

    [Fact]
    public void AnEventMustNotBeKept()
    {
        EventView? kept = null;
        Run(new CustomExtractor("mine", e =>
        {
            kept ??= e;
            return new Hashtable { ["a"] = 1 };
        }), 1);
        Assert.Throws<ObjectDisposedException>(() => kept!.Hits["tot"]);
    }

    [Fact]
    public void CodeThatMustSeeEventsInOrderDoesOnTheThreadThatTakesOutcomes()
    {
        var thread = Environment.CurrentManagedThreadId;
        var seen = new Dictionary<string, List<int>>();
        IDictionary Extract(EventView e)
        {
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
            if (!seen.TryGetValue(e.File, out var list))
            {
                seen[e.File] = list = [];
            }

            list.Add(e.Index);
            return new Hashtable { ["a"] = e.Index };
        }

        var second = _folder["second.h5"];
        File.Copy(_input, second);
        using var queue = new RunQueue(new Runner(3, filesAtOnce: 2));
        var processor = Binner(new ProcessingOptions { Extractor = new CustomExtractor("mine", Extract, inOrder: true) });
        queue.Add(new RunJob(processor, _input, _folder["out.h5"]));
        queue.Add(new RunJob(processor, second, _folder["out2.h5"]));
        while (queue.Pending > 0)
        {
            if (queue.TryTake(out var outcome, TimeSpan.FromMilliseconds(50)))
            {
                Assert.Null(outcome!.Error);
            }
        }

        Assert.Equal(2, seen.Count);
        Assert.All(seen.Values, events => Assert.Equal(Enumerable.Range(0, Events), events));
    }

    [Fact]
    public void AQueueThatIsStoppedDoesNotWaitForCodeThatNobodyRuns()
    {
        var called = 0;
        using var started = new ManualResetEventSlim();
        using (var queue = new RunQueue(new Runner(2)))
        {
            queue.Add(new RunJob(
                Binner(new ProcessingOptions
                {
                    EventSkipper = new EventSkipper(_ => Interlocked.Increment(ref called) > 0, InOrder: true),
                    Extractor = new CustomExtractor("mine", _ => new Hashtable { ["a"] = 1 }),
                }),
                _input,
                _folder["out.h5"]));
            Thread.Sleep(100);
        }

        Assert.Equal(0, called);
        Assert.Equal(["in.detx", "in.h5"], _folder.Names);
    }

    private static Dictionary<string, object> Energies(EventView e) => new()
    {
        ["neutrino"] = e.McTracks.Value("pdgid"),
        ["energy"] = e.McTracks.Value("energy"),
        ["n_hits"] = e.Hits.Count,
    };

    private static FileBinner Binner(ProcessingOptions options) => new([new BinAxis("time", [-100, 0, 100, 1000])], options with { ChunkSize = 32 });

    private RunResult Run(CustomExtractor extractor, int threads) =>
        new Runner(threads).Run(Binner(new ProcessingOptions { Extractor = extractor }), _input, _folder["out.h5"], overwrite: true);

    private sealed class Zenith : IEventExtractor
    {
        public IDictionary Extract(EventView e) => new Dictionary<string, double> { ["zenith"] = Math.Acos(-e.McTracks.Value("dir_z")) };
    }
}
