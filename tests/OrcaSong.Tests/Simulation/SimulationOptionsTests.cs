using OrcaSong.Simulation;
using Xunit;

namespace OrcaSong.Tests.Simulation;

public class SimulationOptionsTests
{
    public static TheoryData<string, Action> Refused => new()
    {
        { "Events", () => _ = new SimulationOptions { Events = -1 } },
        { "HitsPerEvent", () => _ = new SimulationOptions { HitsPerEvent = 0.5 } },
        { "HitsPerEvent", () => _ = new SimulationOptions { HitsPerEvent = double.NaN } },
        { "HitsPerEvent", () => _ = new SimulationOptions { HitsPerEvent = double.PositiveInfinity } },
        { "NoiseFraction", () => _ = new SimulationOptions { NoiseFraction = 1.01 } },
        { "RunId", () => _ = new SimulationOptions { RunId = -1 } },
        { "DetectorId", () => _ = new SimulationOptions { DetectorId = 0 } },
        { "DetectionUnits", () => _ = new SimulationOptions { DetectionUnits = 256 } },
        { "FloorsPerUnit", () => _ = new SimulationOptions { FloorsPerUnit = 0 } },
        { "UnitSpacing", () => _ = new SimulationOptions { UnitSpacing = -20 } },
        { "FloorSpacing", () => _ = new SimulationOptions { FloorSpacing = 0 } },
        { "Kind", () => _ = new SimulationOptions { Kind = (SimulatedEventKind)7 } },
        { "FloorsPerUnit", () => _ = new SimulationOptions() with { FloorsPerUnit = 1000 } },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void SaysWhichOptionIsOutOfRange(string option, Action make)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(make);
        Assert.StartsWith(option + " ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TakesTheLimits()
    {
        var smallest = new SimulationOptions { Events = 0, HitsPerEvent = 1, NoiseFraction = 0, DetectionUnits = 1, FloorsPerUnit = 1 };
        Assert.Equal(0, smallest.Events);
        Assert.Equal(255, (smallest with { DetectionUnits = 255 }).DetectionUnits);
    }
}
