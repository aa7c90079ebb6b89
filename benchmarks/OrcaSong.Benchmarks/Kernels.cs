using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using OrcaSong.Graphs;
using OrcaSong.Hdf5;
using OrcaSong.Hdf5.Filters;
using OrcaSong.Images;

namespace OrcaSong.Benchmarks;

/// <summary>What the byte kernels cost on one thread: the median of several timed batches.</summary>
internal static class Kernels
{
    private const int Batches = 15;
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(15);

    // The runtime replaces its first, unoptimised code of a method about 0.1 s after the calls have become many.
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(300);

    public static void Run(TextWriter output)
    {
        Random random = new(1);
        Checksums(output, random);
        Shuffles(output, random);
        Deflates(output, random);
        Rows(output, random);
        foreach (int hits in new[] { 30, 300, 3000 })
        {
            Images(output, random, 32, 55_800, hits);
        }
    }

    private static void Checksums(TextWriter output, Random random)
    {
        foreach (int length in new[] { 512, 65_536 })
        {
            byte[] data = new byte[length];
            random.NextBytes(data);
            Report(output, $"fletcher32, {length} bytes", Measure(() => Fletcher32.Checksum(data)), length);
        }
    }

    private static void Shuffles(TextWriter output, Random random)
    {
        foreach ((int element, int count) in new[]
        {
            (2, 32_768), (4, 16_384), (8, 8_192), (16, 4_096), (48, 1_365), (128, 512), (172, 381), (3, 21_845),
        })
        {
            byte[] data = new byte[element * count];
            byte[] result = new byte[data.Length];
            random.NextBytes(data);
            Report(output, $"shuffle, {count} x {element} bytes", Measure(() => ByteShuffle.Encode(data, result, element)), data.Length);
            Report(output, $"unshuffle, {count} x {element} bytes", Measure(() => ByteShuffle.Decode(data, result, element)), data.Length);
        }
    }

    private static void Deflates(TextWriter output, Random random)
    {
        foreach (int count in new[] { 64, 8_192 })
        {
            // Hit times: sorted within an event, so that their high bytes change little.
            byte[] times = new byte[8 * count];
            for (int i = 0; i < count; i++)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(times.AsSpan(8 * i), Math.Round(1e6 + (i % 300 * 10) + random.NextDouble(), 3));
            }

            byte[] shuffled = new byte[times.Length];
            ByteShuffle.Encode(times, shuffled, 8);
            byte[] stored = [];
            foreach (int level in new[] { 1, 5, 9 })
            {
                int length = 0;
                double time = Measure(() => length = Zlib.Deflate(shuffled, level, ref stored));
                Report(output, $"deflate level {level}, {times.Length} bytes to {length}", time, times.Length);
                time = Measure(() => Zlib.Inflate(stored.AsSpan(0, length), times));
                Report(output, $"inflate level {level}, {times.Length} bytes", time, times.Length);
            }

            ChunkCodec codec = new([H5Filter.Fletcher32, H5Filter.Shuffle(8), H5Filter.Deflate(5)], times.Length);
            int encoded = codec.Encode(times, ref stored);
            double decoding = Measure(() => codec.Decode(stored.AsSpan(0, encoded), 0, times));
            Report(output, $"decode deflate 5 + shuffle + fletcher32, {times.Length} bytes", decoding, times.Length);
        }
    }

    private static void Rows(TextWriter output, Random random)
    {
        foreach (int columns in new[] { 7, 16 })
        {
            // Like hits: some columns are those of a module, some of a few values, some differ from row to row.
            float[] rows = new float[1024 * columns];
            for (int i = 0; i < rows.Length; i++)
            {
                (int row, int column) = (i / columns, i % columns);
                rows[i] = (column % 4) switch
                {
                    0 => row / 5 * 1.7f,
                    1 => random.Next(31),
                    2 => random.Next(18) * 9.3f,
                    _ => row + random.NextSingle(),
                };
            }

            byte[] chunk = MemoryMarshal.AsBytes(rows.AsSpan()).ToArray();
            byte[] back = new byte[chunk.Length + Fletcher32.Size];
            byte[] stored = [];
            int length = 0;
            string what = $"1024 rows of {columns} float32";
            ChunkCodec codec = new([H5Filter.Fletcher32, H5Filter.Shuffle(4), H5Filter.Deflate(1)], chunk.Length);
            double time = Measure(() => length = codec.Encode(chunk, ref stored));
            Report(output, $"encode {what} by zlib, to {length}", time, chunk.Length);
            RowEncoder encoder = new(sizeof(float), columns);
            time = Measure(() => length = encoder.Encode(chunk, ref stored));
            Report(output, $"encode {what}, to {length}", time, chunk.Length);
            time = Measure(() => Zlib.InflateByRuntime(stored.AsSpan(0, length), back));
            Report(output, $"inflate {what} by the runtime", time, chunk.Length);
            if (Libdeflate.IsAvailable)
            {
                time = Measure(() => Zlib.Inflate(stored.AsSpan(0, length), back));
                Report(output, $"inflate {what} by libdeflate", time, chunk.Length);
            }
        }
    }

    private static void Images(TextWriter output, Random random, int events, int bins, int hits)
    {
        byte[] dense = new byte[events * bins];
        for (int i = 0; i < events * hits; i++)
        {
            dense[(i / hits * bins) + random.Next(bins)]++;
        }

        int[] positions = [.. Enumerable.Range(0, dense.Length).Where(position => dense[position] != 0)];
        byte[] values = [.. positions.Select(position => dense[position])];
        byte[] stored = [];
        int length = 0;
        string image = $"{events} events x {hits} hits in {bins} bins";
        double sparse = Measure(() => length = SparseImageEncoder.Encode(positions, values, dense.Length, true, ref stored));
        ReportImage($"sparse image, {image}, to {length}", sparse);
        ChunkCodec codec = new([H5Filter.Fletcher32, H5Filter.Shuffle(1), H5Filter.Deflate(1)], dense.Length);
        double full = Measure(() => length = codec.Encode(dense, ref stored));
        ReportImage($"dense image, {image}, to {length}", full);

        void ReportImage(string kernel, double nanoseconds)
            => output.WriteLine($"{kernel,-72} {nanoseconds / positions.Length,8:f2} ns/hit {nanoseconds / events / 1e3,9:f2} us/event");
    }

    private static void Report(TextWriter output, string kernel, double nanoseconds, int bytes)
        => output.WriteLine($"{kernel,-72} {bytes / nanoseconds,8:f2} GB/s {nanoseconds / 1e3,9:f2} us");

    /// <summary>Nanoseconds of one call.</summary>
    private static double Measure(Action kernel)
    {
        for (Stopwatch warm = Stopwatch.StartNew(); warm.Elapsed < WarmUp;)
        {
            kernel();
        }

        int calls = 0;
        Stopwatch watch = Stopwatch.StartNew();
        for (; watch.Elapsed < BatchTime; calls++)
        {
            kernel();
        }

        double[] times = new double[Batches];
        for (int batch = 0; batch < Batches; batch++)
        {
            watch.Restart();
            for (int i = 0; i < calls; i++)
            {
                kernel();
            }

            times[batch] = watch.Elapsed.TotalNanoseconds / calls;
        }

        Array.Sort(times);
        return times[Batches / 2];
    }
}
