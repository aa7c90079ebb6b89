using System.Dynamic;
using System.Linq.Expressions;
using OrcaSong.Labels;

namespace OrcaSong.Events;

/// <summary>
/// The rows that a table has for one event. Columns are properties (in PowerShell and with C#'s <c>dynamic</c>) and indexers, as arrays
/// of the number types that they have: <c>$e.McTracks.energy[0]</c>, <c>$e.McTracks['energy'][0]</c>. Compiled code that looks at many
/// rows is faster with <see cref="Value"/> and <see cref="Doubles"/>. Good only while the event is.
/// </summary>
/// <remarks>Hits are calibrated and their times centred; see docs/labels.md for what is done to which table.</remarks>
public sealed class TableView : IDynamicMetaObjectProvider, INamedMembers
{
    private readonly EventView _event;
    private readonly PreparedTable? _table;
    private readonly int _first;
    private Dictionary<string, Array>? _arrays;

    internal TableView(EventView owner, string path, PreparedTable? table)
    {
        _event = owner;
        Path = path;
        _table = table;
        if (table is not null)
        {
            _first = table.First(owner.IndexInBatch);
            Count = table.CountOf(owner.IndexInBatch);
        }
    }

    /// <summary>Path of the table in the file, such as <c>/mc_tracks</c>.</summary>
    public string Path { get; }

    /// <summary>Number of rows that the event has: 0 also when the file has no such table.</summary>
    public int Count { get; }

    /// <summary>Names of the columns that hold numbers, as they are after calibration.</summary>
    public IReadOnlyList<string> Columns => _table is null ? [] : [.. _table.Columns];

    IEnumerable<string> INamedMembers.MemberNames => Columns;

    /// <summary>The values of a column: an array of the column's number type. It is yours to keep.</summary>
    /// <param name="column">Name of the column; case does not matter where it is clear what is meant.</param>
    /// <exception cref="EventFileException">The file has no such table, or the table no such column.</exception>
    public Array this[string column]
    {
        get
        {
            _arrays ??= new Dictionary<string, Array>(StringComparer.Ordinal);
            if (!_arrays.TryGetValue(column, out var array))
            {
                _arrays[column] = array = Find(column).ToArray();
            }

            return array;
        }
    }

    /// <summary>Whether the file has the table, and the table that column.</summary>
    /// <param name="column">Name of the column.</param>
    /// <returns>Whether it is there.</returns>
    public bool Has(string column) => Name(column) is not null;

    /// <summary>One value, widened to float64.</summary>
    /// <param name="column">Name of the column.</param>
    /// <param name="row">Row, from 0.</param>
    /// <returns>The value.</returns>
    /// <exception cref="EventFileException">The file has no such table, or the table no such column, or the event no such row.</exception>
    public double Value(string column, int row = 0)
    {
        var values = Find(column);
        return row >= 0 && row < Count
            ? values[row]
            : throw new EventFileException(_event.File, Path, $"has {Count} rows for the event, so there is no row {row}.", _event.Index);
    }

    /// <summary>All values of a column, widened to float64.</summary>
    /// <param name="column">Name of the column.</param>
    /// <returns>The values; good only while the event is.</returns>
    /// <exception cref="EventFileException">The file has no such table, or the table no such column.</exception>
    public ReadOnlySpan<double> Doubles(string column)
    {
        var values = Find(column);
        var direct = values.AsDoubles();
        if (direct.Length == values.Count)
        {
            return direct;
        }

        var copy = new double[values.Count];
        values.CopyTo(copy);
        return copy;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Count} rows";

    object INamedMembers.Member(string name) => this[name];

    DynamicMetaObject IDynamicMetaObjectProvider.GetMetaObject(Expression parameter) => new NamedMemberBinding(parameter, this);

    private Column Find(string column)
    {
        _event.RefuseGone();
        if (_table is null)
        {
            throw new EventFileException(_event.File, null, $"has no table {Path}; its tables are {string.Join(", ", _event.Tables)}.");
        }

        return Name(column) is { } name
            ? _table[name].Slice(_first, Count)
            : throw new EventFileException(_event.File, Path, $"has no column '{column}'; {Spelling.Hint(column, _table.Columns)}");
    }

    private string? Name(string column) =>
        _table is null ? null : _table.TryGet(column, out _) ? column : NamedMemberBinding.Find(_table.Columns, column);
}
