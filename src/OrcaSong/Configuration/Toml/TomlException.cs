namespace OrcaSong.Configuration.Toml;

/// <summary>A TOML text that breaks the rules of TOML, or (thrown by its users) a value that does not fit what is expected there.</summary>
public sealed class TomlException : FormatException
{
    /// <summary>Makes the error; its message reads <c>config.toml(3,14): problem</c>.</summary>
    /// <param name="problem">What was expected and what was found.</param>
    /// <param name="source">The file's name, or null for a text that has none.</param>
    /// <param name="position">Where it was found.</param>
    public TomlException(string problem, string? source, TomlPosition position)
        : base($"{source}({position.Line},{position.Column}): {Shortened(problem)}")
    {
        Problem = Shortened(problem);
        Source = source;
        Line = position.Line;
        Column = position.Column;
    }

    /// <summary>The message without source and position.</summary>
    public string Problem { get; }

    /// <summary>The name of the file, as it was given to the reader; null for a text that has none.</summary>
    public override string? Source { get; set; }

    /// <summary>The line of the error, counted from 1.</summary>
    public int Line { get; }

    /// <summary>The column of the error in characters (Unicode code points), counted from 1.</summary>
    public int Column { get; }

    // Names and texts of the file are quoted, however long they are.
    private static string Shortened(string problem)
    {
        const int most = 1000;
        return problem.Length <= most ? problem : $"{problem.AsSpan(0, most)}...";
    }
}
