using System.Text;

namespace OrcaSong.Help;

/// <summary>A page of docs as a topic of Get-Help: plain text of 80 columns.</summary>
internal static class AboutText
{
    private const int Width = 80;
    private const string Indent = "    ";

    /// <param name="topic">Its name, about_X.</param>
    /// <param name="page">The page.</param>
    /// <param name="linkText">What links are called.</param>
    internal static string Write(string topic, IReadOnlyList<Block> page, Func<string, string?> linkText)
    {
        // PowerShell takes the fifth line for the summary.
        var summary = page.OfType<Paragraph>().First();
        var text = new StringBuilder($"TOPIC\n{Indent}{topic}\n\nSHORT DESCRIPTION\n");
        var sentence = Markdown.Plain(summary.Text, linkText).Split(". ")[0].TrimEnd('.') + ".";
        Append(text, [.. TextBlocks.Wrap(sentence, Width - Indent.Length, string.Empty)]);
        text.Append("\nLONG DESCRIPTION\n");
        Block? last = null;
        foreach (var block in page.Where(b => b is not Heading { Level: 1 }))
        {
            if (block is Heading heading)
            {
                var title = Markdown.Plain(heading.Text, linkText);
                text.Append(heading.Level == 2 ? $"\n{title.ToUpperInvariant()}\n" : $"\n  {title}\n");
            }
            else
            {
                text.Append(last is null or Heading || (last is Item && block is Item) ? string.Empty : "\n");
                Append(text, [.. TextBlocks.Lines(block, Width - Indent.Length, linkText)]);
            }

            last = block;
        }

        return text.ToString();
    }

    // What commands print may be as wide as the terminal.
    private static void Append(StringBuilder text, IReadOnlyList<string> lines)
    {
        var indent = lines.Max(l => l.Length) > Width - Indent.Length ? string.Empty : Indent;
        foreach (var line in lines)
        {
            text.Append(line.Length == 0 ? string.Empty : indent).Append(line).Append('\n');
        }
    }
}
