using System.Diagnostics;
using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Inspection;
using Xunit;

namespace OrcaSong.Tests.Inspection;

public sealed class EventImageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ProjectionsAreSumsOverTheOtherAxes()
    {
        var random = new Random(1);
        var image = new byte[3 * 4 * 5];
        random.NextBytes(image);
        Write(_folder["a.h5"], "pos_z_time_channel_id", [3, 4, 5], 2, (1, image), ("pos_z", [0, 1, 2, 3]), ("time", [0, 1, 2, 3, 5]));
        var projections = EventImage.Read(_folder["a.h5"], 1).Project();
        Assert.Equal(["pos_z against time", "pos_z against channel_id", "channel_id against time"], projections.Select(p => p.ToString()));
        for (var z = 0; z < 3; z++)
        {
            for (var t = 0; t < 4; t++)
            {
                Assert.Equal(Enumerable.Range(0, 5).Sum(c => image[(((z * 4) + t) * 5) + c]), projections[0].Counts[z][t]);
            }
        }

        for (var c = 0; c < 5; c++)
        {
            for (var t = 0; t < 4; t++)
            {
                Assert.Equal(Enumerable.Range(0, 3).Sum(z => image[(((z * 4) + t) * 5) + c]), projections[2].Counts[c][t]);
            }
        }

        Assert.All(projections, p => Assert.Equal(image.Sum(n => n), p.Sum));
        Assert.Equal([0.0, 1, 2, 3, 5], projections[0].Horizontal.Edges!);
        Assert.Null(projections[2].Vertical!.Edges);
        Assert.Equal(0, EventImage.Read(_folder["a.h5"], 0).Sum);
    }

    [Theory]
    [InlineData("pos_z_time_channel_id", "pos_z", "time", "channel_id")]
    [InlineData("time_pos_x_tot", "time", "pos_x", "tot")]
    [InlineData("pos_pos_z_z", "pos", "pos_z", "z")] // names of one's own, which only the statistics tell apart
    public void TheTitleNamesTheAxes(string title, params string[] fields)
    {
        Write(_folder["a.h5"], title, [2, 2, 2], 1, (0, new byte[8]), ("pos", [0, 1, 2]), ("z", [0, 1, 2]));
        Assert.Equal(fields, EventImage.Read(_folder["a.h5"], 0).Axes.Select(a => a.Field));
    }

    [Fact]
    public void AxesWithoutNamesAreNumberedByBins()
    {
        Write(_folder["a.h5"], "what_is_it", [2, 3], 1, (0, new byte[6]));
        var projection = Assert.Single(EventImage.Read(_folder["a.h5"], 0).Project());
        Assert.Equal((null, 3, null), (projection.Horizontal.Field, projection.Horizontal.Bins, projection.Horizontal.Edges));
    }

    [Theory]
    [InlineData(new long[] { 1, 3, 1 }, 1, 1)]
    [InlineData(new long[] { 4 }, 1, 1)]
    [InlineData(new long[] { 1, 1 }, 1, 1)]
    [InlineData(new long[] { 2, 1, 3 }, 1, 2)]
    [InlineData(new long[] { 2, 2, 3, 4, 2 }, 10, 2)]
    public void AxesOfOneBinAreLeftOut(long[] shape, int projections, int axes)
    {
        var bins = (int)shape.Aggregate(1L, (a, b) => a * b);
        Write(_folder["a.h5"], "x", shape, 1, (0, [.. Enumerable.Repeat((byte)1, bins)]));
        var found = EventImage.Read(_folder["a.h5"], 0).Project();
        Assert.Equal(projections, found.Count);
        Assert.All(found, p => Assert.Equal((bins, axes), (p.Sum, p.Vertical is null ? 1 : 2)));
    }

    [Fact]
    public void OneOfAMillionImagesIsReadAtOnce()
    {
        Write(_folder["a.h5"], "pos_z_time", [18, 100], 1_000_000, (777_777, [.. Enumerable.Repeat((byte)2, 1800)]));
        var watch = Stopwatch.StartNew();
        Assert.Equal(3600, EventImage.Read(_folder["a.h5"], 777_777).Sum);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"It took {watch.Elapsed}.");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void AnIndexOutOfRangeSaysWhichThereAre(long index)
    {
        Write(_folder["a.h5"], "pos_z_time", [2, 2], 3, (0, new byte[4]));
        var error = Assert.Throws<EventFileException>(() => EventImage.Read(_folder["a.h5"], index));
        Assert.Equal(EventFileProblem.NoSuchEvent, error.Problem);
        Assert.Contains("its 3 images have the numbers 0 to 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherFilesAreErrors()
    {
        var events = Assert.Throws<EventFileException>(() => EventImage.Read(new TestFile(2).Write(_folder["a.h5"]), 0));
        Assert.Contains("file of events", events.Message, StringComparison.Ordinal);
        Assert.Equal(EventFileProblem.NotAnEventFile, events.Problem);
        Write(_folder["none.h5"], "pos_z_time", [2, 2], 0, null);
        Assert.Contains("there are no images in it", Assert.Throws<EventFileException>(() => EventImage.Read(_folder["none.h5"], 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LabelsNameTheEvent()
    {
        var image = EventImage.Read(Shared.Path("golden", "det_image_ztc_nc897", "out.h5"), 5);
        Assert.Equal((8349, 6), (image.Name.RunId, image.Name.EventId));
        Assert.Matches(@"^run 8349, event 6, 45 GeV$", image.Name.ToString());
        Assert.Equal(115, image.Sum);
    }

    internal static void Write(string path, string title, long[] shape, long count, (long Index, byte[] Bins)? image, params (string Field, double[] Edges)[] statistics)
    {
        using var file = H5File.Create(path, overwrite: true);
        using var x = file.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.UInt8, Shape = [count, .. shape], MaxShape = [-1, .. shape], ChunkShape = [32, .. shape], Filters = [H5Filter.Deflate(1)] });
        x.Attributes.WriteFixedString("TITLE", title + "_event_images");
        if (image is { } one)
        {
            x.Write<byte>(one.Bins, one.Index);
        }

        if (statistics.Length == 0)
        {
            return;
        }

        var group = file.Root.CreateGroup("bin_stats");
        foreach (var (field, edges) in statistics)
        {
            using var dataset = group.CreateGroup(field).CreateDataset("bin_edges", new H5DatasetSpec { Type = H5Type.Float64, Shape = [edges.Length] });
            dataset.Write<double>(edges);
        }
    }
}
