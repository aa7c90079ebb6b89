using OrcaSong.Output;
using OrcaSong.Running;
using OrcaSong.Training;

namespace OrcaSong.Batch;

/// <summary>A file to be made.</summary>
/// <param name="Input">Path of the input.</param>
/// <param name="Output">Path of the output.</param>
public sealed record RunItem(string Input, string Output);

/// <summary>
/// Lists of files to be made: text with a line for each, the input and, after a tab, the output. Where no output is named, it is called as usual.
/// </summary>
public static class RunList
{
    // A claim of a killed process of another machine counts for ten minutes.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(12);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>Reads a list.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="folder">Folder for outputs that the list does not name.</param>
    /// <returns>The files.</returns>
    /// <exception cref="InvalidDataException">It is no list.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<RunItem> Read(string path, string folder)
    {
        return [.. FileList.Lines(path, columns: 2).Select(line => line.Split('\t') is [var input, var output] ? new RunItem(input, output) : new RunItem(line, Path.Combine(folder, Runner.DefaultOutputName(line))))];
    }

    /// <summary>Refuses a path that no list can hold.</summary>
    /// <param name="path">The path.</param>
    /// <returns>The path.</returns>
    /// <exception cref="ArgumentException">It has a line end, a tab or the like, or blanks at its ends.</exception>
    internal static string Checked(string path) => path.Any(char.IsControl) || path.Trim() != path
        ? throw new ArgumentException($"'{Printable.Line(path)}' cannot stand in a list of files: its name has control characters, or blanks at an end. Rename it.")
        : path;

    /// <summary>Makes the files of a list, several at once. One bad file is one outcome with an error; the others are made.</summary>
    /// <param name="jobs">The files.</param>
    /// <param name="waits">
    /// Whether a file that another process is making is waited for: it may be a second copy of this one, or one that was killed on another machine.
    /// </param>
    /// <param name="runner">What runs them.</param>
    /// <param name="tell">Told of every outcome, on the calling thread.</param>
    /// <param name="attach">Given the progress, before the first file is begun.</param>
    /// <param name="cancellation">Stops it; what is half done is removed.</param>
    /// <returns>Whether all files are made.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static bool Run(IReadOnlyList<RunJob> jobs, bool waits, Runner runner, Action<RunOutcome> tell, Action<RunProgress>? attach = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        ArgumentNullException.ThrowIfNull(tell);
        var end = waits ? DateTime.MaxValue : DateTime.MinValue;
        var isGood = true;
        while (true)
        {
            var inUse = new List<RunJob>();
            using (var queue = new RunQueue(runner))
            {
                attach?.Invoke(queue.Progress);
                using var stop = cancellation.Register(queue.Cancel);
                foreach (var job in jobs)
                {
                    queue.Add(job);
                }

                while (queue.Pending > 0)
                {
                    if (!queue.TryTake(out var outcome, Timeout.InfiniteTimeSpan))
                    {
                        continue;
                    }

                    if (outcome!.Error is OutputInUseException && DateTime.UtcNow < end)
                    {
                        inUse.Add(outcome.Job);
                        continue;
                    }

                    isGood &= outcome.Result is not null;
                    tell(outcome);
                }
            }

            cancellation.ThrowIfCancellationRequested();
            if (inUse.Count == 0)
            {
                return isGood;
            }

            end = end == DateTime.MaxValue ? DateTime.UtcNow + LongestWait : end;
            jobs = inUse;
            cancellation.WaitHandle.WaitOne(Period);
        }
    }
}
