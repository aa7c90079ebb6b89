using System.Collections.Concurrent;

namespace OrcaSong.Running;

/// <summary>
/// A queue of results that is also the way to the thread that takes them: calls that other threads send to it are made while that thread
/// waits for a result.
/// </summary>
/// <typeparam name="T">The results.</typeparam>
/// <param name="stop">When it is cancelled, senders no longer wait: nobody may be there to make their calls.</param>
internal sealed class CallQueue<T>(CancellationToken stop) : SynchronizationContext, IDisposable
    where T : class
{
    private readonly BlockingCollection<object> _items = [];

    /// <summary>Adds a result.</summary>
    internal void Add(T result) => _items.Add(result);

    /// <summary>Takes the next result; meanwhile makes the calls that come in.</summary>
    /// <param name="result">The result.</param>
    /// <param name="patience">How long to wait, if need be for ever; a call under way is finished.</param>
    /// <returns>Whether there was one.</returns>
    internal bool TryTake(out T? result, TimeSpan patience)
    {
        var begin = Environment.TickCount64;
        result = null;
        do
        {
            var left = patience == Timeout.InfiniteTimeSpan
                ? patience
                : TimeSpan.FromMilliseconds(Math.Max(0, patience.TotalMilliseconds - (Environment.TickCount64 - begin)));
            if (!_items.TryTake(out var item, left))
            {
                return false;
            }

            result = item as T;
            (item as Call)?.Run();
        }
        while (result is null);
        return true;
    }

    /// <summary>Has the taking thread make a call, and waits for it.</summary>
    /// <param name="d">The call; it must not throw.</param>
    /// <param name="state">Its argument.</param>
    /// <exception cref="OperationCanceledException">The queue has been stopped, and the call is not made any more.</exception>
    public override void Send(SendOrPostCallback d, object? state)
    {
        var call = new Call(d, state);
        _items.Add(call, stop);
        try
        {
            call.Done.Wait(stop);
        }
        catch (OperationCanceledException) when (!call.TryGiveUp())
        {
            call.Done.Wait(CancellationToken.None); // it had begun
        }
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state) => _items.Add(new Call(d, state), stop);

    public void Dispose() => _items.Dispose();

    private sealed class Call(SendOrPostCallback callback, object? state)
    {
        private int _taken;

        internal ManualResetEventSlim Done { get; } = new();

        /// <summary>Whether the call had not begun; it then never will.</summary>
        internal bool TryGiveUp() => Interlocked.Exchange(ref _taken, 1) == 0;

        internal void Run()
        {
            if (!TryGiveUp())
            {
                return;
            }

            try
            {
                callback(state);
            }
            finally
            {
                Done.Set();
            }
        }
    }
}
