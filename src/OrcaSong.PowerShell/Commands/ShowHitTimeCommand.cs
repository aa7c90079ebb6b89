using System.Collections.Concurrent;
using System.Management.Automation;
using OrcaSong.Images;
using OrcaSong.Plots;
using OrcaSong.PowerShell.Arguments;
using OrcaSong.PowerShell.Completion;
using OrcaSong.Running;
using OrcaSong.Statistics;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Shows how the times of the hits of event files are distributed, all files together.</summary>
[Cmdlet(VerbsCommon.Show, "HitTime", DefaultParameterSetName = FromPath, SupportsShouldProcess = true)]
[OutputType(typeof(TimeDistribution))]
public sealed class ShowHitTimeCommand : ShowFilesCommand
{
    private readonly List<string> _files = [];
    private BinAxis? _axis;

    /// <summary>The number of bins from the earliest hit to the latest, where no <c>-Edge</c> is given.</summary>
    [Parameter]
    [Alias("Bins")]
    [ValidateRange(1, 10_000_000)]
    public int BinCount { get; set; } = TimeDistributionOptions.StandardBinCount;

    /// <summary>The edges of the bins in ns: numbers, or an axis of the time (<c>New-BinAxis time -50 550 100</c>).</summary>
    [Parameter]
    [Alias("Edges")]
    [ValidateNotNullOrEmpty]
    public object[] Edge { get; set; } = [];

    /// <summary>
    /// How many bins are attached on both sides of <c>-Edge</c>, to see what is cut off: a fraction of their number.
    /// </summary>
    [Parameter]
    [ValidateRange(0.0, 10.0)]
    public double Padding { get; set; } = TimeDistributionOptions.StandardPadding;

    /// <summary>Look at simulated hits (mc_hits) in place of hits.</summary>
    [Parameter]
    public SwitchParameter McHit { get; set; }

    /// <summary>The number of a detection unit whose hits are left out.</summary>
    /// <value>none</value>
    [Parameter]
    public int? InactiveDu { get; set; }

    /// <summary>A detector file (.detx) with which hits are calibrated. Without it they are taken as they stand.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DetectorFileCompleter))]
    public string? DetectorFile { get; set; }

    /// <summary>
    /// Leave the times of simulated hits on the clock of the simulation. Normally they are moved to the clock of the hits.
    /// </summary>
    [Parameter]
    public SwitchParameter NoMcTimeCorrection { get; set; }

    /// <summary>
    /// Leave times as they are. Normally the time of the first triggered hit is subtracted from all times of an event.
    /// </summary>
    [Parameter]
    public SwitchParameter NoTimeCentering { get; set; }

    /// <summary>
    /// Add the column t0 of the hits to their time, for files whose hits have raw times. A detector file does so anyway.
    /// </summary>
    [Parameter]
    public SwitchParameter AddT0 { get; set; }

    /// <summary>Do not correct times for the time slewing, which calibration with a detector file does.</summary>
    [Parameter]
    public SwitchParameter NoTimeSlewingCorrection { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        try
        {
            _axis = Edge.Length == 0 ? null
                : Edge.Length == 1 && Argument.Value(Edge[0]) is BinAxis axis ? axis
                : BinEdges.Axis(AxisStatistics.TimeField, Edge);
        }
        catch (ArgumentException e)
        {
            ThrowTerminatingError(Failures.Record(e, Edge));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _files.AddRange(Files("event file"));

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_files.Count == 0)
        {
            return;
        }

        var (failures, warnings) = (new ConcurrentQueue<ErrorRecord>(), new ConcurrentQueue<string>());
        try
        {
            var options = Options();
            var times = Await("Reading hits", (progress, stopped) => TimeDistribution.Measure(
                _files, options, (file, error) => failures.Enqueue(Failures.Record(error, file)), (file, warning) => warnings.Enqueue($"{file}: {warning}"), progress, stopped));
            Report(failures, warnings);
            if (times is not null)
            {
                Show(times);
            }
        }
        catch (PathException e)
        {
            ThrowTerminatingError(e.Record());
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(Failures.Record(e, DetectorFile));
        }
    }

    private TimeDistributionOptions Options() => new()
    {
        Processing = new ProcessingOptions
        {
            DetectorFile = DetectorFile is null ? null : FileSystemPath(DetectorFile),
            CorrectMcTime = !NoMcTimeCorrection,
            CenterTime = !NoTimeCentering,
            AddT0 = AddT0,
            CorrectTimeSlewing = !NoTimeSlewingCorrection,
        },
        McHits = McHit,
        InactiveDu = InactiveDu,
        BinCount = BinCount,
        Axis = _axis,
        Padding = Padding,
    };

    private void Report(ConcurrentQueue<ErrorRecord> failures, ConcurrentQueue<string> warnings)
    {
        foreach (var warning in warnings)
        {
            WriteWarning(warning);
        }

        foreach (var failure in failures)
        {
            WriteError(failure);
        }
    }

    private void Show(TimeDistribution times)
    {
        if (times.EventsSkipped > 0)
        {
            WriteWarning($"{times.EventsSkipped} of {times.EventCount} events are left out: they have no triggered hit to centre their time on (-NoTimeCentering).");
        }

        Draw(() => TimeDistributionPlot.Draw(times));
        if (EmitsObjects)
        {
            WriteObject(times);
        }
    }
}
