using System.Management.Automation;
using OrcaSong.Inspection;
using OrcaSong.Plots;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Shows images of a file, projected on pairs of their axes.</summary>
[Cmdlet(VerbsCommon.Show, "EventImage", DefaultParameterSetName = FromPath, SupportsShouldProcess = true)]
[OutputType(typeof(ImageProjection))]
public sealed class ShowEventImageCommand : ShowFilesCommand
{
    private readonly List<EventImage> _images = [];

    /// <summary>Numbers of the images, from 0 in the order of the file. Each becomes a page of the picture.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public long[] Index { get; set; } = [0];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var file in Files("file"))
        {
            foreach (var index in Index)
            {
                try
                {
                    var image = EventImage.Read(file, index);
                    _images.AddRange(MakesPicture ? [image] : []);
                    WriteObject(EmitsObjects ? image.Project() : [], enumerateCollection: true);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    WriteError(Failures.Record(e, file));
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_images.Count > 0)
        {
            Draw(() => EventImagePlot.Draw(_images));
        }
    }
}
