using System.Management.Automation;
using OrcaSong.Configuration.Toml;
using OrcaSong.Slurm;

namespace OrcaSong.PowerShell.Commands;

/// <summary>What commands have in common that look after jobs on a cluster. Jobs are told apart by their folders.</summary>
public abstract class SlurmJobCommand : StoppableCommand
{
    private readonly List<string> _folders = [];

    /// <summary>Folders of jobs. Wildcards are allowed, and job objects can be piped.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [Alias("Folder", "FullName")]
    public string[]? Path { get; set; }

    /// <summary>Whether it is about all jobs where none is named.</summary>
    private protected virtual bool TakesAll => false;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var path in Path ?? [])
        {
            Add(path);
        }

        if (Path is null && TakesAll)
        {
            try
            {
                _folders.AddRange(SlurmJobs.Find(SlurmOptions.Load(FileSystemPath(".")).Folder));
            }
            catch (Exception e) when (e is TomlException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                WriteError(Failures.Record(e, null));
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            Run([.. _folders.Distinct(StringComparer.Ordinal)]);
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Does the work.</summary>
    /// <param name="folders">Full paths of the jobs' folders.</param>
    private protected abstract void Run(IReadOnlyList<string> folders);

    /// <summary>Does something with each job; one that cannot be read is an error, the others go on.</summary>
    private protected void ForEach(IEnumerable<string> folders, Action<string> work)
    {
        foreach (var folder in folders)
        {
            Stopped.ThrowIfCancellationRequested();
            try
            {
                work(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                WriteError(Failures.Record(e, folder));
            }
        }
    }

    private void Add(string path)
    {
        try
        {
            string[] found = WildcardPattern.ContainsWildcardCharacters(path) && !Directory.Exists(FileSystemPath(path))
                ? [.. SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _).Where(SlurmJobs.IsJobFolder)]
                : [System.IO.Path.TrimEndingDirectorySeparator(FileSystemPath(path))];
            if (found.Length == 0)
            {
                WriteError(Failures.Record($"No folder of a job matches '{path}'.", "NotASlurmJob", ErrorCategory.ObjectNotFound, path));
            }

            _folders.AddRange(found);
        }
        catch (PathException e)
        {
            WriteError(e.Record());
        }
        catch (ItemNotFoundException)
        {
            WriteError(Failures.Record($"No folder of a job matches '{path}'.", "NotASlurmJob", ErrorCategory.ObjectNotFound, path));
        }
    }
}
