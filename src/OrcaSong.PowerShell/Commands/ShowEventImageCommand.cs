using System.Management.Automation;
using OrcaSong.Inspection;
using OrcaSong.Plots;

namespace OrcaSong.PowerShell.Commands;

/// <summary><c>Show-EventImage</c>: images of a file, projected on pairs of their axes, in the terminal or as a picture.</summary>
[Cmdlet(VerbsCommon.Show, "EventImage", DefaultParameterSetName = FromPath, SupportsShouldProcess = true)]
[OutputType(typeof(ImageProjection))]
public sealed class ShowEventImageCommand : ShowCommand
{
    private const string FromPath = "Path";
    private const string FromLiteralPath = "LiteralPath";
    private readonly List<EventImage> _images = [];

    /// <summary>Files of images; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromPath, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Files of images; wildcards are taken as they stand.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromLiteralPath, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Numbers of the images, from 0 in file order. Each becomes a page of the picture.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public long[] Index { get; set; } = [0];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var file in ParameterSetName == FromPath ? Inputs(Path, literal: false, "file") : Inputs(LiteralPath, literal: true, "file"))
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
