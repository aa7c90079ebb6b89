using System.Globalization;

namespace OrcaSong.Detectors;

/// <summary>A point in the detector's coordinates.</summary>
/// <param name="X">Metres, to the east.</param>
/// <param name="Y">Metres, to the north.</param>
/// <param name="Z">Metres, upwards.</param>
public readonly record struct Position(double X, double Y, double Z)
{
    /// <summary>The sum of two vectors.</summary>
    public static Position operator +(Position left, Position right) => Add(left, right);

    /// <summary>The vector from <paramref name="right"/> to <paramref name="left"/>.</summary>
    public static Position operator -(Position left, Position right) => Subtract(left, right);

    /// <inheritdoc cref="op_Addition"/>
    public static Position Add(Position left, Position right) => new(left.X + right.X, left.Y + right.Y, left.Z + right.Z);

    /// <inheritdoc cref="op_Subtraction"/>
    public static Position Subtract(Position left, Position right) => new(left.X - right.X, left.Y - right.Y, left.Z - right.Z);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"({X:0.###}, {Y:0.###}, {Z:0.###})");
}
