using OrcaSong.Calibration;
using OrcaSong.Events;

namespace OrcaSong.Labels;

/// <summary>
/// Says how the labels <c>y</c> of events are made: one of the built-in extractors (see <see cref="LabelExtractors"/>), or a
/// <see cref="CustomExtractor"/> around your own code. Immutable, and good for any number of files.
/// </summary>
public interface ILabelExtractor
{
    /// <summary>Name in configurations, such as <c>nu_chain_data</c>.</summary>
    string Name { get; }

    /// <summary>Checks that a file has what the labels need, before any event is read.</summary>
    /// <param name="needs">The file; notes down what has to be read.</param>
    /// <returns>What makes the labels of this file's events.</returns>
    /// <exception cref="EventFileException">A table or a column is missing.</exception>
    internal LabelStage Prepare(LabelNeeds needs);
}

/// <summary>Makes the labels of the events of one file; used by many threads at once.</summary>
internal interface ILabelMaker
{
    /// <summary>Makes the labels of an event.</summary>
    /// <param name="batch">The batch that the event is in.</param>
    /// <param name="eventInBatch">The event, counted from 0 in the batch.</param>
    /// <param name="labels">Receives a value for each label.</param>
    /// <returns><see cref="SkipReason.None"/>, or what the event lacks: it is then left out.</returns>
    SkipReason Make(PreparedBatch batch, int eventInBatch, LabelRow labels);

    /// <summary>Makes the labels that are columns of the file as they stand, for all events at once; called after <see cref="Make"/>.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="labels">Receives the values; those of events that are left out do not matter.</param>
    void TakeColumns(PreparedBatch batch, LabelRows labels)
    {
    }
}
