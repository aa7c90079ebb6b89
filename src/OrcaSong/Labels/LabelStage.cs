namespace OrcaSong.Labels;

/// <summary>The part of a run that makes <c>/y</c>. One for each file.</summary>
internal abstract class LabelStage
{
    /// <summary>Whether events have to come one after the other, on one particular thread.</summary>
    internal virtual bool InOrder => false;

    /// <summary>The layout of <c>/y</c>; <see langword="null"/> where only an event can tell it, and none has been written.</summary>
    internal abstract LabelTable? Table { get; }

    /// <summary>Makes the labels of a batch; an event that lacks what its labels need is marked to be left out.</summary>
    internal abstract object Make(PreparedBatch batch);

    /// <summary>The layout of <c>/y</c>, at the latest now that an event is to be written.</summary>
    internal abstract LabelTable Layout(object labels, int eventInBatch);

    /// <summary>Writes the row of one event, but for its group_id. Called for all events that are kept, in order.</summary>
    internal abstract void Write(object labels, int eventInBatch, Span<byte> row);

    /// <summary>Takes the memory of a batch's labels back.</summary>
    internal virtual void Return(object labels)
    {
    }
}
