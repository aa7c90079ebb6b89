namespace OrcaSong.Training.Splitting;

/// <summary>Kinds of reasons why files cannot be split.</summary>
public enum SplitProblemKind
{
    /// <summary>A key of the configuration is missing, or contradicts another.</summary>
    InvalidConfiguration,

    /// <summary>A folder of inputs does not exist or cannot be read.</summary>
    InputFolderNotFound,

    /// <summary>There are no files to split.</summary>
    NoInput,

    /// <summary>A file does not exist.</summary>
    InputNotFound,

    /// <summary>A file cannot be read.</summary>
    CannotReadInput,

    /// <summary>A file lacks labels or a column of them.</summary>
    MissingData,

    /// <summary>A path cannot stand in a list.</summary>
    InvalidPath,

    /// <summary>A file has runs of several sets.</summary>
    MixedRuns,

    /// <summary>A run belongs to several sets.</summary>
    OverlappingRanges,

    /// <summary>A set that was asked for would be empty.</summary>
    EmptySet,

    /// <summary>A list or a script exists already.</summary>
    OutputExists,
}

/// <summary>A reason why files cannot be split.</summary>
/// <param name="Kind">What kind of reason.</param>
/// <param name="Message">What was expected, what was found, where, and what to do; one line.</param>
/// <param name="Path">The file or folder, or the configuration's key, that it is about.</param>
public sealed record SplitProblem(SplitProblemKind Kind, string Message, string? Path = null)
{
    /// <inheritdoc/>
    public override string ToString() => Message;
}

/// <summary>Files cannot be split; nothing was written. All reasons that were found are listed, not the first one only.</summary>
public sealed class DataSplitException(IReadOnlyList<SplitProblem> problems) : IOException(string.Join(' ', problems.Select(p => p.Message)))
{
    /// <summary>One problem.</summary>
    /// <param name="problem">The problem.</param>
    public DataSplitException(SplitProblem problem)
        : this([problem])
    {
    }

    /// <summary>The reasons; at least one.</summary>
    public IReadOnlyList<SplitProblem> Problems { get; } = problems;

    internal static void ThrowIfAny(IReadOnlyList<SplitProblem> problems)
    {
        if (problems.Count > 0)
        {
            throw new DataSplitException(problems);
        }
    }
}
