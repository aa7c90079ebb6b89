using System.Management.Automation;
using OrcaSong.Running;

namespace OrcaSong.PowerShell;

/// <summary>The base of commands whose work takes a while: Ctrl-C stops it, and the thread of the pipeline stays free to show progress.</summary>
public abstract class StoppableCommand : OrcaSongCommand, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private bool _disposed;

    /// <summary>Cancelled when the user stops the command.</summary>
    private protected CancellationToken Stopped => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        // Called from another thread, possibly just when the command ends by itself.
        lock (_lock)
        {
            if (!_disposed)
            {
                _stop.Cancel();
            }
        }
    }

    /// <summary>Ends the work that is still under way.</summary>
    /// <param name="disposing">Whether it was asked for.</param>
    protected virtual void Dispose(bool disposing)
    {
        lock (_lock)
        {
            _disposed = true;
            _stop.Dispose();
        }
    }

    /// <summary>Does one piece of work on a thread of its own, and shows how far it is.</summary>
    /// <typeparam name="T">What it makes.</typeparam>
    /// <param name="activity">What is being done, for the progress bar.</param>
    /// <param name="work">The work.</param>
    /// <param name="files">How many files are opened for it.</param>
    /// <returns>What it made.</returns>
    private protected T Await<T>(string activity, Func<RunProgress, CancellationToken, T> work, int files = 1)
    {
        var progress = new RunProgress();
        var bar = new ProgressBar(this, activity, progress);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stopped);
        var task = Task.Factory.StartNew(() => work(progress, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            while (!((IAsyncResult)task).AsyncWaitHandle.WaitOne(ProgressBar.Period))
            {
                bar.Show(progress.FilesOpened, files);
            }

            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            // Showing progress ends a stopped command at once, but what is half done has to be removed first.
            stop.Cancel();
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
            bar.Complete();
        }
    }
}
