using OrcaSong.Calibration;
using OrcaSong.Output;
using OrcaSong.Running;
using OrcaSong.Statistics;

namespace OrcaSong.Images;

/// <summary>Makes images in a run.</summary>
internal sealed class ImageStage(FileBinner binner) : SampleStage
{
    private readonly ImageMaker _maker = new(binner);
    private ImageWriter? _writer;
    private long _count;
    private long _overflows;

    internal override IReadOnlyList<string> Fields => _maker.Fields;

    internal override long Overflows => _overflows;

    internal override BinStatistics? Statistics => _maker.Statistics();

    internal override void Bind(HitPreparation hits) => _maker.Bind(hits);

    internal override void Open(OutputFile output) => _writer = output.Add(new ImageWriter(output, binner));

    internal override object Make(HitBatch hits) => _maker.Make(hits);

    internal override (long Index, long Items) Append(object samples, int eventInBatch)
    {
        var images = (SparseImages)samples;
        var (first, after) = (images.Starts[eventInBatch], images.Starts[eventInBatch + 1]);
        _writer!.Append(images.Positions.AsSpan(first, after - first), images.Values.AsSpan(first, after - first));
        return (_count++, 1);
    }

    internal override void Return(object samples)
    {
        var images = (SparseImages)samples;
        _overflows += images.Overflows;
        _maker.Return(images);
    }

    internal override void Finish(OutputFile output)
    {
        if (Statistics is { } statistics)
        {
            BinStatisticsFile.Write(output.File.Root, statistics);
        }
    }
}
