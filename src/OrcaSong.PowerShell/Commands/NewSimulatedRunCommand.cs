using System.Management.Automation;
using OrcaSong.PowerShell.Arguments;
using OrcaSong.PowerShell.Completion;
using OrcaSong.PowerShell.Views;
using OrcaSong.Running;
using OrcaSong.Simulation;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Simulates events in a detector: an event file and the detector file that belongs to it.</summary>
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
    /// <value>the event file's name, ending in .detx</value>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? DetectorFile { get; set; }

    /// <summary>The number of events.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("EventCount")]
    [ValidateRange(0L, 1_000_000_000L)]
    public long Event { get; set; } = Standard.Events;

    /// <summary>What the events are.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SimulatedEventKind Kind { get; set; } = Standard.Kind;

    /// <summary>The mean number of hits of an event, signal and noise together.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1.0, 1e6)]
    public double HitsPerEvent { get; set; } = Standard.HitsPerEvent;

    /// <summary>The share of the hits that is noise. Events of the kind Noise are all noise.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0.0, 1.0)]
    public double NoiseFraction { get; set; } = Standard.NoiseFraction;

    /// <summary>
    /// Write calibrated hits: with positions and directions, and times to which t0 is added. Such files need no detector file.
    /// </summary>
    [Parameter]
    public SwitchParameter Calibrated { get; set; }

    /// <summary>The seed of the events. The same options and seed give the same file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public long Seed { get; set; } = Standard.Seed;

    /// <summary>The run number. Runs of one seed have different events.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, int.MaxValue)]
    public int RunId { get; set; } = Standard.RunId;

    /// <summary>The identifier of the detector, on which the identifiers of its modules depend.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int DetectorId { get; set; } = Standard.DetectorId;

    /// <summary>The number of detection units.</summary>
    [Parameter]
    [ValidateRange(1, 255)]
    public int DetectionUnitCount { get; set; } = Standard.DetectionUnits;

    /// <summary>The number of floors of a detection unit, each with a module of 31 PMTs.</summary>
    [Parameter]
    [ValidateRange(1, 255)]
    public int FloorCount { get; set; } = Standard.FloorsPerUnit;

    /// <summary>The distance between detection units in m: 20 for ORCA, 90 for ARCA.</summary>
    [Parameter]
    [ValidateRange(1.0, 1000.0)]
    public double UnitSpacing { get; set; } = Standard.UnitSpacing;

    /// <summary>The distance between floors in m: 9 for ORCA, 36 for ARCA.</summary>
    [Parameter]
    [ValidateRange(1.0, 1000.0)]
    public double FloorSpacing { get; set; } = Standard.FloorSpacing;

    /// <summary>How hard the file is compressed: None, Fast (which is the Default), Small, or a level of DEFLATE from 0 to 9.</summary>
    /// <value>Default</value>
    [Parameter]
    [Alias("CompressionLevel")]
    [Compression]
    [ArgumentCompleter(typeof(CompressionCompleter))]
    [ValidateRange(0, 9)]
    public int Compression { get; set; } = 1;

    /// <summary>How many threads simulate and compress.</summary>
    /// <value>one for each core</value>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = ResourceGrant.Cores;

    /// <summary>Replace existing files. Without it they are an error.</summary>
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
                var run = Await("Simulating events", (progress, stopped) => SimulatedRun.Write(
                    options, path, detectorFile, Force, Compression, ThrottleLimit, progress, stopped));
                foreach (var warning in run.Warnings)
                {
                    WriteWarning(warning);
                }

                WriteVerbose($"{run.Path}: {Shown.Number(run.Events)} events, {Shown.Number(run.Hits)} hits, {Shown.Duration(run.Elapsed)}; their detector is {run.DetectorFile}");
                WriteObject(run);
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
