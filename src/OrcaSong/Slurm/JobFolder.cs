using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrcaSong.Slurm;

/// <summary>What a job makes.</summary>
public enum SlurmJobKind
{
    /// <summary>Images of events.</summary>
    Images,

    /// <summary>Graphs of events.</summary>
    Graphs,

    /// <summary>One file of many.</summary>
    Merge,

    /// <summary>Files with their events in a random order.</summary>
    Shuffle,

    /// <summary>Shuffled sets for training, validation and so on.</summary>
    TrainingSet,
}

/// <summary>What a job is, as its folder says (<c>job.json</c>).</summary>
internal sealed record JobDescription
{
    public required SlurmJobKind Kind { get; init; }

    /// <summary>The version of this module that made it.</summary>
    public required string Version { get; init; }

    public required DateTime Created { get; init; }

    /// <summary>What <c>orcasong</c> is called with, beside inputs and outputs: the command, and its options.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Folders of the jobs that make its inputs.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    public required SlurmOptions Options { get; init; }
}

/// <summary>What Slurm was given at one time (<c>submitted.json</c>): the first time everything, later what was missing.</summary>
internal sealed record Submission
{
    /// <summary>1, 2 ...: the name of its folder.</summary>
    [JsonIgnore]
    public int Number { get; init; }

    public required DateTime Time { get; init; }

    /// <summary>Slurm's number of the array that makes the files; none where files were only to be checked.</summary>
    public string? Run { get; init; }

    /// <summary>Slurm's number of the array that checks them.</summary>
    public string? Check { get; init; }

    /// <summary>Tasks of the array that makes them.</summary>
    public required int Tasks { get; init; }

    /// <summary>Tasks of the array that checks them.</summary>
    public required int CheckTasks { get; init; }

    [JsonIgnore]
    internal IEnumerable<string> Ids => new[] { Run, Check }.OfType<string>();
}

/// <summary>
/// The folder of a job, which holds all there is to know about it: what it is (<c>job.json</c>), how (<c>config.toml</c>), of which files
/// (<c>files.tsv</c>: input, output, bytes), and for each time that something was submitted a folder with scripts, lists and logs.
/// </summary>
internal sealed class JobFolder
{
    internal const string ConfigurationName = "config.toml";
    internal const string InputsName = "inputs.txt";
    private const string DescriptionName = "job.json";
    private const string FilesName = "files.tsv";
    private const string SubmissionName = "submitted.json";

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private JobFolder(string path, JobDescription description, IReadOnlyList<JobFile> files) => (Path, Description, Files) = (path, description, files);

    internal string Path { get; }

    internal JobDescription Description { get; }

    /// <summary>All files that the job makes.</summary>
    internal IReadOnlyList<JobFile> Files { get; }

    /// <summary>Whether a folder is one.</summary>
    internal static bool IsOne(string path) => File.Exists(System.IO.Path.Combine(path, DescriptionName));

    /// <summary>Makes a folder for a job.</summary>
    /// <param name="description">The job.</param>
    /// <param name="files">The files that it makes.</param>
    /// <param name="texts">More files to write, by name.</param>
    internal static JobFolder Create(JobDescription description, IReadOnlyList<JobFile> files, IReadOnlyDictionary<string, string> texts)
    {
        foreach (var file in files)
        {
            Batch.RunList.Checked(file.Input);
            Batch.RunList.Checked(file.Output);
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"{description.Created.ToLocalTime():yyyyMMdd-HHmmss}-{NameOf(description.Kind)}");
        var path = MakeNew(System.IO.Path.Combine(description.Options.Folder, name));
        var folder = new JobFolder(path, description, files);
        foreach (var (text, content) in texts)
        {
            folder.Write(text, content);
        }

        folder.Write(FilesName, string.Concat(files.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Input}\t{f.Output}\t{f.Bytes}\n"))));
        folder.Write(DescriptionName, JsonSerializer.Serialize(description, Format) + "\n");
        return folder;
    }

    /// <summary>Opens the folder of a job.</summary>
    /// <exception cref="SlurmException">It is none, or cannot be read.</exception>
    internal static JobFolder Open(string path)
    {
        path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (!IsOne(path))
        {
            throw new SlurmException(SlurmProblem.NoJob, $"'{path}' is no folder of a job: it has no {DescriptionName}.");
        }

        try
        {
            var description = JsonSerializer.Deserialize<JobDescription>(File.ReadAllText(System.IO.Path.Combine(path, DescriptionName)), Format)!;
            var lines = File.ReadAllLines(System.IO.Path.Combine(path, FilesName)).Select(l => l.Split('\t'));
            return new JobFolder(path, description, [.. lines.Select(l => new JobFile(l[0], l[1], long.Parse(l[2], CultureInfo.InvariantCulture)))]);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or FormatException or IndexOutOfRangeException or IOException or UnauthorizedAccessException)
        {
            throw new SlurmException(SlurmProblem.NoJob, $"The job in '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>All that was submitted, in order.</summary>
    internal IReadOnlyList<Submission> Submissions()
    {
        var found = new List<Submission>();
        for (var number = 1; Directory.Exists(FolderOf(number)); number++)
        {
            var file = System.IO.Path.Combine(FolderOf(number), SubmissionName);
            if (File.Exists(file))
            {
                found.Add(JsonSerializer.Deserialize<Submission>(File.ReadAllText(file), Format)! with { Number = number });
            }
        }

        return found;
    }

    /// <summary>The folder of a submission.</summary>
    internal string FolderOf(int submission) => System.IO.Path.Combine(Path, submission.ToString(CultureInfo.InvariantCulture));

    /// <summary>Makes the folder of the next submission.</summary>
    internal int MakeNext()
    {
        var number = 1;
        while (Directory.Exists(FolderOf(number)))
        {
            number++;
        }

        foreach (var part in new[] { "lists", "check", "log" })
        {
            Directory.CreateDirectory(System.IO.Path.Combine(FolderOf(number), part));
        }

        return number;
    }

    /// <summary>Notes what was submitted.</summary>
    internal void Save(Submission submission) =>
        Write(System.IO.Path.Combine(submission.Number.ToString(CultureInfo.InvariantCulture), SubmissionName), JsonSerializer.Serialize(submission, Format) + "\n");

    /// <summary>The file of a task: its list of files, or what to check.</summary>
    internal string TaskFile(int submission, string part, int task) =>
        System.IO.Path.Combine(FolderOf(submission), part, string.Create(CultureInfo.InvariantCulture, $"{task:0000}.txt"));

    /// <summary>Writes a text: all of it, or nothing.</summary>
    internal void Write(string name, string text)
    {
        var file = System.IO.Path.Combine(Path, name);
        var temporary = Output.OutputFile.TemporaryName(file);
        File.WriteAllText(temporary, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        File.Move(temporary, file, overwrite: true);
    }

    internal static string NameOf(SlurmJobKind kind) => kind == SlurmJobKind.TrainingSet ? "training-set" : kind.ToString().ToLowerInvariant();

    private static string MakeNew(string wanted)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(wanted)!);
        for (var number = 1; ; number++)
        {
            var path = number == 1 ? wanted : string.Create(CultureInfo.InvariantCulture, $"{wanted}-{number}");
            if (Directory.Exists(path))
            {
                continue;
            }

            // Two sessions may find the same name free: making the description is what only one of them can do.
            Directory.CreateDirectory(path);
            try
            {
                new FileStream(System.IO.Path.Combine(path, DescriptionName), FileMode.CreateNew).Dispose();
                return path;
            }
            catch (IOException) when (File.Exists(System.IO.Path.Combine(path, DescriptionName)))
            {
                // The other one was first.
            }
        }
    }
}
