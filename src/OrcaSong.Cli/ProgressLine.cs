using System.Globalization;
using OrcaSong.Running;

namespace OrcaSong.Cli;

/// <summary>Shows on a terminal how far a run is, a few times a second; elsewhere it stays silent.</summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);
    private readonly Timer? _timer;
    private readonly DateTime _start = DateTime.UtcNow;

    internal ProgressLine()
    {
        if (!Console.IsErrorRedirected)
        {
            _timer = new Timer(_ => Show(), null, Period, Period);
        }
    }

    internal RunProgress Progress { get; } = new();

    public void Dispose()
    {
        if (_timer is null)
        {
            return;
        }

        using var done = new ManualResetEvent(false);
        if (_timer.Dispose(done))
        {
            done.WaitOne();
            Console.Error.Write("\r\u001b[K");
        }
    }

    private void Show()
    {
        var (events, total) = (Progress.EventsDone, Progress.EventsTotal);
        if (total > 0)
        {
            var rate = events / (DateTime.UtcNow - _start).TotalSeconds;
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r\u001b[K{events}/{total} events, {rate:0} events/s"));
        }
    }
}
