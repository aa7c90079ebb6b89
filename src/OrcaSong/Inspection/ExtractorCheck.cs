using OrcaSong.Calibration;
using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Labels;
using OrcaSong.Running;

namespace OrcaSong.Inspection;

/// <summary>Whether an extractor works for a file.</summary>
/// <param name="Name">The extractor.</param>
/// <param name="Works">Whether the file has what it needs, and the first event gets its labels.</param>
/// <param name="Problem">Why it does not work; <see langword="null"/> where it does.</param>
public sealed record ExtractorCheck(string Name, bool Works, string? Problem)
{
    /// <inheritdoc/>
    public override string ToString() => Works ? Name : $"{Name} ({Problem})";

    /// <summary>Tries all extractors on the first event of a file.</summary>
    internal static IReadOnlyList<ExtractorCheck> All(EventFile file) => [.. LabelExtractors.All.Select(e => Try(file, e.Standard))];

    private static ExtractorCheck Try(EventFile file, ILabelExtractor extractor)
    {
        try
        {
            MakeFirst(file, extractor);
            return new ExtractorCheck(extractor.Name, true, null);
        }
        catch (Exception e) when (e is EventFileException or H5Exception)
        {
            return new ExtractorCheck(extractor.Name, false, WithoutFile(e.Message, file.Path));
        }
    }

    private static void MakeFirst(EventFile file, ILabelExtractor extractor)
    {
        var options = ProcessingOptions.Default with { Extractor = extractor };
        var needs = new LabelNeeds(file, options, null, makesGraphs: false);
        var stage = extractor.Prepare(needs);
        var hits = new HitPreparation(file, null, options, needs.HitTimes ? ["time"] : [], []);
        if (file.EventCount == 0)
        {
            return;
        }

        var requests = needs.Requests.Append(hits.Request).GroupBy(r => r.Path)
            .Select(g => new TableRequest(g.Key, [.. g.SelectMany(r => r.Columns ?? []).Distinct()]));
        using var reader = new BatchReader(file, requests, inOrder: true);
        using var events = reader.Read(0, 1).Decode();
        using var prepared = new PreparedFile(file, options, null, hits);
        using var batch = new PreparedBatch(prepared, events, hits.Prepare(events), _ => null);
        stage.Return(stage.Make(batch));
    }

    /// <summary>A message without the path of the file that it begins with.</summary>
    internal static string WithoutFile(string message, string path)
    {
        var start = message.IndexOf($"'{path}'", StringComparison.Ordinal);
        return start < 0 ? message : message[(start + path.Length + 2)..].TrimStart(',', ':', ' ');
    }
}
