namespace OrcaSong.Configuration.Toml;

/// <summary>
/// Where something stands in a TOML text. A tabulator is one character, and so is one outside Unicode's basic plane.
/// </summary>
/// <param name="Line">The line, counted from 1; 0 for what was not read from a text.</param>
/// <param name="Column">The column in characters (Unicode code points), counted from 1; 0 for what was not read from a text.</param>
public readonly record struct TomlPosition(int Line, int Column);
