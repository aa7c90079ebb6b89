using System.Text;
using OrcaSong.Output;
using Xunit;

namespace OrcaSong.Tests.Outputs;

public sealed class XxHash64Tests
{
    /// <summary>From the sanity tests of the reference implementation (xxHash 0.8), and by python3-xxhash.</summary>
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("xxhash", 0x32DD38952C4BC720)]
    [InlineData("Call me Ishmael. Some years ago--never mind how long precisely-", 0x02A2E85470D6FD96)]
    public void IsTheReferencesHash(string text, ulong expected) => Assert.Equal(expected, new XxHash64().Finish(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void BlocksDoNotMatter()
    {
        var bytes = new byte[1000];
        new Random(1).NextBytes(bytes);
        var whole = new XxHash64().Finish(bytes);
        var pieces = new XxHash64();
        pieces.Add(bytes.AsSpan(0, 320));
        pieces.Add(bytes.AsSpan(320, 640));
        Assert.Equal(whole, pieces.Finish(bytes.AsSpan(960)));
    }

    [Fact]
    public void AFileHasTheHashOfItsBytes()
    {
        using var folder = new TempFolder();
        foreach (var length in new[] { 0, 5, (256 << 10) - 1, 256 << 10, (512 << 10) + 17 })
        {
            var bytes = new byte[length];
            new Random(length).NextBytes(bytes);
            File.WriteAllBytes(folder["f"], bytes);
            var file = FileIdentity.Read(folder["f"], CancellationToken.None);
            Assert.Equal((length, $"{new XxHash64().Finish(bytes):x16}"), (file.Bytes, file.Hash));
        }
    }

    [Fact]
    public void AChangedFileIsNoticed()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["f"], "one");
        var file = FileIdentity.Read(folder["f"], CancellationToken.None);
        File.AppendAllText(folder["f"], "two");
        Assert.Contains("was changed while it was read", Assert.Throws<IOException>(file.RequireUnchanged).Message, StringComparison.Ordinal);
    }
}
