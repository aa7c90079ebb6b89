using OrcaSong.Images;
using OrcaSong.Running;
using Xunit;

namespace OrcaSong.Tests.Running;

public sealed class MissingChannelTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>km3pipe calibrates them to zeros, but their own module and channel stay.</summary>
    [Fact]
    public void HitsOnChannelsThatTheDetectorFileLacksKeepModuleAndChannel()
    {
        File.WriteAllText(_folder["d.detx"], "7 3\n101 1 1 2\n 1 5 5 5 0 0 1 0\n 2 6 6 6 0 0 1 0\n102 2 1 1\n 3 7 7 7 0 0 1 0\n103 3 1 0\n");
        var path = new TestFile(6)
            .Set("dom_id", (_, hit, _) => hit < 4 ? 101 : 102)
            .Set("channel_id", (_, hit, _) => (uint)(hit < 4 ? hit : hit * 5))
            .Write(_folder["in.h5"]);
        Assert.Equal([1, 1, 1, 1, 0, 2], Run(new BinAxis("channel_id", [0, 1, 2, 3, 4, 5, 30])));
        Assert.Equal([4, 2], Run(new BinAxis("dom_id", [101, 102, 103])));
        Assert.Equal([4, 1, 1], Run(new BinAxis("pos_z", [-0.5, 0.5, 5.5, 6.5])));
        Assert.Equal([4, 2, 0, 0], Run(new BinAxis("du", [0, 1, 2, 3, 4])));

        byte[] Run(BinAxis axis)
        {
            var options = new ProcessingOptions { DetectorFile = _folder["d.detx"], CorrectTimeSlewing = false };
            return Output.Images(new Runner(1).Run(new FileBinner([axis], options), path, _folder["out.h5"], overwrite: true).Output);
        }
    }
}
