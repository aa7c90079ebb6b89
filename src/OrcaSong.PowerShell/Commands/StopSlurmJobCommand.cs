using System.Management.Automation;
using OrcaSong.Slurm;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Ends what runs or waits of jobs on a cluster.</summary>
[Cmdlet(VerbsLifecycle.Stop, "SlurmJob", SupportsShouldProcess = true)]
[OutputType(typeof(SlurmJob))]
public sealed class StopSlurmJobCommand : SlurmJobCommand
{
    private protected override void Run(IReadOnlyList<string> folders) => ForEach(folders, folder =>
    {
        if (ShouldProcess(folder, "End the job"))
        {
            WriteObject(SlurmJobs.Stop(folder));
        }
    });
}
