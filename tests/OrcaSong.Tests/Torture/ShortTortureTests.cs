using OrcaSong.Torture.Fuzz;
using OrcaSong.Torture.Writing;
using Xunit;

namespace OrcaSong.Tests.Torture;

/// <summary>What <c>./build.sh torture</c> does in full, for some seconds.</summary>
public sealed class ShortTortureTests : IDisposable
{
    private readonly TempFolder _inputs = new();

    public static TheoryData<string> Writers => [.. Writer.All.Select(w => w.Name)];

    public void Dispose() => _inputs.Dispose();

    [Theory]
    [InlineData("hdf5", 100)]
    [InlineData("detx", 150)]
    [InlineData("toml", 400)]
    public void DamagedInputsAreUsedOrRefused(string kind, int count) => Assert.Empty(FuzzDriver.Run(kind, first: 1_000_000, count, seed: 2, processes: 1).Findings);

    [Theory]
    [MemberData(nameof(Writers))]
    public void AKilledWriterLeavesNothingUnderAFinalName(string writer)
    {
        Writer.Prepare(_inputs.Path);
        var report = KillTest.Run(Writer.Get(writer), _inputs.Path, kills: 4, seed: 3);
        Assert.Empty(report.Findings);
        Assert.Equal(4, report.Killed);
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void AFullDiskIsOneErrorAndLeavesNothing(string writer)
    {
        if (FullDiskTest.Obstacle() is { } obstacle)
        {
            Assert.Skip(obstacle);
        }

        Writer.Prepare(_inputs.Path);
        var report = FullDiskTest.Run(Writer.Get(writer), _inputs.Path, points: 4);
        Assert.Empty(report.Findings);
        Assert.True(report.Full >= 3, report.ToString());
    }
}
