using System.Management.Automation;
using OrcaSong.Inspection;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Gets what is in a file: events, images or graphs, how many, of which detector and runs, with which labels.</summary>
[Cmdlet(VerbsCommon.Get, "EventFile", DefaultParameterSetName = FromPath)]
[OutputType(typeof(EventFileSummary), typeof(EventFileDetails))]
public sealed class GetEventFileCommand : OrcaSongCommand
{
    private const string FromPath = "Path";
    private const string FromLiteralPath = "LiteralPath";

    /// <summary>Event files, or files of images or graphs. Wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromPath, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The same, with wildcards taken as they stand. Files of <c>Get-ChildItem</c> bind to it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromLiteralPath, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Tell about each table too: columns and types, shape, chunks, filters, bytes; and why extractors do not work.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => RequireHdf5();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var file in ParameterSetName == FromPath ? Inputs(Path, literal: false, "file") : Inputs(LiteralPath, literal: true, "file"))
        {
            try
            {
                WriteObject(Detailed ? EventFileSummary.ReadDetails(file) : EventFileSummary.Read(file));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                WriteError(Failures.Record(e, file));
            }
        }
    }
}
