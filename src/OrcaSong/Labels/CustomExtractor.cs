using System.Collections;
using OrcaSong.Events;

namespace OrcaSong.Labels;

/// <summary>
/// Your own extractor, compiled: a class that makes the labels of an event. One object makes those of all events of all files, called by
/// many threads at once, so it keeps nothing from event to event.
/// </summary>
public interface IEventExtractor
{
    /// <summary>Makes the labels of an event.</summary>
    /// <param name="e">The event; good only during the call.</param>
    /// <returns>
    /// A number for each name of a label, for instance a <see cref="Dictionary{TKey, TValue}"/> of string and double. The first event decides
    /// which labels there are and their types; all events have the same.
    /// </returns>
    IDictionary Extract(EventView e);
}

/// <summary>Makes labels with your own code.</summary>
public sealed class CustomExtractor : ILabelExtractor
{
    private readonly Func<EventView, IDictionary?> _extract;

    /// <summary>Uses a class of yours.</summary>
    /// <param name="extractor">An object of the class.</param>
    public CustomExtractor(IEventExtractor extractor)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        _extract = extractor.Extract;
        Name = extractor.GetType().Name;
    }

    /// <summary>Uses a function of yours.</summary>
    /// <param name="name">A name for messages.</param>
    /// <param name="extract">Gives a number for each name of a label; see <see cref="IEventExtractor.Extract"/>.</param>
    /// <param name="inOrder">
    /// Whether it must see the events one after the other, in file order and on one particular thread, as a script must; otherwise it is
    /// called by many threads at once.
    /// </param>
    public CustomExtractor(string name, Func<EventView, IDictionary?> extract, bool inOrder = false)
    {
        ArgumentNullException.ThrowIfNull(extract);
        Name = name;
        _extract = extract;
        InOrder = inOrder;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Whether events come one after the other, on one particular thread.</summary>
    public bool InOrder { get; }

    /// <summary>The code as it was written, where it is known: outputs keep it.</summary>
    public string? Text { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    LabelStage ILabelExtractor.Prepare(LabelNeeds needs)
    {
        needs.Anything();
        return new UserLabels(Name, _extract, InOrder, needs.Options);
    }
}
