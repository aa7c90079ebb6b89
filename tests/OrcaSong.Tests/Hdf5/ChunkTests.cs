using OrcaSong.Hdf5;
using Xunit;

namespace OrcaSong.Tests.Hdf5;

public sealed class ChunkTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void StoredBytesGoFromFileToFile()
    {
        Tool.H5py(
            """
            f = h5py.File(sys.argv[1], 'w')
            d = f.create_dataset('x', shape=(10, 7), dtype='i4', chunks=(4, 3), compression='gzip', shuffle=True, fletcher32=True, maxshape=(None, 7))
            d[:4] = np.arange(28).reshape(4, 7); d[8:, :3] = 9
            """,
            _folder["a.h5"]);
        using (var source = H5File.OpenRead(_folder["a.h5"]))
        using (var target = H5File.Create(_folder["b.h5"]))
        using (var from = source.Root.OpenDataset("x"))
        using (var to = target.Root.CreateDataset("x", new H5DatasetSpec
        {
            Type = from.Type,
            Shape = [.. from.Shape],
            MaxShape = [.. from.MaxShape],
            ChunkShape = [.. from.ChunkShape!],
            Filters = from.Filters,
        }))
        {
            var written = new List<(long, long)>();
            for (long row = 0; row < 10; row += 4)
            {
                for (long column = 0; column < 7; column += 3)
                {
                    var size = from.ChunkStorageSize([row, column]);
                    var bytes = new byte[200];
                    Assert.Equal(size, from.ReadChunk([row, column], bytes, out var mask));
                    if (size > 0)
                    {
                        written.Add((row, column));
                        to.WriteChunk([row, column], bytes.AsSpan(0, (int)size), mask);
                    }
                }
            }

            Assert.Equal([(0, 0), (0, 3), (0, 6), (8, 0)], written);
        }

        Assert.Equal("True 4", Tool.H5py("a, b = [h5py.File(p)['x'] for p in sys.argv[1:]]; print((a[:] == b[:]).all(), b.id.get_num_chunks())", _folder["a.h5"], _folder["b.h5"]));
    }

    [Fact]
    public void TheFilterMaskIsKept()
    {
        using (var file = H5File.Create(_folder["x.h5"]))
        using (var data = file.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.UInt8, Shape = [8], ChunkShape = [4], Filters = [H5Filter.Shuffle(1), H5Filter.Deflate(9)] }))
        {
            data.WriteChunk([4], [1, 2, 3, 4], filterMask: 0b11);
        }

        using var again = H5File.OpenRead(_folder["x.h5"]);
        using var x = again.Root.OpenDataset("x");
        var bytes = new byte[4];
        Assert.Equal(4, x.ReadChunk([4], bytes, out var mask));
        Assert.Equal(3u, mask);
        Assert.Equal([1, 2, 3, 4], bytes);
        Assert.Equal([0, 0, 0, 0, 1, 2, 3, 4], x.ReadAll<byte>());
    }

    [Fact]
    public void WhatWasWrittenByRowsCanBeReadByChunksAtOnce()
    {
        using var file = H5File.Create(_folder["x.h5"]);
        using var data = file.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.UInt8, Shape = [4], ChunkShape = [4] });
        data.Write<byte>([5, 6, 7, 8]);
        var bytes = new byte[4];
        Assert.Equal(4, data.ChunkStorageSize([0]));
        Assert.Equal(4, data.ReadChunk([0], bytes, out _));
        Assert.Equal([5, 6, 7, 8], bytes);
    }

    [Fact]
    public void ChunksThatWereNeverWrittenHaveNoBytesUntilTheyAreWritten()
    {
        using var file = H5File.Create(_folder["x.h5"]);
        using var data = file.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.UInt8, Shape = [8], ChunkShape = [4], Filters = [H5Filter.Deflate(1)] });
        Assert.Equal(0, data.ChunkStorageSize([0]));
        Assert.Equal(0, data.ReadChunk([4], [], out _));
        data.WriteChunk([4], [1, 2, 3]);
        Assert.Equal(3, data.ChunkStorageSize([4]));
        Assert.Equal(0, data.ChunkStorageSize([0]));
        data.WriteChunk([0], [1, 2]);
        Assert.Equal(2, data.ChunkStorageSize([0]));
        var bytes = new byte[8];
        Assert.Equal(3, data.ReadChunk([4], bytes, out _));
        Assert.Equal([1, 2, 3], bytes[..3]);
        data.WriteChunk([4], [5, 6, 7, 8]);
        Assert.Equal(4, data.ReadChunk([4], bytes, out _));
        Assert.Equal([5, 6, 7, 8], bytes[..4]);
    }

    [Fact]
    public void WrongCoordinatesAreRefused()
    {
        using var file = H5File.Create(_folder["x.h5"]);
        using var data = file.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.UInt8, Shape = [8], MaxShape = [-1], ChunkShape = [4] });
        data.WriteChunk([4], [1, 2, 3, 4]);
        Assert.StartsWith(
            "(2,) is not the first element of a chunk of /x, which has shape (8,) and chunks of (4,).",
            Assert.Throws<ArgumentException>(() => data.ChunkStorageSize([2])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => data.ChunkStorageSize([8]));
        Assert.Throws<ArgumentException>(() => data.ChunkStorageSize([-4]));
        Assert.Throws<ArgumentException>(() => data.ChunkStorageSize([0, 0]));
        Assert.Throws<ArgumentException>(() => data.ReadChunk([4], new byte[3], out _));
        Assert.Throws<ArgumentException>(() => data.WriteChunk([0], []));
        using var whole = file.Root.CreateDataset("y", new H5DatasetSpec { Type = H5Type.UInt8, Shape = [8] });
        Assert.Equal($"cannot read chunk (0,) of /y in '{file.Path}': it is not stored in chunks", Assert.Throws<H5Exception>(() => whole.ReadChunk([0], new byte[8], out _)).Message);
        Assert.Null(whole.ChunkShape);
    }

    [Fact]
    public void DamagedChunksAreReportedByReading()
    {
        using (var file = H5File.Create(_folder["x.h5"]))
        using (var sums = file.Root.CreateDataset("sums", new H5DatasetSpec { Type = H5Type.UInt8, Shape = [4], ChunkShape = [4], Filters = [H5Filter.Fletcher32] }))
        using (var packed = file.Root.CreateDataset("packed", new H5DatasetSpec { Type = H5Type.UInt8, Shape = [4], ChunkShape = [4], Filters = [H5Filter.Deflate(1)] }))
        {
            sums.WriteChunk([0], [1, 2, 3, 4, 5, 6, 7, 8]);
            packed.WriteChunk([0], [1, 2, 3]);
        }

        using var again = H5File.OpenRead(_folder["x.h5"]);
        using var x = again.Root.OpenDataset("sums");
        using var y = again.Root.OpenDataset("packed");
        Assert.Equal($"cannot read /sums in '{again.Path}': the data are damaged (their Fletcher32 checksum is wrong)", Assert.Throws<H5Exception>(() => x.ReadAll<byte>()).Message);
        Assert.Equal($"cannot read /packed in '{again.Path}': the data are damaged (they cannot be inflated)", Assert.Throws<H5Exception>(() => y.ReadAll<byte>()).Message);
    }
}
