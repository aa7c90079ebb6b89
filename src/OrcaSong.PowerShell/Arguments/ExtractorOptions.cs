using System.Collections;
using System.Globalization;
using System.Management.Automation;
using OrcaSong.Configuration;
using OrcaSong.Configuration.Toml;
using OrcaSong.Labels;

namespace OrcaSong.PowerShell.Arguments;

/// <summary>Options of built-in extractors, as users write them: by their names in configurations, which decide what they may be.</summary>
internal static class ExtractorOptions
{
    /// <summary>The built-in extractor with these options.</summary>
    /// <param name="extractor">The extractor; what options it has is replaced.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">There is no built-in extractor, or an option is none of it, or not what it may be.</exception>
    internal static ILabelExtractor Apply(ILabelExtractor? extractor, IDictionary options)
    {
        if (extractor is null or CustomExtractor)
        {
            throw new ArgumentException("-ExtractorOption is for the built-in extractors: give the name of one as -Extractor (Get-Extractor lists them).");
        }

        try
        {
            var table = new TomlTable(
            [
                KeyValuePair.Create<string, TomlValue>("mode", new TomlString("graph")),
                KeyValuePair.Create<string, TomlValue>("extractor", new TomlString(extractor.Name)),
                KeyValuePair.Create<string, TomlValue>("extractor_config", new TomlTable(options.Cast<DictionaryEntry>().Select(Item))),
            ]);
            return RunConfiguration.Parse(Toml.Write(table)).Processor.Options.Extractor!;
        }
        catch (TomlException e)
        {
            throw new ArgumentException($"-ExtractorOption: {e.Problem}", e);
        }
    }

    private static KeyValuePair<string, TomlValue> Item(DictionaryEntry option)
    {
        var name = Convert.ToString(Argument.Value(option.Key), CultureInfo.InvariantCulture)!;
        return KeyValuePair.Create(name, Value(name, Argument.Value(option.Value)));
    }

    private static TomlValue Value(string name, object? given) => given switch
    {
        string text => new TomlString(text),
        bool yes => new TomlBoolean(yes),
        SwitchParameter yes => new TomlBoolean(yes),
        double or float or decimal => new TomlFloat(Convert.ToDouble(given, CultureInfo.InvariantCulture)),
        sbyte or byte or short or ushort or int or uint or long => new TomlInteger(Convert.ToInt64(given, CultureInfo.InvariantCulture)),
        IEnumerable list => new TomlArray(list.Cast<object?>().Select(v => Value(name, Argument.Value(v)))),
        _ => throw new ArgumentException($"-ExtractorOption: '{given ?? "$null"}' is nothing that {name} can be."),
    };
}
