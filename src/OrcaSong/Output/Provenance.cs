using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrcaSong.Hdf5;
using OrcaSong.Running;

namespace OrcaSong.Output;

/// <summary>A row of an event file's <c>/raw_header</c>.</summary>
/// <param name="Parameter">Name of the parameter.</param>
/// <param name="FieldNames">Names of its fields, with blanks between them.</param>
/// <param name="FieldValues">Their values, likewise.</param>
internal readonly record struct HeaderRow(string Parameter, string FieldNames, string FieldValues);

/// <summary>One of the files that an output is made of.</summary>
/// <param name="File">The file.</param>
/// <param name="Events">Its events.</param>
/// <param name="Provenance">What it says about itself, if anything: JSON text.</param>
/// <param name="Header">The header of the simulation, if it has one that is not too long.</param>
internal sealed record ProvenanceInput(FileIdentity File, long Events, string? Provenance = null, IReadOnlyList<HeaderRow>? Header = null);

/// <summary>
/// Where an output comes from, which it says itself: the dataset <c>/provenance_header</c>, JSON text. It is written last, so that its presence
/// says that the file is complete.
/// </summary>
/// <remarks>
/// A dataset, since attributes end at 64 KiB; of text, since readers of km3pipe take every compound dataset for a table; with that name, since the
/// Python tool's concatenate passes over names that contain "header". Times have a fixed width: two runs write files of the same size, which
/// differ in nothing else.
/// </remarks>
internal sealed record Provenance
{
    internal const string DatasetName = "provenance_header";
    internal const string Tool = "OrcaSong for PowerShell";

    // What inputs say of themselves is carried on as long as readers can take it in one piece.
    private const int LongestHistory = 16 << 20;
    private const string Times = "yyyy-MM-ddTHH:mm:ss.fffZ";
    private const string TimesOfFiles = "yyyy-MM-ddTHH:mm:ss.fffffffZ";

    /// <summary>What was done: images, graphs, merge, shuffle or training set.</summary>
    internal required string Job { get; init; }

    /// <summary>When and where.</summary>
    internal required JobClock Clock { get; init; }

    /// <summary>The files that it is made of.</summary>
    internal required IReadOnlyList<ProvenanceInput> Inputs { get; init; }

    /// <summary>Events in the output.</summary>
    internal required long EventsWritten { get; init; }

    /// <summary>How images or graphs were made: TOML text, with all options.</summary>
    internal string? Configuration { get; init; }

    /// <summary>Users' own code: what it is for, and its text as far as it has one.</summary>
    internal IReadOnlyList<(string Purpose, string Name, string? Text)> OwnCode { get; init; } = [];

    /// <summary>Options of other jobs: names, and numbers, texts or truth values.</summary>
    internal IReadOnlyList<(string Name, object? Value)> Options { get; init; } = [];

    /// <summary>The seed of what is random.</summary>
    internal uint? Seed { get; init; }

    /// <summary>The detector file.</summary>
    internal FileIdentity? Detector { get; init; }

    /// <summary>Events that were left out, by reason.</summary>
    internal IReadOnlyDictionary<string, long> EventsSkipped { get; init; } = new Dictionary<string, long>();

    /// <summary>Hits of the events in the output, before any selection.</summary>
    internal long? Hits { get; init; }

    /// <summary>Bins of images that hold less than was put in.</summary>
    internal long? Overflows { get; init; }

    /// <summary>What was worth knowing.</summary>
    internal IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Writes the dataset.</summary>
    /// <param name="root">The root of the output, in which all else is written.</param>
    internal void Write(H5Group root)
    {
        var text = ToJson(withHistory: true);
        if (text.Length > LongestHistory)
        {
            text = ToJson(withHistory: false);
        }

        using var dataset = root.CreateDataset(DatasetName, new H5DatasetSpec { Type = H5Type.FixedString(text.Length, Ascii.IsValid(text) ? H5Charset.Ascii : H5Charset.Utf8), Shape = [] });
        dataset.Write<byte>(text);
    }

    /// <summary>The time as the text has it.</summary>
    internal static string TextOf(DateTime time) => time.ToString(Times, CultureInfo.InvariantCulture);

    private byte[] ToJson(bool withHistory)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("tool", Tool);
            json.WriteString("version", Runner.Version);
            json.WriteString("job", Job);
            WriteConfiguration(json);
            json.WriteStartArray("inputs");
            foreach (var input in Inputs)
            {
                Write(json, input, withHistory);
            }

            json.WriteEndArray();
            if (Detector is not null)
            {
                json.WriteStartObject("detector");
                Write(json, Detector);
                json.WriteEndObject();
            }

            WriteCounts(json);
            if (Clock.Machine is { } machine)
            {
                json.WriteString("machine", machine);
            }

            json.WriteString("started", TextOf(Clock.Started));
            json.WriteString("ended", TextOf(Clock.Now));
            json.WriteEndObject();
        }

        return text.ToArray();
    }

    private void WriteConfiguration(Utf8JsonWriter json)
    {
        if (Configuration is not null)
        {
            json.WriteString("configuration", Configuration);
        }

        if (OwnCode.Count > 0)
        {
            json.WriteStartArray("own_code");
            foreach (var (purpose, name, code) in OwnCode)
            {
                json.WriteStartObject();
                json.WriteString("purpose", purpose);
                json.WriteString("name", name);
                json.WriteString("text", code);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (Options.Count > 0)
        {
            json.WriteStartObject("options");
            foreach (var (name, value) in Options)
            {
                json.WritePropertyName(name);
                JsonSerializer.Serialize(json, value);
            }

            json.WriteEndObject();
        }

        if (Seed is { } seed)
        {
            json.WriteNumber("seed", seed);
        }
    }

    private void Write(Utf8JsonWriter json, ProvenanceInput input, bool withHistory)
    {
        json.WriteStartObject();
        Write(json, input.File);
        json.WriteNumber("events", input.Events);
        if (!withHistory && (input.Header is not null || input.Provenance is not null))
        {
            json.WriteString("provenance", "left out: that of all inputs together is too long");
        }
        else
        {
            WriteHeader(json, input.Header ?? []);
            WriteHistory(json, input.Provenance);
        }

        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, FileIdentity file)
    {
        json.WriteString("path", file.Path);
        json.WriteNumber("bytes", file.Bytes);
        json.WriteString("modified", Clock.OfFile(file.Modified).ToString(TimesOfFiles, CultureInfo.InvariantCulture));
        json.WriteString("xxh64", file.Hash);
    }

    private static void WriteHeader(Utf8JsonWriter json, IReadOnlyList<HeaderRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        json.WriteStartArray("raw_header");
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteString("parameter", row.Parameter);
            json.WriteString("field_names", row.FieldNames);
            json.WriteString("field_values", row.FieldValues);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteHistory(Utf8JsonWriter json, string? provenance)
    {
        if (provenance is null)
        {
            return;
        }

        json.WritePropertyName("provenance");
        try
        {
            using var document = JsonDocument.Parse(provenance);
            document.WriteTo(json);
        }
        catch (JsonException)
        {
            json.WriteStringValue(provenance);
        }
    }

    private void WriteCounts(Utf8JsonWriter json)
    {
        json.WriteStartObject("events");
        json.WriteNumber("read", Inputs.Sum(i => i.Events));
        json.WriteNumber("written", EventsWritten);
        json.WriteStartObject("skipped");
        foreach (var (reason, count) in EventsSkipped.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            json.WriteNumber(reason, count);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        if (Hits is { } hits)
        {
            json.WriteNumber("hits", hits);
        }

        if (Overflows is { } overflows)
        {
            json.WriteNumber("overflows", overflows);
        }

        json.WriteStartArray("warnings");
        foreach (var warning in Warnings)
        {
            json.WriteStringValue(warning);
        }

        json.WriteEndArray();
    }
}
