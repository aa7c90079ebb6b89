namespace OrcaSong.Configuration.Toml;

/// <summary>
/// A value of a TOML document; immutable. Two values are equal when type and content are, wherever they stand.
/// <see cref="ToString"/> gives the value as TOML.
/// </summary>
public abstract class TomlValue : IEquatable<TomlValue>
{
    private protected TomlValue(TomlPosition position) => Position = position;

    /// <summary>Where the value begins; (0,0) for a value that was not read from a text.</summary>
    public TomlPosition Position { get; }

    /// <summary>The line in which the value begins, counted from 1.</summary>
    public int Line => Position.Line;

    /// <summary>The column at which the value begins, in characters counted from 1.</summary>
    public int Column => Position.Column;

    /// <summary>The type's name in TOML, for messages: "integer", "local date", "table" and so on.</summary>
    public abstract string TypeName { get; }

    /// <inheritdoc/>
    public abstract bool Equals(TomlValue? other);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as TomlValue);

    /// <inheritdoc/>
    public abstract override int GetHashCode();

    /// <summary>The value as TOML on one line: a string with its quotes, a table as an inline table.</summary>
    public sealed override string ToString() => TomlWriter.Inline(this);
}

/// <summary>A value that holds no others.</summary>
/// <typeparam name="T">The .NET type that represents it.</typeparam>
public abstract class TomlScalar<T> : TomlValue
    where T : IEquatable<T>
{
    private protected TomlScalar(T value, TomlPosition position)
        : base(position) => Value = value;

    /// <summary>The value in .NET.</summary>
    public T Value { get; }

    /// <inheritdoc/>
    public sealed override bool Equals(TomlValue? other) =>
        other is TomlScalar<T> scalar && scalar.GetType() == GetType() && Value.Equals(scalar.Value);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => HashCode.Combine(TypeName, Value);
}

/// <summary>A string of Unicode characters. Line ends inside a multi-line string are read as a line feed.</summary>
/// <param name="value">The characters.</param>
/// <param name="position">Where it stands.</param>
public sealed class TomlString(string value, TomlPosition position = default) : TomlScalar<string>(value, position)
{
    /// <inheritdoc/>
    public override string TypeName => "string";
}

/// <summary>An integer of 64 bits with sign.</summary>
/// <param name="value">The number.</param>
/// <param name="position">Where it stands.</param>
public sealed class TomlInteger(long value, TomlPosition position = default) : TomlScalar<long>(value, position)
{
    /// <inheritdoc/>
    public override string TypeName => "integer";
}

/// <summary>A floating-point number (binary64), infinity or NaN. All NaN are equal.</summary>
/// <param name="value">The number.</param>
/// <param name="position">Where it stands.</param>
public sealed class TomlFloat(double value, TomlPosition position = default) : TomlScalar<double>(value, position)
{
    /// <inheritdoc/>
    public override string TypeName => "float";
}

/// <summary>True or false.</summary>
/// <param name="value">Which of the two.</param>
/// <param name="position">Where it stands.</param>
public sealed class TomlBoolean(bool value, TomlPosition position = default) : TomlScalar<bool>(value, position)
{
    /// <inheritdoc/>
    public override string TypeName => "boolean";
}

/// <summary>A date and time with an offset from UTC.</summary>
/// <param name="value">The time as written and its offset.</param>
/// <param name="position">Where it stands.</param>
public sealed class TomlOffsetDateTime(TomlInstant value, TomlPosition position = default) : TomlScalar<TomlInstant>(value, position)
{
    /// <inheritdoc/>
    public override string TypeName => "offset date-time";
}

/// <summary>
/// What an offset date-time says. Not a <see cref="DateTimeOffset"/>, since RFC 3339 allows offsets up to 23:59 (.NET: 14:00),
/// and moments that are before year 1 or after year 9999 in UTC.
/// </summary>
/// <param name="Local">The date and time as written, to 100 ns; of kind <see cref="DateTimeKind.Unspecified"/>.</param>
/// <param name="Offset">Local time minus UTC, in whole minutes; zero for <c>Z</c>.</param>
public readonly record struct TomlInstant(DateTime Local, TimeSpan Offset)
{
    /// <summary>The moment as a .NET type.</summary>
    /// <exception cref="ArgumentException">The offset exceeds 14 hours, or the moment is outside the years 1 to 9999 in UTC.</exception>
    public DateTimeOffset ToDateTimeOffset() => new(DateTime.SpecifyKind(Local, DateTimeKind.Unspecified), Offset);
}

/// <summary>A date and time without relation to UTC.</summary>
/// <param name="value">Date and time, to 100 ns (further digits are cut off).</param>
/// <param name="position">Where it stands.</param>
public sealed class TomlLocalDateTime(DateTime value, TomlPosition position = default) : TomlScalar<DateTime>(value, position)
{
    /// <inheritdoc/>
    public override string TypeName => "local date-time";
}

/// <summary>A date.</summary>
/// <param name="value">The date; years 1 to 9999.</param>
/// <param name="position">Where it stands.</param>
public sealed class TomlLocalDate(DateOnly value, TomlPosition position = default) : TomlScalar<DateOnly>(value, position)
{
    /// <inheritdoc/>
    public override string TypeName => "local date";
}

/// <summary>A time of day.</summary>
/// <param name="value">The time, to 100 ns (further digits are cut off).</param>
/// <param name="position">Where it stands.</param>
public sealed class TomlLocalTime(TimeOnly value, TomlPosition position = default) : TomlScalar<TimeOnly>(value, position)
{
    /// <inheritdoc/>
    public override string TypeName => "local time";
}
