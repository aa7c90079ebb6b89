namespace OrcaSong.Help;

/// <summary>Pieces of a page as plain lines, for a terminal.</summary>
internal static class TextBlocks
{
    /// <summary>A piece as lines that are no wider than they may be, code apart, which stays as it is.</summary>
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
            Code code => code.Lines.Select(line => line.Length == 0 ? line : "    " + line),
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
