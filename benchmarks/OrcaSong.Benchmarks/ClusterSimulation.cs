using System.Globalization;

namespace OrcaSong.Benchmarks;

/// <summary>
/// What many files on many nodes ask of a scheduler and of a shared file system: a simulation in steps of time, with what was measured for one file as its input.
/// Tasks of one core start when the scheduler comes to them, read, compute and write at the speed of their core or at their share of the file system, whichever is less.
/// </summary>
internal static class ClusterSimulation
{
    // Measured: an image run of 398 MB takes 6.2 s of a core, a graph run 16 s. Calls by strace, per file on the shared file system: 9 opens, 28 others (stat, lstat,
    // readlink, rename, unlink). A process opens 42 files of the command and the runtime, and asks for 220 more; it takes 0.6 s until the first file is begun.
    private const double MeanBytes = 398e6;
    private const double Spread = 0.5;
    private const int CallsOfAFile = 37;
    private const int CallsOfAStart = 262;
    private const double StartSeconds = 0.6;

    // Assumed: that much is started by a controller with others to serve as well; a node fails once in 2,000 hours.
    private const double StartsPerSecond = 10;
    private const double HoursBetweenFailures = 2000;
    private const double Step = 0.05;

    private static readonly (string Name, double BytesPerSecond, double OutputRatio)[] Kinds = [("images", 398e6 / 6.2, 0.18), ("graphs", 398e6 / 16, 0.75)];
    private static readonly (string Name, double BytesPerSecond, double CallsPerSecond)[] FileSystems = [("parallel", 20e9, 20_000), ("one server", 1e9, 3_000)];

    internal static void Run(int files, int nodes, TextWriter output)
    {
        var random = new Random(1);
        var sizes = Enumerable.Range(0, files).Select(_ => MeanBytes * Math.Exp((Spread * Normal(random)) - (Spread * Spread / 2))).ToArray();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{files:N0} files of {MeanBytes / 1e6:0} MB on average ({sizes.Sum() / 1e12:0.0} TB), {nodes} cores"));
        output.WriteLine("kind    files a task   tasks  file system   minutes  best   idle  peak GB/s  calls/s  peak  lost at a failure");
        foreach (var kind in Kinds)
        {
            foreach (var system in FileSystems)
            {
                foreach (var filesOfATask in new[] { 1, 10, 50, 100 })
                {
                    var result = new Simulated(sizes, filesOfATask, nodes, kind.BytesPerSecond, kind.OutputRatio, system.BytesPerSecond, system.CallsPerSecond);
                    result.Run();
                    output.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{kind.Name,-6} {filesOfATask,13} {result.Tasks,7:N0}  {system.Name,-10} {result.Seconds / 60,10:0.0} {result.Best / 60,5:0.0} {result.Idle,6:0 %} {result.PeakBytes / 1e9,10:0.0} {result.Calls / result.Seconds,8:0} {result.PeakCalls,5:0}  {result.LostSeconds,6:0.0} s, {nodes * result.Seconds / 3600 / HoursBetweenFailures,5:0.00} failures"));
                }
            }
        }
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private sealed class Simulated(double[] sizes, int filesOfATask, int nodes, double bytesPerSecond, double outputRatio, double systemBytes, double systemCalls)
    {
        private readonly Queue<Queue<double>> _tasks = Divide(sizes, filesOfATask);

        internal int Tasks { get; } = (sizes.Length + filesOfATask - 1) / filesOfATask;

        internal double Seconds { get; private set; }

        /// <summary>Without any cost but the work itself, evenly divided.</summary>
        internal double Best { get; } = sizes.Sum() / Math.Min(nodes * bytesPerSecond, systemBytes / (1 + outputRatio));

        internal double Idle => 1 - (Best / Seconds);

        internal double PeakBytes { get; private set; }

        internal double PeakCalls { get; private set; }

        internal double Calls { get; private set; }

        /// <summary>Half a file is done again, on average, and what is kept is read once more to be sure.</summary>
        internal double LostSeconds => sizes.Average() / bytesPerSecond / 2;

        internal void Run()
        {
            var running = new List<Task>();
            var starts = 0.0;
            var (calls, bytes, second) = (0.0, 0.0, 0);
            while (_tasks.Count > 0 || running.Count > 0)
            {
                starts = Math.Min(starts + (StartsPerSecond * Step), StartsPerSecond);
                for (; starts >= 1 && running.Count < nodes && _tasks.Count > 0; starts--)
                {
                    running.Add(new Task(_tasks.Dequeue()));
                }

                var starting = running.Count(t => t.Start > 0);
                var working = running.Count - starting;
                var speed = Math.Min(bytesPerSecond, systemBytes / (1 + outputRatio) / Math.Max(1, working));
                var startSpeed = Math.Min(1, systemCalls / Math.Max(1, starting * CallsOfAStart / StartSeconds));
                foreach (var task in running)
                {
                    calls += task.Advance(speed * Step, startSpeed * Step, ref bytes, outputRatio);
                }

                running.RemoveAll(t => t.IsDone);
                Seconds += Step;
                if ((int)Seconds != second)
                {
                    (PeakCalls, PeakBytes, Calls) = (Math.Max(PeakCalls, calls), Math.Max(PeakBytes, bytes), Calls + calls);
                    (calls, bytes, second) = (0, 0, (int)Seconds);
                }
            }

            Calls += calls;
        }

        private static Queue<Queue<double>> Divide(double[] sizes, int filesOfATask)
        {
            // As TaskPlan does: the largest first, each to the task that has least so far.
            var tasks = Enumerable.Range(0, (sizes.Length + filesOfATask - 1) / filesOfATask).Select(_ => new Queue<double>()).ToArray();
            var lightest = new PriorityQueue<int, double>(tasks.Select((_, i) => (i, 0.0)));
            foreach (var size in sizes.OrderDescending())
            {
                lightest.TryDequeue(out var task, out var load);
                tasks[task].Enqueue(size);
                lightest.Enqueue(task, load + size);
            }

            return new Queue<Queue<double>>(tasks);
        }
    }

    private sealed class Task(Queue<double> files)
    {
        private double _left = files.Dequeue();

        internal double Start { get; private set; } = StartSeconds;

        internal bool IsDone { get; private set; }

        /// <summary>Works for a step; gives the calls that it makes.</summary>
        internal double Advance(double read, double started, ref double bytes, double outputRatio)
        {
            if (Start > 0)
            {
                Start -= started;
                return started / StartSeconds * CallsOfAStart;
            }

            _left -= read;
            bytes += read * (1 + outputRatio);
            if (_left > 0)
            {
                return 0;
            }

            IsDone = files.Count == 0;
            _left = IsDone ? 0 : files.Dequeue();
            return CallsOfAFile;
        }
    }
}
