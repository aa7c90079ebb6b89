using OrcaSong.Calibration;
using OrcaSong.Output;
using OrcaSong.Statistics;

namespace OrcaSong.Running;

/// <summary>The part of a run that is different for images and graphs: it makes <c>/x</c>. One for each file.</summary>
internal abstract class SampleStage
{
    /// <summary>Hit fields that are needed, in the order in which <see cref="Make"/> expects them.</summary>
    internal abstract IReadOnlyList<string> Fields { get; }

    /// <summary>Hit fields that are needed as float32, likewise.</summary>
    internal virtual IReadOnlyList<string> Float32Fields => [];

    /// <summary>Image bins that overflowed so far.</summary>
    internal virtual long Overflows => 0;

    /// <summary>Statistics, when all batches are done.</summary>
    internal virtual BinStatistics? Statistics => null;

    /// <summary>Lets the stage look at how the hits are prepared, before the first batch.</summary>
    internal virtual void Bind(HitPreparation hits)
    {
    }

    /// <summary>Adds the datasets to the output.</summary>
    internal abstract void Open(OutputFile output);

    /// <summary>Makes the samples of a batch; on any thread.</summary>
    internal abstract object Make(HitBatch hits);

    /// <summary>Hits of an event after triggered hits and time window are chosen, before any limit to their number; graphs know it.</summary>
    internal virtual long? HitsInTime(object samples, int eventInBatch) => null;

    /// <summary>Appends the sample of one event of a batch; on the writing thread, in order.</summary>
    /// <returns>Where in <c>/x</c> it starts, and how many rows it takes.</returns>
    internal abstract (long Index, long Items) Append(object samples, int eventInBatch);

    /// <summary>
    /// Leaves out an event of a batch after all, though its sample was made; on the writing thread, in order. Graphs draw their random
    /// numbers even so.
    /// </summary>
    internal virtual void PassOver(object samples, int eventInBatch)
    {
    }

    /// <summary>Takes the memory of a batch's samples back.</summary>
    internal abstract void Return(object samples);

    /// <summary>Adds what is known only at the end.</summary>
    internal virtual void Finish(OutputFile output)
    {
    }
}
