using System.Diagnostics;
using OrcaSong.Hdf5;
using OrcaSong.Hdf5.Filters;

namespace OrcaSong.Benchmarks;

/// <summary>
/// The floor of a job: the time merely to inflate the input chunks that it needs and to deflate the bytes that it writes, at the same
/// settings, on as many threads. Nothing is read or written, calibrated or binned in that time.
/// </summary>
internal static class Floor
{
    private const long RoundBytes = 192L * 1024 * 1024;

    /// <summary>Measures the floor.</summary>
    /// <param name="input">The input.</param>
    /// <param name="datasets">The datasets of it that the job reads.</param>
    /// <param name="output">What the job wrote.</param>
    /// <param name="threads">Number of threads.</param>
    /// <returns>Seconds to inflate and to deflate.</returns>
    internal static (double Inflate, double Deflate) Measure(string input, IEnumerable<string> datasets, string output, int threads)
    {
        using var source = H5File.OpenRead(input);
        return (datasets.Sum(d => Inflate(source, d, threads)), Deflate(output, threads));
    }

    /// <summary>Measures the floor of a job that reads all datasets of some files.</summary>
    /// <param name="inputs">The files.</param>
    /// <param name="output">What the job wrote.</param>
    /// <param name="threads">Number of threads.</param>
    /// <returns>Seconds to inflate and to deflate.</returns>
    internal static (double Inflate, double Deflate) Measure(IEnumerable<string> inputs, string output, int threads)
    {
        return (inputs.Sum(Inflate), Deflate(output, threads));

        double Inflate(string input)
        {
            using var source = H5File.OpenRead(input);
            return Walk(source.Root, string.Empty).Sum(d => Floor.Inflate(source, d, threads));
        }
    }

    private static double Deflate(string output, int threads)
    {
        using var made = H5File.OpenRead(output);
        return Walk(made.Root, string.Empty).Sum(d => Deflate(made, d, threads));
    }

    private static IEnumerable<string> Walk(H5Group group, string path)
    {
        foreach (var name in group.Names)
        {
            if (group.KindOf(name) == H5ObjectKind.Dataset)
            {
                yield return $"{path}/{name}";
            }
            else
            {
                foreach (var inner in Walk(group.OpenGroup(name), $"{path}/{name}"))
                {
                    yield return inner;
                }
            }
        }
    }

    private static double Inflate(H5File file, string path, int threads)
    {
        using var dataset = file.Root.OpenDataset(path);
        if (dataset.ChunkShape is null)
        {
            return 0;
        }

        var bytes = InflatedBytes(dataset);
        return Rounds(dataset, bytes, threads, (stored, scratch) => Zlib.Inflate(stored, scratch.AsSpan(0, bytes)));
    }

    private static double Deflate(H5File file, string path, int threads)
    {
        using var dataset = file.Root.OpenDataset(path);
        if (dataset.ChunkShape is null)
        {
            return 0;
        }

        var bytes = InflatedBytes(dataset);
        var shuffled = new byte[bytes];
        var level = (int)dataset.Filters.First(f => f.Id == H5Filter.DeflateId).Values[0];
        return Rounds(dataset, bytes, threads, (stored, scratch) => Zlib.Deflate(stored, level, ref scratch), stored =>
        {
            Zlib.Inflate(stored, shuffled);
            return [.. shuffled];
        });
    }

    /// <summary>Bytes of a chunk, and of its checksum if there is one.</summary>
    private static int InflatedBytes(H5Dataset dataset) => checked(
        (int)dataset.ChunkShape!.Aggregate((long)dataset.Type.Size, (b, n) => b * n) + (dataset.Filters.Any(f => f.Id == H5Filter.Fletcher32Id) ? Fletcher32.Size : 0));

    /// <summary>Loads chunks until a round is full, works on them in parallel and takes the time of that alone.</summary>
    private static double Rounds(H5Dataset dataset, int bytes, int threads, Action<byte[], byte[]> work, Func<byte[], byte[]>? prepare = null)
    {
        double seconds = 0;
        var rows = dataset.ChunkShape![0];
        var chunk = new long[dataset.Shape.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads };
        var round = new List<byte[]>();
        long held = 0;
        for (long row = 0; row < dataset.Length; row += rows)
        {
            chunk[0] = row;
            var stored = new byte[dataset.ChunkStorageSize(chunk)];
            dataset.ReadChunk(chunk, stored, out _);
            var item = prepare is null ? stored : prepare(stored);
            round.Add(item);
            held += Math.Max(item.Length, prepare is null ? bytes / 8 : 0);
            if (held < RoundBytes && row + rows < dataset.Length)
            {
                continue;
            }

            var watch = Stopwatch.StartNew();
            Parallel.ForEach(round, options, () => new byte[(2 * bytes) + 4096], (one, _, scratch) =>
            {
                work(one, scratch);
                return scratch;
            }, _ => { });
            seconds += watch.Elapsed.TotalSeconds;
            round.Clear();
            held = 0;
        }

        return seconds;
    }
}
