using System.Management.Automation;
using OrcaSong.Inspection;
using OrcaSong.Running;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Tests whether files are whole and consistent: reads every chunk, and compares what belongs together.</summary>
[Cmdlet(VerbsDiagnostic.Test, "EventFile", DefaultParameterSetName = FromPath)]
[OutputType(typeof(bool), typeof(FileCheckReport))]
public sealed class TestEventFileCommand : StoppableCommand
{
    private const string FromPath = "Path";
    private const string FromLiteralPath = "LiteralPath";

    /// <summary>Event files, or files of images or graphs. Wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromPath, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>
    /// The same, with wildcards taken as they stand. Files of <c>Get-ChildItem</c>, and results of commands that make files, bind to it.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = FromLiteralPath, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Tell what is wrong (dataset, what was expected, what was found), in place of true or false.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>How many worker threads there are.</summary>
    /// <value>one for each core</value>
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
