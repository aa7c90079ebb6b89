using OrcaSong.Detectors;
using OrcaSong.Events;
using OrcaSong.Running;
using OrcaSong.Simulation;
using Xunit;

namespace OrcaSong.Tests.Simulation;

/// <summary>Simulated runs as files.</summary>
public sealed class SimulatedRunTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SimulatedEventKind.Neutrino, false)]
    [InlineData(SimulatedEventKind.Muon, true)]
    [InlineData(SimulatedEventKind.Noise, false)]
    public void TheFileIsReadAsItWasWritten(SimulatedEventKind kind, bool calibrated)
    {
        var run = SimulatedRun.Write(new SimulationOptions { Events = 600, HitsPerEvent = 20, Kind = kind, Calibrated = calibrated }, _folder["run.h5"]);
        using var file = EventFile.Open(run.Path);
        Assert.Equal((600, new Version(5, 1)), (file.EventCount, file.FormatVersion));
        Assert.Empty(file.Warnings);
        Assert.Equal(run.Hits, file.Require("/hits").RowCount);
        Assert.Equal(TableLayout.Split, file.Require("/hits").Layout);
        Assert.Equal(600, file.Require("/event_info").RowCount);
        Assert.Equal(TableLayout.Singleton, file.Require("/raw_header").Layout);
        Assert.Equal(calibrated, file.Require("/hits").Find("pos_z") is not null);
        Assert.Equal(6 * 18, Detector.Load(run.DetectorFile).Doms.Length);
        Assert.Equal(["run.detx", "run.h5"], _folder.Names);
    }

    [Fact]
    public void TheBytesDoNotDependOnThreadsNorOnTheTime()
    {
        var options = new SimulationOptions { Events = 1100, HitsPerEvent = 25, Seed = 3 };
        var first = File.ReadAllBytes(SimulatedRun.Write(options, _folder["1.h5"], threads: 1).Path);
        foreach (var threads in new[] { 1, 2, 8 })
        {
            Assert.True(first.AsSpan().SequenceEqual(File.ReadAllBytes(SimulatedRun.Write(options, _folder["2.h5"], overwrite: true, threads: threads).Path)), $"{threads} threads");
        }

        Assert.False(first.AsSpan().SequenceEqual(File.ReadAllBytes(SimulatedRun.Write(options with { Seed = 4 }, _folder["2.h5"], overwrite: true).Path)));
    }

    [Fact]
    public void ARunMayHaveNoEvents()
    {
        var run = SimulatedRun.Write(new SimulationOptions { Events = 0 }, _folder["run.h5"]);
        using var file = EventFile.Open(run.Path);
        Assert.Equal((0, 0, 0L), (file.EventCount, run.Events, run.Hits));
    }

    [Fact]
    public void ExistingFilesAreKeptUnlessTheyMayBeReplaced()
    {
        File.WriteAllText(_folder["run.detx"], "precious");
        Refusal.Of(() => SimulatedRun.Write(new SimulationOptions { Events = 1 }, _folder["run.h5"]), "run.detx", "exists already");
        Assert.Equal(["run.detx"], _folder.Names);

        // Stopped in the middle, it leaves the old files as they were.
        File.WriteAllText(_folder["run.h5"], "precious");
        Assert.ThrowsAny<OperationCanceledException>(
            () => SimulatedRun.Write(new SimulationOptions { Events = 1 }, _folder["run.h5"], overwrite: true, cancellation: new CancellationToken(true)));
        Assert.Equal("precious", File.ReadAllText(_folder["run.h5"]));
        Assert.Equal("precious", File.ReadAllText(_folder["run.detx"]));
        Assert.Equal(["run.detx", "run.h5"], _folder.Names);

        Assert.Equal(1, SimulatedRun.Write(new SimulationOptions { Events = 1 }, _folder["run.h5"], overwrite: true).Events);
        Assert.Equal(["run.detx", "run.h5"], _folder.Names);
    }

    [Fact]
    public void NamesThatCannotBeAreRefused()
    {
        var options = new SimulationOptions { Events = 1 };
        Refusal.Of(() => SimulatedRun.Write(options, _folder["run.detx"]), "run.detx", "detector file");
        Refusal.Of(() => SimulatedRun.Write(options, _folder["run.h5"], _folder["detector.txt"]), "must end in .detx");
        Refusal.Of(() => SimulatedRun.Write(options, _folder["absent/run.h5"]), "absent", "does not exist");
        Refusal.Of(() => SimulatedRun.Write(options, _folder["run.h5"], compressionLevel: 10), "compression");
        Refusal.Of(() => SimulatedRun.Write(options, _folder["run.h5"], threads: 0), "threads");
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void WhatAKilledRunLeftIsRemoved()
    {
        using var dead = System.Diagnostics.Process.Start(Environment.ProcessPath!, "-?");
        dead.Kill();
        dead.WaitForExit();
        File.WriteAllText(_folder[$"run.h5.{dead.Id}-1.partial"], "half");
        File.WriteAllText(_folder[$"run.detx.{dead.Id}-1.partial"], "half");
        Assert.Equal(2, SimulatedRun.Write(new SimulationOptions { Events = 1 }, _folder["run.h5"]).Warnings.Count);
        Assert.Equal(["run.detx", "run.h5"], _folder.Names);
    }

    [Fact]
    public void ProgressCountsEvents()
    {
        var progress = new RunProgress();
        SimulatedRun.Write(new SimulationOptions { Events = 600, HitsPerEvent = 5 }, _folder["run.h5"], progress: progress);
        Assert.Equal((600, 600), (progress.EventsDone, progress.EventsTotal));
    }
}
