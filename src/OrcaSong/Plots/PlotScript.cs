using System.Globalization;
using System.Text;

namespace OrcaSong.Plots;

/// <summary>A picture as a script of gnuplot's that holds its data too. It says nothing of the kind of file that it is drawn to.</summary>
public sealed class PlotScript
{
    private readonly StringBuilder _common = new();
    private readonly List<StringBuilder> _pages = [];
    private int _blocks;

    /// <summary>An empty picture.</summary>
    /// <param name="width">Width of a page in cm.</param>
    /// <param name="height">Height of a page in cm.</param>
    internal PlotScript(double width, double height)
    {
        Width = width;
        Height = height;
        Add($"set encoding utf8");
        Add($"set border linecolor {PlotColor.Black} linewidth 1");
        Add($"set tics nomirror out");
        Add($"set style fill solid 1 noborder");
        Add($"unset key");
    }

    /// <summary>Width of a page in cm.</summary>
    public double Width { get; }

    /// <summary>Height of a page in cm.</summary>
    public double Height { get; }

    /// <summary>Number of pages: files of a kind that has no pages.</summary>
    public int PageCount => Math.Max(1, _pages.Count);

    /// <summary>What all pages begin with.</summary>
    internal string Common => _common.ToString();

    /// <summary>What each page draws, in order.</summary>
    internal IEnumerable<string> Pages => _pages.Count == 0 ? [string.Empty] : _pages.Select(p => p.ToString());

    /// <summary>Begins a page. Without any, all is one page; settings made before the first one hold for all, as do those that a page does not undo.</summary>
    internal void NewPage() => _pages.Add(new StringBuilder());

    /// <summary>Appends a command.</summary>
    /// <param name="command">The command, as an interpolated string.</param>
    internal void Add(PlotCommand command) => Current.Append(command.ToString()).Append('\n');

    /// <summary>Puts text in a box above the right end of the frame of the plots that follow (label 2).</summary>
    /// <param name="text">One line.</param>
    internal void AddBox(string text)
    {
        Add($"set label 2 {text} at graph 1,1 right offset -0.6,0.9 boxed");

        // There boxes have no border, and pale the text.
        Add($"if (GPVAL_TERM eq 'svg') set label 2 noboxed");
    }

    /// <summary>Appends numbers, a row for each index: <c>plot {data} using 1:2</c>.</summary>
    /// <param name="columns">Columns of equal length.</param>
    /// <returns>Their name in commands.</returns>
    internal PlotData Data(params IReadOnlyList<double>[] columns) =>
        Block(Enumerable.Range(0, columns[0].Count).Select(row => columns.Select(c => c[row])));

    /// <summary>Appends a matrix, one line for each row: <c>plot {data} matrix with image</c>, where columns lie along x and rows along y.</summary>
    /// <param name="values">Rows and columns.</param>
    /// <returns>Their name in commands.</returns>
    internal PlotData Matrix(double[,] values) => Block(
        Enumerable.Range(0, values.GetLength(0)).Select(row => Enumerable.Range(0, values.GetLength(1)).Select(column => values[row, column])));

    /// <summary>Makes the palette viridis: dark blue for low values, yellow for high ones.</summary>
    internal void UseViridis()
    {
        var colors = PlotColor.Viridis;
        var stops = colors.Select((color, i) => string.Create(CultureInfo.InvariantCulture, $"{i / (colors.Count - 1.0):0.####} '{color.Hex}'"));
        Current.Append(CultureInfo.InvariantCulture, $"set palette defined ({string.Join(", ", stops)})\n");
    }

    private StringBuilder Current => _pages.Count == 0 ? _common : _pages[^1];

    private PlotData Block(IEnumerable<IEnumerable<double>> rows)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"$data{++_blocks}");
        Current.Append(CultureInfo.InvariantCulture, $"{name} << EOD\n");
        foreach (var row in rows)
        {
            Current.AppendJoin(' ', row.Select(PlotCommand.Number)).Append('\n');
        }

        Current.Append("EOD\n");
        return new PlotData(name);
    }
}
