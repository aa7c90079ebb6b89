using OrcaSong.Calibration;
using OrcaSong.Configuration;
using OrcaSong.Hdf5;
using OrcaSong.Inspection;
using OrcaSong.Output;
using OrcaSong.Statistics;

namespace OrcaSong.Running;

/// <summary>
/// Decides whether an output that is there can be kept: it must be complete and readable, and made by this version from the same bytes with the same
/// configuration. Names and times of files do not matter, their contents do.
/// </summary>
internal static class Resumption
{
    internal const string Kept = "is complete, and was made from the same input with the same configuration";

    /// <summary>Looks at an output.</summary>
    /// <param name="processor">What is to be made of the input.</param>
    /// <param name="input">Path of the input.</param>
    /// <param name="output">Path of the output.</param>
    /// <param name="detector">The detector file.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What became of the input then, if the output can be kept; otherwise why not, or nothing where there is none.</returns>
    internal static (RunResult? Result, string? Reason) Look(EventProcessor processor, string input, string output, FileIdentity? detector, CancellationToken cancellation)
    {
        if (!File.Exists(output))
        {
            return (null, null);
        }

        // What costs least first: the input is read from end to end only where all else agrees.
        var check = FileCheck.RunQuickly(output, cancellation);
        if (check.Problems is [var problem, ..])
        {
            return (null, $"is damaged or incomplete: {(problem.Dataset is null ? string.Empty : $"/{problem.Dataset}: ")}expected {problem.Expected}, found {problem.Found}");
        }

        using var file = H5File.OpenRead(output);
        if (ProvenanceRecord.TryRead(file) is not { } made)
        {
            return (null, $"does not say how it was made (/{Provenance.DatasetName})");
        }

        var reason = Difference(processor, made, detector) ?? DifferenceOfInput(made, input, cancellation);
        return reason is null ? (Result(input, output, made, BinStatisticsFile.Read(file.Root)), Kept) : (null, reason);
    }

    private static string? Difference(EventProcessor processor, ProvenanceRecord made, FileIdentity? detector)
    {
        if (made.Version != Runner.Version)
        {
            return $"was made by version {made.Version}, this is {Runner.Version}";
        }

        if (made.HasOwnCode || RunProvenance.OwnCode(processor.Options).Any())
        {
            return "is made with code of yours, of which nobody can say whether it still does the same";
        }

        if (made.Job != RunProvenance.JobOf(processor))
        {
            return $"was made by another job ({made.Job})";
        }

        if (made.Detector is { } before ? detector is null || !before.IsSame(detector) : detector is not null)
        {
            return "was made with another detector file";
        }

        return made.Configuration == ConfigurationWriter.Complete(processor, made.Detector?.Path)
            ? null
            : "was made with another configuration";
    }

    private static string? DifferenceOfInput(ProvenanceRecord made, string input, CancellationToken cancellation) =>
        made.Inputs is [var before] && File.Exists(input) && before.Bytes == new FileInfo(input).Length && before.IsSame(FileIdentity.Read(input, cancellation))
            ? null
            : "was made from another input, or the input was changed";

    private static RunResult Result(string input, string output, ProvenanceRecord made, BinStatistics? statistics) => new()
    {
        Input = input,
        Output = output,
        IsKept = true,
        EventsRead = made.EventsRead,
        EventsWritten = made.EventsWritten,
        SkippedBy = made.EventsSkipped.Where(s => Enum.TryParse<SkipReason>(s.Key, out _)).ToDictionary(s => Enum.Parse<SkipReason>(s.Key), s => s.Value),
        Hits = made.Hits ?? 0,
        Overflows = made.Overflows ?? 0,
        BinStatistics = statistics,
        Warnings = made.Warnings,
        ResumeReason = Kept,
        Elapsed = TimeSpan.Zero,
    };
}
