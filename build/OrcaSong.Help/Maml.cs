using System.Globalization;
using System.Xml.Linq;

namespace OrcaSong.Help;

/// <summary>The help of cmdlets as PowerShell reads it: MAML, by its names in the files that come with PowerShell.</summary>
internal static class Maml
{
    private static readonly XNamespace M = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace C = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace D = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <param name="commands">Cmdlets and their pages.</param>
    /// <param name="linkText">What links are called at the prompt.</param>
    /// <param name="address">The project's address, for Get-Help -Online; <see langword="null"/> for none.</param>
    internal static string Write(IEnumerable<(Command Command, CommandPage Page)> commands, Func<string, string?> linkText, string? address)
    {
        XNamespace items = "http://msh";
        var root = new XElement(items + "helpItems", new XAttribute("schema", "maml"));
        foreach (var (command, page) in commands)
        {
            root.Add(new Writer(linkText).Of(command, page, address));
        }

        return new XDeclaration("1.0", "utf-8", null) + "\n" + root + "\n";
    }

    private static XElement Type(string name) => new(D + "type", new XElement(M + "name", name), new XElement(M + "uri"));

    private static XElement Value(Parameter parameter) =>
        new(C + "parameterValue", new XAttribute("required", "true"), new XAttribute("variableLength", parameter.Type.EndsWith("[]", StringComparison.Ordinal)), parameter.Type);

    private sealed class Writer(Func<string, string?> linkText)
    {
        internal XElement Of(Command command, CommandPage page, string? address) => new(
            C + "command",
            new XAttribute(XNamespace.Xmlns + "maml", M),
            new XAttribute(XNamespace.Xmlns + "command", C),
            new XAttribute(XNamespace.Xmlns + "dev", D),
            new XElement(
                C + "details",
                new XElement(C + "name", command.Name),
                new XElement(C + "verb", command.Name.Split('-')[0]),
                new XElement(C + "noun", command.Name.Split('-')[1]),
                new XElement(M + "description", Paragraph(command.Synopsis))),
            new XElement(M + "description", Paragraphs(page.Description)),
            new XElement(C + "syntax", command.Sets.Select(s => Syntax(command, s))),
            new XElement(C + "parameters", command.Parameters.Select(p => Parameter(p, p.Uses.Values.First(), isSyntax: false))),
            new XElement(C + "inputTypes", command.Inputs.DefaultIfEmpty(new PipelineType("None", "Nothing comes from the pipeline.")).Select(t => new XElement(C + "inputType", Described(t)))),
            new XElement(C + "returnValues", command.Outputs.Select(t => new XElement(C + "returnValue", Described(t)))),
            page.Notes.Count == 0 ? null : new XElement(M + "alertSet", new XElement(M + "alert", Paragraphs(page.Notes))),
            new XElement(C + "examples", page.Examples.Select(Example)),
            new XElement(C + "relatedLinks", Links(command, page, address)));

        private static XElement Link(string text, string uri) => new(M + "navigationLink", new XElement(M + "linkText", text), new XElement(M + "uri", uri));

        private IEnumerable<XElement> Links(Command command, CommandPage page, string? address)
        {
            if (address is not null)
            {
                yield return Link("Online version:", $"{address}/blob/main/docs/cmdlets/{command.Name}.md");
            }

            foreach (var link in page.Links)
            {
                yield return Link(Markdown.Plain(link, linkText), string.Empty);
            }
        }

        private XElement Syntax(Command command, string set) => new(
            C + "syntaxItem",
            new XElement(M + "name", command.Name),
            Help.Syntax.Parameters(command, set).Select(p => Parameter(p.Parameter, p.Use, isSyntax: true)));

        private XElement Parameter(Parameter parameter, ParameterUse use, bool isSyntax) => new(
            C + "parameter",
            new XAttribute("required", use.IsMandatory),
            new XAttribute("variableLength", parameter.Type.EndsWith("[]", StringComparison.Ordinal)),
            new XAttribute("globbing", parameter.Wildcards),
            new XAttribute("pipelineInput", use.Pipeline.Length == 0 ? "False" : $"True ({use.Pipeline})"),
            new XAttribute("position", use.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(M + "name", parameter.Name),
            new XElement(M + "description", isSyntax ? [] : Description(parameter)),
            isSyntax && parameter.Values.Count > 0
                ? new XElement(C + "parameterValueGroup", parameter.Values.Select(v => new XElement(C + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), v.Value)))
                : parameter.IsSwitch && isSyntax ? null : Value(parameter),
            Type(parameter.Type),
            new XElement(D + "defaultValue", parameter.Default.Length == 0 ? parameter.IsSwitch ? "False" : "None" : Markdown.Plain(parameter.Default, linkText)));

        private IEnumerable<XElement> Description(Parameter parameter) =>
        [
            .. parameter.Text.Split("\n\n").Select(Paragraph),
            .. parameter.Values.Select(v => Paragraph(v.Text.Length == 0 ? $"- {v.Value}" : $"- {v.Value}: {v.Text}")),
            .. parameter.Range.Length == 0 ? [] : new[] { Paragraph($"Accepted: {parameter.Range}.") },
        ];

        // The empty paragraph keeps the next title apart.
        private XElement Example(Example example, int index) => new(
            C + "example",
            new XElement(M + "title", $"-------- Example {index + 1}: {example.Title} --------"),
            new XElement(D + "code", string.Join('\n', example.Commands.Lines)),
            new XElement(D + "remarks", Paragraphs(example.Remarks), new XElement(M + "para")));

        private object[] Described(PipelineType type) => [Type(type.Name), new XElement(M + "description", Paragraph(type.Text))];

        private IEnumerable<XElement> Paragraphs(IEnumerable<Block> blocks) =>
            blocks.Select(b => new XElement(M + "para", string.Join('\n', TextBlocks.Lines(b, width: 0, linkText))));

        private XElement Paragraph(string text) => new(M + "para", Markdown.Plain(text, linkText));
    }
}
