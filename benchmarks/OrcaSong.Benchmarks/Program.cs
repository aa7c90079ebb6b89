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
            default:
                Console.Error.WriteLine("usage: OrcaSong.Benchmarks kernels");
                return 1;
        }
    }
}
