namespace OrcaSong.Configuration.Toml;

/// <summary>What a table was made by, which decides who may add to it ("Table" and "Keys" of the specification).</summary>
internal enum TomlTableOrigin
{
    /// <summary>By the header of a table inside it; it may still get a header of its own, or keys with dots, once.</summary>
    Implied,

    /// <summary>By its own header: no second header, no keys with dots from outside.</summary>
    Header,

    /// <summary>By a key with dots: further such keys may add to it, and headers of tables inside it, but not its own.</summary>
    DottedKey,

    /// <summary>By braces, or as the document itself; never looked up by a header.</summary>
    Whole,
}

/// <summary>A value that may still grow while the document is read.</summary>
internal abstract class TomlDraft(TomlPosition position)
{
    public TomlPosition Position { get; protected set; } = position;

    public abstract string TypeName { get; }

    public abstract TomlValue Finish();
}

/// <summary>What was written as a value and is finished: also an array in brackets or a table in braces.</summary>
internal sealed class TomlFinished(TomlValue value) : TomlDraft(value.Position)
{
    public override string TypeName => value.TypeName;

    public override TomlValue Finish() => value;
}

internal sealed class TomlTableDraft(TomlPosition position, TomlTableOrigin origin, int depth) : TomlDraft(position)
{
    private readonly OrderedDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public TomlTableOrigin Origin { get; private set; } = origin;

    /// <summary>How many tables and arrays this one is inside of.</summary>
    public int Depth => depth;

    public override string TypeName => "table";

    public TomlDraft? Find(string key) => _entries.TryGetValue(key, out var entry) ? entry.Draft : null;

    public TomlPosition KeyPosition(string key) => _entries[key].KeyPosition;

    public void Add(TomlKeyPart key, TomlDraft draft) => _entries.Add(key.Name, new Entry(key.Position, draft));

    /// <summary>An implied table is now defined.</summary>
    public void Define(TomlTableOrigin by, TomlPosition at)
    {
        Origin = by;
        Position = at;
    }

    public override TomlTable Finish() => new(
        Position,
        _entries.Select(entry => KeyValuePair.Create(
            entry.Key, new TomlTable.Entry(entry.Value.KeyPosition, entry.Value.Draft.Finish()))));

    private readonly record struct Entry(TomlPosition KeyPosition, TomlDraft Draft);
}

/// <summary>An array that <c>[[name]]</c> headers make; the last of its tables is the one that further headers speak of.</summary>
internal sealed class TomlTableArrayDraft(TomlPosition position, int depth) : TomlDraft(position)
{
    private readonly List<TomlTableDraft> _tables = [];

    public override string TypeName => "array of tables";

    public TomlTableDraft Last => _tables[^1];

    public TomlTableDraft AddTable(TomlPosition at)
    {
        _tables.Add(new TomlTableDraft(at, TomlTableOrigin.Header, depth + 1));
        return Last;
    }

    public override TomlArray Finish() => new(_tables.Select(table => table.Finish()), Position);
}

/// <summary>One part of a key with dots.</summary>
internal readonly record struct TomlKeyPart(string Name, TomlPosition Position);
