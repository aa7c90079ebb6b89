using System.Management.Automation;
using OrcaSong.Plots;
using OrcaSong.Running;
using OrcaSong.Statistics;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Shows how the hits of produced files lie on the axes of their images, all files together.</summary>
[Cmdlet(VerbsCommon.Show, "BinStats", DefaultParameterSetName = FromPath, SupportsShouldProcess = true)]
[OutputType(typeof(AxisStatistics))]
public sealed class ShowBinStatsCommand : ShowCommand
{
    private const string FromPath = "Path";
    private const string FromLiteralPath = "LiteralPath";
    private const string FromResult = "Result";
    private const string FromStatistics = "BinStatistics";
    private readonly BinStatisticsSum _sum = new();

    /// <summary>Files of images. Wildcards are allowed.</summary>
    /// <value>all .h5 files of the current location</value>
    [Parameter(Position = 0, ParameterSetName = FromPath, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Files of images, with wildcards taken as they stand. Files of <c>Get-ChildItem</c> bind to it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromLiteralPath, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Results of <c>Invoke-Binning</c>.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromResult, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public RunResult[] Result { get; set; } = [];

    /// <summary>The statistics themselves, as results have them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromStatistics, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public BinStatistics[] BinStatistics { get; set; } = [];

    /// <summary>
    /// Draw each axis on a page of its own, in alphabetical order. PNG and SVG have no pages: there each axis gets a file.
    /// </summary>
    [Parameter]
    public SwitchParameter OnePagePerAxis { get; set; }

    private protected override string TemporaryExtension => OnePagePerAxis ? ".pdf" : ".png";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case FromResult:
                foreach (var result in Result)
                {
                    Add(result.Output, result.BinStatistics);
                }

                break;
            case FromStatistics:
                foreach (var statistics in BinStatistics)
                {
                    Add("statistics without a file", statistics);
                }

                break;
            default:
                foreach (var file in Files())
                {
                    Read(file);
                }

                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_sum.IsEmpty)
        {
            ThrowTerminatingError(Failures.Record(
                "No file with bin statistics was found. Images have them, unless they were made with -NoBinStatistics; graphs have none.", "NoBinStatistics", ErrorCategory.ObjectNotFound, null));
        }

        try
        {
            var total = _sum.Total();
            Draw(() => BinStatisticsPlot.Draw(total, OnePagePerAxis));
            if (EmitsObjects)
            {
                WriteObject(total.Axes, enumerateCollection: true);
            }
        }
        catch (DifferentAxesException e)
        {
            ThrowTerminatingError(Failures.Record(e, null));
        }
    }

    private IReadOnlyList<string> Files() => ParameterSetName == FromLiteralPath ? Inputs(LiteralPath, literal: true, "file")
        : Path.Length > 0 ? Inputs(Path, literal: false, "file")
        : InputFiles("*.h5", literal: false);

    private void Read(string file)
    {
        if (Stopping)
        {
            throw new PipelineStoppedException();
        }

        try
        {
            if (!_sum.TryAddFile(file))
            {
                WriteWarning(BinStatisticsSum.NoStatistics(file));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            WriteError(Failures.Record(e, file));
        }
    }

    private void Add(string file, BinStatistics? statistics)
    {
        if (statistics is null)
        {
            WriteWarning(BinStatisticsSum.NoStatistics(file));
        }
        else
        {
            _sum.Add(new FileBinStatistics(file, statistics));
        }
    }
}
