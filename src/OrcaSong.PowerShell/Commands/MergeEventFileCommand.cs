using System.Globalization;
using System.Management.Automation;
using OrcaSong.Slurm;
using OrcaSong.Training;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Merges files of images or graphs into one.</summary>
[Cmdlet(VerbsData.Merge, "EventFile", DefaultParameterSetName = FromPath, SupportsShouldProcess = true)]
[OutputType(typeof(MergeResult), typeof(SlurmJob))]
public sealed class MergeEventFileCommand : MergeFilesCommand
{
    /// <summary>The file to make.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string DestinationPath { get; set; } = string.Empty;

    /// <summary>Do not list the merged files in the output (dataset <c>used_files</c>).</summary>
    [Parameter]
    public SwitchParameter NoUsedFile { get; set; }

    private protected override void Run(IReadOnlyList<string> inputs)
    {
        var output = FileSystemPath(DestinationPath);
        if (!ShouldProcess($"{inputs.Count} files -> {output}", "Merge"))
        {
            return;
        }

        if (TrySubmit(SlurmJobKind.Merge, "concatenate", inputs, output, NoUsedFile ? ["--no_used_files"] : []))
        {
            return;
        }

        var options = MergeOptions with { NoUsedFiles = NoUsedFile };
        var result = Await("Merging files", (progress, stop) => Merger.Merge(inputs, output, options, Force, ThrottleLimit, progress, stop));
        Warn(result.Skipped, result.Warnings);
        WriteVerbose(string.Create(
            CultureInfo.InvariantCulture, $"{result.Output}: {result.Events} events of {result.FileCount} files, {result.Elapsed.TotalSeconds:0.00} s, {result.Bytes / 1e6 / Math.Max(1e-3, result.Elapsed.TotalSeconds):0} MB/s"));
        WriteObject(result);
    }
}
