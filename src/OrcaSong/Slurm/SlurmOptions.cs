using System.Text.RegularExpressions;
using OrcaSong.Batch;
using OrcaSong.Configuration;
using OrcaSong.Configuration.Toml;

namespace OrcaSong.Slurm;

/// <summary>How work is given to Slurm. What is not given is left to the cluster.</summary>
public sealed partial record SlurmOptions : JobResources
{
    /// <summary>The folder for job folders, unless another one is named.</summary>
    public const string StandardFolder = "orcasong-jobs";

    /// <summary>No options: what the cluster gives by default.</summary>
    public SlurmOptions() => Scheduler = Scheduler.Slurm;

    /// <summary>Input files of a task, on average; by default as many as are 4 GB together.</summary>
    public int? FilesPerTask { get; init; }

    /// <summary>Tasks that run at the same time, at most.</summary>
    public int? TasksAtOnce { get; init; }

    /// <summary>More options of <c>sbatch</c>, such as <c>--constraint=el9</c>.</summary>
    public IReadOnlyList<string> Directives { get; init; } = [];

    /// <summary>Environment modules that tasks load.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>An image that has the command <c>orcasong</c>; tasks run it with Apptainer.</summary>
    public string? Container { get; init; }

    /// <summary>The command <c>orcasong</c> on the nodes; by default that of this installation, or the one on the nodes' PATH.</summary>
    public string? Command { get; init; }

    /// <summary>Full path of the folder in which each job gets a folder of its own. The nodes must see it.</summary>
    public string Folder { get; init; } = Path.GetFullPath(StandardFolder);

    /// <summary>The file with a user's own defaults: <c>orcasong/slurm.toml</c> in XDG_CONFIG_HOME, which is <c>~/.config</c> if it is not set.</summary>
    public static string DefaultsFile
    {
        get
        {
            var home = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME");
            var folder = !string.IsNullOrEmpty(home) && Path.IsPathRooted(home) ? home : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
            return Path.Combine(folder, "orcasong", "slurm.toml");
        }
    }

    /// <summary>Reads a user's defaults.</summary>
    /// <param name="location">The folder that a relative working folder is relative to.</param>
    /// <returns>The options; where there is no such file, those without any.</returns>
    /// <exception cref="TomlException">The file has a key or a value that is not known; the message says where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SlurmOptions Load(string location)
    {
        var path = DefaultsFile;
        return File.Exists(path) ? Read(Toml.Load(path), path, location) : new SlurmOptions { Folder = Path.GetFullPath(StandardFolder, location) };
    }

    /// <summary>Reads options from a text.</summary>
    /// <param name="text">The text (TOML).</param>
    /// <param name="source">A name for it in messages.</param>
    /// <param name="location">The folder that a relative working folder is relative to.</param>
    internal static SlurmOptions Parse(string text, string source, string location) => Read(Toml.Parse(text, source), source, location);

    /// <summary>Refuses what Slurm does not take, as far as that is known here.</summary>
    /// <exception cref="ArgumentException">A value is not what Slurm takes.</exception>
    public void Verify() => Check();

    /// <inheritdoc/>
    internal override void Check()
    {
        base.Check();
        Refuse(Scheduler != Scheduler.Slurm, "scheduler", "Slurm");
        Refuse(FilesPerTask < 1, "number of files a task", "1 or more");
        Refuse(TasksAtOnce < 1, "number of tasks at once", "1 or more");
        foreach (var directive in Directives)
        {
            Refuse(!DirectivePattern().IsMatch(directive), "additional directive", "an option of sbatch in one line, such as --constraint=el9", directive);
        }

        foreach (var module in Modules)
        {
            Refuse(!ModulePattern().IsMatch(module), "module", "letters, digits and . _ / + - @", module);
        }

        foreach (var (what, path) in new[] { ("container", Container), ("command", Command) })
        {
            Refuse(path is not null && (path.Length == 0 || path.Any(char.IsControl)), what, "a path", path);
        }
    }

    private static SlurmOptions Read(TomlTable root, string source, string location)
    {
        var table = new ConfigurationTable(root, source);
        var options = new SlurmOptions
        {
            Queue = table.Text("partition"),
            Account = table.Text("account"),
            Licences = table.Text("licences") ?? table.Text("licenses"),
            Time = table.Text("time") is { } time ? table.Make(table.Find("time")!.Position, () => ParseTime(time)) : null,
            Memory = table.Text("memory") is { } memory ? table.Make(table.Find("memory")!.Position, () => ParseMemory(memory)) : null,
            Cores = (int?)table.Integer("cores", 1, 100_000),
            FilesPerTask = (int?)table.Integer("files_per_task", 1, int.MaxValue),
            TasksAtOnce = (int?)table.Integer("tasks_at_once", 1, int.MaxValue),
            Directives = Texts(table, "directives"),
            Modules = Texts(table, "modules"),
            Container = table.Text("container"),
            Command = table.Text("command"),
            Folder = Path.GetFullPath(Expanded(table.Text("folder") ?? StandardFolder), location),
        };
        table.RefuseUnknownKeys();
        return table.Make(new TomlPosition(1, 1), () =>
        {
            options.Check();
            return options;
        });
    }

    private static string Expanded(string path) =>
        path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..]) : path;

    private static string[] Texts(ConfigurationTable table, string key) => table.Find(key) switch
    {
        null => [],
        TomlArray list => [.. list.Select(item => item is TomlString text ? text.Value : throw table.Wrong(key, "texts", item))],
        var other => throw table.Wrong(key, "a list of texts", other),
    };

    [GeneratedRegex(@"\A--[a-z][a-z-]*(=[^\x00-\x1f\x7f]*)?\z")]
    private static partial Regex DirectivePattern();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._/+@-]*\z")]
    private static partial Regex ModulePattern();
}
