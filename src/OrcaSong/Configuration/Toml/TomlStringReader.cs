using System.Globalization;
using System.Text;

namespace OrcaSong.Configuration.Toml;

/// <summary>Reads the four kinds of strings (TOML 1.0, "String"); the cursor stands at the opening quote.</summary>
internal sealed class TomlStringReader(TomlCursor cursor)
{
    private const string Basic = "\"\"\"";
    private const string Literal = "'''";

    public string Read()
    {
        if (cursor.Sees(Basic) || cursor.Sees(Literal))
        {
            return ReadMultiLine();
        }

        return cursor.Peek() == '"' ? ReadBasic() : ReadLiteral();
    }

    /// <summary>Reads a quoted key, which may not be a multi-line string.</summary>
    public string ReadKey()
    {
        if (cursor.Sees(Basic) || cursor.Sees(Literal))
        {
            throw cursor.Error("expected a key, found a multi-line string; a key has one quote on each side");
        }

        return Read();
    }

    private string ReadBasic()
    {
        var content = new StringBuilder();
        var start = cursor.Position;
        cursor.Advance();
        while (!cursor.TryTake('"'))
        {
            RefuseEndOfLine('"', start);
            if (cursor.Peek() == '\\')
            {
                ReadEscape(content);
            }
            else
            {
                cursor.TakeTextCharacter(content, "a string");
            }
        }

        return content.ToString();
    }

    private string ReadLiteral()
    {
        var content = new StringBuilder();
        var start = cursor.Position;
        cursor.Advance();
        while (!cursor.TryTake('\''))
        {
            RefuseEndOfLine('\'', start);
            cursor.TakeTextCharacter(content, "a string");
        }

        return content.ToString();
    }

    private void RefuseEndOfLine(char quote, TomlPosition start)
    {
        if (cursor.Peek() == TomlCursor.End || cursor.AtNewline)
        {
            throw cursor.Expected(
                $"{quote} to close the string that begins in column {start.Column}",
                $"a string of several lines has three quotes on each side: {new string(quote, 3)}");
        }
    }

    private string ReadMultiLine()
    {
        var content = new StringBuilder();
        var start = cursor.Position;
        var quote = (char)cursor.Peek();
        cursor.Advance(3);
        cursor.TryTakeNewline();
        while (true)
        {
            if (cursor.Peek() == TomlCursor.End)
            {
                throw cursor.Expected(
                    $"{new string(quote, 3)} to close the string that begins in line {start.Line}, column {start.Column}");
            }

            if (cursor.Peek() == quote)
            {
                if (TakeQuotes(quote, content))
                {
                    return content.ToString();
                }
            }
            else if (cursor.TryTakeNewline())
            {
                // The same configuration gives the same strings, however its line ends were changed on the way.
                content.Append('\n');
            }
            else if (quote == '"' && cursor.Peek() == '\\')
            {
                if (!TrySkipLineEnd())
                {
                    ReadEscape(content);
                }
            }
            else
            {
                cursor.TakeTextCharacter(content, "a string");
            }
        }
    }

    /// <summary>Takes a run of quotes. Three close the string, and one or two before them belong to it.</summary>
    private bool TakeQuotes(char quote, StringBuilder content)
    {
        var count = 0;
        while (count < 5 && cursor.TryTake(quote))
        {
            count++;
        }

        content.Append(quote, count < 3 ? count : count - 3);
        return count >= 3;
    }

    /// <summary>A backslash at the end of a line swallows all white space up to the next character.</summary>
    private bool TrySkipLineEnd()
    {
        var ahead = 1;
        while (cursor.Peek(ahead) is ' ' or '\t')
        {
            ahead++;
        }

        if (cursor.Peek(ahead) != '\n' && (cursor.Peek(ahead) != '\r' || cursor.Peek(ahead + 1) != '\n'))
        {
            return false;
        }

        cursor.Advance(ahead);
        do
        {
            cursor.SkipBlanks();
        }
        while (cursor.TryTakeNewline());
        return true;
    }

    private void ReadEscape(StringBuilder content)
    {
        var simple = cursor.Peek(1) switch
        {
            'b' => '\b',
            't' => '\t',
            'n' => '\n',
            'f' => '\f',
            'r' => '\r',
            '"' => '"',
            '\\' => '\\',
            _ => '\0',
        };
        if (simple != '\0')
        {
            cursor.Advance(2);
            content.Append(simple);
        }
        else if (cursor.Peek(1) is 'u' or 'U')
        {
            content.Append(ReadCodePoint(cursor.Peek(1) == 'u' ? 4 : 8).ToString());
        }
        else
        {
            var escape = cursor.Position;
            cursor.Advance();
            throw cursor.Error(
                $"expected b, t, n, f, r, u, U, \" or \\ after the backslash, found {cursor.Found()}; "
                + "write \\\\ for a backslash, or put the string into 'single quotes', where backslashes mean nothing special",
                escape);
        }
    }

    private Rune ReadCodePoint(int digits)
    {
        var escape = cursor.Position;
        var letter = (char)cursor.Peek(1);
        cursor.Advance(2);
        var value = 0u;
        for (var i = 0; i < digits; i++)
        {
            if (cursor.Peek() is var c and not TomlCursor.End && char.IsAsciiHexDigit((char)c))
            {
                value = (value << 4) | uint.Parse([(char)c], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                cursor.Advance();
            }
            else
            {
                throw cursor.Expected(
                    $"{digits} hexadecimal digits after \\{letter}",
                    "if the backslash is meant, write \\\\ or put the string into 'single quotes'");
            }
        }

        return Rune.TryCreate(value, out var rune)
            ? rune
            : throw cursor.Error($"expected a Unicode character (0 to D7FF or E000 to 10FFFF), found \\{letter} with {value:X}", escape);
    }
}
