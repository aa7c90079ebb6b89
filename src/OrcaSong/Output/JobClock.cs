using System.Globalization;

namespace OrcaSong.Output;

/// <summary>
/// When and where a job runs, as its output says. The variable SOURCE_DATE_EPOCH (seconds since 1970) stands for all times then, and the
/// machine is not named, so that two runs write the same bytes.
/// </summary>
/// <remarks>https://reproducible-builds.org/specs/source-date-epoch/</remarks>
internal sealed class JobClock
{
    internal const string Variable = "SOURCE_DATE_EPOCH";
    private readonly DateTime? _fixed;

    private JobClock(DateTime? fixedTime)
    {
        _fixed = fixedTime;
        Started = Now;
    }

    /// <summary>When the job began (UTC).</summary>
    internal DateTime Started { get; }

    /// <summary>The time (UTC).</summary>
    internal DateTime Now => _fixed ?? DateTime.UtcNow;

    /// <summary>The machine's name, if it is to be told.</summary>
    internal string? Machine => _fixed is null ? Environment.MachineName : null;

    /// <summary>Begins a job.</summary>
    /// <exception cref="ArgumentException">The variable is no number of seconds.</exception>
    internal static JobClock Start() => Start(Environment.GetEnvironmentVariable(Variable));

    /// <inheritdoc cref="Start()"/>
    /// <param name="epoch">The variable's value.</param>
    internal static JobClock Start(string? epoch)
    {
        if (string.IsNullOrWhiteSpace(epoch))
        {
            return new JobClock(null);
        }

        try
        {
            return new JobClock(DateTimeOffset.FromUnixTimeSeconds(long.Parse(epoch, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)).UtcDateTime);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            throw new ArgumentException($"The variable {Variable} is '{epoch}'; expected a number of seconds since 1970, or no such variable.", e);
        }
    }

    /// <summary>The time of a file: no later than the one that stands for all times.</summary>
    internal DateTime OfFile(DateTime modified) => _fixed is { } latest && modified > latest ? latest : modified;
}
