using System.Runtime.InteropServices;
using System.Text;

namespace OrcaSong.Simulation;

/// <summary>One column of a <see cref="SimulatedTable"/>: a name, an element type and the values of the current batch.</summary>
public abstract class SimulatedColumn
{
    private protected SimulatedColumn(string name) => Name = name;

    /// <summary>Name of the column in the file.</summary>
    public string Name { get; }

    /// <summary>
    /// Type of an element: <see cref="int"/>, <see cref="uint"/>, <see cref="long"/>, <see cref="ulong"/>, <see cref="float"/>,
    /// <see cref="double"/>, or <see cref="string"/> for ASCII text of fixed length.
    /// </summary>
    public abstract Type ElementType { get; }

    /// <summary>Bytes of an element.</summary>
    public abstract int ElementSize { get; }

    /// <summary>Number of values in the current batch.</summary>
    public abstract int Count { get; }

    /// <summary>
    /// The values of the current batch as they lie in memory, <see cref="Count"/> x <see cref="ElementSize"/> bytes.
    /// Valid until the next batch.
    /// </summary>
    public abstract ReadOnlySpan<byte> Bytes { get; }

    internal abstract void Clear();
}

/// <summary>A column of numbers. Its array is kept from batch to batch.</summary>
/// <typeparam name="T">Element type.</typeparam>
public sealed class SimulatedColumn<T> : SimulatedColumn
    where T : unmanaged
{
    private T[] _values = new T[1024];
    private int _count;

    internal SimulatedColumn(string name)
        : base(name)
    {
    }

    /// <inheritdoc/>
    public override Type ElementType => typeof(T);

    /// <inheritdoc/>
    public override unsafe int ElementSize => sizeof(T);

    /// <inheritdoc/>
    public override int Count => _count;

    /// <summary>The values of the current batch. Valid until the next batch.</summary>
    public ReadOnlySpan<T> Values => _values.AsSpan(0, _count);

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(Values);

    internal override void Clear() => _count = 0;

    internal void Add(T value) => Append(1)[0] = value;

    /// <summary>Makes room for more values at the end; the caller fills the span.</summary>
    internal Span<T> Append(int count)
    {
        if (_values.Length - _count < count)
        {
            Array.Resize(ref _values, Math.Max(_count + count, 2 * _values.Length));
        }

        var room = _values.AsSpan(_count, count);
        _count += count;
        return room;
    }

    /// <summary>The values from a row on, to be changed.</summary>
    internal Span<T> From(int row) => _values.AsSpan(row, _count - row);
}

/// <summary>A column of ASCII text of fixed length, padded with zero bytes.</summary>
public sealed class SimulatedTextColumn : SimulatedColumn
{
    private readonly byte[] _bytes;

    internal SimulatedTextColumn(string name, IReadOnlyList<string> values)
        : base(name)
    {
        Values = values;
        ElementSize = Math.Max(1, values.Max(value => value.Length));
        _bytes = new byte[values.Count * ElementSize];
        for (int row = 0; row < values.Count; row++)
        {
            Encoding.ASCII.GetBytes(values[row], _bytes.AsSpan(row * ElementSize));
        }
    }

    /// <inheritdoc/>
    public override Type ElementType => typeof(string);

    /// <summary>Bytes of an element: the length of the longest text.</summary>
    public override int ElementSize { get; }

    /// <inheritdoc/>
    public override int Count => Values.Count;

    /// <summary>The texts, unpadded.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Bytes => _bytes;

    internal override void Clear() => throw new NotSupportedException("Text columns hold the rows of the run, not of a batch.");
}
