namespace OrcaSong.Simulation;

/// <summary>
/// One table of a km3pipe file: where it lies, its columns in the order of the file, and the rows of the current batch.
/// The rows of an event are neighbours and events are in order, so the offsets are the running sums of <see cref="RowsPerEvent"/>.
/// </summary>
public sealed class SimulatedTable
{
    private readonly List<SimulatedColumn> _columns = [];
    private readonly SimulatedColumn<int> _rowsPerEvent = new("n_items");

    internal SimulatedTable(string path, string title, bool splitColumns = false)
    {
        Path = path;
        Title = title;
        SplitColumns = splitColumns;
    }

    /// <summary>Path in the file without a leading slash, such as <c>reco/best_jmuon</c>.</summary>
    public string Path { get; }

    /// <summary>Title in the file, such as <c>EventInfo</c>; km3pipe repeats it in the attribute <c>datatype</c>.</summary>
    public string Title { get; }

    /// <summary>True for a group with one array a column and a table <c>_indices</c>; false for a table of compound rows.</summary>
    public bool SplitColumns { get; }

    /// <summary>The columns in the order of the file.</summary>
    public IReadOnlyList<SimulatedColumn> Columns => _columns;

    /// <summary>
    /// Number of rows of each event of the current batch; empty for a table that belongs to the run. Valid until the next batch.
    /// </summary>
    public ReadOnlySpan<int> RowsPerEvent => _rowsPerEvent.Values;

    /// <summary>Number of rows in the current batch.</summary>
    public int RowCount => _columns[0].Count;

    internal SimulatedColumn<T> Column<T>(string name)
        where T : unmanaged
    {
        var column = new SimulatedColumn<T>(name);
        _columns.Add(column);
        return column;
    }

    internal void TextColumn(string name, IEnumerable<string> values) => _columns.Add(new SimulatedTextColumn(name, [.. values]));

    internal void EndEvent(int rows) => _rowsPerEvent.Add(rows);

    internal void Clear()
    {
        _rowsPerEvent.Clear();
        foreach (var column in _columns)
        {
            column.Clear();
        }
    }
}

/// <summary>Three columns that hold a vector: <c>pos_x, pos_y, pos_z</c> or <c>dir_x, dir_y, dir_z</c>.</summary>
internal sealed class VectorColumns
{
    private readonly SimulatedColumn<double> _x;
    private readonly SimulatedColumn<double> _y;
    private readonly SimulatedColumn<double> _z;

    public VectorColumns(SimulatedTable table, string prefix)
    {
        _x = table.Column<double>(prefix + "_x");
        _y = table.Column<double>(prefix + "_y");
        _z = table.Column<double>(prefix + "_z");
    }

    public void Add(in Vector vector)
    {
        _x.Add(vector.X);
        _y.Add(vector.Y);
        _z.Add(vector.Z);
    }
}
