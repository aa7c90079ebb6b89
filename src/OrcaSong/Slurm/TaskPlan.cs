namespace OrcaSong.Slurm;

/// <summary>A file that a job is to make.</summary>
/// <param name="Input">Full path of the input.</param>
/// <param name="Output">Full path of the output.</param>
/// <param name="Bytes">Size of the input, as far as it is known.</param>
internal sealed record JobFile(string Input, string Output, long Bytes);

/// <summary>Divides files into tasks of about the same size.</summary>
internal static class TaskPlan
{
    /// <summary>
    /// Bytes of a task, unless another number of files is asked for: one to three minutes of work, as a core goes through 25 (graphs) to 64 MB (images) of events a
    /// second, against a few seconds that Slurm and the file system take to start a task. See docs/cluster.md.
    /// </summary>
    internal const long StandardBytes = 4L << 30;

    /// <summary>Divides files.</summary>
    /// <param name="files">The files.</param>
    /// <param name="filesPerTask">Files of a task, on average.</param>
    /// <param name="most">The most tasks.</param>
    /// <returns>The files of each task, in the order in which they were given; no task is empty.</returns>
    /// <remarks>
    /// Graham's rule of the longest processing time: from the largest file to the smallest, each to the task that has least so far. The largest task is then at most a third
    /// larger than it has to be (R. L. Graham, SIAM J. Appl. Math. 17 (1969) 416).
    /// </remarks>
    internal static IReadOnlyList<IReadOnlyList<JobFile>> Divide(IReadOnlyList<JobFile> files, int? filesPerTask, int most)
    {
        var wanted = filesPerTask is { } count
            ? (files.Count + (long)count - 1) / count
            : (files.Sum(f => f.Bytes) + StandardBytes - 1) / StandardBytes;
        var tasks = (int)Math.Clamp(wanted, 1, Math.Min(files.Count, most));
        var parts = new List<int>[tasks];
        var lightest = new PriorityQueue<int, (long Bytes, int Files, int Task)>();
        for (var task = 0; task < tasks; task++)
        {
            parts[task] = [];
            lightest.Enqueue(task, (0, 0, task));
        }

        foreach (var (place, file) in files.Index().OrderByDescending(f => f.Item.Bytes))
        {
            _ = lightest.TryDequeue(out var task, out var load);
            parts[task].Add(place);
            lightest.Enqueue(task, (load.Bytes + file.Bytes, load.Files + 1, task));
        }

        return [.. parts.Select(places => (IReadOnlyList<JobFile>)[.. places.Order().Select(place => files[place])])];
    }
}
