namespace OrcaSong.Configuration.Toml;

/// <summary>Reads a document by recursive descent, after the grammar of TOML 1.0 (toml.abnf).</summary>
internal sealed class TomlParser(TomlCursor cursor)
{
    private readonly TomlTableBuilder _builder = new(cursor);
    private readonly TomlStringReader _strings = new(cursor);

    public static string TooDeep => $"expected tables and arrays at most {Toml.MaxDepth} deep in one another, found more";

    public TomlTable ReadDocument()
    {
        var table = _builder.Root;
        while (true)
        {
            SkipBlankLines();
            switch (cursor.Peek())
            {
                case TomlCursor.End:
                    return _builder.Root.Finish();
                case '[':
                    table = ReadHeader();
                    RequireEndOfLine("the header");
                    break;
                default:
                    ReadKeyAndValue(table);
                    RequireEndOfLine("the value");
                    break;
            }
        }
    }

    private static bool IsBareKey(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';

    private static bool IsPartOfBareValue(char c) =>
        !char.IsWhiteSpace(c) && !char.IsControl(c) && c is not (',' or '[' or ']' or '{' or '}' or '#' or '=' or '"' or '\'' or '\uFEFF');

    private void SkipBlankLines()
    {
        do
        {
            cursor.SkipBlanks();
            SkipComment();
        }
        while (cursor.TryTakeNewline());
    }

    private void SkipComment()
    {
        if (cursor.Peek() != '#')
        {
            return;
        }

        while (cursor.Peek() != TomlCursor.End && !cursor.AtNewline)
        {
            cursor.TakeTextCharacter(null, "a comment");
        }
    }

    private void RequireEndOfLine(string after)
    {
        cursor.SkipBlanks();
        SkipComment();
        if (cursor.Peek() != TomlCursor.End && !cursor.AtNewline)
        {
            throw cursor.Expected($"end of line after {after}", cursor.Peek() switch
            {
                ',' => "lines need no comma, and a list of values goes into [brackets]",
                ';' or '/' => "a comment begins with #",
                _ => null,
            });
        }
    }

    private TomlTableDraft ReadHeader()
    {
        var start = cursor.Position;
        var isArray = cursor.Sees("[[");
        cursor.Advance(isArray ? 2 : 1);
        cursor.SkipBlanks();
        if (cursor.Peek() == ']')
        {
            throw cursor.Expected("a table's name in the header");
        }

        var path = ReadKey("a table's name");
        var close = isArray ? "]]" : "]";
        if (!cursor.Sees(close))
        {
            throw cursor.Expected($"{close} after the table's name", cursor.Peek() is TomlCursor.End or '\n' or '\r' ? null : KeyHint());
        }

        cursor.Advance(close.Length);
        return isArray ? _builder.AppendTable(path, start) : _builder.OpenTable(path, start);
    }

    private void ReadKeyAndValue(TomlTableDraft table)
    {
        var key = ReadKey("a key");
        if (!cursor.TryTake('='))
        {
            throw cursor.Expected("'=' after the key", cursor.Peek() == ':' ? "TOML writes key = value" : KeyHint());
        }

        cursor.SkipBlanks();
        if (cursor.Peek() == '=')
        {
            throw cursor.Expected("a value after '='", "one '=' is enough");
        }

        // Before the value, so that of two mistakes the first one in the text is reported.
        var parent = _builder.OpenParent(table, key);
        parent.Add(key[^1], new TomlFinished(ReadValue(parent.Depth + 1, "after '='")));
    }

    /// <summary>A key with or without dots, and the blanks behind it.</summary>
    private List<TomlKeyPart> ReadKey(string what)
    {
        var parts = new List<TomlKeyPart>();
        do
        {
            cursor.SkipBlanks();
            var position = cursor.Position;
            var name = cursor.Peek() is '"' or '\'' ? _strings.ReadKey() : cursor.TakeWhile(IsBareKey);
            if (name.Length == 0 && cursor.Position == position)
            {
                throw cursor.Expected(parts.Count == 0 ? what : "a key after the dot", KeyHint());
            }

            parts.Add(new TomlKeyPart(name, position));
            cursor.SkipBlanks();
        }
        while (cursor.TryTake('.'));
        return parts;
    }

    private string? KeyHint() => cursor.Peek() switch
    {
        TomlCursor.End or '=' or '\n' or '\r' or '[' or ']' or '{' or '}' or ',' or '.' => null,
        ';' or '/' => "a comment begins with #",
        '\uFEFF' => "a byte order mark may only stand at the beginning of the file",
        '"' or '\'' or '#' => null,
        var c when char.IsAsciiLetterOrDigit((char)c) || char.IsControl((char)c) => null,
        _ => "a key with characters other than A-Z, a-z, 0-9, _ and - needs \"quotes\"",
    };

    /// <param name="depth">How many tables and arrays the value is inside of.</param>
    /// <param name="where">For the message, if there is no value.</param>
    private TomlValue ReadValue(int depth, string where)
    {
        var start = cursor.Position;
        switch (cursor.Peek())
        {
            case '"' or '\'':
                return new TomlString(_strings.Read(), start);
            case '[' or '{' when depth > Toml.MaxDepth:
                throw cursor.Error(TooDeep);
            case '[':
                return ReadArray(depth);
            case '{':
                return ReadInlineTable(depth);
            default:
                var word = cursor.TakeWhile(IsPartOfBareValue);
                if (word.Length == 0)
                {
                    throw cursor.Expected($"a value {where}");
                }

                if (TomlBareValue.IsDate(word) && cursor.Peek() == ' ' && cursor.Peek(1) is >= '0' and <= '9')
                {
                    cursor.Advance();
                    word += " " + cursor.TakeWhile(IsPartOfBareValue);
                }

                return new TomlBareValue(word, start, where, cursor).Read();
        }
    }

    private TomlArray ReadArray(int depth)
    {
        var start = cursor.Position;
        var items = new List<TomlValue>();
        cursor.Advance();
        while (true)
        {
            SkipBlankLines();
            if (cursor.TryTake(']'))
            {
                break;
            }

            items.Add(ReadValue(depth + 1, "or ']' in the array" + Begun(start)));
            SkipBlankLines();
            if (cursor.TryTake(','))
            {
                continue;
            }

            if (!cursor.TryTake(']'))
            {
                throw cursor.Expected("',' or ']' in the array" + Begun(start));
            }

            break;
        }

        return new TomlArray(items, start);
    }

    private TomlTable ReadInlineTable(int depth)
    {
        var start = cursor.Position;
        var table = new TomlTableDraft(start, TomlTableOrigin.Whole, depth);
        cursor.Advance();
        cursor.SkipBlanks();
        if (cursor.TryTake('}'))
        {
            return table.Finish();
        }

        while (true)
        {
            RequireSameLine(start);
            if (cursor.Peek() == '}')
            {
                throw cursor.Expected("a key after ','", "TOML 1.0 has no comma behind the last entry of an inline table");
            }

            ReadKeyAndValue(table);
            cursor.SkipBlanks();
            RequireSameLine(start);
            if (cursor.TryTake('}'))
            {
                return table.Finish();
            }

            if (!cursor.TryTake(','))
            {
                throw cursor.Expected("',' or '}' in the inline table" + Begun(start));
            }

            cursor.SkipBlanks();
        }
    }

    private void RequireSameLine(TomlPosition start)
    {
        if (cursor.AtNewline || cursor.Peek() is '#' or TomlCursor.End)
        {
            throw cursor.Expected(
                "the inline table" + Begun(start) + " to be closed on the same line", "use a [table] header for what needs several lines");
        }
    }

    private string Begun(TomlPosition start) =>
        start.Line == cursor.Position.Line ? "" : $" that begins in line {start.Line}, column {start.Column}";
}
