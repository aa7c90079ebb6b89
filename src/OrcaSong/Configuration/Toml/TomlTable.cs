using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace OrcaSong.Configuration.Toml;

/// <summary>
/// A table of keys and values, which come in the order of the keys' first appearance in the text. Keys differ in case.
/// Two tables are equal when they hold equal values under the same keys, in whatever order.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "TOML calls it a table.")]
public sealed class TomlTable : TomlValue, IReadOnlyDictionary<string, TomlValue>
{
    private readonly OrderedDictionary<string, Entry> _entries;

    /// <summary>Makes a table that was not read from a text.</summary>
    /// <param name="items">Keys and values in their order.</param>
    /// <exception cref="ArgumentException">A key comes twice.</exception>
    public TomlTable(IEnumerable<KeyValuePair<string, TomlValue>> items)
        : this(default, items.Select(item => KeyValuePair.Create(item.Key, new Entry(default, item.Value))))
    {
    }

    internal TomlTable(TomlPosition position, IEnumerable<KeyValuePair<string, Entry>> entries)
        : base(position)
    {
        _entries = new OrderedDictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var (key, entry) in entries)
        {
            _entries.Add(key, entry);
        }
    }

    /// <inheritdoc/>
    public override string TypeName => "table";

    /// <summary>The number of keys.</summary>
    public int Count => _entries.Count;

    /// <summary>The keys, in order.</summary>
    public IEnumerable<string> Keys => _entries.Keys;

    /// <summary>The values, in the order of the keys.</summary>
    public IEnumerable<TomlValue> Values => _entries.Values.Select(entry => entry.Value);

    /// <summary>The value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="KeyNotFoundException">There is no such key.</exception>
    public TomlValue this[string key] => _entries[key].Value;

    /// <summary>Where a key stands when it is first named, be it in a header or before a value; (0,0) if not read from a text.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="KeyNotFoundException">There is no such key.</exception>
    public TomlPosition KeyPosition(string key) => _entries[key].KeyPosition;

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _entries.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out TomlValue value)
    {
        var found = _entries.TryGetValue(key, out var entry);
        value = entry.Value;
        return found;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, TomlValue>> GetEnumerator() =>
        _entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Value)).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override bool Equals(TomlValue? other) =>
        other is TomlTable table
        && table.Count == Count
        && this.All(item => table.TryGetValue(item.Key, out var value) && item.Value.Equals(value));

    /// <inheritdoc/>
    public override int GetHashCode() => Keys.Aggregate(Count, (hash, key) => hash ^ key.GetHashCode(StringComparison.Ordinal));

    internal readonly record struct Entry(TomlPosition KeyPosition, TomlValue Value);
}
