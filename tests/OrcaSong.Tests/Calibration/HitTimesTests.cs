using System.Numerics;
using OrcaSong.Calibration;
using OrcaSong.Tests.Numerics;
using Xunit;

namespace OrcaSong.Tests.Calibration;

public class HitTimesTests
{
    private const int Hits = 500;

    [Fact]
    public void Float64TimesStayFloat64()
    {
        double[] time = [100, 1e8];
        HitTimes.AddT0(time, [1, 0], [0.1, 207103.385]);
        Assert.Equal([100 + 207103.385, 1e8 + 0.1], time);
    }

    [Fact]
    public void OtherTypesBecomeFloat32AsInNumPy()
    {
        Check<float>("f4", 3e7, 0);
        Check<int>("i4", 4e9, -2e9);
        Check<uint>("u4", 4e9, 0);
        Check<long>("i8", 1.8e19, -9e18);
        Check<ulong>("u8", 1.8e19, 0);
        Check<short>("i2", 6e4, -3e4);
        Check<byte>("u1", 256, 0);

        static void Check<T>(string dtype, double range, double start)
            where T : unmanaged, INumber<T>
        {
            var random = new Random(5);
            var time = Enumerable.Range(0, Hits).Select(_ => T.CreateSaturating((random.NextDouble() * range) + start)).ToArray();
            var t0 = Enumerable.Range(0, Hits).Select(_ => Math.Round(random.NextDouble() * 300000, 3)).ToArray();
            var expected = NumPyOracle.Run<float>(
                """
                time, t0 = take(sys.argv[1], 500), take("f8")
                give(time.astype("f4") + t0.astype("f4"))
                """,
                [.. NumPyOracle.Bytes<T>(time), .. NumPyOracle.Bytes<double>(t0)],
                dtype);
            var calibrated = new float[Hits];
            HitTimes.AddT0<T>(time, [.. Enumerable.Range(0, Hits)], t0, calibrated);
            Assert.Equal(expected, calibrated);
        }
    }

    [Fact]
    public void Float32TimesMayBeCalibratedInPlace()
    {
        float[] time = [1, 2];
        HitTimes.AddT0<float>(time, [0, 0], [0.5], time);
        Assert.Equal([1.5f, 2.5f], time);
    }

    [Fact]
    public void TheT0ColumnIsAddedInTheTimeColumnsType()
    {
        Check<double, double>("f8", "f8");
        Check<double, float>("f8", "f4");
        Check<float, double>("f4", "f8");
        Check<float, float>("f4", "f4");
        Check<int, double>("i4", "f8");
        Check<int, float>("i4", "f4");
        Check<uint, double>("u4", "f8");
        Check<int, int>("i4", "i4");
        Check<uint, int>("u4", "i4");
        Check<long, double>("i8", "f8");
        Check<double, int>("f8", "i4");

        static void Check<TTime, TOffset>(string timeType, string offsetType)
            where TTime : unmanaged, INumber<TTime>
            where TOffset : unmanaged, INumber<TOffset>
        {
            var random = new Random(6);
            var time = Enumerable.Range(0, Hits).Select(_ => TTime.CreateTruncating(random.NextDouble() * 2e9)).ToArray();
            var t0 = Enumerable.Range(0, Hits).Select(_ => TOffset.CreateTruncating((random.NextDouble() * 3e5) - 1000)).ToArray();
            var expected = NumPyOracle.Run<TTime>(
                """
                time, t0 = take(sys.argv[1], 500), take(sys.argv[2])
                time[:] = np.add(time, t0)
                give(time)
                """,
                [.. NumPyOracle.Bytes<TTime>(time), .. NumPyOracle.Bytes<TOffset>(t0)],
                timeType,
                offsetType);
            HitTimes.AddT0Column<TTime, TOffset>(time, t0);
            Assert.Equal(expected, time);
        }
    }

    [Fact]
    public void NegativeFractionsTruncateTowardsZero()
    {
        int[] time = [-3, 3];
        HitTimes.AddT0Column<int, double>(time, [-0.7, 0.7]);
        Assert.Equal([-3, 3], time);
    }
}
