using OrcaSong.Events;

namespace OrcaSong.Labels;

/// <summary>Says how the labels <c>y</c> of events are made. Immutable; prepared once for every file.</summary>
public interface ILabelExtractor
{
    /// <summary>Name in configurations, such as <c>nu_chain_data</c>.</summary>
    string Name { get; }

    /// <summary>Checks that a file has what the labels need.</summary>
    /// <param name="file">The file.</param>
    /// <returns>What makes the labels of this file's events; it is used by many threads at once.</returns>
    /// <exception cref="EventFileException">A table or a column is missing.</exception>
    ILabelMaker Prepare(EventFile file);
}

/// <summary>Makes the labels of the events of one file. Safe to use from many threads.</summary>
public interface ILabelMaker
{
    /// <summary>Labels in the order in which they are set, before any sorting, with the types that the file has for them.</summary>
    IReadOnlyList<(string Name, NumberType Type)> Columns { get; }

    /// <summary>Tables that have to be read.</summary>
    IReadOnlyList<TableRequest> Requests { get; }

    /// <summary>Makes the labels of an event.</summary>
    /// <param name="batch">A batch, its hits calibrated.</param>
    /// <param name="eventInBatch">The event, counted from 0 in the batch.</param>
    /// <param name="labels">Receives a value for each of <see cref="Columns"/>.</param>
    /// <returns>Whether the event has what its labels need; if not, it is skipped.</returns>
    bool TryMake(PreparedBatch batch, int eventInBatch, Span<double> labels);
}

/// <summary>The extractors that come with OrcaSong.</summary>
public static class LabelExtractors
{
    private static readonly Dictionary<string, Func<ILabelExtractor>> BuiltIn = new(StringComparer.Ordinal)
    {
        [NuChainDataExtractor.ExtractorName] = () => new NuChainDataExtractor(),
    };

    /// <summary>Their names.</summary>
    public static IReadOnlyCollection<string> Names => BuiltIn.Keys;

    /// <summary>The extractor of that name.</summary>
    /// <param name="name">Its name in configurations.</param>
    /// <returns>The extractor.</returns>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static ILabelExtractor Get(string name) => BuiltIn.TryGetValue(name, out var make)
        ? make()
        : throw new ArgumentException($"There is no extractor '{name}'; there are {string.Join(", ", Names)}.", nameof(name));
}
