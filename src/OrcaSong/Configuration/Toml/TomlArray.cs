using System.Collections;

namespace OrcaSong.Configuration.Toml;

/// <summary>An array of values, which may differ in type; also what <c>[[name]]</c> headers make.</summary>
public sealed class TomlArray : TomlValue, IReadOnlyList<TomlValue>
{
    private readonly TomlValue[] _items;

    /// <summary>Makes an array.</summary>
    /// <param name="items">The elements.</param>
    /// <param name="position">Where it stands: its opening bracket, or its first <c>[[name]]</c> header.</param>
    public TomlArray(IEnumerable<TomlValue> items, TomlPosition position = default)
        : base(position) => _items = [.. items];

    /// <inheritdoc/>
    public override string TypeName => "array";

    /// <summary>The number of elements.</summary>
    public int Count => _items.Length;

    /// <summary>An element, counted from 0.</summary>
    /// <param name="index">Its place.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such place.</exception>
    public TomlValue this[int index] => _items[index];

    /// <inheritdoc/>
    public IEnumerator<TomlValue> GetEnumerator() => _items.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override bool Equals(TomlValue? other) => other is TomlArray array && _items.AsSpan().SequenceEqual(array._items);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in _items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }
}
