namespace OrcaSong.Running;

/// <summary>Worker threads that a job keeps busy.</summary>
internal sealed class Workers
{
    /// <summary>Sets up workers.</summary>
    /// <param name="threads">How many; by default one for each core.</param>
    internal Workers(int? threads)
    {
        Count = threads ?? ResourceGrant.Cores;
        ArgumentOutOfRangeException.ThrowIfLessThan(Count, 1, nameof(threads));
        Factory = new TaskFactory(new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Count).ConcurrentScheduler);
    }

    internal int Count { get; }

    internal TaskFactory Factory { get; }
}
