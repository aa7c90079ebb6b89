using System.Numerics;
using OrcaSong.Calibration;
using OrcaSong.Tests.Numerics;
using Xunit;

namespace OrcaSong.Tests.Calibration;

public class TimeCentringTests
{
    [Fact]
    public void TheFirstTriggeredHitIsTheEarliestWithAnyBitSet()
    {
        Assert.True(TimeCentring.TryFindFirstTriggered<double, ulong>([5, 1, 3, 4], [2, 0, 1UL << 63, 22], out var first));
        Assert.Equal(3, first);
        Assert.True(TimeCentring.TryFindFirstTriggered<int, sbyte>([-5, -9], [1, -1], out var earliest));
        Assert.Equal(-9, earliest);
    }

    [Fact]
    public void EventsWithoutTriggeredHitsHaveNone()
    {
        Assert.False(TimeCentring.TryFindFirstTriggered<double, int>([5, 1], [0, 0], out _));
        Assert.False(TimeCentring.TryFindFirstTriggered<double, int>([], [], out _));
    }

    [Fact]
    public void NaNAmongTheTriggeredTimesIsTheResultAsInNumPy()
    {
        Assert.True(TimeCentring.TryFindFirstTriggered<float, int>([1, float.NaN, 0], [1, 1, 1], out var first));
        Assert.True(float.IsNaN(first));
        Assert.True(TimeCentring.TryFindFirstTriggered<float, int>([1, float.NaN, 0], [1, 0, 1], out first));
        Assert.Equal(0, first);
    }

    [Fact]
    public void UnsignedTimesWrap()
    {
        uint[] time = [10, 20];
        TimeCentring.Subtract(time.AsSpan(), 20u);
        Assert.Equal([4294967286u, 0u], time);
    }

    [Fact]
    public void SubtractsAsNumPyInEveryPairOfTypes()
    {
        Check<double, double>("f8", "f8", 1234567.891);
        Check<double, float>("f8", "f4", 1234567.9f);
        Check<double, uint>("f8", "u4", 4000000000);
        Check<float, float>("f4", "f4", 1234567.9f);
        Check<float, double>("f4", "f8", 1234567.891);
        Check<float, int>("f4", "i4", 123456789);
        Check<int, int>("i4", "i4", 1234567);
        Check<uint, uint>("u4", "u4", 4000000000);
        Check<int, double>("i4", "f8", 1234567.891);
        Check<int, float>("i4", "f4", 1234567.9f);
        Check<long, float>("i8", "f4", 1234567.9f);
        Check<long, int>("i8", "i4", -5);
        Check<byte, byte>("u1", "u1", 200);

        static void Check<TTime, TReference>(string timeType, string referenceType, TReference reference)
            where TTime : unmanaged, INumber<TTime>
            where TReference : unmanaged, INumber<TReference>
        {
            var random = new Random(9);
            var time = Enumerable.Range(0, 300).Select(_ => TTime.CreateTruncating(random.NextDouble() * 2e9)).ToArray();
            var expected = NumPyOracle.Run<TTime>(
                """
                reference, time = take(sys.argv[2], 1).min(), take(sys.argv[1])
                time[:] = np.subtract(time, reference)
                give(time)
                """,
                [.. NumPyOracle.Bytes(reference), .. NumPyOracle.Bytes<TTime>(time)],
                timeType,
                referenceType);
            TimeCentring.Subtract(time.AsSpan(), reference);
            Assert.Equal(expected, time);
        }
    }
}
