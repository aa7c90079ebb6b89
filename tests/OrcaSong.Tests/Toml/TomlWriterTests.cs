using OrcaSong.Configuration.Toml;
using Xunit;

namespace OrcaSong.Tests.Configuration;

public sealed class TomlWriterTests
{
    [Fact]
    public void WritesAConfigurationAsOneWouldByHand()
    {
        var table = Toml.Parse(
            """
            mode = 'image'
            [b.only.tables]
            x = 1_000
            [a]
            "two words" = "C:\\x\t\u0000"
            [[runs]]
            id = 1
            files.first = "x"
            [[runs]]
            [empty]
            """);

        Assert.Equal(
            """
            mode = "image"

            [b.only.tables]
            x = 1000

            [a]
            "two words" = "C:\\x\t\u0000"

            [[runs]]
            id = 1

            [runs.files]
            first = "x"

            [[runs]]

            [empty]

            """.ReplaceLineEndings("\n"),
            Toml.Write(table));
    }

    [Fact]
    public void PutsPlainValuesBeforeTables()
    {
        var table = new TomlTable(new Dictionary<string, TomlValue>
        {
            ["t"] = new TomlTable([]),
            ["v"] = new TomlInteger(1),
        });

        Assert.Equal("v = 1\n\n[t]\n", Toml.Write(table));
        Assert.Equal<TomlValue>(table, Toml.Parse(Toml.Write(table)));
    }

    [Fact]
    public void BreaksLongArraysIntoLines()
    {
        var edges = new TomlArray(Enumerable.Range(0, 200).Select(i => new TomlFloat(i / 3.0)));
        var axes = new TomlArray(
            [new TomlArray([new TomlString("pos_z"), edges]), new TomlArray([new TomlString("time"), new TomlArray([])])]);
        var table = new TomlTable([KeyValuePair.Create<string, TomlValue>("bin_edges_list", axes)]);
        var text = Toml.Write(table);

        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        Assert.InRange(text.Split('\n').Length, 40, 60);
        Assert.Equal<TomlValue>(table, Toml.Parse(text));
    }

    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(1e22, "1e+22")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(123456.0, "123456.0")]
    [InlineData(0.1, "0.1")]
    [InlineData(double.NegativeInfinity, "-inf")]
    [InlineData(double.NaN, "nan")]
    public void WritesFloatsAsFloats(double value, string written) => Assert.Equal(written, new TomlFloat(value).ToString());

    [Fact]
    public void ReadsBackEveryBitOfAFloat()
    {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            var read = Assert.IsType<TomlFloat>(Toml.Parse($"x = {new TomlFloat(value)}")["x"]).Value;
            Assert.Equal(double.IsNaN(value) ? double.NaN : value, read);
            Assert.Equal(!double.IsNaN(value) && double.IsNegative(value), !double.IsNaN(read) && double.IsNegative(read));
        }
    }

    [Fact]
    public void ReadsBackAnyDocument()
    {
        var random = new Random(2);
        for (var i = 0; i < 2_000; i++)
        {
            var table = RandomTable(random, depth: 0);
            var text = Toml.Write(table);
            Assert.True(table.Equals(Toml.Parse(text)), text);
        }
    }

    [Fact]
    public void RefusesWhatCouldNotBeReadBack()
    {
        Assert.Throws<ArgumentException>(() => new TomlString("a\uDC00").ToString());
        TomlValue deep = new TomlArray([]);
        for (var i = 0; i < Toml.MaxDepth; i++)
        {
            deep = new TomlArray([deep]);
        }

        Assert.Throws<ArgumentException>(() => Toml.Write(new TomlTable([KeyValuePair.Create("a", deep)])));
        Assert.Throws<ArgumentException>(() =>
            new TomlTable([KeyValuePair.Create("a", deep), KeyValuePair.Create("a", deep)]));
    }

    [Fact]
    public void TellsValuesOfDifferentTypesApart()
    {
        Assert.NotEqual<TomlValue>(new TomlInteger(1), new TomlFloat(1));
        Assert.NotEqual<TomlValue>(Toml.Parse("a = [1, 2]"), Toml.Parse("a = [2, 1]"));
        Assert.NotEqual<TomlValue>(Toml.Parse("a = 1"), Toml.Parse("b = 1"));
        Assert.Equal<TomlValue>(Toml.Parse("a = 1\nb = 2"), Toml.Parse("b = 2\na = 1"));
    }

    private static TomlTable RandomTable(Random random, int depth) => new(
        Enumerable.Range(0, random.Next(5))
            .Select(_ => RandomString(random))
            .Distinct(StringComparer.Ordinal)
            .Select(key => KeyValuePair.Create(key, RandomValue(random, depth + 1))));

    private static TomlValue RandomValue(Random random, int depth) => random.Next(depth < 5 ? 10 : 7) switch
    {
        0 => new TomlInteger(random.NextInt64(long.MinValue, long.MaxValue)),
        1 => new TomlFloat(random.Next(3) == 0 ? random.Next(100) : random.NextDouble() * 1e300),
        2 => new TomlBoolean(random.Next(2) == 0),
        3 => new TomlLocalDate(DateOnly.FromDayNumber(random.Next(DateOnly.MaxValue.DayNumber))),
        4 => new TomlLocalTime(new TimeOnly(random.NextInt64(TimeOnly.MaxValue.Ticks))),
        5 => new TomlOffsetDateTime(new TomlInstant(
            new DateTime(random.NextInt64(DateTime.MaxValue.Ticks)), TimeSpan.FromMinutes(random.Next(-1439, 1440)))),
        6 => new TomlString(RandomString(random)),
        7 => new TomlArray(Enumerable.Range(0, random.Next(20)).Select(_ => RandomValue(random, depth + 1))),
        8 => new TomlArray(Enumerable.Range(0, random.Next(4)).Select(_ => RandomTable(random, depth + 1))),
        _ => RandomTable(random, depth),
    };

    private static string RandomString(Random random)
    {
        string[] pieces =
        [
            "a", "b", "Z", "0", "-", "_", ".", " ", "\"", "'", "\\", "\n", "\r", "\t", "\0",
            "\u007F", "\u0085", "#", "é", "𝜈", "\uFEFF",
        ];
        return string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => pieces[random.Next(pieces.Length)]));
    }
}
