using OrcaSong.Calibration;
using OrcaSong.Events;
using OrcaSong.Graphs;
using OrcaSong.Hdf5;
using OrcaSong.Output;
using Xunit;

namespace OrcaSong.Tests.Graphs;

public class GraphStageTests
{
    /// <summary>The Python tool's event skipper comes after the choice of hits; what an event skipped there drew is drawn all the same.</summary>
    [Fact]
    public void AnEventThatIsPassedOverUsesUpItsRandomNumbers()
    {
        var expected = new HitChoice(42);
        _ = expected.Draw(20, 3);
        var second = expected.Draw(30, 3).ToArray();

        var values = Run(new FileGraph(["row"], maxHits: 3), [20, 30], [SkipReason.None, SkipReason.None]);
        Assert.Equal(second.Select(i => (float)(20 + i)), values);
    }

    /// <summary>Events without a triggered hit never come to the choice of hits.</summary>
    [Fact]
    public void AnEventThatWasSkippedBeforeDrawsNothing()
    {
        var values = Run(new FileGraph(["row"], maxHits: 3), [20, 30], [SkipReason.NoTriggeredHit, SkipReason.None]);
        Assert.Equal(new HitChoice(42).Draw(30, 3).ToArray().Select(i => (float)(20 + i)), values);
    }

    /// <summary>Passes over the first event, and appends the others.</summary>
    private static float[] Run(FileGraph graph, int[] counts, SkipReason[] skip)
    {
        using var folder = new TempFolder();
        using var input = EventFile.Open(new TestFile(counts).Set("row", (_, _, row) => row).Write(folder["events.h5"]));
        var stage = new GraphStage(graph, graph.HitFields!);
        stage.Bind(new HitPreparation(input, null, graph.Options, stage.Fields, stage.Float32Fields));
        var offsets = counts.Aggregate(new List<int> { 0 }, (list, n) => [.. list, list[^1] + n]);
        var hits = new HitBatch
        {
            Offsets = [.. offsets],
            Skip = skip,
            Float32Fields = [[.. Enumerable.Range(0, offsets[^1]).Select(i => (float)i)]],
        };
        using (var output = new OutputFile(folder["out.h5"], Task.Factory, 1, 1))
        {
            stage.Open(output);
            var samples = stage.Make(hits);
            for (var e = 0; e < counts.Length; e++)
            {
                if (e == 0)
                {
                    stage.PassOver(samples, e);
                }
                else
                {
                    stage.Append(samples, e);
                }
            }

            output.WriteChunks();
            output.Complete();
        }

        using var file = H5File.OpenRead(folder["out.h5"]);
        using var x = file.Root.OpenDataset("x");
        return x.ReadAll<float>();
    }
}
