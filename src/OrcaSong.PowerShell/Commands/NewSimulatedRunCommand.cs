using System.Management.Automation;
using OrcaSong.Running;
using OrcaSong.Simulation;

namespace OrcaSong.PowerShell.Commands;

/// <summary><c>New-SimulatedRun</c>: an event file and the detector file that belongs to it, simulated.</summary>
[Cmdlet(VerbsCommon.New, "SimulatedRun", SupportsShouldProcess = true)]
[OutputType(typeof(SimulatedRun))]
public sealed class NewSimulatedRunCommand : StoppableCommand
{
    private static readonly SimulationOptions Standard = new();

    /// <summary>The event file to make.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>The detector file to make.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? DetectorFile { get; set; }

    /// <summary>Number of events.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("EventCount")]
    [ValidateRange(0L, 1_000_000_000L)]
    public long Event { get; set; } = Standard.Events;

    /// <summary>What the events are.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SimulatedEventKind Kind { get; set; } = Standard.Kind;

    /// <summary>Mean number of hits of an event.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1.0, 1e6)]
    public double HitsPerEvent { get; set; } = Standard.HitsPerEvent;

    /// <summary>Share of the hits that is noise.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0.0, 1.0)]
    public double NoiseFraction { get; set; } = Standard.NoiseFraction;

    /// <summary>Write calibrated hits, with positions and directions.</summary>
    [Parameter]
    public SwitchParameter Calibrated { get; set; }

    /// <summary>Seed of everything random.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public long Seed { get; set; } = Standard.Seed;

    /// <summary>Run number.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, int.MaxValue)]
    public int RunId { get; set; } = Standard.RunId;

    /// <summary>Identifier of the detector.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int DetectorId { get; set; } = Standard.DetectorId;

    /// <summary>Number of detection units.</summary>
    [Parameter]
    [ValidateRange(1, 255)]
    public int DetectionUnitCount { get; set; } = Standard.DetectionUnits;

    /// <summary>Number of floors of a detection unit.</summary>
    [Parameter]
    [ValidateRange(1, 255)]
    public int FloorCount { get; set; } = Standard.FloorsPerUnit;

    /// <summary>Distance between detection units in m.</summary>
    [Parameter]
    [ValidateRange(1.0, 1000.0)]
    public double UnitSpacing { get; set; } = Standard.UnitSpacing;

    /// <summary>Distance between floors in m.</summary>
    [Parameter]
    [ValidateRange(1.0, 1000.0)]
    public double FloorSpacing { get; set; } = Standard.FloorSpacing;

    /// <summary>DEFLATE level.</summary>
    [Parameter]
    [ValidateRange(0, 9)]
    public int CompressionLevel { get; set; } = 1;

    /// <summary>Threads that simulate and encode.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = ResourceGrant.Cores;

    /// <summary>Replace existing files.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => RequireHdf5();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            var path = FileSystemPath(Path);
            var detectorFile = DetectorFile is null ? null : FileSystemPath(DetectorFile);
            var options = Options();
            if (ShouldProcess(path, $"Simulate {options.Events} events"))
            {
                WriteObject(Await("Simulating events", (progress, stopped) => SimulatedRun.Write(
                    options, path, detectorFile, Force, CompressionLevel, ThrottleLimit, progress, stopped)));
            }
        }
        catch (PathException e)
        {
            WriteError(e.Record());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            WriteError(Failures.Record(e, Path));
        }
    }

    private SimulationOptions Options() => new()
    {
        Events = Event,
        Kind = Kind,
        Seed = Seed,
        HitsPerEvent = HitsPerEvent,
        NoiseFraction = NoiseFraction,
        Calibrated = Calibrated,
        RunId = RunId,
        DetectorId = DetectorId,
        DetectionUnits = DetectionUnitCount,
        FloorsPerUnit = FloorCount,
        UnitSpacing = UnitSpacing,
        FloorSpacing = FloorSpacing,
    };
}
