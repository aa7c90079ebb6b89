using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using OrcaSong.Running;

namespace OrcaSong.PowerShell;

/// <summary>Shows how far the work of a command is: events, rate and time left, at most five times a second. Used on the pipeline's thread only.</summary>
internal sealed class ProgressBar(Cmdlet command, string activity, RunProgress progress)
{
    /// <summary>The shortest time between two updates.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    private static int _lastId;
    private readonly int _id = Interlocked.Increment(ref _lastId);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _next = Period;
    private bool _shown;

    /// <summary>Shows how far the work is, unless it was shown a moment ago.</summary>
    /// <param name="filesDone">Files that are finished.</param>
    /// <param name="files">Files that are known so far.</param>
    internal void Show(int filesDone = 0, int files = 1)
    {
        var (events, opened) = (progress.EventsDone, progress.FilesOpened);
        if (_watch.Elapsed < _next || opened == 0)
        {
            return;
        }

        // Files that have not been opened are taken to be as long as the others.
        var expected = progress.EventsTotal / (double)opened * Math.Max(files, opened);
        var rate = events / _watch.Elapsed.TotalSeconds;
        var record = new ProgressRecord(_id, activity, Status(events, (long)expected, rate))
        {
            PercentComplete = expected > 0 ? (int)Math.Clamp(100 * events / expected, 0, 100) : 0,
            SecondsRemaining = rate > 0 ? (int)Math.Clamp((expected - events) / rate, 0, int.MaxValue) : -1,
        };
        if (files > 1)
        {
            record.CurrentOperation = string.Create(CultureInfo.InvariantCulture, $"{filesDone} of {files} files are done");
        }

        command.WriteProgress(record);
        _shown = true;
        _next = _watch.Elapsed + Period;
    }

    /// <summary>Takes the bar away, if it was shown.</summary>
    internal void Complete()
    {
        if (!_shown)
        {
            return;
        }

        _shown = false;
        command.WriteProgress(new ProgressRecord(_id, activity, "Done") { RecordType = ProgressRecordType.Completed });
    }

    private static string Status(long events, long expected, double rate) =>
        string.Create(CultureInfo.InvariantCulture, $"{events:N0} of {expected:N0} events, {rate:N0} events/s");
}
