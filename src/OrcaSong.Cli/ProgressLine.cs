using System.Diagnostics;
using System.Globalization;
using OrcaSong.Running;

namespace OrcaSong.Cli;

/// <summary>Shows on a terminal how far a run is, a few times a second; elsewhere it stays silent.</summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);
    private readonly Timer? _timer;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private bool _shown;
    private bool _disposed;

    /// <summary>Begins to show.</summary>
    /// <param name="progress">What is shown; one of its own if not given.</param>
    internal ProgressLine(RunProgress? progress = null)
    {
        Progress = progress ?? new RunProgress();
        if (!Console.IsErrorRedirected)
        {
            _timer = new Timer(_ => Show(), null, Period, Period);
        }
    }

    internal RunProgress Progress { get; }

    /// <summary>Makes room for other lines; it is shown again below them.</summary>
    internal void Pause()
    {
        lock (_lock)
        {
            if (_shown)
            {
                Console.Error.Write("\r\u001b[K");
                _shown = false;
            }
        }
    }

    public void Dispose()
    {
        Pause();
        lock (_lock)
        {
            _disposed = true;
            _timer?.Dispose();
        }
    }

    private void Show()
    {
        lock (_lock)
        {
            var (events, total) = (Progress.EventsDone, Progress.EventsTotal);
            if (_disposed || total == 0)
            {
                return;
            }

            var rate = events / _watch.Elapsed.TotalSeconds;
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r\u001b[K{events}/{total} events, {rate:0} events/s"));
            _shown = true;
        }
    }
}
