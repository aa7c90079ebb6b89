using System.Numerics;
using OrcaSong.Calibration;
using OrcaSong.Tests.Numerics;
using Xunit;

namespace OrcaSong.Tests.Calibration;

public class McTimesTests
{
    [Fact]
    public void KnownExample()
    {
        double[] time = [3179.42466466];
        McTimes.Correct<double>(time, 0, 100000000, 133253648.21494292);
        Assert.Equal(33256827.63960758, time[0], 1e-8);
    }

    /// <summary>The columns' types do not matter: NumPy makes float64 of <c>timestamp * 1e9</c> whatever integers it is given.</summary>
    [Theory]
    [InlineData("i4", 1580056200L, 123456789L)]
    [InlineData("u4", 3000000000L, 999999984L)]
    [InlineData("i8", 1580056200L, 300000000L)]
    [InlineData("i8", 0L, 100000000L)]
    public void EqualsNumPy(string dtype, long timestamp, long nanoseconds)
    {
        Check<double>("f8");
        Check<float>("f4");
        Check<int>("i4");

        void Check<T>(string timeType)
            where T : unmanaged, INumber<T>
        {
            const double McTime = 133253648.21494292;
            var random = new Random(8);
            var time = Enumerable.Range(0, 100).Select(_ => T.CreateTruncating(random.NextDouble() * 1e7)).ToArray();

            // mc_time near the time stamp keeps the results in the range of 32-bit integers.
            var mcTime = McTime + (timestamp * 1e9);
            var expected = NumPyOracle.Run<T>(
                """
                dtype, time_type = sys.argv[1:]
                (timestamp, nanoseconds), (mc_time,), time = take("i8", 2), take("f8", 1), take(time_type)
                timestamp, nanoseconds = np.array([timestamp], dtype), np.array([nanoseconds], dtype)
                event = timestamp * 1e9 + nanoseconds
                assert event.dtype == "f8"
                correct = np.frompyfunc(lambda t, e, m: np.array(t).astype(float) - e + m, 3, 1)
                time[:] = correct(time, event, np.array([mc_time]))
                give(time)
                """,
                [.. NumPyOracle.Bytes(timestamp, nanoseconds), .. NumPyOracle.Bytes(mcTime), .. NumPyOracle.Bytes<T>(time)],
                dtype,
                timeType);
            McTimes.Correct<T>(time, timestamp, nanoseconds, mcTime);
            Assert.Equal(expected, time);
        }
    }
}
