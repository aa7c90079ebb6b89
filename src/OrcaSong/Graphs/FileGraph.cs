using System.Globalization;
using OrcaSong.Running;

namespace OrcaSong.Graphs;

/// <summary>
/// Makes graphs of events: lists of hits (nodes) with their fields, float32, of shape (hits of all events, fields), or of shape
/// (events, maximum number of hits, fields + 1) when each event has the same length.
/// </summary>
public sealed class FileGraph : EventProcessor, IEquatable<FileGraph>
{
    /// <summary>Name of the last column of graphs of fixed length: 1 for a hit, 0 for filling.</summary>
    public const string IsValid = "is_valid";

    private const int FieldsShown = 4;

    /// <summary>Describes the graphs.</summary>
    /// <param name="hitFields">
    /// Hit fields in the order of the columns; <see langword="null"/> for all that the calibrated hits have, in alphabetical order.
    /// </param>
    /// <param name="timeWindow">Only hits in this window are kept (all).</param>
    /// <param name="onlyTriggeredHits">Only triggered hits are kept (off).</param>
    /// <param name="maxHits">
    /// Of events with more hits than this after the choice above, so many are drawn at random (all are kept).
    /// </param>
    /// <param name="fixedLength">
    /// Every event takes <paramref name="maxHits"/> rows, filled up with zeros, and a column <see cref="IsValid"/> says which are hits (off).
    /// </param>
    /// <param name="options">What is done to every event.</param>
    /// <exception cref="ArgumentException">
    /// A field comes twice or there is none, the maximum is below 1, or a fixed length comes without a maximum; or options contradict each other.
    /// </exception>
    public FileGraph(
        IEnumerable<string>? hitFields = null,
        TimeWindow? timeWindow = null,
        bool onlyTriggeredHits = false,
        int? maxHits = null,
        bool fixedLength = false,
        ProcessingOptions? options = null)
        : base(options ?? ProcessingOptions.Default)
    {
        HitFields = hitFields is null ? null : [.. hitFields];
        TimeWindow = timeWindow;
        OnlyTriggeredHits = onlyTriggeredHits;
        MaxHits = maxHits;
        FixedLength = fixedLength;
        if (HitFields is { Count: 0 })
        {
            throw new ArgumentException("A graph has at least one hit field, such as time; leave the hit fields out for all of them.", nameof(hitFields));
        }

        if (HitFields?.FirstOrDefault(string.IsNullOrWhiteSpace) is { } blank)
        {
            throw new ArgumentException($"A hit field has a name, such as time; got '{blank}'.", nameof(hitFields));
        }

        if (HitFields?.GroupBy(f => f, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Hit field {twice.Key} comes {twice.Count()} times; once is enough.", nameof(hitFields));
        }

        if (maxHits < 1)
        {
            throw new ArgumentException($"The maximum number of hits is a whole number from 1; got {maxHits}. Leave it out to keep all hits.", nameof(maxHits));
        }

        if (fixedLength && maxHits is null)
        {
            throw new ArgumentException("Graphs of fixed length need a maximum number of hits: it is their length.", nameof(fixedLength));
        }

        if (fixedLength && HitFields?.Contains(IsValid) == true)
        {
            throw new ArgumentException($"Graphs of fixed length have a column {IsValid} of their own; leave that hit field out.", nameof(hitFields));
        }
    }

    /// <summary>Hit fields in the order of the columns; <see langword="null"/> for all that the calibrated hits have.</summary>
    public IReadOnlyList<string>? HitFields { get; }

    /// <summary>Only hits in this window are kept.</summary>
    public TimeWindow? TimeWindow { get; }

    /// <summary>Whether only triggered hits are kept.</summary>
    public bool OnlyTriggeredHits { get; }

    /// <summary>How many hits an event may keep; <see langword="null"/> for all.</summary>
    public int? MaxHits { get; }

    /// <summary>Whether every event takes <see cref="MaxHits"/> rows.</summary>
    public bool FixedLength { get; }

    /// <inheritdoc/>
    public bool Equals(FileGraph? other) =>
        other is not null
        && (HitFields is null ? other.HitFields is null : other.HitFields is not null && HitFields.SequenceEqual(other.HitFields, StringComparer.Ordinal))
        && (TimeWindow, OnlyTriggeredHits, MaxHits, FixedLength) == (other.TimeWindow, other.OnlyTriggeredHits, other.MaxHits, other.FixedLength)
        && Options == other.Options;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FileGraph);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(HitFields?.Count, TimeWindow, OnlyTriggeredHits, MaxHits, FixedLength, Options);

    /// <inheritdoc/>
    public override string ToString() => HitFields switch
    {
        null => "<FileGraph: all hit fields>",
        { Count: <= FieldsShown } few => $"<FileGraph: {string.Join(", ", few)}>",
        var many => string.Create(CultureInfo.InvariantCulture, $"<FileGraph: {many[0]}, {many[1]}, ... ({many.Count} fields)>"),
    };
}
