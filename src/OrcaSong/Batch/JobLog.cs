using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OrcaSong.Inspection;
using OrcaSong.Running;

namespace OrcaSong.Batch;

/// <summary>
/// The log of a job: a line for each file, JSON (https://jsonlines.org). A line is written when its file is whole, and at once, so that what was done before a process is
/// killed is known. One process writes a log; one that runs again adds to it.
/// </summary>
public sealed class JobLog : IDisposable
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutStatistics } },
    };

    private readonly FileStream? _file;
    private readonly Lock _lock = new();

    /// <summary>Opens a log.</summary>
    /// <param name="path">Its path; its folder must exist. <see langword="null"/> for none: then nothing is written.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public JobLog(string? path) =>
        _file = path is null ? null : new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Reads a log. Lines that are not whole, as their process was killed, are passed over.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The lines.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<LogEntry> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        var entries = new List<LogEntry>();
        while (reader.ReadLine() is { } line)
        {
            if (TryParse(line) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    /// <summary>Notes a file that was run.</summary>
    /// <param name="outcome">What became of it.</param>
    public void Write(RunOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        if (_file is null)
        {
            return;
        }

        var output = Path.GetFullPath(outcome.Job.Output);
        Write(new LogEntry
        {
            Time = DateTime.UtcNow,
            State = outcome switch { { Result.IsKept: true } => LogState.Kept, { Result: not null } => LogState.Done, { Error: OperationCanceledException } => LogState.Stopped, _ => LogState.Failed },
            Input = Path.GetFullPath(outcome.Job.Input),
            Output = output,
            Bytes = outcome.Result is null ? null : new FileInfo(output).Length,
            Run = outcome.Result is { } result ? result with { Input = Path.GetFullPath(result.Input), Output = output } : null,
            Error = outcome.Error is null or OperationCanceledException ? null : outcome.Error.Message,
        });
    }

    /// <summary>Notes a file that was checked.</summary>
    /// <param name="report">What was found.</param>
    public void Write(FileCheckReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Write(new LogEntry
        {
            Time = DateTime.UtcNow,
            State = report.IsValid ? LogState.Valid : LogState.Invalid,
            Output = report.Path,
            Bytes = File.Exists(report.Path) ? new FileInfo(report.Path).Length : null,
            Problems = report.IsValid ? null : [.. report.Problems.Select(p => p.ToString())],
        });
    }

    /// <summary>Does a piece of work that makes one output, and notes what became of it.</summary>
    /// <param name="input">Full path of the input.</param>
    /// <param name="output">Full path of the output.</param>
    /// <param name="work">The work; it gives a line with its result.</param>
    public void Write(string input, string output, Func<LogEntry, LogEntry> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var entry = new LogEntry { Time = default, State = LogState.Done, Input = Path.GetFullPath(input), Output = Path.GetFullPath(output) };
        try
        {
            var made = work(entry);
            Write(made with { Time = DateTime.UtcNow, Bytes = File.Exists(entry.Output) ? new FileInfo(entry.Output).Length : null });
        }
        catch (Exception e)
        {
            var isStopped = e is OperationCanceledException;
            Write(entry with { Time = DateTime.UtcNow, State = isStopped ? LogState.Stopped : LogState.Failed, Error = isStopped ? null : e.Message });
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    /// <summary>Adds a line.</summary>
    internal void Write(LogEntry entry)
    {
        if (_file is null)
        {
            return;
        }

        var line = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, Format) + "\n");
        lock (_lock)
        {
            _file.Write(line);
            _file.Flush();
        }
    }

    private static LogEntry? TryParse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<LogEntry>(line, Format);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    private static void LeaveOutStatistics(JsonTypeInfo type)
    {
        if (type.Type == typeof(RunResult))
        {
            type.Properties.Remove(type.Properties.Single(p => p.PropertyType == typeof(Statistics.BinStatistics)));
        }
    }
}
