using System.Buffers.Binary;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using OrcaSong.Calibration;
using OrcaSong.Detectors;
using OrcaSong.Graphs;
using OrcaSong.Hdf5;
using OrcaSong.Hdf5.Filters;
using OrcaSong.Images;

namespace OrcaSong.Benchmarks;

/// <summary>What the inner loops cost on one thread, each by itself.</summary>
internal static class Kernels
{
    /// <summary>Runs all of them and prints a table for each.</summary>
    public static void Run()
    {
        var job = Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(9);
        var config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(DefaultColumnProviders.Params, DefaultColumnProviders.Statistics)
            .AddColumn(TargetMethodColumn.Method, StatisticColumn.Median)
            .AddExporter(MarkdownExporter.GitHub)
            .WithSummaryStyle(SummaryStyle.Default)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "orcasong-benchmarks"))
            .WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableLogFile);
        BenchmarkRunner.Run(
            [typeof(ChecksumKernels), typeof(ShuffleKernels), typeof(DeflateKernels), typeof(RowKernels), typeof(ImageKernels), typeof(HitKernels)], config);
    }
}

public class ChecksumKernels
{
    private byte[] _data = [];

    [Params(512, 65_536)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _data = new byte[Bytes];
        new Random(1).NextBytes(_data);
    }

    [Benchmark]
    public uint Fletcher32OfChunk() => Fletcher32.Checksum(_data);

    [Benchmark]
    public uint Adler32OfChunk() => Adler32.Checksum(_data);
}

/// <summary>Chunks of 64 KiB of elements of some size: numbers, and rows of tables.</summary>
public class ShuffleKernels
{
    private byte[] _data = [];
    private byte[] _result = [];

    [Params(2, 4, 8, 48, 544)]
    public int ElementBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _data = new byte[65_536 / ElementBytes * ElementBytes];
        _result = new byte[_data.Length];
        new Random(1).NextBytes(_data);
    }

    [Benchmark]
    public void Shuffle() => ByteShuffle.Encode(_data, _result, ElementBytes);

    [Benchmark]
    public void Unshuffle() => ByteShuffle.Decode(_data, _result, ElementBytes);
}

/// <summary>A chunk of 64 KiB of hit times, which are sorted within an event, so that their high bytes change little.</summary>
public class DeflateKernels
{
    private readonly byte[] _times = new byte[65_536 + Fletcher32.Size];
    private readonly byte[] _shuffled = new byte[65_536];
    private byte[] _deflated = [];
    private byte[] _stored = [];
    private byte[] _scratch = [];
    private int _deflatedBytes;
    private int _storedBytes;
    private ChunkCodec? _codec;

    [Params(1, 5, 9)]
    public int Level { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (var i = 0; i < 8192; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(_times.AsSpan(8 * i), Math.Round(1e6 + (i % 300 * 10) + random.NextDouble(), 3));
        }

        ByteShuffle.Encode(_times.AsSpan(0, 65_536), _shuffled, 8);
        _deflatedBytes = Zlib.Deflate(_shuffled, Level, ref _deflated);
        _codec = new ChunkCodec([H5Filter.Fletcher32, H5Filter.Shuffle(8), H5Filter.Deflate(Level)], 65_536);
        _storedBytes = _codec.Encode(_times.AsSpan(0, 65_536), ref _stored);
    }

    [Benchmark]
    public int Deflate() => Zlib.Deflate(_shuffled, Level, ref _scratch);

    [Benchmark]
    public int Inflate() => Zlib.Inflate(_deflated.AsSpan(0, _deflatedBytes), _shuffled);

    [Benchmark]
    public int InflateByRuntime() => Zlib.InflateByRuntime(_deflated.AsSpan(0, _deflatedBytes), _shuffled);

    [Benchmark]
    public void DecodeChunk() => _codec!.Decode(_stored.AsSpan(0, _storedBytes), 0, _times);
}

/// <summary>1024 rows of float32 like hits: some columns are those of a module, some of a few values, some differ from row to row.</summary>
public class RowKernels
{
    private byte[] _rows = [];
    private byte[] _encoded = [];
    private RowEncoder? _encoder;
    private ChunkCodec? _zlib;

    [Params(8, 16)]
    public int Columns { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        var rows = new float[1024 * Columns];
        for (var i = 0; i < rows.Length; i++)
        {
            var (row, column) = (i / Columns, i % Columns);
            rows[i] = (column % 4) switch
            {
                0 => row / 5 * 1.7f,
                1 => random.Next(31),
                2 => random.Next(18) * 9.3f,
                _ => row + random.NextSingle(),
            };
        }

        _rows = MemoryMarshal.AsBytes(rows.AsSpan()).ToArray();
        _encoder = new RowEncoder(sizeof(float), Columns);
        _zlib = new ChunkCodec([H5Filter.Fletcher32, H5Filter.Shuffle(sizeof(float)), H5Filter.Deflate(1)], _rows.Length);
    }

    [Benchmark]
    public int EncodeRows() => _encoder!.Encode(_rows, ref _encoded);

    [Benchmark]
    public int EncodeRowsByZlib() => _zlib!.Encode(_rows, ref _encoded);
}

/// <summary>A chunk of 32 images of 55,800 bins.</summary>
public class ImageKernels
{
    private const int Events = 32;
    private const int Bins = 55_800;
    private readonly byte[] _dense = new byte[Events * Bins];
    private readonly ImageAccumulator _accumulator = new(Bins, weighted: false);
    private readonly SparseImages _images = new();
    private int[] _bins = [];
    private int[] _positions = [];
    private byte[] _values = [];
    private byte[] _encoded = [];
    private ChunkCodec? _zlib;

    [Params(30, 300, 3000)]
    public int HitsPerEvent { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        Array.Clear(_dense);
        for (var i = 0; i < Events * HitsPerEvent; i++)
        {
            _dense[(i / HitsPerEvent * Bins) + random.Next(Bins)]++;
        }

        _positions = [.. Enumerable.Range(0, _dense.Length).Where(position => _dense[position] != 0)];
        _values = [.. _positions.Select(position => _dense[position])];
        _zlib = new ChunkCodec([H5Filter.Fletcher32, H5Filter.Shuffle(1), H5Filter.Deflate(1)], _dense.Length);

        // A third of the hits lies outside.
        _bins = [.. Enumerable.Range(0, HitsPerEvent).Select(_ => random.Next(3) == 0 ? -1 : random.Next(Bins))];
        _images.Positions = new int[HitsPerEvent + 1];
        _images.Values = new byte[HitsPerEvent + 1];
    }

    [Benchmark]
    public int EncodeImages() => SparseImageEncoder.Encode(_positions, _values, _dense.Length, true, ref _encoded);

    [Benchmark]
    public int EncodeDenseImagesByZlib() => _zlib!.Encode(_dense, ref _encoded);

    [Benchmark]
    public int CountHitsOfOneImage() => _accumulator.Count(_bins, OverflowHandling.Saturate, _images, 0);
}

/// <summary>What is done with each hit of a batch of 32,768.</summary>
public class HitKernels
{
    private const int Hits = 32_768;
    private readonly double[] _times = new double[Hits];
    private readonly double[] _corrected = new double[Hits];
    private readonly byte[] _triggered = new byte[Hits];
    private readonly int[] _tot = new int[Hits];
    private readonly int[] _modules = new int[Hits];
    private readonly int[] _rows = new int[Hits];
    private readonly int[] _bins = new int[Hits];
    private readonly BinLocator _even = new([.. Enumerable.Range(0, 101).Select(i => -450.0 + (9.5 * i))]);
    private readonly BinLocator _uneven = new([.. Enumerable.Range(0, 101).Select(i => (0.05 * i * i) - 200)]);
    private readonly IdIndex _index = new(2070, 8);

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (var module = 0; module < 2070; module++)
        {
            _index.Set(808_900_000 + (module * 37), module * PmtTable.ChannelsPerDom);
        }

        for (var i = 0; i < Hits; i++)
        {
            _times[i] = (random.NextDouble() * 1500) - 700;
            _triggered[i] = (byte)(random.Next(4) == 0 ? 1 : 0);
            _tot[i] = random.Next(256);
            _modules[i] = 808_900_000 + (random.Next(2070) * 37);
        }
    }

    [Benchmark]
    public int FindModules()
    {
        for (var i = 0; i < Hits; i++)
        {
            _rows[i] = _index.Find(_modules[i]);
        }

        return _rows[^1];
    }

    [Benchmark]
    public int CorrectSlewing() => TimeSlewing.Correct<int>(_corrected, _tot);

    [Benchmark]
    public bool FindFirstTriggered() => TimeCentring.TryFindFirstTriggered<double, byte>(_times, _triggered, out _);

    [Benchmark]
    public void FindEvenBins() => _even.Find(_times, _bins);

    [Benchmark]
    public void FindUnevenBins() => _uneven.Find(_times, _bins);
}
