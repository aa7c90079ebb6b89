namespace OrcaSong.Help;

/// <summary>Pieces of a page as plain lines, for a terminal.</summary>
internal static class TextBlocks
{
    private const string CodeIndent = "    ";

    /// <summary>A piece as lines that are no wider than they may be. Of code, commands of shells are broken; all other code stays as it is.</summary>
    /// <param name="block">The piece.</param>
    /// <param name="width">Columns; 0 for any number.</param>
    /// <param name="linkText">What links are called.</param>
    internal static IEnumerable<string> Lines(Block block, int width, Func<string, string?> linkText)
    {
        string Plain(string text) => Markdown.Plain(text, linkText);
        return block switch
        {
            Paragraph paragraph => Wrap(Plain(paragraph.Text), width, string.Empty),
            Item item => Wrap(Plain(item.Text), width, "  "),
            Code code => Indented([.. code.Lines.SelectMany(line => Commands(line, width == 0 ? int.MaxValue : width - CodeIndent.Length, code.Language))], width),
            Table table => Rows(table, width, Plain),
            Heading heading => [Plain(heading.Text)],
            _ => [],
        };
    }

    /// <summary>Lines of words, all but the first one indented.</summary>
    internal static IEnumerable<string> Wrap(string text, int width, string indent)
    {
        var line = string.Empty;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (width > 0 && line.Trim().Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = indent + word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        yield return line;
    }

    // What is too wide to be indented is not.
    private static IEnumerable<string> Indented(IReadOnlyList<string> lines, int width)
    {
        var indent = width > 0 && lines.Max(l => l.Length) > width - CodeIndent.Length ? string.Empty : CodeIndent;
        return lines.Select(line => line.Length == 0 ? line : indent + line);
    }

    // Shells go on in the next line after a mark, where a space may stand; one in quotes is part of a text. It reads best before a parameter or after a bar.
    private static IEnumerable<string> Commands(string line, int width, string language)
    {
        var mark = language switch { "powershell" => " `", "bash" => " \\", _ => null };
        var rest = line;
        while (mark is not null && rest.Length > width)
        {
            var places = Enumerable.Range(1, width - mark.Length).Where(i => rest[i] == ' ' && rest[..i].Trim().Length > 0 && IsOutsideQuotes(rest[..i])).ToArray();
            var named = places.Where(i => rest[i - 1] == '|' || rest[i + 1] == '-').ToArray();
            var end = named.LastOrDefault(i => IsOutsideBrackets(rest[..i]), named.LastOrDefault(places.LastOrDefault()));
            if (end == 0)
            {
                break;
            }

            yield return rest[..end].TrimEnd() + (rest[..end].TrimEnd().EndsWith('|') ? string.Empty : mark);
            rest = CodeIndent + rest[end..].TrimStart();
        }

        yield return rest;
    }

    private static bool IsOutsideBrackets(string text) => text.Count("([{".Contains) == text.Count(")]}".Contains);

    private static bool IsOutsideQuotes(string text) => text.Count(c => c == '"') % 2 == 0 && text.Count(c => c == '\'') % 2 == 0;

    // Side by side where that fits, else one below the other.
    private static IEnumerable<string> Rows(Table table, int width, Func<string, string> plain)
    {
        var rows = table.Rows.Prepend(table.Header).Select(r => r.Select(plain).ToArray()).ToArray();
        var widths = Enumerable.Range(0, table.Header.Count).Select(c => rows.Max(r => c < r.Length ? r[c].Length : 0)).ToArray();
        if (width > 0 && widths.Sum() + (2 * widths.Length) <= width)
        {
            var lines = rows.Select(r => string.Join("  ", r.Select((cell, c) => cell.PadRight(widths[c]))).TrimEnd());
            var rule = string.Join("  ", widths.Select((w, c) => new string('-', rows[0][c].Length == 0 ? 0 : w).PadRight(w))).TrimEnd();
            return rows[0].All(h => h.Length == 0) ? lines.Skip(1) : [lines.First(), rule, .. lines.Skip(1)];
        }

        return rows.Skip(1).SelectMany(row => Below(row, rows[0], width));
    }

    private static IEnumerable<string> Below(string[] row, string[] header, int width)
    {
        foreach (var line in Wrap(row[0], width, string.Empty))
        {
            yield return line;
        }

        foreach (var (cell, title) in row.Zip(header).Skip(1).Where(c => c.First.Length > 0))
        {
            var text = title.Length == 0 || row.Length == 2 ? cell : $"{title}: {cell}";
            foreach (var line in Wrap(text, Math.Max(0, width - 4), string.Empty))
            {
                yield return "    " + line;
            }
        }
    }
}
