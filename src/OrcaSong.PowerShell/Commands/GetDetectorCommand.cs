using System.Management.Automation;
using OrcaSong.Inspection;
using OrcaSong.Plots;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Gets what a detector file describes, and draws it.</summary>
[Cmdlet(VerbsCommon.Get, "Detector", DefaultParameterSetName = FromPath, SupportsShouldProcess = true)]
[OutputType(typeof(DetectorSummary), typeof(DetectorDetails))]
public sealed class GetDetectorCommand : ShowFilesCommand
{
    private readonly List<DetectorDetails> _detectors = [];

    /// <summary>Tell about each module: detection unit, floor, position in m, number of PMTs.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var file in Files("detector file"))
        {
            try
            {
                var details = DetectorSummary.ReadDetails(file);
                _detectors.AddRange(MakesPicture ? [details] : []);
                if (EmitsObjects)
                {
                    WriteObject(Detailed ? details : details.Summary);
                }
            }
            catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException)
            {
                WriteError(Failures.Record(e, file));
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_detectors.Count > 0)
        {
            Draw(() => DetectorPlot.Draw(_detectors));
        }
    }
}
