using System.Management.Automation;
using OrcaSong.Events;
using OrcaSong.PowerShell.Completion;
using OrcaSong.Running;

namespace OrcaSong.PowerShell.Commands;

/// <summary><c>Get-OrcaEvent</c>: events as extractors get them, to be looked at.</summary>
[Cmdlet(VerbsCommon.Get, "OrcaEvent", DefaultParameterSetName = FromPath)]
[OutputType(typeof(EventView))]
public sealed class GetOrcaEventCommand : FilesCommand
{
    /// <summary>Number of events of each file; all by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; } = int.MaxValue;

    /// <summary>Number of events that are passed over at the beginning of each file.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Skip { get; set; }

    /// <summary>A .detx file with which hits are calibrated.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DetectorFileCompleter))]
    public string? DetectorFile { get; set; }

    /// <summary>Leave times of simulated hits and tracks as they are.</summary>
    [Parameter]
    public SwitchParameter NoMcTimeCorrection { get; set; }

    /// <summary>Do not subtract the time of the first triggered hit.</summary>
    [Parameter]
    public SwitchParameter NoTimeCentering { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => RequireHdf5();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var file in Files())
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
