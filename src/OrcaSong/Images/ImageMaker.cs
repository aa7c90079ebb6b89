using System.Collections.Concurrent;
using OrcaSong.Calibration;
using OrcaSong.Statistics;

namespace OrcaSong.Images;

/// <summary>
/// The images of the events of a batch, of which only the bins with hits are kept: event e has the entries from Starts[e] up to
/// Starts[e + 1], in ascending order of their position in the flattened image.
/// </summary>
internal sealed class SparseImages
{
    internal int[] Starts = [0];
    internal int[] Positions = [];
    internal byte[] Values = [];

    /// <summary>Bins with more than a byte can hold.</summary>
    internal long Overflows;
}

/// <summary>Bins the hits of batches, as numpy.histogramdd does, and keeps statistics of it. Used by all workers.</summary>
internal sealed class ImageMaker
{
    private readonly FileBinner _binner;
    private readonly ConcurrentBag<Workspace> _pool = [];
    private readonly ConcurrentBag<SparseImages> _images = [];
    private HitBinning _binning;

    internal ImageMaker(FileBinner binner)
    {
        _binner = binner;
        _binning = new HitBinning(binner.Axes, _ => null);
        Fields = [.. binner.Axes.Select(a => a.Field), .. binner.HitWeights is { } weights ? new[] { weights } : []];
    }

    /// <summary>The hit fields that are needed, in the order in which <see cref="Make"/> expects them: axes, then weights.</summary>
    internal IReadOnlyList<string> Fields { get; }

    /// <summary>Has fields that belong to the PMT binned once for each PMT.</summary>
    internal void Bind(HitPreparation hits) => _binning = new HitBinning(_binner.Axes, hits.UseByPmt);

    /// <summary>Makes the images of a batch; events that are to be skipped get none. Give them back with <see cref="Return"/>.</summary>
    internal SparseImages Make(HitBatch hits)
    {
        if (!_pool.TryTake(out var space))
        {
            space = new Workspace(_binner, _binning);
        }

        if (!_images.TryTake(out var images))
        {
            images = new SparseImages();
        }

        space.Bins.Find(hits);
        if (_binner.AddBinStatistics)
        {
            space.Counts.Add(hits, space.Bins);
        }

        Fill(hits, space, images);
        _pool.Add(space);
        return images;
    }

    internal void Return(SparseImages images) => _images.Add(images);

    /// <summary>The statistics of all batches; no batch may be under way.</summary>
    internal BinStatistics? Statistics()
    {
        if (!_binner.AddBinStatistics)
        {
            return null;
        }

        var sum = new BinStatistics(_binner.Axes);
        foreach (var space in _pool)
        {
            space.Counts.AddTo(sum);
        }

        return sum;
    }

    private void Fill(HitBatch hits, Workspace space, SparseImages images)
    {
        Buffers.Grow(ref images.Starts, hits.Skip.Length + 1);
        Buffers.Grow(ref images.Positions, hits.HitCount);
        Buffers.Grow(ref images.Values, hits.HitCount);
        images.Overflows = 0;
        var end = 0;
        for (var e = 0; e < hits.Skip.Length; e++)
        {
            images.Starts[e] = end;
            if (hits.Skip[e] != SkipReason.None)
            {
                continue;
            }

            var (first, count) = (hits.Offsets[e], hits.Offsets[e + 1] - hits.Offsets[e]);
            var bins = space.Bins.Flat.AsSpan(first, count);
            end = _binner.HitWeights is null
                ? space.Image.Count(bins, _binner.Overflow, images, end)
                : space.Image.Sum(bins, hits.Fields[^1].AsSpan(first, count), _binner.Overflow, images, end);
        }

        images.Starts[hits.Skip.Length] = end;
    }

    /// <summary>What one worker needs to bin a batch.</summary>
    private sealed class Workspace(FileBinner binner, HitBinning binning)
    {
        internal readonly BatchBins Bins = new(binning);
        internal readonly BinCounts Counts = new(binning);
        internal readonly ImageAccumulator Image = new(binner.BinCount, weighted: binner.HitWeights is not null);
    }
}
