using System.Collections;
using System.Globalization;

namespace OrcaSong.Statistics;

/// <summary>Numbers in order. As text, which is what a cell of a CSV file gets, they are separated by spaces.</summary>
/// <typeparam name="T">Type of a number.</typeparam>
internal sealed class NumberList<T>(IReadOnlyList<T> numbers) : IReadOnlyList<T>
    where T : struct, IFormattable
{
    public int Count => numbers.Count;

    public T this[int index] => numbers[index];

    public IEnumerator<T> GetEnumerator() => numbers.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(' ', numbers.Select(n => n.ToString(null, CultureInfo.InvariantCulture)));
}
