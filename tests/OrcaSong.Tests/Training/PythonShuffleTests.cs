using OrcaSong.Training;
using Xunit;

namespace OrcaSong.Tests.Training;

/// <summary>The order of h5shuffle2 against one that NumPy makes by the description of the Python tool, in batches of chunks.</summary>
public sealed class PythonShuffleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Graph", 100, 16, 2000, null, 42u)]
    [InlineData("Graph", 100, 16, 3000, 2, 42u)]
    [InlineData("Graph", 97, 7, 1200, null, 1u)]
    [InlineData("Graph", 1, 16, 5000, null, 42u)]
    [InlineData("Graph", 33, 32, 4000, 3, 42u)]
    [InlineData("Graph", 500, 3, 700, null, 5u)]
    [InlineData("Graph", 30, 64, 10000, null, 42u)]
    [InlineData("FixedGraph", 101, 10, 2000, 2, 42u)]
    [InlineData("FixedGraph", 100, 25, 1 << 20, 2, 42u)]
    [InlineData("Image", 90, 8, 1000, null, 42u)]
    [InlineData("Image", 91, 8, 1700, 4, 9u)]
    public void IsThatOfThePythonTool(string kind, int events, int chunkRows, long memory, int? iterations, uint seed)
    {
        var input = new SampleInput(events, Enum.Parse<SampleKind>(kind)) { ChunkRows = chunkRows, HitsOf = e => 1 + (e % 4) }.Write(_folder["in.h5"]);
        string[][] choices = [["x", "y"], ["y", "x"]];
        foreach (var datasets in choices)
        {
            Shuffler.Shuffle(
                input,
                _folder["out.h5"],
                new ShuffleOptions { Order = ShuffleOrder.Compatible, MemoryLimit = memory, Iterations = iterations, Seed = seed, Datasets = datasets },
                overwrite: true);
            var codes = SampleContents.Codes(_folder["out.h5"], renumbered: false);
            Assert.Equal(Reference(input, memory, iterations, seed, datasets), string.Join(' ', codes.Select(c => c - SampleInput.Code(1, 0))));

            // The Python tool keeps the numbers of the events.
            Assert.Equal(codes.Select(c => c - SampleInput.Code(1, 0)), Output.Integers(_folder["out.h5"], "y", "group_id"));
        }
    }

    [Fact]
    public void DatasetsWithChunksOfTheirOwnAreTakenInTheOrderThatIsGiven()
    {
        // As many batches for x as for y, but chunks of 16 and of 10 rows.
        var input = new SampleInput(160, SampleKind.FixedGraph).Write(_folder["in.h5"]);
        Tool.H5py(
            """
            with h5py.File(sys.argv[1], "a") as f:
                y = f["y"][()]
                a = dict(f["y"].attrs)
                del f["y"]
                d = f.create_dataset("y", data=y, chunks=(10,))
            """,
            input);
        string Order(params string[] datasets)
        {
            Shuffler.Shuffle(input, _folder["out.h5"], new ShuffleOptions { Order = ShuffleOrder.Compatible, MemoryLimit = 1 << 20, Datasets = datasets }, overwrite: true);
            var order = string.Join(' ', SampleContents.Codes(_folder["out.h5"], renumbered: false).Select(c => c - SampleInput.Code(1, 0)));
            Assert.Equal(Reference(input, 1 << 20, null, 42, datasets), order);
            return order;
        }

        Assert.NotEqual(Order("x", "y"), Order("y", "x"));
    }

    [Fact]
    public void TwoChunksHaveToFit()
    {
        var input = new SampleInput(100, SampleKind.FixedGraph).Write(_folder["in.h5"]);
        Refusal.Of(
            () => Shuffler.Shuffle(input, _folder["out.h5"], new ShuffleOptions { Order = ShuffleOrder.Compatible, MemoryLimit = 1000 }), "two chunks of x", "Allow");
        Assert.Equal(["in.h5"], _folder.Names);
    }

    [Fact]
    public void EventsWithoutHitsAndChunksLongerThanTheDataAreFine()
    {
        var input = new SampleInput(50) { ChunkRows = 4096 }.Write(_folder["in.h5"]);
        Shuffler.Shuffle(input, _folder["out.h5"], new ShuffleOptions { Order = ShuffleOrder.Compatible });
        Assert.Equal(50, SampleContents.Codes(_folder["out.h5"], renumbered: false).Distinct().Count());
        Assert.Throws<InvalidFilesException>(() => Shuffler.Shuffle(_folder["absent.h5"], _folder["no.h5"], new ShuffleOptions { Order = ShuffleOrder.Compatible }));
    }

    /// <summary>
    /// The dataset with the most batches decides; of one that is indexed, the chunks of the index count, and the rows of the index stand for the size of
    /// its own. For each pass, chunks are dealt to batches as numpy.array_split does, and the rows of each batch are shuffled.
    /// </summary>
    private static string Reference(string input, long memory, int? iterations, uint seed, string[] datasets) => Tool.H5py(
        """
        import math
        f = h5py.File(sys.argv[1])
        memory, iterations, seed = int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
        plans = []
        for name in sys.argv[5:]:
            d = f[name]
            if d.attrs.get("indexed", False):
                i = f[name + "_indices"]
                rows, chunk, size = len(i), i.chunks[0], 16 * len(d) / len(i)
            else:
                rows, chunk, size = len(d), d.chunks[0], d.dtype.itemsize * np.prod(d.shape[1:])
            n_chunks = math.ceil(rows / chunk)
            per_batch = math.floor(memory / (size * chunk))
            plans.append((math.ceil(n_chunks / per_batch), n_chunks, chunk, per_batch, rows))
        n_batches, n_chunks, chunk, per_batch, rows = plans[int(np.argmax([p[0] for p in plans]))]
        passes = int(iterations) if iterations else max(1, math.ceil(math.log(n_chunks) / math.log(per_batch)))
        np.random.seed(seed)
        order = np.arange(rows)
        for _ in range(passes):
            chunks = np.arange(n_chunks)
            np.random.shuffle(chunks)
            new = []
            for batch in np.array_split(chunks, n_batches):
                idx = (batch[:, None] * chunk + np.arange(chunk)).ravel()
                np.random.shuffle(idx)
                new.append(idx[idx < rows])
            order = order[np.concatenate(new)]
        print(*order)
        """,
        [input, $"{memory}", $"{iterations}", $"{seed}", .. datasets]);
}
