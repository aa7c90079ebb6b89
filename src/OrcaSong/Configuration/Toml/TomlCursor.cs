using System.Buffers;
using System.Globalization;
using System.Text;

namespace OrcaSong.Configuration.Toml;

/// <summary>Walks through a text, knows line and column, and makes the errors.</summary>
internal sealed class TomlCursor
{
    /// <summary>What <see cref="Peek"/> gives behind the last character.</summary>
    public const int End = -1;

    private const int LongestQuotation = 40;

    private readonly string _text;
    private readonly string? _source;
    private int _index;
    private int _line = 1;
    private int _column = 1;

    public TomlCursor(string text, string? source)
    {
        _text = text;
        _source = source;
        _index = _text.StartsWith('\uFEFF') ? 1 : 0;
    }

    public TomlPosition Position => new(_line, _column);

    public bool AtNewline => Peek() == '\n' || (Peek() == '\r' && Peek(1) == '\n');

    public int Peek(int ahead = 0) => _index + ahead < _text.Length ? _text[_index + ahead] : End;

    public bool Sees(string expected) => _text.AsSpan(_index).StartsWith(expected, StringComparison.Ordinal);

    /// <summary>Goes on by so many UTF-16 units.</summary>
    public void Advance(int count = 1)
    {
        for (; count > 0; count--)
        {
            var passed = _text[_index++];
            if (passed == '\n')
            {
                _line++;
                _column = 1;
            }
            else if (!char.IsLowSurrogate(passed))
            {
                _column++;
            }
        }
    }

    public void AdvanceToEnd() => Advance(_text.Length - _index);

    public bool TryTake(char expected)
    {
        if (Peek() != expected)
        {
            return false;
        }

        Advance();
        return true;
    }

    public bool TryTakeNewline()
    {
        if (!AtNewline)
        {
            return false;
        }

        Advance(Peek() == '\r' ? 2 : 1);
        return true;
    }

    public string TakeWhile(Predicate<char> belongs)
    {
        var word = _text[_index..EndOf(belongs)];
        Advance(word.Length);
        return word;
    }

    public void SkipBlanks()
    {
        while (Peek() is ' ' or '\t')
        {
            Advance();
        }
    }

    /// <summary>Takes the next character of a string or comment as it is, both halves of a surrogate pair at once.</summary>
    /// <exception cref="TomlException">It is a control character, or half a pair.</exception>
    public void TakeTextCharacter(StringBuilder? into, string where)
    {
        if (Rune.DecodeFromUtf16(_text.AsSpan(_index), out var rune, out var length) != OperationStatus.Done)
        {
            throw Error($"expected Unicode characters in {where}, found half a surrogate pair, U+{(int)_text[_index]:X4}");
        }

        if (rune.IsAscii && Rune.IsControl(rune) && rune.Value != '\t')
        {
            throw Error($"expected printable characters in {where}, found {Found()}");
        }

        into?.Append(_text, _index, length);
        Advance(length);
    }

    public TomlException Error(string problem) => Error(problem, Position);

    public TomlException Error(string problem, TomlPosition position) => new(problem, _source, position);

    public TomlException Expected(string what, string? hint = null) =>
        Error($"expected {what}, found {Found()}" + (hint is null ? "" : "; " + hint));

    /// <summary>Names what stands at the cursor: the whole word if it is one, otherwise the character.</summary>
    public string Found()
    {
        if (Peek() == End)
        {
            return "end of file";
        }

        if (AtNewline)
        {
            return "end of line";
        }

        var end = EndOf(IsWord);
        return end > _index ? Quote(_text[_index..end]) : QuoteFirst(_text.AsSpan(_index));
    }

    public static string Quote(string word)
    {
        if (word.Length <= LongestQuotation)
        {
            return $"'{word}'";
        }

        var cut = char.IsHighSurrogate(word[LongestQuotation - 1]) ? LongestQuotation - 1 : LongestQuotation;
        return $"'{word[..cut]}...'";
    }

    /// <summary>Names the first character, by its number too where it may be invisible or mistaken for another.</summary>
    public static string QuoteFirst(ReadOnlySpan<char> from)
    {
        if (Rune.DecodeFromUtf16(from, out var rune, out _) != OperationStatus.Done)
        {
            return $"half a surrogate pair, U+{(int)from[0]:X4}";
        }

        return rune.Value switch
        {
            '\r' => "a carriage return without a line feed",
            '\'' => "a single quote",
            _ when Rune.IsControl(rune) => $"the control character U+{rune.Value:X4}",
            _ when rune.IsAscii => $"'{rune}'",
            _ when Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format => $"the character U+{rune.Value:X4}",
            _ => $"'{rune}' (U+{rune.Value:X4})",
        };
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '+' or '.';

    private int EndOf(Predicate<char> belongs)
    {
        var end = _index;
        while (end < _text.Length && belongs(_text[end]))
        {
            end++;
        }

        return end;
    }
}
