using System.Management.Automation;
using OrcaSong.Inspection;

namespace OrcaSong.PowerShell.Commands;

/// <summary><c>Get-EventFile</c>: what is in a file: events, images or graphs, how many, of which detector and runs, how stored.</summary>
[Cmdlet(VerbsCommon.Get, "EventFile", DefaultParameterSetName = FromPath)]
[OutputType(typeof(EventFileSummary), typeof(EventFileDetails))]
public sealed class GetEventFileCommand : FilesCommand
{
    /// <summary>Tell about each table: columns and types, shape, chunks, filters, sizes; and why extractors do not work.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => RequireHdf5();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var file in Files("file"))
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
