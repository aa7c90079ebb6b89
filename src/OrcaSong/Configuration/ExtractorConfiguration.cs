using OrcaSong.Configuration.Toml;
using OrcaSong.Labels;

namespace OrcaSong.Configuration;

/// <summary>
/// Extractors in configurations: <c>extractor = "bundle_mc"</c>, and its options in the table <c>[extractor_config]</c>, with the names and
/// the standard values of the Python tool.
/// </summary>
internal static class ExtractorConfiguration
{
    private const string NameKey = "extractor";
    private const string OptionsKey = "extractor_config";

    /// <summary>Reads the extractor of a configuration.</summary>
    /// <param name="table">The configuration.</param>
    /// <param name="source">Its path, for messages.</param>
    /// <returns>The extractor, if there is one.</returns>
    /// <exception cref="TomlException">The extractor or an option is not known, or a value is none that the option can have.</exception>
    internal static ILabelExtractor? Read(ConfigurationTable table, string source)
    {
        var name = table.Text(NameKey);
        var found = table.Find(OptionsKey);
        var settings = found switch
        {
            null => new TomlTable([]),
            TomlTable t => t,
            _ => throw table.Wrong(OptionsKey, "a table", found),
        };
        var options = new ConfigurationTable(settings, source);
        if (name is null)
        {
            options.RefuseUnknownKeysOf(null);
            return null;
        }

        var place = table.Find(NameKey)!.Position;
        var extractor = table.Make(place, () => LabelExtractors.Get(name)) switch
        {
            NuChainNeutrinoExtractor e => e with { ProdIdentifier = (int?)options.Integer("prod_identifier", int.MinValue, int.MaxValue) ?? e.ProdIdentifier },
            NuChainMuonExtractor e => e with { InactiveDu = InactiveDu(options) },
            BundleDataExtractor e => e with { OnlyDowngoingTracks = options.Boolean("only_downgoing_tracks", e.OnlyDowngoingTracks) },
            BundleMcExtractor e => table.Make(found?.Position ?? place, () => ReadBundleMc(e, options)),
            var e => e,
        };
        if (settings.Count > 0 && LabelExtractors.All.First(e => e.Name == name).Options.Count == 0)
        {
            options.RefuseUnknownKeysOf(name);
        }

        options.RefuseUnknownKeys();
        return extractor;
    }

    /// <summary>The keys of a configuration that describe an extractor: its name, and those of its options that are not standard.</summary>
    /// <param name="extractor">A built-in extractor.</param>
    /// <returns>Keys and values; <see cref="Read"/> makes an equal extractor of them.</returns>
    /// <exception cref="ArgumentException">It is not built in, so a configuration cannot name it.</exception>
    internal static IEnumerable<KeyValuePair<string, TomlValue>> Write(ILabelExtractor extractor)
    {
        if (extractor is CustomExtractor)
        {
            throw new ArgumentException(
                $"Extractor {extractor} is not one of {string.Join(", ", LabelExtractors.Names)}, so a configuration cannot name it; write one without an extractor.");
        }

        yield return KeyValuePair.Create<string, TomlValue>(NameKey, new TomlString(extractor.Name));
        var options = Options(extractor).ToArray();
        if (options.Length > 0)
        {
            yield return KeyValuePair.Create<string, TomlValue>(OptionsKey, new TomlTable(options));
        }
    }

    private static IEnumerable<KeyValuePair<string, TomlValue>> Options(ILabelExtractor extractor)
    {
        switch (extractor)
        {
            case NuChainNeutrinoExtractor e when e.ProdIdentifier != new NuChainNeutrinoExtractor().ProdIdentifier:
                yield return Key("prod_identifier", new TomlInteger(e.ProdIdentifier));
                break;
            case NuChainMuonExtractor { InactiveDu: { } du }:
                yield return Key("inactive_du", new TomlInteger(du));
                break;
            case BundleDataExtractor { OnlyDowngoingTracks: true }:
                yield return Key("only_downgoing_tracks", new TomlBoolean(true));
                break;
            case BundleMcExtractor e:
                foreach (var option in BundleMcOptions(e, new BundleMcExtractor()))
                {
                    yield return option;
                }

                break;
        }
    }

    private static IEnumerable<KeyValuePair<string, TomlValue>> BundleMcOptions(BundleMcExtractor e, BundleMcExtractor standard)
    {
        if (e.InactiveDu is { } du)
        {
            yield return Key("inactive_du", new TomlInteger(du));
        }

        if (!e.LeastMcHits.SequenceEqual(standard.LeastMcHits))
        {
            yield return Key("min_n_mchits_list", new TomlArray([.. e.LeastMcHits.Select(n => new TomlInteger(n))]));
        }

        if (e.PlanePoint != standard.PlanePoint)
        {
            yield return Key("plane_point", new TomlArray([new TomlFloat(e.PlanePoint.X), new TomlFloat(e.PlanePoint.Y), new TomlFloat(e.PlanePoint.Z)]));
        }

        foreach (var (key, value, usual) in new (string, bool, bool)[]
            {
                ("with_mc_index", e.WithMcIndex, standard.WithMcIndex),
                ("is_corsika", e.IsCorsika, standard.IsCorsika),
                ("only_downgoing_tracks", e.OnlyDowngoingTracks, standard.OnlyDowngoingTracks),
            })
        {
            if (value != usual)
            {
                yield return Key(key, new TomlBoolean(value));
            }
        }

        if (!e.MissingValue.Equals(standard.MissingValue))
        {
            yield return Key("missing_value", new TomlFloat(e.MissingValue));
        }
    }

    private static KeyValuePair<string, TomlValue> Key(string key, TomlValue value) => KeyValuePair.Create(key, value);

    private static int? InactiveDu(ConfigurationTable options) => (int?)options.Integer("inactive_du", 0, byte.MaxValue);

    private static BundleMcExtractor ReadBundleMc(BundleMcExtractor e, ConfigurationTable options) => e with
    {
        InactiveDu = InactiveDu(options),
        LeastMcHits = ReadLeastMcHits(options) ?? e.LeastMcHits,
        PlanePoint = ReadPlanePoint(options) ?? e.PlanePoint,
        WithMcIndex = options.Boolean("with_mc_index", e.WithMcIndex),
        IsCorsika = options.Boolean("is_corsika", e.IsCorsika),
        OnlyDowngoingTracks = options.Boolean("only_downgoing_tracks", e.OnlyDowngoingTracks),
        MissingValue = options.Find("missing_value") is { } value ? options.Number("missing_value", value) : e.MissingValue,
    };

    private static int[]? ReadLeastMcHits(ConfigurationTable options)
    {
        const string Key = "min_n_mchits_list";
        return options.Find(Key) switch
        {
            null => null,
            TomlArray list => [.. list.Select(n => n is TomlInteger { Value: >= 0 and <= int.MaxValue } i ? (int)i.Value : throw options.Wrong(Key, "whole numbers from 0", n))],
            var other => throw options.Wrong(Key, "a list of whole numbers from 0", other),
        };
    }

    private static PlanePoint? ReadPlanePoint(ConfigurationTable options)
    {
        const string Key = "plane_point";
        return options.Find(Key) switch
        {
            null => null,
            TomlArray { Count: 3 } p => new PlanePoint(options.Number(Key, p[0]), options.Number(Key, p[1]), options.Number(Key, p[2])),
            var other => throw options.Wrong(Key, "[x, y, z] in m", other),
        };
    }
}
