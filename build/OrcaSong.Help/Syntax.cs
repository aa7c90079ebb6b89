namespace OrcaSong.Help;

/// <summary>How a cmdlet is written.</summary>
internal static class Syntax
{
    /// <summary>A set of parameters in a line: those that must be given, those that need no name, and whether there are more.</summary>
    internal static string Of(Command command, string set)
    {
        var all = Parameters(command, set).ToArray();
        var shown = all.Where(p => p.Use.IsMandatory || p.Use.Position is not null).ToArray();
        var parts = shown.Select(p => Of(p.Parameter, p.Use)).Prepend(command.Name);
        return string.Join(' ', shown.Length < all.Length ? parts.Append("[<parameters>]") : parts);
    }

    /// <summary>The parameters of a set: those that need no name, then those that must be given, then the others.</summary>
    internal static IEnumerable<(Parameter Parameter, ParameterUse Use)> Parameters(Command command, string set) =>
        from parameter in command.Parameters
        let use = parameter.In(set)
        where use is not null
        orderby use.Position ?? int.MaxValue, !use.IsMandatory
        select (parameter, use);

    private static string Of(Parameter parameter, ParameterUse use)
    {
        var name = use.Position is null ? $"-{parameter.Name}" : $"[-{parameter.Name}]";
        var text = parameter.IsSwitch ? name : $"{name} <{parameter.Type}>";
        return use.IsMandatory ? text : $"[{text}]";
    }
}
