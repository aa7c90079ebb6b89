using OrcaSong.Hdf5;
using Xunit;

namespace OrcaSong.Tests.Hdf5;

public sealed class ThreadTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ManyThreadsReadAndWriteAtOnce()
    {
        using (var file = H5File.Create(_folder["in.h5"]))
        using (var data = file.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.Int64, Shape = [10_000], ChunkShape = [100], Filters = [H5Filter.Deflate(1)] }))
        {
            data.Write<long>([.. Enumerable.Range(0, 10_000)]);
            data.Attributes.WriteVariableString("name", "x");
        }

        using var shared = H5File.OpenRead(_folder["in.h5"]);
        using var sharedData = shared.Root.OpenDataset("x");
        using var output = H5File.Create(_folder["out.h5"]);
        using var rows = output.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.Int64, Shape = [10_000], ChunkShape = [100] });
        Parallel.For(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var part = new long[100];
            sharedData.Read<long>(part, i * 100, 100);
            Assert.Equal(i * 100, part[0]);
            rows.Write<long>(part, i * 100);
            using var own = H5File.OpenRead(_folder["in.h5"]);
            using var data = own.Root.OpenDataset("x");
            Assert.Equal("x", data.Attributes.GetString("name"));
            Assert.Throws<H5Exception>(() => own.Root.OpenDataset($"none{i}"));
            Assert.True(data.ReadChunk([i * 100], new byte[1000], out _) > 0);
        });
        Assert.Equal(Enumerable.Range(0, 10_000).Select(i => (long)i), rows.ReadAll<long>());
    }

    [Fact]
    public void ForgottenFilesAreClosed()
    {
        Forget();
        for (var i = 0; i < 20; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        // It could not be opened in another way if it were open still.
        using var file = H5File.OpenReadWrite(_folder["x.h5"]);
        Assert.Equal(["x"], file.Root.Names);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        void Forget()
        {
            H5File.Create(_folder["x.h5"]).Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.Int8, Shape = [1] });
            H5File.OpenReadWrite(_folder["x.h5"]).Root.OpenDataset("x").ReadAll<byte>();
        }
    }
}
