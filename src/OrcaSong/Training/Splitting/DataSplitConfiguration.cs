using System.Globalization;
using OrcaSong.Batch;
using OrcaSong.Configuration;
using OrcaSong.Configuration.Toml;

namespace OrcaSong.Training.Splitting;

/// <summary>A group of upstream's configuration: the files of a folder, and the runs that go to each set.</summary>
/// <param name="Name">Its name: that of the table.</param>
/// <param name="Folder">The folder with its files (<c>dir</c>).</param>
/// <param name="Ranges">The runs of the sets that take files of this group (<c>run_ids_train</c>, <c>run_ids_validate</c>, <c>run_ids_rest</c>).</param>
public sealed record SplitGroup(string Name, string Folder, IReadOnlyDictionary<string, IReadOnlyList<RunRange>> Ranges);

/// <summary>
/// The configuration (TOML) of upstream's <c>orcasong make_data_split</c>. Relative paths are relative to the folder in which the command is started, as
/// they are upstream, and stand in lists and scripts as they are written.
/// </summary>
public sealed record DataSplitConfiguration
{
    /// <summary>The sets that upstream knows, in its order.</summary>
    public static IReadOnlyList<string> SetNames { get; } = ["train", "validate", "rest"];

    /// <summary>The groups, in the order of the file.</summary>
    public required IReadOnlyList<SplitGroup> Groups { get; init; }

    /// <summary>How many lists each set is split into (<c>n_files_train</c>, ...).</summary>
    public required IReadOnlyDictionary<string, int> PartCounts { get; init; }

    /// <summary>Folder for lists and scripts (<c>output_file_folder</c>).</summary>
    public required string OutputFolder { get; init; }

    /// <summary>What names of lists begin with (<c>output_file_name</c>).</summary>
    public required string OutputName { get; init; }

    /// <summary>Whether only statistics are wanted (<c>print_only</c>).</summary>
    public bool PrintOnly { get; init; }

    /// <summary>Whether job scripts are written (<c>make_qsub_bash_files</c>).</summary>
    public bool MakeJobScripts { get; init; }

    /// <summary>Whether the script that shuffles deletes the file that is not shuffled (<c>shuffle_delete</c>).</summary>
    public bool DeleteUnshuffled { get; init; }

    /// <summary>Folder of a Python environment that scripts activate, or its folder bin (<c>venv_path</c>).</summary>
    public string? VirtualEnvironment { get; init; }

    /// <summary>Reads a configuration.</summary>
    /// <param name="path">Path of the file.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="TomlException">It is not TOML, a key is not known, or a value is none that the key can have; the message has line and column.</exception>
    /// <exception cref="DataSplitException">Keys are missing, or contradict each other; all of them are named.</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    public static DataSplitConfiguration Load(string path) => File.Exists(path)
        ? Read(Toml.Load(path), path)
        : throw new FileNotFoundException($"The configuration file '{path}' does not exist.", path);

    /// <summary>Reads a configuration from a text.</summary>
    /// <param name="text">The text (TOML 1.0).</param>
    /// <param name="source">A name for it in messages.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="TomlException">As for <see cref="Load"/>.</exception>
    /// <exception cref="DataSplitException">As for <see cref="Load"/>.</exception>
    public static DataSplitConfiguration Parse(string text, string source = "configuration") => Read(Toml.Parse(text, source), source);

    /// <summary>The files of all groups.</summary>
    /// <param name="baseFolder">The folder that relative ones are relative to; the current folder if not given.</param>
    /// <returns>The files.</returns>
    /// <exception cref="DataSplitException">A folder is missing, cannot be read, or has no files whose names end in <c>.h5</c>; all such folders are named.</exception>
    public IReadOnlyList<SplitSource> FindFiles(string? baseFolder = null)
    {
        var (files, problems) = (new List<SplitSource>(), new List<SplitProblem>());
        foreach (var group in Groups)
        {
            try
            {
                files.AddRange(LabelScan.Folder(group.Folder, group.Name, baseFolder));
            }
            catch (DataSplitException e)
            {
                problems.AddRange(e.Problems);
            }
        }

        DataSplitException.ThrowIfAny(problems);
        return files;
    }

    /// <summary>Splits files as the configuration says.</summary>
    /// <param name="files">The files of <see cref="FindFiles"/>, with their runs.</param>
    /// <returns>The parts of each set.</returns>
    /// <exception cref="DataSplitException">As for <see cref="RunSplit.Split"/>.</exception>
    public DataSplit Split(IReadOnlyList<SplitFile> files)
    {
        var ranges = Groups.ToDictionary(g => g.Name, g => g.Ranges, StringComparer.Ordinal);
        var split = new RunSplit { Sets = SetNames, RangesOf = group => ranges[group], PartCounts = PartCounts, AllowOverlaps = true }.Split(files);
        var twice = files.GroupBy(f => f.Source.FullPath, StringComparer.Ordinal).Where(f => f.Count() > 1)
            .Select(f => $"{f.First().Path}: it is in groups {string.Join(" and ", f.Select(g => g.Group))}; its events count once for each.");
        return split with { Warnings = [.. twice, .. split.Warnings] };
    }

    /// <summary>What writes the lists, and the scripts where the configuration or the caller wants some.</summary>
    /// <param name="jobs">What job scripts are to hold beside what the configuration says.</param>
    /// <param name="scheduler">The batch system; <see langword="null"/> for scripts only if the configuration wants some, for none.</param>
    /// <returns>The writer.</returns>
    /// <exception cref="ArgumentException">There is something for job scripts to hold, but no batch system.</exception>
    public DataSplitWriter Writer(JobOptions jobs, Scheduler? scheduler)
    {
        var options = jobs with { Scheduler = scheduler ?? Scheduler.None, VirtualEnvironment = VirtualEnvironment, DeleteUnshuffled = DeleteUnshuffled };
        options.Check();
        return new DataSplitWriter { Folder = OutputFolder, Name = OutputName, Jobs = MakeJobScripts || scheduler is not null ? options : null };
    }

    private static DataSplitConfiguration Read(TomlTable root, string source)
    {
        var table = new ConfigurationTable(root, source);
        var problems = new List<SplitProblem>();
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var set in SetNames)
        {
            if (table.Integer("n_files_" + set, 0, int.MaxValue) is { } count)
            {
                counts[set] = (int)count;
            }
        }

        var (folder, name) = (table.Text("output_file_folder"), table.Text("output_file_name"));
        var (printOnly, scripts, delete) = (table.Boolean("print_only", false), table.Boolean("make_qsub_bash_files", false), table.Boolean("shuffle_delete", false));
        var environment = table.Text("venv_path");
        var groups = new List<SplitGroup>();
        foreach (var key in root.Keys)
        {
            if (root[key] is TomlTable)
            {
                groups.Add(ReadGroup(key, (TomlTable)table.Find(key)!, source, problems));
            }
        }

        table.RefuseUnknownKeys();
        CheckKeys(source, folder, name, groups, counts, problems);
        DataSplitException.ThrowIfAny(problems);
        return new DataSplitConfiguration
        {
            Groups = groups,
            PartCounts = counts,
            OutputFolder = folder!,
            OutputName = name!,
            PrintOnly = printOnly,
            MakeJobScripts = scripts,
            DeleteUnshuffled = delete,
            VirtualEnvironment = environment is { Length: > 0 } ? environment : null,
        };
    }

    private static SplitGroup ReadGroup(string name, TomlTable group, string source, List<SplitProblem> problems)
    {
        var table = new ConfigurationTable(group, source);
        var folder = table.Text("dir");
        var ranges = new Dictionary<string, IReadOnlyList<RunRange>>(StringComparer.Ordinal);
        foreach (var set in SetNames)
        {
            var key = "run_ids_" + set;
            if (table.Find(key) is { } range)
            {
                ranges[set] = [ReadRange(table, key, range)];
            }
        }

        table.RefuseUnknownKeys();
        if (string.IsNullOrEmpty(folder))
        {
            problems.Add(Missing(source, $"[{name}] has no dir, the folder with the group's files", "dir"));
        }

        return new SplitGroup(name, folder ?? string.Empty, ranges);
    }

    private static RunRange ReadRange(ConfigurationTable table, string key, TomlValue value) => value is TomlArray { Count: 2 } limits
        ? table.Make(value.Position, () => new RunRange(
            Limit(Math.Ceiling(table.Number(key, limits[0])), limits[0]), Limit(Math.Floor(table.Number(key, limits[1])), limits[1])))
        : throw table.Wrong(key, "the first and the last run, such as [6763, 6767],", value);

    /// <summary>A limit of runs; infinity stands for no limit.</summary>
    private static long Limit(double rounded, TomlValue value) => value switch
    {
        TomlInteger whole => whole.Value,
        _ when double.IsNaN(rounded) => throw new ArgumentException("expected numbers of runs, found nan"),
        _ => long.CreateSaturating(rounded),
    };

    private static void CheckKeys(
        string source, string? folder, string? name, List<SplitGroup> groups, Dictionary<string, int> counts, List<SplitProblem> problems)
    {
        if (string.IsNullOrEmpty(folder))
        {
            problems.Add(Missing(source, "there is no output_file_folder, the folder for the lists", "output_file_folder"));
        }

        if (string.IsNullOrEmpty(name))
        {
            problems.Add(Missing(source, "there is no output_file_name, with which the names of the lists begin", "output_file_name"));
        }

        if (groups.Count == 0)
        {
            problems.Add(Missing(source, "there is no group of files: a table such as [muon] with dir and run_ids_train", null));
        }
        else if (groups.All(g => g.Ranges.Count == 0))
        {
            problems.Add(Missing(source, $"no group says which runs it gives to a set: {string.Join(", ", SetNames.Select(s => "run_ids_" + s))}", null));
        }

        foreach (var set in SetNames.Where(s => !counts.ContainsKey(s)))
        {
            if (groups.FirstOrDefault(g => g.Ranges.ContainsKey(set)) is { } group)
            {
                problems.Add(Missing(source, string.Create(CultureInfo.InvariantCulture, $"[{group.Name}] has run_ids_{set}, but there is no n_files_{set}, the number of lists of this set"), "n_files_" + set));
            }
        }
    }

    private static SplitProblem Missing(string source, string what, string? key) =>
        new(SplitProblemKind.InvalidConfiguration, Printable.Line($"{source}: {what}."), key);
}
