using System.Collections.ObjectModel;
using System.Globalization;

namespace OrcaSong.Inspection;

/// <summary>A list whose text is its values, apart by commas: what tables, lists and CSV files show of it.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <param name="values">The values.</param>
public sealed class ValueList<T>(IEnumerable<T> values) : ReadOnlyCollection<T>([.. values])
{
    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", this.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture)));
}
