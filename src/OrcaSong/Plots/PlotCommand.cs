using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace OrcaSong.Plots;

/// <summary>Numbers in a script that plots refer to, by the name of their data block.</summary>
internal readonly record struct PlotData(string Name);

/// <summary>
/// A command of gnuplot, written as an interpolated string: what stands in it is gnuplot's language, what is put into it is data. Text
/// that is put in becomes a quoted string, so that no name of a file or a field can be taken for a command.
/// </summary>
/// <example><c>script.Add($"set xlabel {label} offset 0,{shift}")</c></example>
[InterpolatedStringHandler]
internal readonly struct PlotCommand
{
    private readonly StringBuilder _text;

    /// <summary>Starts a command; called by the compiler.</summary>
    /// <param name="literalLength">Characters of gnuplot's language.</param>
    /// <param name="formattedCount">How many values are put in.</param>
    public PlotCommand(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + (12 * formattedCount));

    /// <summary>Appends gnuplot's language.</summary>
    /// <param name="literal">As it stands in the source.</param>
    public void AppendLiteral(string literal) => _text.Append(literal);

    /// <summary>Appends text, quoted.</summary>
    /// <param name="text">Any text.</param>
    public void AppendFormatted(string text) => _text.Append(Quote(text));

    /// <summary>Appends a number with all its digits.</summary>
    /// <param name="number">The number; NaN and infinities are what gnuplot takes for a missing value.</param>
    public void AppendFormatted(double number) => _text.Append(Number(number));

    /// <summary>Appends a whole number.</summary>
    /// <param name="number">The number.</param>
    public void AppendFormatted(long number) => _text.Append(CultureInfo.InvariantCulture, $"{number}");

    /// <summary>Appends the name of a data block.</summary>
    /// <param name="data">The data.</param>
    public void AppendFormatted(PlotData data) => _text.Append(data.Name);

    /// <summary>Appends a colour: <c>rgb '#0072b2'</c>.</summary>
    /// <param name="color">The colour.</param>
    public void AppendFormatted(PlotColor color) => _text.Append(CultureInfo.InvariantCulture, $"rgb '{color.Hex}'");

    /// <summary>Appends another command, of which this is to be a part.</summary>
    /// <param name="part">The part.</param>
    public void AppendFormatted(PlotCommand part) => _text.Append(part._text);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>
    /// Text as a string of gnuplot's, in single quotes, within which it runs and replaces nothing. Quotes that the text has itself become
    /// typographic ones: doubled, as the manual has it, gnuplot 5.4 takes those at the beginning of a string for an empty string, and
    /// what follows for commands. A string ends with its line, so that control characters become blanks.
    /// </summary>
    internal static string Quote(string text)
    {
        var quoted = new StringBuilder("'", text.Length + 2);
        foreach (var rune in text.EnumerateRunes())
        {
            quoted.Append(rune.Value switch
            {
                '\'' => new Rune('\u2019'),
                '`' => new Rune('\u2018'),
                _ when Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => new Rune(' '),
                _ => rune,
            });
        }

        return quoted.Append('\'').ToString();
    }

    internal static string Number(double number) => double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "NaN";
}
