using System.Collections;
using System.Globalization;
using System.Management.Automation;
using OrcaSong.Images;

namespace OrcaSong.PowerShell.Arguments;

/// <summary>Bin edges as users write them.</summary>
internal static class BinEdges
{
    /// <summary>An axis that remembers whether its edges were whole numbers (<c>0, 10, 20</c>), which decides their type in the output.</summary>
    /// <param name="field">Hit field.</param>
    /// <param name="edges">Numbers, or text that is a number in English notation.</param>
    /// <exception cref="ArgumentException">An edge is no number, or the axis is refused.</exception>
    internal static BinAxis Axis(string field, IEnumerable edges)
    {
        var values = new List<double>();
        var areIntegers = true;
        foreach (var given in edges)
        {
            var (value, isInteger) = Number(Argument.Value(given))
                ?? throw new ArgumentException($"Bin edge {values.Count} of axis {field} is '{given ?? "$null"}'; edges are numbers.");
            values.Add(value);
            areIntegers &= isInteger;
        }

        return new BinAxis(field, values, areIntegers);
    }

    private static (double Value, bool IsInteger)? Number(object? given) => given switch
    {
        null or bool or char or Enum or DateTime => null,
        string text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? (whole, true)
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? (number, false)
            : null,
        IConvertible => (
            (double)LanguagePrimitives.ConvertTo(given, typeof(double), CultureInfo.InvariantCulture),
            Type.GetTypeCode(given.GetType()) is >= TypeCode.SByte and <= TypeCode.UInt64),
        _ => null,
    };
}
