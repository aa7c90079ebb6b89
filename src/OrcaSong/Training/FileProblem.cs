using System.Globalization;

namespace OrcaSong.Training;

/// <summary>Something about a file that keeps it from being merged with others.</summary>
/// <param name="Path">The file.</param>
/// <param name="Dataset">The dataset, or <see langword="null"/> if it is the whole file.</param>
/// <param name="Expected">What was expected.</param>
/// <param name="Found">What was found.</param>
public sealed record FileProblem(string Path, string? Dataset, string Expected, string Found)
{
    /// <inheritdoc/>
    public override string ToString() => $"'{Path}'{(Dataset is null ? string.Empty : $", /{Dataset}")}: expected {Expected}, found {Found}";
}

/// <summary>Files cannot be merged; all that is wrong with all of them is in <see cref="Problems"/>.</summary>
public sealed class InvalidFilesException : IOException
{
    private const int Shown = 20;

    internal InvalidFilesException(IReadOnlyList<FileProblem> problems, int files)
        : base(Compose(problems, files)) => Problems = problems;

    /// <summary>What is wrong, file by file.</summary>
    public IReadOnlyList<FileProblem> Problems { get; }

    private static string Compose(IReadOnlyList<FileProblem> problems, int files)
    {
        var bad = problems.Select(p => p.Path).Distinct(StringComparer.Ordinal).Count();
        var lines = problems.Take(Shown).Select(p => $"{Environment.NewLine}  {p}");
        var more = problems.Count > Shown ? $"{Environment.NewLine}  and {problems.Count - Shown} more" : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture, $"{bad} of {files} files cannot be used; nothing was written. Leave them out (skip invalid files), or make them again alike:{string.Concat(lines)}{more}");
    }
}
