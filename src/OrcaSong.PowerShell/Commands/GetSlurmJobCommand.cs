using System.Management.Automation;
using OrcaSong.Slurm;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Says how far jobs on a cluster are, and what went wrong.</summary>
[Cmdlet(VerbsCommon.Get, "SlurmJob")]
[OutputType(typeof(SlurmJob))]
public sealed class GetSlurmJobCommand : SlurmJobCommand
{
    private protected override bool TakesAll => true;

    private protected override void Run(IReadOnlyList<string> folders) => ForEach(folders, folder =>
    {
        var job = SlurmJobs.Get(folder);
        if (job.Note is { } note)
        {
            WriteWarning(note);
        }

        WriteObject(job);
    });
}
