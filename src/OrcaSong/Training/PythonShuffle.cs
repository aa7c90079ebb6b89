using System.Globalization;
using OrcaSong.Numerics;

namespace OrcaSong.Training;

/// <summary>
/// The order in which the Python tool's <c>h5shuffle2</c> leaves events: batches of whole chunks, as many as fit into its memory, are shuffled one
/// after the other, in several passes if there are many. How it counts chunks and their bytes decides the order, right or wrong.
/// </summary>
internal static class PythonShuffle
{
    // It takes an index row (two int64) for the size of a row of x as well.
    private const int IndexRowBytes = 16;

    /// <summary>The order.</summary>
    /// <param name="file">The file.</param>
    /// <param name="datasets">The datasets that are shuffled, without indices.</param>
    /// <param name="maxRam">Bytes that it may use.</param>
    /// <param name="iterations">Passes; <see langword="null"/> for as many as it takes for good mixing.</param>
    /// <param name="seed">Seed of NumPy's generator; <see langword="null"/> for one that nobody chose.</param>
    /// <returns>For each place in the output, the event that goes there.</returns>
    /// <exception cref="ArgumentException">Two chunks do not fit into the memory.</exception>
    internal static int[] Order(SampleFile file, IReadOnlyList<SampleDataset> datasets, long maxRam, int? iterations, uint? seed)
    {
        var plan = datasets.Select(d => new Batches(file, d, maxRam)).MaxBy(b => b.Count)!;
        var passes = iterations ?? Math.Max(1, (int)Math.Ceiling(Math.Log(plan.Chunks) / Math.Log(plan.ChunksPerBatch)));
        var random = seed is { } number ? new MersenneTwister(number) : new MersenneTwister((uint)Random.Shared.NextInt64(1L << 32));
        var order = Enumerable.Range(0, file.EventCount).ToArray();
        for (var pass = 0; pass < passes; pass++)
        {
            order = [.. plan.Shuffle(random, file.EventCount).Select(i => order[i])];
        }

        return order;
    }

    /// <summary>How it cuts one dataset.</summary>
    private sealed class Batches
    {
        internal Batches(SampleFile file, SampleDataset dataset, long maxRam)
        {
            var isIndexed = dataset.Role == SampleRole.Indexed;
            var counted = isIndexed ? file.Find(dataset.Index!)! : dataset;
            ChunkRows = Math.Max(1, counted.ChunkShape?[0] ?? counted.RowCount);
            Chunks = (int)Math.Max(1, (counted.RowCount + ChunkRows - 1) / ChunkRows);
            var rowBytes = isIndexed
                ? IndexRowBytes * (double)dataset.RowCount / Math.Max(1, counted.RowCount)
                : dataset.RowShape.Aggregate((double)dataset.Type.Size, (bytes, n) => bytes * n);
            var chunkBytes = rowBytes * ChunkRows;
            ChunksPerBatch = (int)Math.Min(int.MaxValue, Math.Floor(maxRam / Math.Max(1, chunkBytes)));
            if (ChunksPerBatch < 2)
            {
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{maxRam / 1e6:0.#} MB of memory are too few for this way of shuffling: two chunks of {dataset.Name} with {chunkBytes / 1e6:0.#} MB each have to fit. Allow {2 * chunkBytes / 1e6:0.#} MB or more."));
            }

            Count = (Chunks + ChunksPerBatch - 1) / ChunksPerBatch;
        }

        internal long ChunkRows { get; }

        internal int Chunks { get; }

        internal int ChunksPerBatch { get; }

        /// <summary>Number of batches.</summary>
        internal int Count { get; }

        /// <summary>One pass: chunks are dealt to batches at random, and the rows of each batch shuffled.</summary>
        internal IEnumerable<int> Shuffle(MersenneTwister random, int rows)
        {
            var chunks = Enumerable.Range(0, Chunks).ToArray();
            random.Shuffle<int>(chunks);
            var start = 0;
            for (var batch = 0; batch < Count; batch++)
            {
                // As numpy.array_split: the first batches are one longer if it does not divide.
                var length = (Chunks / Count) + (batch < Chunks % Count ? 1 : 0);
                var indices = chunks.AsSpan(start, length).ToArray().SelectMany(c => Enumerable.Range(0, (int)ChunkRows).Select(r => (c * ChunkRows) + r)).ToArray();
                start += length;
                random.Shuffle<long>(indices);
                foreach (var index in indices)
                {
                    if (index < rows)
                    {
                        yield return (int)index;
                    }
                }
            }
        }
    }
}
