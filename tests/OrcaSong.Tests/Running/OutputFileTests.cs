using System.Buffers;
using OrcaSong.Hdf5;
using OrcaSong.Output;
using Xunit;

namespace OrcaSong.Tests.Running;

public sealed class OutputFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>An array that goes back to the pool twice would be lent to two runs at once, and each would write over the other's rows.</summary>
    [Fact]
    public void BuffersGoBackToThePoolOnceWhenWritingFails()
    {
        var rows = new byte[1 << 17]; // a chunk that does not wait for others
        var output = new OutputFile(_folder["out.h5"], new TaskFactory(new Inline()), 0, 1);
        var table = output.AddTable("/t", "T", [("a", H5Type.UInt8)], rows.Length);
        table.Append(rows);
        output.File.Dispose();
        Assert.ThrowsAny<ObjectDisposedException>(() => table.Append(rows));
        output.Dispose();
        Assert.Empty(_folder.Names);

        // All was done on this thread, whose share of the pool is asked first.
        var lent = Enumerable.Range(0, 20).Select(_ => ArrayPool<byte>.Shared.Rent(rows.Length)).ToArray();
        Assert.Equal(lent.Length, lent.Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    [Fact]
    public void AFileThatWasCutShortDoesNotGetItsName()
    {
        using var output = new OutputFile(_folder["out.h5"], new TaskFactory(new Inline()), 0, 1);
        output.AddTable("/t", "T", [("a", H5Type.UInt8)]).Append(new byte[1000]);
        output.WriteChunks();
        output.Close();
        output.Check([("/t", 1000)], hasProvenance: false);
        Refusal.Of(() => output.Check([("/t", 1001)], false), "out.h5", "1000 of the 1001 rows of /t");
        Assert.ThrowsAny<H5Exception>(() => output.Check([("/u", 0)], false));
        Assert.ThrowsAny<H5Exception>(() => output.Check([], hasProvenance: true));
        var temporary = _folder[Assert.Single(_folder.Names)];
        using (var file = new FileStream(temporary, FileMode.Open))
        {
            file.SetLength(file.Length - 1);
        }

        var error = Assert.ThrowsAny<H5Exception>(() => output.Check([("/t", 1000)], false));
        Refusal.Of(() => throw output.Failure(error), "out.h5'", "truncated");
    }

    [Fact]
    public void ANameThatIsTakenMeanwhile()
    {
        using (var output = new OutputFile(_folder["out.h5"], new TaskFactory(new Inline()), 0, 1))
        {
            output.WriteChunks();
            output.Close();
            Directory.CreateDirectory(_folder["out.h5"]);
            Refusal.Of(output.Publish, "The output", "out.h5", "cannot be written");
        }

        Assert.Equal(["out.h5"], _folder.Names);
    }

    private sealed class Inline : TaskScheduler
    {
        protected override IEnumerable<Task> GetScheduledTasks() => [];

        protected override void QueueTask(Task task) => TryExecuteTask(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => TryExecuteTask(task);
    }
}
