using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrcaSong.Hdf5;
using OrcaSong.Running;
using OrcaSong.Statistics;

namespace OrcaSong.Training;

/// <summary>What a file says about itself that is made of others: the files that went into it, and what was done.</summary>
internal static class FileNotes
{
    internal const string Tool = "OrcaSong for PowerShell";
    internal const string ProvenanceName = "provenance_header";

    /// <summary>Writes <c>/used_files</c>, the statistics of images and <c>/provenance_header</c>.</summary>
    /// <param name="root">The root of the output.</param>
    /// <param name="plan">What it is made of.</param>
    /// <param name="usedFiles">The files to list; none leaves the list out.</param>
    /// <param name="statistics">The statistics of images, if it has any.</param>
    /// <param name="job">What was done.</param>
    /// <param name="options">Its options, as numbers, texts or truth values.</param>
    internal static void Write(H5Group root, MergePlan plan, IReadOnlyList<string> usedFiles, BinStatistics? statistics, string job, params IReadOnlyList<(string Name, object? Value)> options)
    {
        WriteUsedFiles(root, usedFiles);
        if (statistics is not null)
        {
            BinStatisticsFile.Write(root, statistics);
        }

        WriteProvenance(root, Describe(plan, job, options));
    }

    private static void WriteUsedFiles(H5Group root, IReadOnlyList<string> files)
    {
        if (files.Count == 0)
        {
            return;
        }

        var charset = files.All(f => Ascii.IsValid(f)) ? H5Charset.Ascii : H5Charset.Utf8;
        using var dataset = root.CreateDataset(SampleFile.UsedFilesName, new H5DatasetSpec { Type = H5Type.VariableString(charset), Shape = [files.Count] });
        dataset.WriteStrings([.. files]);
    }

    /// <summary>JSON text, since readers of km3pipe take compound datasets for tables, and attributes end at 64 KiB.</summary>
    private static void WriteProvenance(H5Group root, byte[] json)
    {
        using var dataset = root.CreateDataset(ProvenanceName, new H5DatasetSpec { Type = H5Type.FixedString(json.Length), Shape = [] });
        dataset.Write<byte>(json);
    }

    private static byte[] Describe(MergePlan plan, string job, IReadOnlyList<(string Name, object? Value)> options)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("tool", Tool);
            json.WriteString("version", Runner.Version);
            json.WriteString("job", job);
            json.WriteStartObject("options");
            foreach (var (name, value) in options)
            {
                json.WritePropertyName(name);
                JsonSerializer.Serialize(json, value);
            }

            json.WriteEndObject();
            json.WriteStartArray("inputs");
            foreach (var file in plan.Files)
            {
                json.WriteStartObject();
                json.WriteString("path", file.Path);
                json.WriteNumber("events", file.EventCount);
                json.WriteNumber("bytes", new FileInfo(file.Path).Length);
                WriteHistory(json, file.Provenance);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return text.ToArray();
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
}
