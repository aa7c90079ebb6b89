using OrcaSong.Slurm;
using Xunit;

namespace OrcaSong.Tests.Slurm;

public sealed class TaskPlanTests
{
    private const long GB = 1 << 30;

    [Fact]
    public void SixtyFilesOfTheSameSizeAreTwelveTasksOfFive()
    {
        var tasks = TaskPlan.Divide(Files([.. Enumerable.Repeat(7L, 60)]), filesPerTask: 5, most: 1000);
        Assert.Equal(12, tasks.Count);
        Assert.All(tasks, t => Assert.Equal(5, t.Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TasksAreOfAboutTheSameSizeAndHaveEveryFileOnce(int seed)
    {
        var random = new Random(seed);
        var files = Files([.. Enumerable.Range(0, 500).Select(_ => random.NextInt64(1, 1000) * random.Next(1, 50))]);
        var tasks = TaskPlan.Divide(files, filesPerTask: 11, most: 1000);
        Assert.Equal(46, tasks.Count);
        Assert.Equal(files.OrderBy(f => f.Output), tasks.SelectMany(t => t).OrderBy(f => f.Output));
        var (mean, largest) = (files.Sum(f => f.Bytes) / 46.0, files.Max(f => f.Bytes));
        Assert.All(tasks, t => Assert.InRange(t.Sum(f => f.Bytes), 1, Math.Max(4 / 3.0 * mean, largest)));
        Assert.All(tasks, t => Assert.Equal(t.OrderBy(f => f.Input, StringComparer.Ordinal), t));
    }

    [Theory]
    [InlineData(1, 60, 0)]
    [InlineData(2, 60, GB / 10)]
    [InlineData(15, 60, GB)]
    [InlineData(60, 60, 5 * GB)]
    [InlineData(1000, 10_000, GB)]
    public void WithoutANumberOfFilesATaskIsAsLargeAsFourGigabytes(int expected, int count, long bytes)
    {
        var tasks = TaskPlan.Divide(Files([.. Enumerable.Repeat(bytes, count)]), null, most: 1000);
        Assert.Equal(expected, tasks.Count);
        Assert.All(tasks, Assert.NotEmpty);
    }

    private static JobFile[] Files(params long[] bytes) => [.. bytes.Select((b, i) => new JobFile($"/in/{i:00000}.h5", $"/out/{i:00000}.h5", b))];
}
