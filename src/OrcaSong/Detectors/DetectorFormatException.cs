namespace OrcaSong.Detectors;

/// <summary>A detector file that is not what the .detx format says. The message tells file, line, what was expected and what was found.</summary>
public sealed class DetectorFormatException : FormatException
{
    internal DetectorFormatException(string detectorFile, int lineNumber, string expected, string found)
        : base(lineNumber == 0
            ? $"{detectorFile}: expected {expected}, found {found}."
            : $"{detectorFile}, line {lineNumber}: expected {expected}, found {found}.")
    {
        DetectorFile = detectorFile;
        LineNumber = lineNumber;
    }

    /// <summary>The file, as the caller named it.</summary>
    public string DetectorFile { get; }

    /// <summary>The line, counted from 1; 0 when the fault is with the whole file.</summary>
    public int LineNumber { get; }
}
