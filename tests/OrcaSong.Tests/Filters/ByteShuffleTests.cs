using OrcaSong.Hdf5.Filters;
using Xunit;

namespace OrcaSong.Tests.Filters;

public class ByteShuffleTests
{
    public static TheoryData<int> ElementSizes =>
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 48, 63, 64, 65, 96, 128, 136, 172, 280];

    [Theory]
    [MemberData(nameof(ElementSizes))]
    public void EncodeTransposesElementsAndLeavesTheTail(int elementSize)
    {
        Random random = new(elementSize);
        foreach (int elements in new[] { 0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 129, 257 })
        {
            foreach (int tail in new[] { 0, 1, 4, elementSize - 1 }.Where(tail => tail < elementSize).Distinct())
            {
                byte[] data = new byte[(elements * elementSize) + tail];
                random.NextBytes(data);
                byte[] shuffled = new byte[data.Length];
                ByteShuffle.Encode(data, shuffled, elementSize);
                Assert.Equal(Shuffled(data, elementSize), shuffled);

                byte[] back = new byte[data.Length];
                ByteShuffle.Decode(shuffled, back, elementSize);
                Assert.Equal(data, back);
            }
        }
    }

    [Fact]
    public void BytesBeyondTheSourceAreNotTouched()
    {
        byte[] data = [.. Enumerable.Range(0, 70).Select(i => (byte)i)];
        byte[] destination = [.. Enumerable.Repeat((byte)255, 80)];
        ByteShuffle.Encode(data, destination, 4);
        Assert.All(destination[70..], value => Assert.Equal(255, value));
        Assert.Equal([68, 69], destination[68..70]);
        Assert.Equal([0, 4, 8], destination[..3]);
    }

    [Fact]
    public void DestinationMustHoldTheSourceAndLieElsewhere()
    {
        byte[] data = new byte[64];
        Assert.Throws<ArgumentException>(() => ByteShuffle.Encode(data, new byte[63], 4));
        Assert.Throws<ArgumentException>(() => ByteShuffle.Decode(data, new byte[63], 4));
        Assert.Throws<ArgumentException>(() => ByteShuffle.Encode(data, data, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => ByteShuffle.Encode(data, new byte[64], 0));
    }

    private static byte[] Shuffled(byte[] data, int elementSize)
    {
        int elements = data.Length / elementSize;
        byte[] result = [.. data];
        for (int element = 0; element < elements; element++)
        {
            for (int place = 0; place < elementSize; place++)
            {
                result[(place * elements) + element] = data[(element * elementSize) + place];
            }
        }

        return result;
    }
}
