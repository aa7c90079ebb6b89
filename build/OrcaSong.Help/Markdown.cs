using System.Text.RegularExpressions;

namespace OrcaSong.Help;

/// <summary>A piece of a page.</summary>
internal abstract record Block;

/// <summary>A heading.</summary>
internal sealed record Heading(int Level, string Text) : Block;

/// <summary>Running text, on one line.</summary>
internal sealed record Paragraph(string Text) : Block;

/// <summary>An item of a list, on one line.</summary>
internal sealed record Item(string Text) : Block;

/// <summary>Code, or what a command prints.</summary>
internal sealed record Code(string Language, IReadOnlyList<string> Lines) : Block;

/// <summary>A table. Cells of the header may be empty.</summary>
internal sealed record Table(IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows) : Block;

/// <summary>The part of Markdown that the pages use.</summary>
internal static partial class Markdown
{
    /// <summary>The pieces of a page. Pictures and comments are left out.</summary>
    internal static IReadOnlyList<Block> Parse(string text)
    {
        var lines = Comment().Replace(text.ReplaceLineEndings("\n"), string.Empty).Split('\n');
        var blocks = new List<Block>();
        for (var i = 0; i < lines.Length;)
        {
            blocks.AddRange(Next(lines, ref i) is { } block ? [block] : []);
        }

        return blocks;
    }

    /// <summary>Text without its marks; links name their target as <paramref name="linkText"/> does.</summary>
    internal static string Plain(string text, Func<string, string?> linkText)
    {
        var linked = Link().Replace(text, m => LinkAsText(m.Groups[1].Value, m.Groups[2].Value, linkText));
        var raised = Superscript().Replace(linked, "^$1");

        // Code keeps its stars and underscores.
        return string.Concat(raised.Split('`').Select((part, i) => i % 2 == 1 ? part : Emphasis().Replace(part, "$2")));
    }

    private static Block? Next(string[] lines, ref int i)
    {
        var line = lines[i];
        if (string.IsNullOrWhiteSpace(line) || line.StartsWith("![", StringComparison.Ordinal))
        {
            i++;
            return null;
        }

        if (line.StartsWith("```", StringComparison.Ordinal))
        {
            var code = Take(lines, i + 1, l => !l.StartsWith("```", StringComparison.Ordinal));
            i += code.Count + 2;
            return new Code(line[3..].Trim(), code);
        }

        if (line.StartsWith("    ", StringComparison.Ordinal))
        {
            var code = Take(lines, i, l => l.Length == 0 || l.StartsWith("    ", StringComparison.Ordinal));
            i += code.Count;
            return new Code("text", [.. string.Join('\n', code.Select(l => l.Length > 4 ? l[4..] : string.Empty)).TrimEnd().Split('\n')]);
        }

        if (line.StartsWith('#'))
        {
            i++;
            var level = line.TakeWhile(c => c == '#').Count();
            return new Heading(level, line[level..].Trim());
        }

        if (line.StartsWith('|'))
        {
            var rows = Take(lines, i, l => l.StartsWith('|'));
            i += rows.Count;
            return new Table(Cells(rows[0]), [.. rows.Skip(2).Select(Cells)]);
        }

        var item = ListItem().Match(line);
        var text = Take(lines, i + 1, l => l.Length > 0 && !ListItem().IsMatch(l) && l[0] is not ('|' or '#' or '`') && !l.StartsWith("![", StringComparison.Ordinal));
        i += text.Count + 1;
        var joined = string.Join(' ', text.Prepend(line[item.Length..]).Select(l => l.Trim()));
        return item.Success ? new Item(item.Value.Trim() is "*" or "-" ? $"- {joined}" : $"{item.Value.Trim()} {joined}") : new Paragraph(joined);
    }

    private static List<string> Take(string[] lines, int from, Func<string, bool> belongs) => [.. lines.Skip(from).TakeWhile(belongs)];

    private static string[] Cells(string row) => [.. CellEnd().Split(row.Trim().Trim('|')).Select(c => c.Trim().Replace("\\|", "|", StringComparison.Ordinal))];

    private static string LinkAsText(string text, string target, Func<string, string?> linkText)
    {
        var name = linkText(target) ?? (target.Contains("://", StringComparison.Ordinal) ? target : null);
        var isPath = text.EndsWith(".md", StringComparison.Ordinal) || text.Trim('`') == name;
        return name is null ? text : isPath ? name : $"{text} ({name})";
    }

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^([*-]|\d+\.) +")]
    private static partial Regex ListItem();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex CellEnd();

    [GeneratedRegex(@"\[([^\]]+)\]\(([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("<sup>(.*?)</sup>")]
    private static partial Regex Superscript();

    [GeneratedRegex(@"(\*\*|(?<![\w*])\*(?=\S))(.+?)\1")]
    private static partial Regex Emphasis();
}
