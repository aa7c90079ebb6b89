using System.Diagnostics;
using OrcaSong.Simulation;
using Xunit;

namespace OrcaSong.Tests.Cli;

public sealed class MemoryTests : IDisposable
{
    private const long MiB = 1 << 20;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Three times the events take the same memory, but for what the garbage collector leaves lying longer.</summary>
    [Fact]
    public void AFileNeedsNoMoreMemoryWhenItHasMoreEvents()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("the peak is taken while the process runs, as Linux and macOS tell it");
        }

        File.WriteAllText(_folder["c.toml"], "mode = \"image\"\nkeep_event_info = true\nextractor = \"nu_chain_data\"\nbin_edges_list = \"ztc_2017\"\n");
        var (few, many) = (Peak(20_000), Peak(60_000));
        Assert.True(many < (1.25 * few) + (40 * MiB), $"20,000 events take {few / MiB} MiB, 60,000 take {many / MiB} MiB");
        Assert.True(many < 400 * MiB, $"{many / MiB} MiB");
    }

    private long Peak(int events)
    {
        SimulatedRun.Write(new SimulationOptions { Events = events, HitsPerEvent = 4 }, _folder["in.h5"], overwrite: true);
        using var process = Process.Start(new ProcessStartInfo(Command.Program, ["run", "in.h5", "c.toml", "--detx", "in.detx", "--threads", "2"])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
        })!;
        long peak = 0;
        while (!process.WaitForExit(10))
        {
            process.Refresh();
            try
            {
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                // It ended just now.
            }
        }

        Assert.Equal(0, process.ExitCode);
        Assert.True(peak > 0, "it was too quick to be looked at");
        return peak;
    }
}
