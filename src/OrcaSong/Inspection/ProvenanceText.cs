using System.Text.Json;

namespace OrcaSong.Inspection;

/// <summary>Reads what a file says of how it was made: JSON with the job and, for each input, that input's own provenance.</summary>
internal static class ProvenanceText
{
    // The jobs that put events in random order.
    private static readonly string[] Shuffling = ["shuffle", "training set"];

    /// <summary>
    /// Whether the events were shuffled: in the last job, or in all of its inputs. A shuffled file has its events renumbered, so that the
    /// numbers do not tell.
    /// </summary>
    /// <param name="json">The text; <see langword="null"/> where the file says nothing.</param>
    internal static bool SaysShuffled(string? json)
    {
        if (json is null)
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return IsShuffled(document.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsShuffled(JsonElement provenance)
    {
        if (provenance.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        if (provenance.TryGetProperty("job", out var job) && job.ValueKind == JsonValueKind.String && Shuffling.Contains(job.GetString()))
        {
            return true;
        }

        return provenance.TryGetProperty("inputs", out var inputs) && inputs.ValueKind == JsonValueKind.Array && inputs.GetArrayLength() > 0
            && inputs.EnumerateArray().All(input => input.ValueKind == JsonValueKind.Object && input.TryGetProperty("provenance", out var before) && IsShuffled(before));
    }
}
