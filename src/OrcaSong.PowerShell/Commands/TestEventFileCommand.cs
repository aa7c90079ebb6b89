using System.Management.Automation;
using OrcaSong.Inspection;
using OrcaSong.Running;

namespace OrcaSong.PowerShell.Commands;

/// <summary><c>Test-EventFile</c>: whether files are whole and consistent: every chunk is read, and what belongs together is compared.</summary>
[Cmdlet(VerbsDiagnostic.Test, "EventFile", DefaultParameterSetName = FromPath)]
[OutputType(typeof(bool), typeof(FileCheckReport))]
public sealed class TestEventFileCommand : StoppableCommand
{
    private const string FromPath = "Path";
    private const string FromLiteralPath = "LiteralPath";

    /// <summary>Files; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromPath, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Files; wildcards are taken as they stand.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromLiteralPath, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath", "Output")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Tell what is wrong, in place of true or false.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>Worker threads.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = ResourceGrant.Cores;

    /// <inheritdoc/>
    protected override void BeginProcessing() => RequireHdf5();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var file in ParameterSetName == FromPath ? Inputs(Path, literal: false, "file") : Inputs(LiteralPath, literal: true, "file"))
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
