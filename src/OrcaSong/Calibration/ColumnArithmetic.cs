using System.Numerics;

namespace OrcaSong.Calibration;

/// <summary>How NumPy brings float64 results into a column that keeps its type.</summary>
internal static class ColumnArithmetic
{
    /// <summary>Whether an element type is float32 or float64. Known to the JIT, so branches on it cost nothing.</summary>
    internal static bool IsFloatingPoint<T>() => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    /// <summary>
    /// A number in a column's type: rounded to float32; truncated towards 0 to integers and then wrapped to their width (NumPy leaves
    /// open what numbers outside the type become; its x86-64 builds wrap in the widths that files have, up to 32 unsigned bits).
    /// </summary>
    internal static T FromDouble<T>(double value)
        where T : unmanaged, INumber<T> =>
        IsFloatingPoint<T>() ? T.CreateTruncating(value) : T.CreateTruncating((long)value);
}
