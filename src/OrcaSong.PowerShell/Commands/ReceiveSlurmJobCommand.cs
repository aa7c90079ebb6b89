using System.Management.Automation;
using OrcaSong.Batch;
using OrcaSong.Running;
using OrcaSong.Slurm;
using OrcaSong.Training;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Emits what a job on a cluster has made.</summary>
[Cmdlet(VerbsCommunications.Receive, "SlurmJob")]
[OutputType(typeof(RunResult), typeof(MergeResult), typeof(ShuffleResult), typeof(TrainingFile))]
public sealed class ReceiveSlurmJobCommand : SlurmJobCommand
{
    private protected override void Run(IReadOnlyList<string> folders) => ForEach(folders, folder =>
    {
        foreach (var entry in SlurmJobs.Results(folder))
        {
            Emit(entry);
        }

        foreach (var failure in SlurmJobs.Get(folder).Failures.Where(f => f.Kind != SlurmFailureKind.File && !f.IsResolved))
        {
            var message = failure.Output is { } output ? $"'{output}' is broken: {failure.Reason}" : $"Task {failure.Task} has left {failure.Files} files undone: {failure.Reason}. Restart-SlurmJob makes them. Its log: {failure.Log}";
            WriteError(Failures.Record(new InvalidDataException(message), "SlurmTask" + failure.Kind, ErrorCategory.OperationStopped, failure.Output ?? folder));
        }
    });

    private void Emit(LogEntry entry)
    {
        if (entry.Error is { } error)
        {
            WriteError(Failures.Record(new InvalidDataException(error), "SlurmFileFailed", ErrorCategory.InvalidResult, entry.Input));
            return;
        }

        foreach (var warning in entry.Run?.Warnings ?? entry.Merge?.Warnings ?? entry.Shuffle?.Warnings ?? entry.TrainingSet?.Warnings ?? [])
        {
            WriteWarning($"{entry.Input}: {warning}");
        }

        foreach (var problem in entry.Merge?.Skipped ?? entry.TrainingSet?.Skipped ?? [])
        {
            WriteWarning($"Left out: {problem}");
        }

        WriteObject((object?)entry.Run ?? entry.Merge ?? entry.Shuffle ?? (object?)entry.TrainingSet?.Files, enumerateCollection: true);
    }
}
