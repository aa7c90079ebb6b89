using System.Globalization;
using System.Text;

namespace OrcaSong.Configuration.Toml;

/// <summary>Writes values as TOML 1.0.</summary>
internal static class TomlWriter
{
    private const int LineWidth = 100;
    private const string Indentation = "    ";

    public static string Document(TomlTable root)
    {
        var text = new StringBuilder();
        AppendTable(text, root, "", depth: 0);
        return text.ToString();
    }

    /// <summary>A value on one line.</summary>
    public static string Inline(TomlValue value) => Inline(value, depth: 0);

    public static string Key(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? name : String(name);

    /// <summary>The plain values first: behind the header of a table inside, they would belong to that one.</summary>
    private static void AppendTable(StringBuilder text, TomlTable table, string path, int depth)
    {
        RefuseTooDeep(depth);
        foreach (var (key, value) in table)
        {
            if (!HasHeader(value))
            {
                text.Append(Key(key)).Append(" = ");
                AppendWrapped(text, value, "", depth + 1);
                text.Append('\n');
            }
        }

        foreach (var (key, value) in table)
        {
            var name = path.Length == 0 ? Key(key) : $"{path}.{Key(key)}";
            if (value is TomlTable inner)
            {
                // A table of nothing but tables is implied by their headers.
                if (inner.Count == 0 || !inner.Values.All(HasHeader))
                {
                    AppendHeader(text, $"[{name}]");
                }

                AppendTable(text, inner, name, depth + 1);
            }
            else if (HasHeader(value))
            {
                foreach (var item in (TomlArray)value)
                {
                    AppendHeader(text, $"[[{name}]]");
                    AppendTable(text, (TomlTable)item, name, depth + 2);
                }
            }
        }
    }

    private static bool HasHeader(TomlValue value) =>
        value is TomlTable || (value is TomlArray { Count: > 0 } array && array.All(item => item is TomlTable));

    private static void AppendHeader(StringBuilder text, string header) =>
        text.Append(text.Length == 0 ? "" : "\n").Append(header).Append('\n');

    /// <summary>An array that is too long for a line gets a line for each array inside, or as few lines as its numbers need.</summary>
    private static void AppendWrapped(StringBuilder text, TomlValue value, string indentation, int depth)
    {
        var line = Inline(value, depth);
        if (value is not TomlArray array || indentation.Length + line.Length <= LineWidth)
        {
            text.Append(line);
            return;
        }

        var inner = indentation + Indentation;
        var isFlat = array.All(item => item is not (TomlArray or TomlTable));
        var column = LineWidth;
        text.Append('[');
        foreach (var item in array)
        {
            if (!isFlat)
            {
                text.Append('\n').Append(inner);
                AppendWrapped(text, item, inner, depth + 1);
            }
            else if (Inline(item, depth + 1) is var word && column + word.Length + 2 > LineWidth)
            {
                text.Append('\n').Append(inner).Append(word);
                column = inner.Length + word.Length + 1;
            }
            else
            {
                text.Append(' ').Append(word);
                column += word.Length + 2;
            }

            text.Append(',');
        }

        text.Append('\n').Append(indentation).Append(']');
    }

    private static string Inline(TomlValue value, int depth)
    {
        RefuseTooDeep(value is TomlArray or TomlTable ? depth : 0);
        return value switch
        {
            TomlString text => String(text.Value),
            TomlInteger integer => integer.Value.ToString(CultureInfo.InvariantCulture),
            TomlFloat number => Float(number.Value),
            TomlBoolean boolean => boolean.Value ? "true" : "false",
            TomlOffsetDateTime instant => DateAndTime(instant.Value.Local) + Offset(instant.Value.Offset),
            TomlLocalDateTime moment => DateAndTime(moment.Value),
            TomlLocalDate date => date.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            TomlLocalTime time => time.Value.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
            TomlArray array => $"[{string.Join(", ", array.Select(item => Inline(item, depth + 1)))}]",
            TomlTable { Count: 0 } => "{}",
            TomlTable table => $"{{ {string.Join(", ", table.Select(item => $"{Key(item.Key)} = {Inline(item.Value, depth + 1)}"))} }}",
            _ => throw new ArgumentException($"expected a TOML value, found {value.GetType()}", nameof(value)),
        };
    }

    private static string Float(double value)
    {
        if (double.IsNaN(value))
        {
            return "nan";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "inf" : "-inf";
        }

        var digits = value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
        return digits.AsSpan().ContainsAny('.', 'e') ? digits : digits + ".0";
    }

    private static string DateAndTime(DateTime value) => value.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);

    private static string Offset(TimeSpan offset) =>
        offset == TimeSpan.Zero ? "Z" : (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString("hh':'mm", CultureInfo.InvariantCulture);

    private static string String(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (char.IsSurrogatePair(value, i))
            {
                text.Append(c).Append(value[++i]);
                continue;
            }

            if (char.IsSurrogate(c))
            {
                throw new ArgumentException(
                    $"expected Unicode characters in a string, found half a surrogate pair, U+{(int)c:X4}, at index {i}", nameof(value));
            }

            text = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\b' => text.Append(@"\b"),
                '\t' => text.Append(@"\t"),
                '\n' => text.Append(@"\n"),
                '\f' => text.Append(@"\f"),
                '\r' => text.Append(@"\r"),
                _ when char.IsControl(c) => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => text.Append(c),
            };
        }

        return text.Append('"').ToString();
    }

    private static void RefuseTooDeep(int depth)
    {
        if (depth > Toml.MaxDepth)
        {
            throw new ArgumentException(
                $"expected tables and arrays at most {Toml.MaxDepth} deep in one another, found more; it could not be read again");
        }
    }
}
