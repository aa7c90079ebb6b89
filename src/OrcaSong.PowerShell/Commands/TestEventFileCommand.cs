using System.Management.Automation;
using OrcaSong.Inspection;

namespace OrcaSong.PowerShell.Commands;

/// <summary><c>Test-EventFile</c>: whether files are whole and consistent: every chunk is read, and what belongs together is compared.</summary>
[Cmdlet(VerbsDiagnostic.Test, "EventFile", DefaultParameterSetName = FromPath)]
[OutputType(typeof(bool), typeof(FileCheckReport))]
public sealed class TestEventFileCommand : FilesCommand
{
    /// <summary>Tell what is wrong, in place of true or false.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>Worker threads.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = Environment.ProcessorCount;

    /// <inheritdoc/>
    protected override void BeginProcessing() => RequireHdf5();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var file in Files("file"))
        {
            var report = Await($"Checking {System.IO.Path.GetFileName(file)}", (progress, stop) => FileCheck.Run(file, ThrottleLimit, progress, stop));
            foreach (var problem in report.Problems)
            {
                WriteVerbose(problem.ToString());
            }

            WriteObject(Detailed ? report : report.IsValid);
        }
    }
}
