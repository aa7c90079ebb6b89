using System.Text.Json;
using OrcaSong.Hdf5;

namespace OrcaSong.Output;

/// <summary>What an output of ours says about where it comes from, read again; see <see cref="Provenance"/>.</summary>
internal sealed record ProvenanceRecord
{
    private const int LongestText = 256 << 20;

    internal required string Version { get; init; }

    internal required string Job { get; init; }

    internal string? Configuration { get; init; }

    internal bool HasOwnCode { get; init; }

    internal IReadOnlyList<FileRecord> Inputs { get; init; } = [];

    internal FileRecord? Detector { get; init; }

    internal long EventsRead { get; init; }

    internal long EventsWritten { get; init; }

    internal IReadOnlyDictionary<string, long> EventsSkipped { get; init; } = new Dictionary<string, long>();

    internal long? Hits { get; init; }

    internal long? Overflows { get; init; }

    internal IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Reads what a file says.</summary>
    /// <param name="file">The file.</param>
    /// <returns>What it says; <see langword="null"/> if it says nothing, or it is not ours, or damaged.</returns>
    internal static ProvenanceRecord? TryRead(H5File file)
    {
        if (!file.Root.Contains(Provenance.DatasetName) || file.Root.KindOf(Provenance.DatasetName) != H5ObjectKind.Dataset)
        {
            return null;
        }

        using var dataset = file.Root.OpenDataset(Provenance.DatasetName);
        var isText = dataset.Type.Class is H5Class.String or H5Class.VariableString && dataset.Length == 1 && dataset.Type.Size <= LongestText;
        return isText ? TryParse(dataset.ReadStrings()[0]) : null;
    }

    private static ProvenanceRecord? TryParse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("tool", out var tool) || tool.GetString() != Provenance.Tool)
            {
                return null;
            }

            var events = root.GetProperty("events");
            return new ProvenanceRecord
            {
                Version = root.GetProperty("version").GetString()!,
                Job = root.GetProperty("job").GetString()!,
                Configuration = root.TryGetProperty("configuration", out var configuration) ? configuration.GetString() : null,
                HasOwnCode = root.TryGetProperty("own_code", out _),
                Inputs = [.. root.GetProperty("inputs").EnumerateArray().Select(FileRecord.Read)],
                Detector = root.TryGetProperty("detector", out var detector) ? FileRecord.Read(detector) : null,
                EventsRead = events.GetProperty("read").GetInt64(),
                EventsWritten = events.GetProperty("written").GetInt64(),
                EventsSkipped = events.GetProperty("skipped").EnumerateObject().ToDictionary(s => s.Name, s => s.Value.GetInt64(), StringComparer.Ordinal),
                Hits = root.TryGetProperty("hits", out var hits) ? hits.GetInt64() : null,
                Overflows = root.TryGetProperty("overflows", out var overflows) ? overflows.GetInt64() : null,
                Warnings = [.. root.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()!)],
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>A file, as the text describes it.</summary>
    internal readonly record struct FileRecord(string Path, long Bytes, string Hash)
    {
        /// <summary>Whether a file has the same contents, wherever it lies.</summary>
        internal bool IsSame(FileIdentity file) => Bytes == file.Bytes && Hash == file.Hash;

        internal static FileRecord Read(JsonElement file) =>
            new(file.GetProperty("path").GetString()!, file.GetProperty("bytes").GetInt64(), file.GetProperty("xxh64").GetString()!);
    }
}
