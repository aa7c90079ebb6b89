using System.Globalization;
using System.Text.RegularExpressions;

namespace OrcaSong.Batch;

/// <summary>What a job asks of a batch system. What is not given is left to the batch system.</summary>
public partial record JobResources
{
    /// <summary>The batch system.</summary>
    public Scheduler Scheduler { get; init; }

    /// <summary>How long a job may take.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Memory of a job in bytes; rounded up to MiB.</summary>
    public long? Memory { get; init; }

    /// <summary>Cores of a job.</summary>
    public int? Cores { get; init; }

    /// <summary>Licences, as the batch system writes them, such as <c>sps</c> or <c>sps:1,irods</c>.</summary>
    public string? Licences { get; init; }

    /// <summary>The account that jobs are booked on.</summary>
    public string? Account { get; init; }

    /// <summary>The queue (Slurm: partition).</summary>
    public string? Queue { get; init; }

    private long? Mebibytes => Memory is { } bytes ? ((bytes - 1) >> 20) + 1 : null;

    /// <summary>Reads a time as batch systems write it: <c>12:00:00</c>, <c>36:00:00</c>, <c>1-12:00:00</c>.</summary>
    /// <param name="text">Hours, minutes and seconds; days and a dash may come before.</param>
    /// <returns>The time.</returns>
    /// <exception cref="ArgumentException">It is no such time.</exception>
    public static TimeSpan ParseTime(string text)
    {
        var match = TimePattern().Match(text);
        var time = match.Success
            ? new TimeSpan(Number(match.Groups[1]), Number(match.Groups[2]), Number(match.Groups[3]), Number(match.Groups[4]))
            : TimeSpan.Zero;
        return time > TimeSpan.Zero
            ? time
            : throw new ArgumentException($"'{Printable.Line(text)}' is no time for a job; expected hours, minutes and seconds, such as 12:00:00, or with days 1-12:00:00.");
    }

    /// <summary>Reads an amount of memory: <c>4G</c>, <c>500M</c>, <c>4GB</c>, or a number of bytes.</summary>
    /// <param name="text">A whole number, and K, M, G or T for powers of 1024.</param>
    /// <returns>Bytes.</returns>
    /// <exception cref="ArgumentException">It is no such amount.</exception>
    public static long ParseMemory(string text)
    {
        var match = MemoryPattern().Match(text);
        var shift = match.Groups[2].Value.ToUpperInvariant() switch { "K" => 10, "M" => 20, "G" => 30, "T" => 40, _ => 0 };
        return match.Success && long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) is var number && number > 0 && number <= long.MaxValue >> shift
            ? number << shift
            : throw new ArgumentException($"'{Printable.Line(text)}' is no amount of memory; expected a whole number with K, M, G or T, such as 4G.");
    }

    /// <summary>Writes a time as Slurm does: <c>12:00:00</c>, <c>1-12:00:00</c>.</summary>
    /// <param name="time">The time.</param>
    /// <returns>The text.</returns>
    public static string TextOf(TimeSpan time) => $"{(time.Days > 0 ? $"{time.Days}-" : string.Empty)}{time:hh\\:mm\\:ss}";

    /// <summary>Refuses directives where there is no batch system to read them.</summary>
    /// <exception cref="ArgumentException">There are some.</exception>
    public void RequireScheduler()
    {
        if ((Time ?? Memory ?? Cores ?? (object?)Licences ?? Account ?? Queue) is not null)
        {
            throw new ArgumentException("Time, memory, cores, licences, account and queue are directives for a batch system: say which one, Slurm or Torque.");
        }
    }

    /// <summary>Refuses what no script can hold.</summary>
    /// <exception cref="ArgumentException">A value is not what the batch system takes, or is given without a batch system.</exception>
    internal virtual void Check()
    {
        Refuse(Time is { } time && (time < TimeSpan.FromSeconds(1) || time > TimeSpan.FromDays(3650)), "time", "1 second or more");
        Refuse(Memory < 1, "memory", "1 byte or more");
        Refuse(Cores < 1, "number of cores", "1 or more");
        foreach (var (what, value) in new[] { ("licences", Licences), ("account", Account), ("queue", Queue) })
        {
            Refuse(value is not null && !ValuePattern().IsMatch(value), what, "letters, digits and . _ , : @ = + / * -", value);
        }

        if (Scheduler == Scheduler.None)
        {
            RequireScheduler();
        }
    }

    /// <summary>The directives of a script, as the batch system reads them.</summary>
    /// <param name="name">Name of the job.</param>
    /// <param name="log">Where what it prints goes: the name of a file, in which Slurm puts numbers for its patterns.</param>
    internal IEnumerable<string> DirectiveLines(string name, string log) => Scheduler switch
    {
        Scheduler.Slurm => Lines(
            "#SBATCH --",
            ("job-name=", name),
            ("output=", Quoted(log)),
            ("time=", Time is { } time ? TextOf(time) : null),
            ("mem=", Mebibytes is { } size ? $"{size}M" : null),
            ("cpus-per-task=", Cores?.ToString(CultureInfo.InvariantCulture)),
            ("licenses=", Licences),
            ("account=", Account),
            ("partition=", Queue)),
        Scheduler.Torque => Lines(
            "#PBS ",
            ("-N ", name),
            ("-j ", "oe"),
            ("-o ", Quoted(log)),
            ("-l walltime=", Time is { } time ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours:00}:{time:mm\\:ss}") : null),
            ("-l mem=", Mebibytes is { } size ? $"{size}mb" : null),
            ("-l nodes=1:ppn=", Cores?.ToString(CultureInfo.InvariantCulture)),
            ("-l software=", Licences),
            ("-A ", Account),
            ("-q ", Queue)),
        _ => [],
    };

    private protected static void Refuse(bool isWrong, string what, string expected, string? found = null)
    {
        if (isWrong)
        {
            throw new ArgumentException($"The {what} of jobs{(found is null ? string.Empty : $" is '{Printable.Line(found)}'")}: expected {expected}.");
        }
    }

    private static IEnumerable<string> Lines(string prefix, params (string Key, string? Value)[] directives) =>
        directives.Where(d => d.Value is not null).Select(d => prefix + d.Key + d.Value);

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;

    private static int Number(Group group) => group.Success && int.TryParse(group.ValueSpan, CultureInfo.InvariantCulture, out var number) ? Math.Min(number, 1_000_000) : 0;

    [GeneratedRegex(@"\A(?:([0-9]+)-)?([0-9]+):([0-5]?[0-9]):([0-5]?[0-9])\z")]
    private static partial Regex TimePattern();

    [GeneratedRegex(@"\A([0-9]{1,18})([KMGT]?)(?:i?B)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MemoryPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9._,:@=+/*-]+\z")]
    private static partial Regex ValuePattern();
}
