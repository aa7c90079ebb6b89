using System.Globalization;
using System.Management.Automation;
using OrcaSong.Slurm;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Submits what is missing of jobs on a cluster.</summary>
[Cmdlet(VerbsLifecycle.Restart, "SlurmJob", SupportsShouldProcess = true)]
[OutputType(typeof(SlurmJob))]
public sealed class RestartSlurmJobCommand : SlurmJobCommand
{
    private protected override void Run(IReadOnlyList<string> folders) => ForEach(folders, folder =>
    {
        if (!ShouldProcess(folder, "Make the files that are missing or broken"))
        {
            return;
        }

        var (job, files) = SlurmJobs.Restart(folder);
        WriteVerbose(string.Create(CultureInfo.InvariantCulture, $"{job.Folder}: {files} of {job.Files} files are made again"));
        WriteObject(job);
    });
}
