using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrcaSong.Hdf5;
using OrcaSong.Output;
using OrcaSong.Running;

namespace OrcaSong.Training;

/// <summary>Makes many files into shuffled sets for training, validation and test, in two passes over the data.</summary>
public static class TrainingSet
{
    /// <summary>The name of the manifest.</summary>
    public const string ManifestName = "manifest.json";

    /// <summary>Merges, shuffles and splits files.</summary>
    /// <param name="inputs">Paths of files for training.</param>
    /// <param name="folder">Folder for the sets; it is made if it is not there, with those above it.</param>
    /// <param name="options">How.</param>
    /// <param name="overwrite">Whether a training set that is there is replaced.</param>
    /// <param name="threads">Worker threads; by default one for each core.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops it; nothing is left behind.</param>
    /// <returns>What was made.</returns>
    /// <exception cref="InvalidFilesException">Files cannot be used; all that is wrong with all of them is in it. Nothing was written.</exception>
    /// <exception cref="OutputExistsException">The folder holds a training set already.</exception>
    /// <exception cref="IOException">An input cannot be read, or an output not written. Nothing is left in the folder.</exception>
    public static TrainingSetResult Make(
        IReadOnlyList<string> inputs, string folder, TrainingSetOptions options, bool overwrite = false, int? threads = null, RunProgress? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ShardSize, 1, nameof(options));
        var watch = Stopwatch.StartNew();
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        CheckFolder(folder, overwrite);
        var plan = MergePlan.Make(inputs, options.Merge, cancellation);
        var assignment = SetAssignment.Make(plan, options, cancellation);
        CheckTargets(folder, plan, assignment, overwrite);
        using var parents = new NewFolders(Path.GetDirectoryName(folder)!);
        using var claim = OutputClaim.Take(folder);
        CheckFolder(folder, overwrite);
        using var record = new JobRecord([.. plan.Files.Select(f => f.Path)], cancellation);
        progress?.AddFile(plan.EventCount);
        var memory = options.MemoryLimit ?? MemoryGrant.Default();
        var workers = new Workers(threads);

        // All files stand in the folder, or none: they are made in one beside it.
        var unfinished = OutputFile.TemporaryName(folder);
        Directory.CreateDirectory(unfinished);
        try
        {
            int parts;
            using (var events = new EventOrder(
                plan, assignment.Places, [.. assignment.Shards.Select(s => s.End)], memory, Path.Combine(unfinished, "events"), workers, progress, cancellation))
            {
                events.Deal();
                for (var i = 0; i < assignment.Shards.Count; i++)
                {
                    Write(plan, assignment.Shards[i], i, events, options, unfinished, workers, record);
                }

                parts = events.PileCount;
            }

            TrainingFile[] files =
            [
                .. assignment.Shards.Select(s => new TrainingFile(
                    s.Set, s.Number, s.Events, Path.Combine(folder, s.FileName), new FileInfo(Path.Combine(unfinished, s.FileName)).Length)),
            ];
            File.WriteAllBytes(Path.Combine(unfinished, ManifestName), Manifest(plan, assignment, options, files));
            Disk.Flush(Path.Combine(unfinished, ManifestName));
            Disk.FlushEntries(unfinished);
            Publish(unfinished, folder);
            Disk.FlushEntries(Path.GetDirectoryName(folder)!);
            return new TrainingSetResult
            {
                Files = files,
                Manifest = Path.Combine(folder, ManifestName),
                Events = plan.EventCount,
                Bytes = plan.Bytes,
                MemoryLimit = memory,
                Parts = parts,
                Skipped = plan.Skipped,
                Warnings =
                [
                    .. claim.Notes,
                    .. plan.Warnings,
                    .. options.Fractions.Names.Where(name => assignment.Shards.All(s => s.Set != name)).Select(name => $"The set '{name}' got no events, so it has no file."),
                ],
                Elapsed = watch.Elapsed,
            };
        }
        finally
        {
            Disk.Remove(unfinished);
        }
    }

    private static void Write(MergePlan plan, Shard shard, int output, EventOrder events, TrainingSetOptions options, string folder, Workers workers, JobRecord record)
    {
        SampleDataset[] datasets = [.. plan.Datasets.Select((d, i) => plan.ForOutput(d with { Shape = [events.RowCount(output, i), .. d.RowShape] }))];
        using var target = new SampleOutput(Path.Combine(folder, shard.FileName), plan.Files[0].Path, datasets, workers, renumber: true);
        try
        {
            events.Write(output, target.Writers);

            // The statistics of images are those of all events, so no single file gets them.
            target.Close(root => FileNotes.Write(
                root, plan, plan.UsedFiles, null, record, new FileNotes.Job("training set", shard.Events, options.Seed), ("set", shard.Set), ("shard", shard.Number), ("split_by", options.SplitBy.ToString()), ("split_seed", options.SplitSeed)));
            target.Publish();
        }
        catch (H5Exception e)
        {
            throw target.Failure(e);
        }
    }

    private static void CheckFolder(string folder, bool overwrite)
    {
        if (File.Exists(folder))
        {
            throw new InvalidOutputException(folder, $"The output '{folder}' is a file; give the name of a folder.");
        }

        if (!overwrite && File.Exists(Path.Combine(folder, ManifestName)))
        {
            throw new OutputExistsException(Path.Combine(folder, ManifestName));
        }
    }

    private static void CheckTargets(string folder, MergePlan plan, SetAssignment assignment, bool overwrite)
    {
        if (Directory.Exists(folder))
        {
            // Files of the set that is there go, also those that the new one does not have.
            foreach (var old in OldFiles(folder).Except(assignment.Shards.Select(s => s.FileName)))
            {
                Targets.Check(Path.Combine(folder, old), overwrite, [.. plan.Files.Select(f => ((string?)f.Path, "one of the inputs, and of the set that would be replaced"))]);
            }

            foreach (var shard in assignment.Shards)
            {
                Targets.Check(Path.Combine(folder, shard.FileName), overwrite, [.. plan.Files.Select(f => ((string?)f.Path, "one of the inputs"))]);
            }
        }
    }

    private static void Publish(string unfinished, string folder)
    {
        if (!Directory.Exists(folder))
        {
            Directory.Move(unfinished, folder);
            return;
        }

        // Files of the set that is replaced, which the new one may not have.
        var old = OldFiles(folder);
        File.Delete(Path.Combine(folder, ManifestName));
        var names = Directory.GetFiles(unfinished).Select(p => Path.GetFileName(p)).ToHashSet(StringComparer.Ordinal);
        foreach (var name in old.Where(n => !names.Contains(n)))
        {
            File.Delete(Path.Combine(folder, name));
        }

        // The manifest last: where it stands, the set is complete.
        foreach (var name in names.OrderBy(n => n == ManifestName))
        {
            File.Move(Path.Combine(unfinished, name), Path.Combine(folder, name), overwrite: true);
        }

        Disk.FlushEntries(folder);
    }

    private static string[] OldFiles(string folder)
    {
        try
        {
            using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, ManifestName)));
            return
            [
                .. manifest.RootElement.GetProperty("files").EnumerateArray().Select(f => f.GetProperty("file").GetString()!)
                    .Where(name => name == Path.GetFileName(name) && name.EndsWith(".h5", StringComparison.Ordinal) && File.Exists(Path.Combine(folder, name))),
            ];
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return [];
        }
    }

    private static byte[] Manifest(MergePlan plan, SetAssignment assignment, TrainingSetOptions options, TrainingFile[] files)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("tool", Provenance.Tool);
            json.WriteString("version", Runner.Version);
            json.WriteNumber("seed", options.Seed);
            json.WriteString("split_by", options.SplitBy.ToString());
            json.WriteNumber("split_seed", options.SplitSeed);
            json.WriteNumber("shard_size", options.ShardSize);
            json.WriteNumber("events", plan.EventCount);
            json.WriteStartArray("sets");
            foreach (var (set, name) in options.Fractions.Names.Index())
            {
                json.WriteStartObject();
                json.WriteString("set", name);
                json.WriteNumber("fraction", options.Fractions[set]);
                json.WriteNumber("events", assignment.Counts.Sum(c => (long)c[set]));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("files");
            foreach (var file in files)
            {
                json.WriteStartObject();
                json.WriteString("file", Path.GetFileName(file.Path));
                json.WriteString("set", file.Set);
                json.WriteNumber("events", file.Events);
                json.WriteNumber("bytes", file.Length);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("inputs");
            foreach (var (file, counts) in plan.Files.Zip(assignment.Counts))
            {
                json.WriteStartObject();
                json.WriteString("path", file.Path);
                json.WriteNumber("events", file.EventCount);
                json.WriteStartObject("sets");
                foreach (var (set, name) in options.Fractions.Names.Index())
                {
                    json.WriteNumber(name, counts[set]);
                }

                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("left_out");
            foreach (var problem in plan.Skipped)
            {
                json.WriteStringValue(problem.ToString());
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return text.ToArray();
    }
}
