using System.Globalization;
using OrcaSong.Graphs;
using OrcaSong.Running;
using OrcaSong.Slurm;

namespace OrcaSong.PowerShell;

/// <summary>Files that are to be made on a cluster, by what is made of them: each configuration is a job of its own.</summary>
internal sealed class SlurmFiles
{
    private readonly List<(EventProcessor Processor, List<Batch.RunItem> Files)> _works = [];
    private readonly Dictionary<string, string> _targets = new(StringComparer.Ordinal);

    /// <summary>Adds a file.</summary>
    /// <param name="job">The file.</param>
    /// <exception cref="IOException">It cannot be written, is there already, or another one is to be written there.</exception>
    internal void Add(RunJob job)
    {
        SlurmJobs.CheckTarget(job);
        if (!_targets.TryAdd(job.Output, job.Input))
        {
            throw new IOException($"'{job.Input}' would be written to '{job.Output}', as '{_targets[job.Output]}' is in the same call; give them different folders or names.");
        }

        var place = _works.FindIndex(w => ReferenceEquals(w.Processor, job.Processor));
        if (place < 0)
        {
            (place, _) = (_works.Count, 0);
            _works.Add((job.Processor, []));
        }

        _works[place].Files.Add(new Batch.RunItem(job.Input, job.Output));
    }

    /// <summary>The work for the cluster.</summary>
    /// <param name="threads">Worker threads, if the user has said how many.</param>
    internal IEnumerable<SlurmWork> Works(int? threads) => _works.Select(w => new SlurmWork
    {
        Kind = w.Processor is FileGraph ? SlurmJobKind.Graphs : SlurmJobKind.Images,
        Processor = w.Processor,
        Files = w.Files,
        Arguments = ["run", .. threads is { } count ? new[] { "--threads", count.ToString(CultureInfo.InvariantCulture) } : []],
    });
}
