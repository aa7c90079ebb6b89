using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Dynamic;
using System.Globalization;
using System.Linq.Expressions;
using System.Text;

namespace OrcaSong.Events;

/// <summary>
/// What the generators say about a simulated run: the table <c>/raw_header</c>, parsed as km3pipe's <c>HDF5Header</c> does. Parameters
/// without values are left out; of a parameter that comes twice the last one counts.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "The field's name for it.")]
public sealed class FileHeader : IReadOnlyDictionary<string, HeaderParameter>, IDynamicMetaObjectProvider, INamedMembers
{
    /// <summary>Its path in a file.</summary>
    public const string Path = "/raw_header";

    private static readonly string[] ColumnNames = ["parameter", "field_names", "field_values", "dtype"];
    private readonly Dictionary<string, HeaderParameter> _parameters = new(StringComparer.Ordinal);
    private readonly string _file;

    private FileHeader(string file) => _file = file;

    /// <inheritdoc/>
    public int Count => _parameters.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _parameters.Keys;

    /// <inheritdoc/>
    public IEnumerable<HeaderParameter> Values => _parameters.Values;

    IEnumerable<string> INamedMembers.MemberNames => Keys;

    /// <summary>A parameter, such as <c>genvol</c>.</summary>
    /// <param name="key">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public HeaderParameter this[string key] => NamedMemberBinding.Find(Keys, key) is { } name
        ? _parameters[name]
        : throw new KeyNotFoundException($"'{_file}', {Path}: has no parameter '{key}'; {Spelling.Hint(key, Keys)}");

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _parameters.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out HeaderParameter value) => _parameters.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, HeaderParameter>> GetEnumerator() => _parameters.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    object INamedMembers.Member(string name) => this[name];

    DynamicMetaObject IDynamicMetaObjectProvider.GetMetaObject(Expression parameter) => new NamedMemberBinding(parameter, this);

    /// <summary>Reads the header of a file.</summary>
    /// <param name="file">The file.</param>
    /// <returns>The header, or <see langword="null"/> when the file has none.</returns>
    internal static FileHeader? Read(EventFile file)
    {
        if (file.Find(Path) is not { } table)
        {
            return null;
        }

        var columns = Array.ConvertAll(ColumnNames, table.Find);
        if (Array.Exists(columns, c => c is null || c.Type.Class != Hdf5.H5Class.String))
        {
            return null;
        }

        var header = new FileHeader(file.Path);
        using var source = new RowSource(file, Path);
        for (long row = 0; row < source.RowCount;)
        {
            using var block = source.Get(row / source.BlockRows);
            for (var i = 0; i < block.Count; i++, row++)
            {
                var bytes = block.Rows.AsSpan(i * source.RowBytes, source.RowBytes);
                var text = new string[columns.Length];
                for (var c = 0; c < columns.Length; c++)
                {
                    text[c] = Encoding.UTF8.GetString(bytes.Slice(columns[c]!.Offset, columns[c]!.Type.Size)).TrimEnd('\0');
                }

                if (text[2].Length > 0)
                {
                    header._parameters[text[0]] = new HeaderParameter(file.Path, text[0], text[1].Split(' '), text[2].Split(' '), text[3].Split(' '));
                }
            }
        }

        return header;
    }
}

/// <summary>A parameter of the header: its fields by name, float32 numbers (or as their dtype says) and texts.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "The field's name for it.")]
public sealed class HeaderParameter : IReadOnlyDictionary<string, object>, IDynamicMetaObjectProvider, INamedMembers
{
    private readonly OrderedDictionary<string, object> _fields = new(StringComparer.Ordinal);
    private readonly string _file;
    private readonly string _name;

    internal HeaderParameter(string file, string name, string[] fields, string[] values, string[] types)
    {
        _file = file;
        _name = name;
        for (var i = 0; i < Math.Min(fields.Length, values.Length); i++)
        {
            _fields[fields[i]] = Parse(values[i], i < types.Length ? types[i] : "a");
        }
    }

    /// <inheritdoc/>
    public int Count => _fields.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _fields.Keys;

    /// <inheritdoc/>
    public IEnumerable<object> Values => _fields.Values;

    IEnumerable<string> INamedMembers.MemberNames => Keys;

    /// <summary>A field, such as <c>numberOfEvents</c>.</summary>
    /// <param name="key">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public object this[string key] => NamedMemberBinding.Find(Keys, key) is { } name
        ? _fields[name]
        : throw new KeyNotFoundException($"'{_file}', {FileHeader.Path}: has no field '{key}' in its parameter {_name}; {Spelling.Hint(key, Keys)}");

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _fields.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object value) => _fields.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    object INamedMembers.Member(string name) => this[name];

    DynamicMetaObject IDynamicMetaObjectProvider.GetMetaObject(Expression parameter) => new NamedMemberBinding(parameter, this);

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', _fields.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Key}={f.Value}")));

    /// <summary>A value in the type that NumPy's type string names; what is no number stays text.</summary>
    private static object Parse(string text, string type) => type switch
    {
        "f4" when Number(text, out var number) => (float)number,
        "f8" when Number(text, out var number) => number,
        ['i' or 'u', ..] when long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole) => whole,
        _ => text,
    };

    private static bool Number(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}
