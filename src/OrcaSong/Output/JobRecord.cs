namespace OrcaSong.Output;

/// <summary>
/// What is noted down while a job runs, for the provenance of its output: when it began, and which files it reads. These are hashed on a
/// thread of their own, beside the work.
/// </summary>
internal sealed class JobRecord : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly Task<FileIdentity[]> _inputs;

    /// <summary>Begins a job.</summary>
    /// <param name="inputs">Paths of the files that it reads.</param>
    /// <param name="cancellation">Stops it.</param>
    internal JobRecord(IReadOnlyList<string> inputs, CancellationToken cancellation)
    {
        Clock = JobClock.Start();
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var token = _stop.Token;
        _inputs = Task.Factory.StartNew(
            () =>
            {
                var known = inputs.Distinct(StringComparer.Ordinal).ToDictionary(path => path, path => FileIdentity.Read(path, token), StringComparer.Ordinal);
                return inputs.Select(path => known[path]).ToArray();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    internal JobClock Clock { get; }

    /// <summary>The files, in the order in which they were given; waits until they are hashed.</summary>
    /// <exception cref="IOException">One cannot be read, or was changed since the job began.</exception>
    internal IReadOnlyList<FileIdentity> Inputs()
    {
        var inputs = _inputs.GetAwaiter().GetResult();
        foreach (var input in inputs)
        {
            input.RequireUnchanged();
        }

        return inputs;
    }

    /// <summary>Stops hashing, and lets go of the files.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        ((IAsyncResult)_inputs).AsyncWaitHandle.WaitOne();
        _ = _inputs.Exception;
        _stop.Dispose();
    }
}
