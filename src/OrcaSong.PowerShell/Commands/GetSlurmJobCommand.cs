using System.Management.Automation;
using OrcaSong.Slurm;

namespace OrcaSong.PowerShell.Commands;

/// <summary>
/// <c>Get-SlurmJob</c>: says how far jobs on a cluster are: files and events that are made, rates, the time that is left, and all that went wrong, with its reason, from
/// the logs of the tasks and from Slurm. A job is found by its folder, also in another session.
/// </summary>
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
