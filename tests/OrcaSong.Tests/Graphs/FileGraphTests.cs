using OrcaSong.Graphs;
using OrcaSong.Running;
using Xunit;

namespace OrcaSong.Tests.Graphs;

public class FileGraphTests
{
    [Fact]
    public void KeepsAllHitsAndFieldsUnlessToldOtherwise()
    {
        var graph = new FileGraph();
        Assert.Null(graph.HitFields);
        Assert.Null(graph.TimeWindow);
        Assert.Null(graph.MaxHits);
        Assert.Null(graph.Options.ChunkSize);
        Assert.False(graph.OnlyTriggeredHits || graph.FixedLength);
    }

    [Theory]
    [InlineData("fixed length", "maximum", null, null, true)]
    [InlineData("a maximum of none", "from 1; got 0", null, 0, false)]
    [InlineData("a negative maximum", "got -5", null, -5, true)]
    [InlineData("no field", "at least one", "", null, false)]
    [InlineData("a field twice", "time comes 2 times", "time,tot,time", null, false)]
    [InlineData("a blank field", "has a name", "time, ", null, false)]
    [InlineData("the name of the added column", "is_valid", "time,is_valid", 3, true)]
    public void RefusesWhatMakesNoSense(string what, string words, string? fields, int? maxHits, bool fixedLength)
    {
        var names = fields?.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var error = Assert.Throws<ArgumentException>(() => new FileGraph(names, maxHits: maxHits, fixedLength: fixedLength));
        Assert.True(error.Message.Contains(words, StringComparison.Ordinal), $"{what}: {error.Message}");
    }

    [Fact]
    public void RefusesOptionsThatContradictEachOther() =>
        Assert.Throws<ArgumentException>(() => new FileGraph(options: new ProcessingOptions { CenterHitsTo = new CentreTarget(0, 0, 0) }));

    [Theory]
    [InlineData(1000, -250)]
    [InlineData(double.NaN, 10)]
    [InlineData(0, double.NaN)]
    public void RefusesAWindowTheWrongWayRound(double start, double end)
    {
        var error = Assert.Throws<ArgumentException>(() => new TimeWindow(start, end));
        Assert.Contains("wrong way round", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AWindowMayBeAMomentOrOpen()
    {
        Assert.Equal("[5, 5] ns", new TimeWindow(5, 5).ToString());
        Assert.Equal(double.NegativeInfinity, new TimeWindow(double.NegativeInfinity, 0.5).Start);
    }

    [Theory]
    [InlineData(null, "<FileGraph: all hit fields>")]
    [InlineData("pos_z,time", "<FileGraph: pos_z, time>")]
    [InlineData("pos_x,time,pos_y,pos_z,tot", "<FileGraph: pos_x, time, ... (5 fields)>")]
    public void PrintsBriefly(string? fields, string text) => Assert.Equal(text, new FileGraph(fields?.Split(',')).ToString());

    [Fact]
    public void EqualsOneOfTheSameContents()
    {
        static FileGraph Make(string field = "tot", double end = 10, int max = 5, bool isFixed = true, uint seed = 42) =>
            new(["time", field], new TimeWindow(0, end), maxHits: max, fixedLength: isFixed, options: new ProcessingOptions { Seed = seed });

        Assert.Equal(Make(), Make());
        Assert.Equal(Make().GetHashCode(), Make().GetHashCode());
        Assert.All([Make("du"), Make(end: 11), Make(max: 6), Make(isFixed: false), Make(seed: 1), new FileGraph()], other => Assert.NotEqual(Make(), other));
    }
}
