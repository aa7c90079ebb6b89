using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using OrcaSong.PowerShell;
using OrcaSong.Training.Splitting;

namespace OrcaSong.Help;

/// <summary>Reads the cmdlets off the assembly and its doc comments.</summary>
/// <remarks>
/// Attributes are read as they were written: PowerShellStandard, against which cmdlets are compiled, is a shell whose properties keep
/// nothing. Defaults are those of a new object.
/// </remarks>
internal sealed class CommandReader
{
    private static readonly Dictionary<Type, string> Words = new()
    {
        [typeof(string)] = "string",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(uint)] = "uint",
        [typeof(ulong)] = "ulong",
        [typeof(double)] = "double",
        [typeof(bool)] = "bool",
        [typeof(object)] = "Object",
        [typeof(TimeSpan)] = "timespan",
        [typeof(SwitchParameter)] = "switch",
    };

    private static readonly Parameter[] ShouldProcessParameters =
    [
        SwitchOf("WhatIf", "Says what would be done, and does nothing.", "wi"),
        SwitchOf("Confirm", "Asks before each step that writes something.", "cf"),
    ];

    private readonly DocComments _comments = new(Directory.EnumerateFiles(AppContext.BaseDirectory, "OrcaSong*.xml").Where(f => !f.EndsWith("Help.xml", StringComparison.Ordinal)));

    /// <summary>All cmdlets, by name.</summary>
    internal static IReadOnlyList<Command> All()
    {
        var reader = new CommandReader();
        var types = typeof(OrcaSongCommand).Assembly.GetExportedTypes().Where(t => Attribute(t, typeof(CmdletAttribute)) is not null);
        return [.. types.Select(reader.Read).OrderBy(c => c.Name, StringComparer.Ordinal)];
    }

    private static Parameter SwitchOf(string name, string text, string alias) =>
        new(name, "switch", text, string.Empty, [], string.Empty, [alias], false, new Dictionary<string, ParameterUse> { [Parameter.AllSets] = new(false, null, false, false) });

    private static CustomAttributeData? Attribute(MemberInfo member, Type type) => member.CustomAttributes.FirstOrDefault(a => a.AttributeType == type);

    private static T? Named<T>(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.Where(a => a.MemberName == name).Select(a => a.TypedValue.Value).OfType<T>().FirstOrDefault();

    private static string[] Texts(CustomAttributeTypedArgument argument) =>
        [.. ((IEnumerable<CustomAttributeTypedArgument>)argument.Value!).Select(v => (string)v.Value!)];

    // What users write for a dictionary, of whatever kind, is a hash table.
    private static string TypeName(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        var isTable = plain.IsGenericType || typeof(IDictionary).IsAssignableFrom(plain) || plain == typeof(SetFractions);
        return plain.IsArray ? TypeName(plain.GetElementType()!) + "[]"
            : Words.GetValueOrDefault(plain) ?? (isTable ? "hashtable" : plain.Name);
    }

    // The largest number stands for no limit.
    private static string Shown(object? value) => value switch
    {
        null or SwitchParameter or "" or int.MaxValue or IEnumerable and not (string or Array) => string.Empty,
        string text => text,
        Array items => string.Join(", ", items.Cast<object?>().Select(Shown)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => string.Empty,
    };

    private static ParameterUse Use(CustomAttributeData attribute) => new(
        Named<bool>(attribute, "Mandatory"),
        Named<int?>(attribute, "Position"),
        Named<bool>(attribute, "ValueFromPipeline"),
        Named<bool>(attribute, "ValueFromPipelineByPropertyName"));

    private Command Read(Type type)
    {
        var cmdlet = Attribute(type, typeof(CmdletAttribute))!;
        var instance = Activator.CreateInstance(type)!;
        var parameters = Parameters(instance).ToList();
        if (instance is IDynamicParameters dynamic)
        {
            parameters.AddRange(Parameters(dynamic.GetDynamicParameters()));
        }

        if (Named<bool>(cmdlet, "SupportsShouldProcess"))
        {
            parameters.AddRange(ShouldProcessParameters);
        }

        var named = parameters.SelectMany(p => p.Uses.Keys).Where(s => s != Parameter.AllSets).Distinct().ToArray();
        var first = Named<string>(cmdlet, "DefaultParameterSetName");
        return new Command(
            $"{cmdlet.ConstructorArguments[0].Value}-{cmdlet.ConstructorArguments[1].Value}",
            _comments.Summary(type),
            named.Length == 0 ? [Parameter.AllSets] : [.. named.OrderBy(s => s != first)],
            [.. parameters.OrderBy(p => p.Uses.Values.Min(u => u.Position ?? int.MaxValue))],
            Inputs(parameters, type),
            Outputs(type));
    }

    private IEnumerable<Parameter> Parameters(object instance)
    {
        foreach (var property in instance.GetType().GetProperties())
        {
            var uses = property.CustomAttributes.Where(a => a.AttributeType == typeof(ParameterAttribute)).ToArray();
            if (uses.Length > 0)
            {
                yield return new Parameter(
                    property.Name,
                    TypeName(property.PropertyType),
                    _comments.Summary(property),
                    _comments.Value(property) ?? Shown(property.GetValue(instance)),
                    Values(property),
                    Range(property),
                    Attribute(property, typeof(AliasAttribute)) is { } alias ? Texts(alias.ConstructorArguments[0]) : [],
                    Attribute(property, typeof(SupportsWildcardsAttribute)) is not null,
                    uses.ToDictionary(a => Named<string>(a, "ParameterSetName") ?? Parameter.AllSets, Use));
            }
        }
    }

    private (string Value, string Text)[] Values(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type.IsEnum ? [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (f.Name, _comments.Summary(f)))]
            : Attribute(property, typeof(ValidateSetAttribute)) is { } set ? [.. Texts(set.ConstructorArguments[0]).Select(v => (v, string.Empty))]
            : [];
    }

    private static string Range(PropertyInfo property)
    {
        if (Attribute(property, typeof(ValidateRangeAttribute)) is not { ConstructorArguments: [{ Value: var low }, { Value: var high }] })
        {
            return string.Empty;
        }

        return high is int.MaxValue or long.MaxValue
            ? $"{low} or more"
            : string.Create(CultureInfo.InvariantCulture, $"{low} to {high:#,0.######}");
    }

    private PipelineType[] Inputs(IReadOnlyList<Parameter> parameters, Type type)
    {
        var byValue = parameters.Where(p => p.Uses.Values.Any(u => u.ByValue)).Select(p => (p.Name, Type: type.GetProperty(p.Name)!.PropertyType));
        var byName = parameters.Where(p => p.Uses.Values.Any(u => u.ByName)).SelectMany(p => p.Aliases.Prepend(p.Name)).Select(n => $"`{n}`").ToArray();
        return
        [
            .. byValue.Select(p => Described(p.Type.IsArray ? p.Type.GetElementType()! : p.Type, $"Values of `-{p.Name}`.")),
            .. byName.Length == 0 ? [] : new[] { new PipelineType("System.Management.Automation.PSObject", $"Any object with a property {string.Join(" or ", byName)}.") },
        ];
    }

    private PipelineType[] Outputs(Type type) =>
        [.. type.CustomAttributes.Where(a => a.AttributeType == typeof(OutputTypeAttribute)).SelectMany(a => a.ConstructorArguments)
            .SelectMany(a => a.Value is IEnumerable<CustomAttributeTypedArgument> many ? many.Select(m => m.Value) : [a.Value])
            .OfType<Type>().Select(t => t == typeof(void) ? new PipelineType("None", "Nothing.") : Described(t, t == typeof(bool) ? "`$true` or `$false`." : string.Empty))];

    private PipelineType Described(Type type, string text) =>
        new(type.FullName!, string.Join(' ', new[] { text, _comments.SummaryOrEmpty(type) }.Where(t => t.Length > 0)));
}
