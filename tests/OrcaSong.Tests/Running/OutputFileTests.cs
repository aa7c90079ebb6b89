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

    private sealed class Inline : TaskScheduler
    {
        protected override IEnumerable<Task> GetScheduledTasks() => [];

        protected override void QueueTask(Task task) => TryExecuteTask(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => TryExecuteTask(task);
    }
}
