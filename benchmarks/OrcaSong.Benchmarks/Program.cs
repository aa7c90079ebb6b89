namespace OrcaSong.Benchmarks;

internal static class Program
{
    private static int Main(string[] args)
    {
        switch (args)
        {
            case ["kernels"]:
                Kernels.Run(Console.Out);
                return 0;
            case ["stages", var input, var detector]:
                Stages.Run(input, detector);
                return 0;
            default:
                Console.Error.WriteLine("usage: kernels | stages EVENTS.h5 DETECTOR.detx");
                return 2;
        }
    }
}
