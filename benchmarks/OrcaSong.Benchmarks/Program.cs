using System.Globalization;

namespace OrcaSong.Benchmarks;

internal static class Program
{
    private static int Runs(string[] runs) => runs is [var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 3;

    private static int Main(string[] args)
    {
        switch (args)
        {
            case ["kernels"]:
                Kernels.Run();
                return 0;
            case ["stages", var input, var detector]:
                Stages.Run(input, detector);
                return 0;
            case ["jobs", var command, var folder, .. var events]:
                new Jobs(command, folder).Run(events.Select(e => long.Parse(e, CultureInfo.InvariantCulture)), runs: 3);
                return 0;
            case ["growth", var command, var folder, .. var runs]:
                new Jobs(command, folder).Growth(Runs(runs));
                return 0;
            case ["all", var command, var folder]:
                new Jobs(command, folder).Run([100_000], runs: 3);
                new Jobs(command, folder).Growth(runs: 1);
                new TrainingJobs(command, folder).Merge(20_000, 8, runs: 3);
                new TrainingJobs(command, folder).Shuffle(20_000, 8, runs: 3);
                return 0;
            case ["merge", var command, var folder, var events, var files, .. var runs]:
                new TrainingJobs(command, folder).Merge(int.Parse(events, CultureInfo.InvariantCulture), int.Parse(files, CultureInfo.InvariantCulture), Runs(runs));
                return 0;
            case ["shuffle", var command, var folder, var events, var files, .. var runs]:
                new TrainingJobs(command, folder).Shuffle(int.Parse(events, CultureInfo.InvariantCulture), int.Parse(files, CultureInfo.InvariantCulture), Runs(runs));
                return 0;
            case ["cluster", var files, var cores]:
                ClusterSimulation.Run(int.Parse(files, CultureInfo.InvariantCulture), int.Parse(cores, CultureInfo.InvariantCulture), Console.Out);
                return 0;
            default:
                Console.Error.WriteLine("""
                    usage: kernels                              each inner loop by itself
                           stages EVENTS.h5 DETECTOR.detx       the stages of an image run, on one thread
                           jobs ORCASONG FOLDER EVENTS ...      whole commands on simulated events, against the floor
                           growth ORCASONG FOLDER [RUNS]        how they grow with events and with hits
                           merge ORCASONG FOLDER EVENTS FILES [RUNS]   files for training of so many events each, merged
                           shuffle ORCASONG FOLDER EVENTS FILES [RUNS] the same files, merged, then shuffled within 500 MB
                           cluster FILES CORES                  a simulation of so many files on so many cores of a cluster
                           all ORCASONG FOLDER                  whole commands: all tables of docs/performance.md
                    """);
                return 2;
        }
    }
}
