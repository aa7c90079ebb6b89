namespace OrcaSong.Events;

/// <summary>What is wrong with an event file, for whoever has to tell such errors apart.</summary>
public enum EventFileProblem
{
    /// <summary>Its data contradict the format, or cannot be used; the message says what.</summary>
    InvalidData,

    /// <summary>It does not list events, so it is another kind of file.</summary>
    NotAnEventFile,

    /// <summary>Its format version is too old.</summary>
    OldFormat,

    /// <summary>A table or a column is missing.</summary>
    MissingData,

    /// <summary>The detector file does not belong to it.</summary>
    WrongDetector,

    /// <summary>It has no event of that number.</summary>
    NoSuchEvent,
}

/// <summary>An event file that cannot be used, with where and why, and what to do about it.</summary>
public sealed class EventFileException : IOException
{
    /// <summary>Names the file, the object in it, and the problem.</summary>
    /// <param name="file">Path of the file.</param>
    /// <param name="dataset">Path of the object in the file, or <see langword="null"/>.</param>
    /// <param name="problem">What was expected, what was found and what to do.</param>
    /// <param name="eventIndex">The event, counted from 0 in file order, or <see langword="null"/>.</param>
    /// <param name="inner">What caused it.</param>
    public EventFileException(string file, string? dataset, string problem, long? eventIndex = null, Exception? inner = null)
        : base(Compose(file, dataset, problem, eventIndex), inner)
    {
        File = file;
        Dataset = dataset;
        Event = eventIndex;
    }

    /// <summary>Path of the file.</summary>
    public string File { get; }

    /// <summary>Path of the object in the file, or <see langword="null"/>.</summary>
    public string? Dataset { get; }

    /// <summary>The event, counted from 0 in file order, or <see langword="null"/>.</summary>
    public long? Event { get; }

    /// <summary>What kind of problem it is.</summary>
    public EventFileProblem Problem { get; init; }

    private static string Compose(string file, string? dataset, string problem, long? eventIndex)
    {
        var where = dataset is null ? $"'{file}'" : $"'{file}', {dataset}";
        return eventIndex is { } e ? $"{where}, event {e}: {problem}" : $"{where}: {problem}";
    }
}
