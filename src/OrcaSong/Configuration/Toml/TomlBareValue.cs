using System.Globalization;

namespace OrcaSong.Configuration.Toml;

/// <summary>Reads a value that has no quotes or brackets: a boolean, a number, a date or a time.</summary>
internal sealed class TomlBareValue(string word, TomlPosition start, string where, TomlCursor cursor)
{
    private const string DateForm = "a date is written 2024-05-31";
    private const string TimeForm = "a time is written 07:32:00";

    private int _index;

    private bool AtEnd => _index == word.Length;

    /// <summary>Whether a word has the form of a date, which a time may follow after a blank.</summary>
    public static bool IsDate(string word) =>
        word.Length == 10 && word[4] == '-' && word[7] == '-' && word.All(c => char.IsAsciiDigit(c) || c == '-');

    public TomlValue Read()
    {
        var digits = word.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits > 0 && word[digits] == '-')
        {
            return ReadDate();
        }

        if (digits > 0 && word[digits] == ':')
        {
            var time = ReadTime();
            return AtEnd ? new TomlLocalTime(TimeOnly.FromTimeSpan(time), start) : throw Expected("the end of the time", TimeForm);
        }

        switch (word)
        {
            case "true" or "false":
                return new TomlBoolean(word == "true", start);
            case "inf" or "+inf":
                return new TomlFloat(double.PositiveInfinity, start);
            case "-inf":
                return new TomlFloat(double.NegativeInfinity, start);
            case "nan" or "+nan" or "-nan":
                return new TomlFloat(double.NaN, start);
        }

        var unsigned = word.AsSpan(word[0] is '+' or '-' ? 1 : 0);
        return unsigned.Length > 0 && char.IsAsciiDigit(unsigned[0]) ? ReadNumber() : throw NoValue(unsigned);
    }

    private TomlException NoValue(ReadOnlySpan<char> unsigned)
    {
        var hint = unsigned.ToString().ToUpperInvariant() switch
        {
            "TRUE" => "write true",
            "FALSE" => "write false",
            "INF" or "INFINITY" => "write inf",
            "NAN" => "write nan",
            "NONE" or "NULL" or "NIL" => "TOML has no empty value: leave the key out",
            _ => word[0] switch
            {
                '(' => "a list is written in [brackets]",
                '“' or '”' or '„' or '‘' or '’' or '«' or '»' or '`' => "quote strings with \" or '",
                '.' or '+' or '-' when unsigned.StartsWith(".") => "a number needs a digit before the point",
                '$' or '@' or '%' => "a string needs quotes; nothing is expanded",
                _ when char.IsLetter(word[0]) || word[0] is '/' or '\\' or '~' or '_' or '.' => "a string needs quotes",
                _ => null,
            },
        };
        var found = char.IsAscii(word[0]) ? TomlCursor.Quote(word) : TomlCursor.QuoteFirst(word);
        return cursor.Error($"expected a value {where}, found {found}" + (hint is null ? "" : "; " + hint), start);
    }

    private TomlValue ReadNumber()
    {
        var signed = TryTake('+') || TryTake('-');
        if (word[_index] == '0' && _index + 1 < word.Length && word[_index + 1] is 'x' or 'o' or 'b' or 'X' or 'O' or 'B')
        {
            return signed
                ? throw cursor.Error($"expected no sign before a number in base 16, 8 or 2, found {TomlCursor.Quote(word)}", start)
                : ReadPrefixed();
        }

        var whole = _index;
        TakeDigits("a digit", char.IsAsciiDigit);
        if (word[whole] == '0' && _index - whole > 1)
        {
            throw cursor.Error(
                $"expected a number without leading zeros, found {TomlCursor.Quote(word)}; octal numbers begin with 0o", start);
        }

        var isFloat = false;
        if (TryTake('.'))
        {
            isFloat = true;
            TakeDigits("a digit after the point", char.IsAsciiDigit);
        }

        if (TryTake('e') || TryTake('E'))
        {
            isFloat = true;
            _ = TryTake('+') || TryTake('-');
            TakeDigits("a digit in the exponent", char.IsAsciiDigit);
        }

        if (!AtEnd)
        {
            throw Expected("the end of the number", "a string needs quotes");
        }

        var plain = word.Replace("_", "", StringComparison.Ordinal);
        return isFloat ? Float(plain) : Integer(plain);
    }

    private TomlFloat Float(string plain)
    {
        var value = double.Parse(plain, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value)
            ? new TomlFloat(value, start)
            : throw cursor.Error(
                $"expected a number of at most {double.MaxValue:R}, found {TomlCursor.Quote(word)}; infinity is written inf", start);
    }

    private TomlInteger Integer(string plain) =>
        long.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? new TomlInteger(value, start)
            : throw cursor.Error(
                $"expected an integer from {long.MinValue} to {long.MaxValue} (64 bits), found {TomlCursor.Quote(word)}", start);

    /// <summary>An integer in base 16, 8 or 2.</summary>
    private TomlInteger ReadPrefixed()
    {
        var letter = word[1];
        if (char.IsAsciiLetterUpper(letter))
        {
            throw cursor.Error($"expected 0{char.ToLowerInvariant(letter)} before the digits, found 0{letter}", start);
        }

        var (bits, name) = letter switch { 'x' => (4, "hexadecimal"), 'o' => (3, "octal"), _ => (1, "binary") };
        _index = 2;
        TakeDigits($"{name} digits", c => char.IsAsciiHexDigit(c) && Digit(c) >> bits == 0);
        if (!AtEnd)
        {
            throw Expected($"{name} digits");
        }

        var value = 0L;
        foreach (var c in word.AsSpan(2))
        {
            if (c == '_')
            {
                continue;
            }

            if (value > long.MaxValue >> bits)
            {
                throw cursor.Error($"expected an integer of at most 63 bits, found {TomlCursor.Quote(word)}", start);
            }

            value = (value << bits) | (long)Digit(c);
        }

        return new TomlInteger(value, start);
    }

    private static int Digit(char c) => char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;

    /// <summary>Digits, between which single underscores may stand.</summary>
    private void TakeDigits(string what, Predicate<char> isDigit)
    {
        do
        {
            if (AtEnd || !isDigit(word[_index]))
            {
                throw Expected(what);
            }

            while (!AtEnd && isDigit(word[_index]))
            {
                _index++;
            }

            what = "a digit after the underscore";
        }
        while (TryTake('_'));
    }

    /// <summary>A date, and the time and the offset behind it (RFC 3339).</summary>
    private TomlValue ReadDate()
    {
        var year = TakeNumber(4, 1, 9999, "year", DateForm);
        Take('-', "after the year", DateForm);
        var month = TakeNumber(2, 1, 12, "month", DateForm);
        Take('-', "after the month", DateForm);
        var day = TakeNumber(2, 1, DateTime.DaysInMonth(year, month), $"day in {year:D4}-{month:D2}", DateForm);
        var date = new DateTime(year, month, day);
        if (AtEnd)
        {
            return new TomlLocalDate(DateOnly.FromDateTime(date), start);
        }

        if (!TryTake('T') && !TryTake('t') && !TryTake(' '))
        {
            throw Expected("the end of the date, or T and a time", DateForm);
        }

        date += ReadTime();
        if (AtEnd)
        {
            return new TomlLocalDateTime(date, start);
        }

        var offset = ReadOffset();
        return AtEnd ? new TomlOffsetDateTime(new TomlInstant(date, offset), start) : throw Expected("the end of the date-time");
    }

    private TimeSpan ReadTime()
    {
        var hour = TakeNumber(2, 0, 23, "hour", TimeForm);
        Take(':', "after the hour", TimeForm);
        var minute = TakeNumber(2, 0, 59, "minute", TimeForm);
        Take(':', "and the seconds after the minute", TimeForm);
        var second = TakeNumber(2, 0, 59, "second", TimeForm);
        var time = new TimeSpan(hour, minute, second);
        if (!TryTake('.'))
        {
            return time;
        }

        var first = _index;
        while (!AtEnd && char.IsAsciiDigit(word[_index]))
        {
            _index++;
        }

        if (_index == first)
        {
            throw Expected("a digit after the point");
        }

        // The specification wants further digits cut off, not rounded; a tick is 100 ns.
        var ticks = word.AsSpan(first, Math.Min(7, _index - first)).ToString().PadRight(7, '0');
        return time + TimeSpan.FromTicks(int.Parse(ticks, NumberStyles.None, CultureInfo.InvariantCulture));
    }

    private TimeSpan ReadOffset()
    {
        if (TryTake('Z') || TryTake('z'))
        {
            return TimeSpan.Zero;
        }

        var isBehind = TryTake('-');
        if (!isBehind && !TryTake('+'))
        {
            throw Expected("the end of the time, Z, or an offset such as +02:00");
        }

        var hour = TakeNumber(2, 0, 23, "offset's hour", "an offset is written +02:00");
        Take(':', "after the offset's hour", "an offset is written +02:00");
        var minute = TakeNumber(2, 0, 59, "offset's minute", "an offset is written +02:00");
        var offset = new TimeSpan(hour, minute, 0);
        return isBehind ? -offset : offset;
    }

    private int TakeNumber(int digits, int least, int most, string what, string hint)
    {
        var first = _index;
        while (_index < first + digits)
        {
            if (AtEnd || !char.IsAsciiDigit(word[_index]))
            {
                throw Expected($"{digits} digits for the {what}", hint);
            }

            _index++;
        }

        var value = int.Parse(word.AsSpan(first, digits), NumberStyles.None, CultureInfo.InvariantCulture);
        return value >= least && value <= most
            ? value
            : throw cursor.Error(
                $"expected {least} to {most} for the {what}, found {word.AsSpan(first, digits)}",
                start with { Column = start.Column + first });
    }

    private void Take(char expected, string after, string hint)
    {
        if (!TryTake(expected))
        {
            throw Expected($"'{expected}' {after}", hint);
        }
    }

    private bool TryTake(char expected)
    {
        if (AtEnd || word[_index] != expected)
        {
            return false;
        }

        _index++;
        return true;
    }

    /// <summary>The error at the current character. All before it is ASCII, so that its column can be counted.</summary>
    private TomlException Expected(string what, string? hint = null)
    {
        var found = AtEnd ? "the end of" : TomlCursor.QuoteFirst(word.AsSpan(_index)) + " in";
        return cursor.Error(
            $"expected {what}, found {found} {TomlCursor.Quote(word)}" + (hint is null ? "" : "; " + hint),
            start with { Column = start.Column + _index });
    }
}
