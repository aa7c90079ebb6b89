using System.Management.Automation;
using OrcaSong.Events;
using OrcaSong.PowerShell.Completion;
using OrcaSong.Running;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Gets events of files as extractors get them, to be looked at.</summary>
[Cmdlet(VerbsCommon.Get, "OrcaEvent", DefaultParameterSetName = FromPath)]
[OutputType(typeof(EventView))]
public sealed class GetOrcaEventCommand : OrcaSongCommand
{
    private const string FromPath = "Path";
    private const string FromLiteralPath = "LiteralPath";

    /// <summary>Event files (km3pipe HDF5). Wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromPath, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Event files, with wildcards taken as they stand. Files of <c>Get-ChildItem</c> bind to it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromLiteralPath, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>How many events of each file to get.</summary>
    /// <value>all</value>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; } = int.MaxValue;

    /// <summary>How many events to pass over at the beginning of each file.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Skip { get; set; }

    /// <summary>A detector file (.detx) with which hits are calibrated. Without it they are taken as they stand.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DetectorFileCompleter))]
    public string? DetectorFile { get; set; }

    /// <summary>
    /// Leave the times of simulated hits and tracks on the clock of the simulation. Normally they are moved to the clock of the hits.
    /// </summary>
    [Parameter]
    public SwitchParameter NoMcTimeCorrection { get; set; }

    /// <summary>
    /// Leave times as they are. Normally the time of the first triggered hit is subtracted from all times of an event.
    /// </summary>
    [Parameter]
    public SwitchParameter NoTimeCentering { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => RequireHdf5();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var file in ParameterSetName == FromPath ? Inputs(Path, literal: false) : Inputs(LiteralPath, literal: true))
        {
            try
            {
                var options = new ProcessingOptions
                {
                    DetectorFile = DetectorFile is null ? null : FileSystemPath(DetectorFile),
                    CorrectMcTime = !NoMcTimeCorrection,
                    CenterTime = !NoTimeCentering,
                };

                // One by one: PowerShell would enumerate all of a collection before the next command gets the first event.
                foreach (var view in EventViews.Read(file, options, Skip).Take(First))
                {
                    WriteObject(view);
                }
            }
            catch (PathException e)
            {
                WriteError(e.Record());
            }
            catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException)
            {
                WriteError(Failures.Record(e, file));
            }
        }
    }
}
