using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OrcaSong.Help;

/// <summary>The doc comments of the assemblies, as the compiler wrote them, turned into Markdown.</summary>
internal sealed partial class DocComments
{
    private readonly Dictionary<string, XElement> _members;

    /// <param name="files">Paths of the compiler's XML files.</param>
    internal DocComments(IEnumerable<string> files) =>
        _members = files.SelectMany(f => XDocument.Load(f, LoadOptions.PreserveWhitespace).Descendants("member"))
            .DistinctBy(m => m.Attribute("name")!.Value).ToDictionary(m => m.Attribute("name")!.Value);

    /// <summary>What a type, property or field is.</summary>
    /// <exception cref="HelpException">It has no summary.</exception>
    internal string Summary(MemberInfo member) => Find(member, "summary") ?? throw new HelpException($"{IdOf(member)} has no <summary>, from which its help is made.");

    /// <summary>What it is; empty where it is a type of others.</summary>
    internal string SummaryOrEmpty(MemberInfo member) => Find(member, "summary") ?? string.Empty;

    /// <summary>The value of a property that is not set, where the comment gives it in words.</summary>
    internal string? Value(MemberInfo member) => Find(member, "value");

    private static string IdOf(MemberInfo member) => member switch
    {
        Type type => $"T:{NameOf(type)}",
        PropertyInfo => $"P:{NameOf(member.DeclaringType!)}.{member.Name}",
        _ => $"F:{NameOf(member.DeclaringType!)}.{member.Name}",
    };

    private static string NameOf(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string Text(XElement element)
    {
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            text.Append(node switch
            {
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement { Name.LocalName: "para" } paragraph => $"\n\n{Text(paragraph)}\n\n",
                XElement see when see.Attribute("cref") is { } target => $"`{target.Value.Split('.')[^1]}`",
                XElement see when see.Attribute("langword") is { } word => $"`{word.Value}`",
                XElement other => Text(other),
                XText words => words.Value,
                _ => string.Empty,
            });
        }

        var paragraphs = Paragraphs().Split(text.ToString().Trim()).Select(p => Spaces().Replace(p, " ").Trim());
        return string.Join("\n\n", paragraphs.Where(p => p.Length > 0));
    }

    [GeneratedRegex(@"\n\s*\n")]
    private static partial Regex Paragraphs();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    private string? Find(MemberInfo member, string element) =>
        _members.GetValueOrDefault(IdOf(member))?.Element(element) is { } found ? Text(found) : null;
}
