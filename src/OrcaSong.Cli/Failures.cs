using OrcaSong.Configuration.Toml;
using OrcaSong.Detectors;
using OrcaSong.Hdf5;
using OrcaSong.Training;

namespace OrcaSong.Cli;

/// <summary>Turns what can go wrong into one line on stderr and an exit code.</summary>
internal static class Failures
{
    private const int Failed = 1;
    private const int Cancelled = 130;

    /// <summary>Runs a command's work.</summary>
    /// <param name="work">The work.</param>
    /// <returns>0 on success, 1 for what the user can mend, 130 when stopped. A defect of ours stays an exception with its stack.</returns>
    internal static int Report(Action work)
    {
        try
        {
            work();
            return 0;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("orcasong: stopped; nothing was written.");
            return Cancelled;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TomlException or DetectorFormatException
            or ArgumentException or InvalidDataException or HdfLibraryNotFoundException)
        {
            Tell(e);
            return Failed;
        }
    }

    /// <summary>Says on stderr what went wrong, in one line.</summary>
    /// <param name="exception">What went wrong.</param>
    internal static void Tell(Exception exception) =>
        Console.Error.WriteLine(Environment.GetEnvironmentVariable("ORCASONG_TRACE") is null ? $"orcasong: {Line(exception)}" : $"orcasong: {exception}");

    /// <summary>The message in one line, without the name of a parameter in our code; the problems of many files in one line each.</summary>
    private static string Line(Exception e) => e is InvalidFilesException
        ? e.Message
        : (e is ArgumentException ? e.Message.Split(" (Parameter '", 2)[0] : e.Message).ReplaceLineEndings(" ");
}
