using OrcaSong.Calibration;
using OrcaSong.Tests.Numerics;
using Xunit;

namespace OrcaSong.Tests.Calibration;

public class TimeSlewingTests
{
    [Fact]
    public void TableHasTheKnownValues()
    {
        Assert.Equal(256, TimeSlewing.Table.Length);
        Assert.Equal(
            (8.01, 0.07, -0.10, -9.04, -9.04),
            (TimeSlewing.Table[0], TimeSlewing.Table[26], TimeSlewing.Table[27], TimeSlewing.Table[210], TimeSlewing.Table[255]));
        for (var tot = 1; tot < 256; tot++)
        {
            Assert.True(TimeSlewing.Table[tot] <= TimeSlewing.Table[tot - 1], $"the table rises at {tot}");
        }
    }

    [Fact]
    public void Float32IsCorrectedInDoubleAndRounded()
    {
        var random = new Random(3);
        var time = Enumerable.Range(0, 2000).Select(_ => (float)(random.NextDouble() * 3e7)).ToArray();
        var tot = time.Select(_ => (uint)random.Next(256)).ToArray();
        var expected = NumPyOracle.Run<float>(
            """
            time, tot, table = take("f4", 2000), take("u4", 2000), take("f8")
            time -= table[tot]
            give(time)
            """,
            [.. NumPyOracle.Bytes<float>(time), .. NumPyOracle.Bytes<uint>(tot), .. NumPyOracle.Bytes(TimeSlewing.Table)]);
        Assert.Equal(-1, TimeSlewing.Correct<uint>(time, tot));
        Assert.Equal(expected, time);
    }

    [Fact]
    public void ReportsTheFirstTotOutsideTheTable()
    {
        double[] time = [10, 10, 10];
        Assert.Equal(1, TimeSlewing.Correct<uint>(time, [255, 256, 0]));
        Assert.Equal([10 - -9.04, 10, 10], time);
        Assert.Equal(0, TimeSlewing.Correct<long>(time, [-1, 0, 0]));
        Assert.Equal(2, TimeSlewing.Correct<long>(new float[3], [0, 0, 1L << 32]));
        Assert.Equal(-1, TimeSlewing.Correct<byte>(new float[3], [0, 127, 255]));
    }

    [Fact]
    public void RefusesColumnsOfOtherLengths() =>
        Assert.Throws<ArgumentException>(() => TimeSlewing.Correct<byte>(new double[3], [1, 2]));
}
