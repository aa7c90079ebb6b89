using OrcaSong.Events;

namespace OrcaSong.Labels;

/// <summary>Your own code, an extractor or an event skipper, failed at an event; what it threw is the inner exception.</summary>
public sealed class EventCodeException : Exception
{
    internal EventCodeException(EventView e, string code, string problem, Exception? inner = null)
        : this(e.File, e.Index, code, problem, inner)
    {
    }

    internal EventCodeException(string file, long eventIndex, string code, string problem, Exception? inner = null)
        : base($"'{file}', event {eventIndex}: {code} {problem}", inner)
    {
        File = file;
        Event = eventIndex;
        Code = code;
    }

    /// <summary>Path of the file.</summary>
    public string File { get; }

    /// <summary>The event, counted from 0 in file order.</summary>
    public long Event { get; }

    /// <summary>Which code: "the event skipper", or the extractor with its name.</summary>
    public string Code { get; }

    /// <summary>Calls code, and says at which event it failed if it does.</summary>
    internal static T Call<T>(EventView e, string code, Func<EventView, T> call)
    {
        try
        {
            return call(e);
        }
        catch (Exception inner) when (inner is not OperationCanceledException)
        {
            throw new EventCodeException(e, code, $"failed: {inner.Message}", inner);
        }
    }
}
