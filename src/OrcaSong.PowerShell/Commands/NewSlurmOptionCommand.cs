using System.Management.Automation;
using OrcaSong.Configuration.Toml;
using OrcaSong.PowerShell.Arguments;
using OrcaSong.Slurm;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Says how work is given to a cluster that runs Slurm.</summary>
[Cmdlet(VerbsCommon.New, "SlurmOption")]
[OutputType(typeof(SlurmOptions))]
public sealed class NewSlurmOptionCommand : OrcaSongCommand
{
    /// <summary>The partition (queue) of the cluster, such as <c>htc</c>.</summary>
    /// <value>that of slurm.toml, else the cluster's own</value>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [Alias("Queue")]
    public string? Partition { get; set; }

    /// <summary>The account that the work is booked on, such as <c>km3net</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Account { get; set; }

    /// <summary>Licences that tasks need, as Slurm writes them, such as <c>sps</c> or <c>sps:1,irods</c>.</summary>
    [Parameter]
    [Alias("License", "Licences", "Licenses")]
    [ValidateNotNullOrEmpty]
    public string? Licence { get; set; }

    /// <summary>The time limit of each task: hours, minutes and seconds, such as <c>12:00:00</c>, or with days <c>1-12:00:00</c>.</summary>
    [Parameter]
    [JobTime]
    public TimeSpan? Time { get; set; }

    /// <summary>The memory of each task: <c>2GB</c>. A task of one core needs about 500 MB.</summary>
    [Parameter]
    [JobMemory]
    public long? Memory { get; set; }

    /// <summary>Cores of each task. Many tasks of one core make more of the same cores than few tasks of many.</summary>
    /// <value>1</value>
    [Parameter]
    [Alias("Cores")]
    [ValidateRange(1, 100_000)]
    public int? CoreCount { get; set; }

    /// <summary>Input files of each task, on average; they are dealt out so that tasks are of the same size.</summary>
    /// <value>as many as are 4 GB together</value>
    [Parameter]
    [Alias("FilesPerTask")]
    [ValidateRange(1, int.MaxValue)]
    public int? FilePerTask { get; set; }

    /// <summary>Tasks that run at the same time, at most.</summary>
    /// <value>no limit</value>
    [Parameter]
    [Alias("TasksAtOnce")]
    [ValidateRange(1, int.MaxValue)]
    public int? TaskLimit { get; set; }

    /// <summary>More options of <c>sbatch</c>, such as <c>'--constraint=el9'</c>, one text for each.</summary>
    [Parameter]
    [Alias("Directives")]
    [ValidateNotNull]
    public string[]? Directive { get; set; }

    /// <summary>Environment modules that tasks load (<c>module load</c>) before anything else.</summary>
    [Parameter]
    [Alias("Modules")]
    [ValidateNotNull]
    public string[]? Module { get; set; }

    /// <summary>A container image that has the command <c>orcasong</c>; tasks run it with Apptainer.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Container { get; set; }

    /// <summary>The command <c>orcasong</c> on the nodes.</summary>
    /// <value>that of this installation, or the one on the nodes' PATH if it has none</value>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Command { get; set; }

    /// <summary>
    /// The working folder, in which each job gets a folder of its own for scripts, lists and logs. It must lie on a file system that all
    /// nodes see.
    /// </summary>
    /// <value><c>orcasong-jobs</c> in the current location</value>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            var defaults = SlurmOptions.Load(FileSystemPath("."));
            var options = defaults with
            {
                Queue = Partition ?? defaults.Queue,
                Account = Account ?? defaults.Account,
                Licences = Licence ?? defaults.Licences,
                Time = Time ?? defaults.Time,
                Memory = Memory ?? defaults.Memory,
                Cores = CoreCount ?? defaults.Cores,
                FilesPerTask = FilePerTask ?? defaults.FilesPerTask,
                TasksAtOnce = TaskLimit ?? defaults.TasksAtOnce,
                Directives = Directive ?? defaults.Directives,
                Modules = Module ?? defaults.Modules,
                Container = Container is null ? defaults.Container : FileSystemPath(Container),
                Command = Command ?? defaults.Command,
                Folder = Folder is null ? defaults.Folder : FileSystemPath(Folder),
            };
            options.Verify();
            WriteObject(options);
        }
        catch (PathException e)
        {
            ThrowTerminatingError(e.Record());
        }
        catch (Exception e) when (e is TomlException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(Failures.Record(e, null));
        }
    }
}
