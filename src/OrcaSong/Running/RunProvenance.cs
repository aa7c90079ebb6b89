using OrcaSong.Configuration;
using OrcaSong.Images;
using OrcaSong.Labels;
using OrcaSong.Output;

namespace OrcaSong.Running;

/// <summary>The provenance of images and graphs.</summary>
internal static class RunProvenance
{
    internal const string Images = "images";
    internal const string Graphs = "graphs";

    /// <summary>The name of the job.</summary>
    internal static string JobOf(EventProcessor processor) => processor is FileBinner ? Images : Graphs;

    /// <summary>Where the output of a run comes from.</summary>
    /// <param name="processor">What was made of the events.</param>
    /// <param name="result">What became of them.</param>
    /// <param name="record">The job; waits until its input is hashed.</param>
    /// <param name="detector">The detector file.</param>
    internal static Provenance Of(EventProcessor processor, RunResult result, JobRecord record, FileIdentity? detector) => new()
    {
        Job = JobOf(processor),
        Clock = record.Clock,
        Configuration = ConfigurationWriter.Complete(processor, detector?.Path),
        OwnCode = [.. OwnCode(processor.Options)],
        Seed = processor.Options.Seed,
        Inputs = [new ProvenanceInput(record.Inputs()[0], result.EventsRead)],
        Detector = detector,
        EventsWritten = result.EventsWritten,
        EventsSkipped = result.SkippedBy.ToDictionary(s => s.Key.ToString(), s => s.Value, StringComparer.Ordinal),
        Hits = result.Hits,
        Overflows = result.Overflows,
        Warnings = result.Warnings,
    };

    /// <summary>Users' code, of which nobody can say whether it still does the same.</summary>
    internal static IEnumerable<(string Purpose, string Name, string? Text)> OwnCode(ProcessingOptions options)
    {
        if (options.Extractor is CustomExtractor extractor)
        {
            yield return ("labels", extractor.Name, extractor.Text);
        }

        if (options.EventSkipper is { } skipper)
        {
            yield return ("event skipper", skipper.Text is null ? skipper.Skip.Method.Name : "script block", skipper.Text);
        }
    }
}
