using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OrcaSong.Help;

/// <summary>An example: what it shows, the commands, and what there is to say.</summary>
internal sealed record Example(string Title, Code Commands, IReadOnlyList<Block> Remarks);

/// <summary>
/// A page of docs/cmdlets. Description, examples, notes and links are written there, by people; all else comes from the code.
/// </summary>
/// <param name="Texts">The sections that people write, by their headings, as they stand there.</param>
internal sealed partial record CommandPage(IReadOnlyDictionary<string, string> Texts)
{
    private const string DescriptionHeading = "Description";
    private const string ExamplesHeading = "Examples";
    private const string NotesHeading = "Notes";
    private const string LinksHeading = "See also";
    private const string Remark = "<!-- Description, examples, notes and links are written here; all else comes from the code (CONTRIBUTING.md says how). -->";

    /// <summary>A page on which nothing is written yet.</summary>
    internal static CommandPage Empty { get; } = new(new Dictionary<string, string>());

    internal IReadOnlyList<Block> Description => Markdown.Parse(Text(DescriptionHeading));

    internal IReadOnlyList<Block> Notes => Markdown.Parse(Text(NotesHeading));

    internal IReadOnlyList<string> Links => [.. Markdown.Parse(Text(LinksHeading)).OfType<Item>().Select(i => i.Text[2..])];

    internal IReadOnlyList<Example> Examples
    {
        get
        {
            var blocks = Markdown.Parse(Text(ExamplesHeading));
            var starts = Enumerable.Range(0, blocks.Count).Where(i => blocks[i] is Heading).ToArray();
            return [.. starts.Select((start, n) => ExampleOf([.. blocks.Take(n + 1 < starts.Length ? starts[n + 1] : blocks.Count).Skip(start)]))];
        }
    }

    internal static CommandPage Parse(string page)
    {
        // A heading inside of code is a comment there.
        var parts = SectionStart().Split(page.ReplaceLineEndings("\n")).Skip(1);
        return new CommandPage(parts.Select(p => p.Split('\n', 2)).ToDictionary(p => p[0].Trim(), p => p[^1].Trim()));
    }

    /// <summary>The page, with what the code says.</summary>
    internal string Write(Command command)
    {
        var page = new StringBuilder($"# {command.Name}\n\n{Remark}\n\n{command.Synopsis}\n\n");
        foreach (var set in command.Sets)
        {
            page.Append(CultureInfo.InvariantCulture, $"    {Syntax.Of(command, set)}\n");
        }

        Section(page, DescriptionHeading, Text(DescriptionHeading));
        Section(page, ExamplesHeading, Text(ExamplesHeading));
        Section(page, "Parameters", string.Join("\n\n", command.Parameters.Select(p => Of(p, command))));
        Section(page, "Inputs", List(command.Inputs));
        Section(page, "Outputs", List(command.Outputs));
        Section(page, NotesHeading, Text(NotesHeading));
        Section(page, LinksHeading, Text(LinksHeading));
        return page.ToString();
    }

    private static void Section(StringBuilder page, string heading, string text) => page.Append(text.Length == 0 ? string.Empty : $"\n## {heading}\n\n{text}\n");

    private static string List(IReadOnlyList<PipelineType> types) =>
        string.Join('\n', types.DefaultIfEmpty(new PipelineType("None", "Nothing comes from the pipeline.")).Select(t => $"* `{t.Name}`: {t.Text}"));

    private static string Of(Parameter parameter, Command command)
    {
        var values = string.Join('\n', parameter.Values.Select(v => v.Text.Length == 0 ? $"* `{v.Value}`" : $"* `{v.Value}`: {v.Text}"));
        var parts = new[] { $"### -{parameter.Name}", parameter.Text, values, $"{string.Join("; ", Facts(parameter, command))}." };
        return string.Join("\n\n", parts.Where(p => p.Length > 0));
    }

    private static IEnumerable<string> Facts(Parameter parameter, Command command)
    {
        var use = parameter.Uses.Values.First();
        var aliases = string.Join(", ", parameter.Aliases.Select(a => $"`{a}`"));
        var pipeline = string.Join(", ", new[] { use.ByValue ? "by value" : string.Empty, use.ByName ? "by property name" : string.Empty }.Where(p => p.Length > 0));
        (string Name, string Value)[] facts =
        [
            ("Type", $"`{parameter.Type}`"),
            ("default", parameter.Default),
            ("accepted", parameter.Range),
            ("required", Required(parameter, command)),
            ("position", use.Position?.ToString(CultureInfo.InvariantCulture) ?? string.Empty),
            ("pipeline", pipeline),
            ("wildcards", parameter.Wildcards ? "yes" : string.Empty),
            (parameter.Aliases.Count == 1 ? "alias" : "aliases", aliases),
        ];
        return facts.Where(f => f.Value.Length > 0).Select(f => $"{f.Name}: {f.Value}");
    }

    private static string Required(Parameter parameter, Command command)
    {
        var sets = command.Sets.Where(s => parameter.In(s) is { IsMandatory: true }).ToArray();
        return sets.Length == 0 ? string.Empty
            : sets.Length == command.Sets.Count ? "yes"
            : $"with the {(sets.Length == 1 ? "set" : "sets")} {string.Join(", ", sets)}";
    }

    private static Example ExampleOf(IReadOnlyList<Block> blocks)
    {
        var title = ((Heading)blocks[0]).Text;
        var code = blocks.OfType<Code>().FirstOrDefault(c => c.Language == "powershell") ?? throw new HelpException($"The example '{title}' has no commands (```powershell).");
        return new Example(title, code, [.. blocks.Skip(1).Where(b => b != code)]);
    }

    [GeneratedRegex("^## ", RegexOptions.Multiline)]
    private static partial Regex SectionStart();

    private string Text(string heading) => Texts.GetValueOrDefault(heading) ?? string.Empty;
}
