using System.Diagnostics;
using OrcaSong.Images;
using OrcaSong.Running;
using OrcaSong.Simulation;
using Xunit;

namespace OrcaSong.Tests.Running;

public sealed class CancellationTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);
    private readonly TempFolder _folder = new();
    private readonly TempFolder _inputs = new();

    public void Dispose()
    {
        _folder.Dispose();
        _inputs.Dispose();
    }

    [Theory]
    [InlineData("ztc_2017", 32)]
    [InlineData("four_line_high", null)]
    public void ARunStopsSoonAndLeavesNothing(string preset, int? chunkSize)
    {
        // Of the larger images a batch holds 40 MB when not compressed: enough to take long, too little to keep the disk busy.
        var run = SimulatedRun.Write(new SimulationOptions { Events = 400, HitsPerEvent = 600 }, _inputs["run.h5"]);
        var binner = new FileBinner(BinAxisPresets.Get(preset), new ProcessingOptions { DetectorFile = run.DetectorFile, ChunkSize = chunkSize, CompressionLevel = 0 });
        StopsSoon(() => new RunProgress(), (progress, token) => new Runner(2).Run(binner, run.Path, _folder["out.h5"], false, progress, token));
    }

    [Fact]
    public void ASimulationStopsSoonAndLeavesNothing() => StopsSoon(
        () => new RunProgress(),
        (progress, token) => SimulatedRun.Write(new SimulationOptions { Events = 1_000_000 }, _folder["run.h5"], progress: progress, cancellation: token));

    [Fact]
    public void ATokenThatIsCancelledAlreadyStopsBeforeAnything()
    {
        var path = new TestFile(3, 4).Write(_inputs["in.h5"]);
        var binner = new FileBinner([BinAxis.Uniform("time", 0, 10, 5)]);
        Assert.ThrowsAny<OperationCanceledException>(() => new Runner(1).Run(binner, path, _folder["out.h5"], cancellation: new CancellationToken(true)));
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void AQueueStopsWithAllItsFiles()
    {
        var run = SimulatedRun.Write(new SimulationOptions { Events = 2000, HitsPerEvent = 200 }, _inputs["run.h5"]);
        var binner = new FileBinner(BinAxisPresets.Get("four_line_high"), new ProcessingOptions { DetectorFile = run.DetectorFile });
        var queue = new RunQueue(new Runner(2, filesAtOnce: 2));
        for (var i = 0; i < 5; i++)
        {
            queue.Add(new RunJob(binner, run.Path, _folder[$"{i}.h5"]));
        }

        while (queue.Progress.EventsDone == 0)
        {
            Thread.Sleep(1);
        }

        queue.Dispose();
        Assert.DoesNotContain(_folder.Names, n => n.Contains("partial", StringComparison.Ordinal));
        Assert.True(_folder.Names.Length < 5, "everything was done before it was stopped");
    }

    private void StopsSoon(Func<RunProgress> newProgress, Action<RunProgress, CancellationToken> work)
    {
        // On a busy machine one time in five is enough.
        var fastest = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < 5 && fastest > Patience; attempt++)
        {
            var progress = newProgress();
            using var stop = new CancellationTokenSource();
            var running = Task.Run(() => work(progress, stop.Token));
            while (progress.EventsDone == 0 && !running.IsCompleted)
            {
                Thread.Sleep(1);
            }

            var watch = Stopwatch.StartNew();
            stop.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => running.GetAwaiter().GetResult());
            fastest = fastest < watch.Elapsed ? fastest : watch.Elapsed;
            Assert.Empty(_folder.Names);
        }

        Assert.True(fastest <= Patience, $"it took {fastest.TotalSeconds:0.00} s to stop");
    }
}
