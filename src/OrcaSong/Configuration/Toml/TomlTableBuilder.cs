namespace OrcaSong.Configuration.Toml;

/// <summary>Finds or makes the tables that headers and keys with dots speak of, and refuses what is defined twice.</summary>
internal sealed class TomlTableBuilder(TomlCursor cursor)
{
    public TomlTableDraft Root { get; } = new(new TomlPosition(1, 1), TomlTableOrigin.Whole, depth: 0);

    /// <summary>Opens the table of a header <c>[a.b.c]</c>.</summary>
    public TomlTableDraft OpenTable(IReadOnlyList<TomlKeyPart> path, TomlPosition at)
    {
        var parent = WalkHeader(path);
        var key = path[^1];
        switch (parent.Find(key.Name))
        {
            case null:
                var made = new TomlTableDraft(at, TomlTableOrigin.Header, DepthWithin(parent.Depth, key));
                parent.Add(key, made);
                return made;
            case TomlTableDraft { Origin: TomlTableOrigin.Implied } implied:
                implied.Define(TomlTableOrigin.Header, at);
                return implied;
            case TomlTableDraft { Origin: TomlTableOrigin.Header } table:
                throw cursor.Error(
                    $"expected each table once, found a second [{Name(path)}]; the first is in line {table.Position.Line}, "
                    + "put the keys there",
                    at);
            case TomlTableDraft table:
                throw cursor.Error(
                    $"expected a new table, found [{Name(path)}] again, whose keys with dots begin in line {table.Position.Line}; "
                    + "put the keys there", at);
            case TomlTableArrayDraft array:
                throw cursor.Error(
                    $"expected [[{Name(path)}]], since line {array.Position.Line} makes it an array of tables, found [{Name(path)}]", at);
            case var value:
                throw Duplicate(parent, key, value);
        }
    }

    /// <summary>Appends a table to the array of a header <c>[[a.b.c]]</c>.</summary>
    public TomlTableDraft AppendTable(IReadOnlyList<TomlKeyPart> path, TomlPosition at)
    {
        var parent = WalkHeader(path);
        var key = path[^1];
        switch (parent.Find(key.Name))
        {
            case null:
                var depth = DepthWithin(parent.Depth, key);
                var made = new TomlTableArrayDraft(at, depth);
                _ = DepthWithin(depth, key);
                parent.Add(key, made);
                return made.AddTable(at);
            case TomlTableArrayDraft array:
                return array.AddTable(at);
            case var other:
                throw Duplicate(parent, key, other);
        }
    }

    /// <summary>
    /// Makes or finds the table that <c>a.b</c> of <c>a.b.c = value</c> names, and makes sure that it has no <c>c</c> yet.
    /// </summary>
    public TomlTableDraft OpenParent(TomlTableDraft table, IReadOnlyList<TomlKeyPart> path)
    {
        for (var i = 0; i < path.Count - 1; i++)
        {
            var key = path[i];
            switch (table.Find(key.Name))
            {
                case null:
                    var made = new TomlTableDraft(key.Position, TomlTableOrigin.DottedKey, DepthWithin(table.Depth, key));
                    table.Add(key, made);
                    table = made;
                    break;
                case TomlTableDraft { Origin: TomlTableOrigin.DottedKey } known:
                    table = known;
                    break;
                case TomlTableDraft { Origin: TomlTableOrigin.Implied } implied:
                    implied.Define(TomlTableOrigin.DottedKey, key.Position);
                    table = implied;
                    break;
                case TomlTableDraft header:
                    throw cursor.Error(
                        $"expected a key that adds to a table of its own, found {Quoted(path, i)}, which has a header in line "
                        + $"{header.Position.Line}; put the key there",
                        key.Position);
                case var other:
                    throw NoTable(table, path, i, other);
            }
        }

        var last = path[^1];
        return table.Find(last.Name) is { } first ? throw Duplicate(table, last, first) : table;
    }

    private TomlTableDraft WalkHeader(IReadOnlyList<TomlKeyPart> path)
    {
        var table = Root;
        for (var i = 0; i < path.Count - 1; i++)
        {
            var key = path[i];
            switch (table.Find(key.Name))
            {
                case null:
                    var made = new TomlTableDraft(key.Position, TomlTableOrigin.Implied, DepthWithin(table.Depth, key));
                    table.Add(key, made);
                    table = made;
                    break;
                case TomlTableDraft known:
                    table = known;
                    break;
                case TomlTableArrayDraft array:
                    table = array.Last;
                    break;
                case var other:
                    throw NoTable(table, path, i, other);
            }
        }

        return table;
    }

    private int DepthWithin(int depth, TomlKeyPart key) =>
        depth < Toml.MaxDepth ? depth + 1 : throw cursor.Error(TomlParser.TooDeep, key.Position);

    private TomlException Duplicate(TomlTableDraft table, TomlKeyPart key, TomlDraft first) => cursor.Error(
        $"expected each key once, found {TomlCursor.Quote(TomlWriter.Key(key.Name))} again; it is the {first.TypeName} in line "
        + $"{table.KeyPosition(key.Name).Line}",
        key.Position);

    private TomlException NoTable(TomlTableDraft table, IReadOnlyList<TomlKeyPart> path, int i, TomlDraft found)
    {
        var line = table.KeyPosition(path[i].Name).Line;
        var why = found is TomlFinished { TypeName: "table" or "array" }
            ? $", found the {found.TypeName} that line {line} defines as a whole"
            : $", found the {found.TypeName} in line {line}";
        return cursor.Error($"expected {Quoted(path, i)} to be a table that can be added to{why}", path[i].Position);
    }

    private static string Name(IEnumerable<TomlKeyPart> path) => string.Join('.', path.Select(part => TomlWriter.Key(part.Name)));

    private static string Quoted(IEnumerable<TomlKeyPart> path, int last) => TomlCursor.Quote(Name(path.Take(last + 1)));
}
