using OrcaSong.Configuration.Toml;

namespace OrcaSong.Configuration;

/// <summary>A table of a configuration file, read key by key; every complaint names file, line and column.</summary>
internal sealed class ConfigurationTable(TomlTable table, string source)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    internal TomlTable Table => table;

    /// <summary>The value of a key, or <see langword="null"/>.</summary>
    internal TomlValue? Find(string key)
    {
        _known.Add(key);
        return table.TryGetValue(key, out var value) ? value : null;
    }

    internal bool Boolean(string key, bool standard) => Find(key) switch
    {
        null => standard,
        TomlBoolean b => b.Value,
        var other => throw Wrong(key, "true or false", other),
    };

    internal string? Text(string key) => Find(key) switch
    {
        null => null,
        TomlString s => s.Value,
        var other => throw Wrong(key, "a text in quotes", other),
    };

    internal long? Integer(string key, long minimum, long maximum) => Find(key) switch
    {
        null => null,
        TomlInteger i when i.Value >= minimum && i.Value <= maximum => i.Value,
        var other => throw Wrong(key, $"a whole number from {minimum} to {maximum}", other),
    };

    /// <summary>A number, whether written with a point or without.</summary>
    internal double Number(string key, TomlValue value) => value switch
    {
        TomlInteger i => i.Value,
        TomlFloat f => f.Value,
        _ => throw Wrong(key, "a number", value),
    };

    /// <summary>Refuses the first key that nobody has asked for.</summary>
    internal void RefuseUnknownKeys()
    {
        foreach (var key in table.Keys)
        {
            if (!_known.Contains(key))
            {
                throw new TomlException($"unknown key '{key}'; {Spelling.Hint(key, _known)}", source, table.KeyPosition(key));
            }
        }
    }

    /// <summary>Refuses all keys: an extractor without options.</summary>
    internal void RefuseUnknownKeysOf(string? extractor)
    {
        if (table.Keys.FirstOrDefault() is { } key)
        {
            throw new TomlException($"unknown key '{key}'; extractor {extractor ?? "(none)"} has no options", source, table.KeyPosition(key));
        }
    }

    internal TomlException Wrong(string key, string expected, TomlValue found) =>
        new($"expected {expected} for '{key}', found {found.TypeName} {Shorten(found.ToString())}", source, found.Position);

    internal TomlException Missing(string expected, TomlPosition position) => new($"expected {expected}; found none", source, position);

    /// <summary>Passes on what an object refuses, with the place of the key.</summary>
    internal T Make<T>(TomlPosition position, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException e)
        {
            throw new TomlException(e.ParamName is null ? e.Message : e.Message.Split(" (Parameter", 2)[0], source, position);
        }
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..37] + "...";
}
