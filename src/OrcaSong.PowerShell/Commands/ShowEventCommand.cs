using System.Management.Automation;
using OrcaSong.Inspection;
using OrcaSong.Plots;
using OrcaSong.PowerShell.Completion;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Shows the hits of events in space and time.</summary>
[Cmdlet(VerbsCommon.Show, "Event", DefaultParameterSetName = FromPath, SupportsShouldProcess = true)]
[OutputType(typeof(EventHits))]
public sealed class ShowEventCommand : ShowFilesCommand
{
    private readonly List<EventHits> _events = [];

    /// <summary>Numbers of the events, from 0 in the order of the file. Each becomes a page of the picture.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public long[] Index { get; set; } = [0];

    /// <summary>
    /// A detector file (.detx) with which the hits of event files are calibrated, and whose modules are drawn. Graphs are calibrated
    /// already.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DetectorFileCompleter))]
    public string? DetectorFile { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var file in Files("file"))
        {
            foreach (var index in Index)
            {
                try
                {
                    var hits = EventHits.Read(file, index, DetectorFile is null ? null : FileSystemPath(DetectorFile));
                    _events.AddRange(MakesPicture ? [hits] : []);
                    WriteObject(EmitsObjects ? new[] { hits } : [], enumerateCollection: true);
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

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_events.Count > 0)
        {
            Draw(() => EventPlot.Draw(_events));
        }
    }
}
