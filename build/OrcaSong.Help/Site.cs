using System.Text.RegularExpressions;

namespace OrcaSong.Help;

/// <summary>All texts of a checkout, and what is made of them.</summary>
internal sealed partial class Site
{
    // Get-Help about_X shows the page; its first paragraph is the summary in lists.
    private static readonly (string Topic, string Page)[] Topics =
    [
        ("about_OrcaSong", "getting-started.md"),
        ("about_OrcaSong_Binning", "binning.md"),
        ("about_OrcaSong_Calibration", "calibration.md"),
        ("about_OrcaSong_Cluster", "cluster.md"),
        ("about_OrcaSong_DataSplit", "data-splits.md"),
        ("about_OrcaSong_FromPython", "from-python.md"),
        ("about_OrcaSong_Graphs", "graphs.md"),
        ("about_OrcaSong_Labels", "labels.md"),
        ("about_OrcaSong_Pictures", "pictures.md"),
        ("about_OrcaSong_Reliability", "reliability.md"),
        ("about_OrcaSong_Training", "training-sets.md"),
    ];

    private readonly string _root;
    private readonly IReadOnlyList<Command> _commands;

    /// <param name="root">Folder of the checkout.</param>
    internal Site(string root)
    {
        _root = root;
        _commands = CommandReader.All();
    }

    /// <summary>The files for Get-Help; PowerShell looks for them in <c>en-US</c> beside the manifest, whatever the culture.</summary>
    internal IEnumerable<(string Path, string Text)> HelpFiles()
    {
        var folder = Path.Combine(_root, "en-US");
        var address = ProjectAddress();
        yield return (Path.Combine(folder, "OrcaSong.PowerShell.dll-Help.xml"), Maml.Write(_commands.Select(c => (c, Page(c))), LinkText, address));
        foreach (var (topic, page) in Topics.Where(t => File.Exists(Path.Combine(_root, "docs", t.Page))))
        {
            var blocks = Markdown.Parse(File.ReadAllText(Path.Combine(_root, "docs", page)));
            yield return (Path.Combine(folder, topic + ".help.txt"), AboutText.Write(topic, blocks, LinkText));
        }
    }

    /// <summary>The pages docs/cmdlets, as they should be: one for each cmdlet, and a list of them.</summary>
    internal IEnumerable<(string Path, string Text)> CommandPages() =>
        _commands.Select(c => (PathOf(c), Page(c).Write(c))).Append((Path.Combine(_root, "docs", "cmdlets", "README.md"), List()));

    // At the prompt a page goes by the name that Get-Help knows.
    private string? LinkText(string target)
    {
        var page = target.Split('#')[0].Split('/')[^1];
        return target.Contains("://", StringComparison.Ordinal) ? null
            : Topics.FirstOrDefault(t => t.Page == page).Topic ?? _commands.FirstOrDefault(c => c.Name + ".md" == page)?.Name;
    }

    [GeneratedRegex(@"^\s*ProjectUri\s*=\s*'([^']+)'", RegexOptions.Multiline)]
    private static partial Regex ProjectUri();

    private string? ProjectAddress() =>
        ProjectUri().Match(File.ReadAllText(Path.Combine(_root, "OrcaSong.psd1"))) is { Success: true } match ? match.Groups[1].Value.TrimEnd('/') : null;

    private string List()
    {
        var rows = _commands.Select(c => $"| [{c.Name}]({c.Name}.md) | {c.Synopsis} |\n");
        return $"# Cmdlets\n\n`Get-Help NAME -Full` shows these pages at the prompt.\n\n| | |\n|---|---|\n{string.Concat(rows)}";
    }

    private string PathOf(Command command) => Path.Combine(_root, "docs", "cmdlets", command.Name + ".md");

    private CommandPage Page(Command command) =>
        File.Exists(PathOf(command)) ? CommandPage.Parse(File.ReadAllText(PathOf(command))) : CommandPage.Empty;
}
