using System.Globalization;
using OrcaSong.Batch;

namespace OrcaSong.Slurm;

/// <summary>The scripts of a submission. Nothing in the name of a file or folder is executed.</summary>
internal sealed class SlurmScripts(JobFolder folder, int submission)
{
    // %A is the number of the array, %a that of the task.
    private const string LogName = "log/%A_%a.out";
    private const string LogFile = "\"log/${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID.jsonl\"";
    private readonly SlurmOptions _options = folder.Description.Options;

    /// <summary>Makes the files.</summary>
    /// <param name="tasks">Tasks of the array.</param>
    internal string Run(int tasks) => Script(
        JobFolder.NameOf(folder.Description.Kind),
        tasks,
        $"""
        # {What}
        # By hand: cd to this folder, sbatch run.sh
        cd {Here}
        task=$(printf %04d "$SLURM_ARRAY_TASK_ID")
        {Command}

        """);

    /// <summary>Checks the files.</summary>
    /// <param name="tasks">Tasks of the array.</param>
    internal string Check(int tasks) => Script(
        "check",
        tasks,
        $"""
        # Task N checks the files that check/N.txt names. The argument is the number of the array that has made them: how its tasks ended is noted
        # down, since Slurm forgets it where there is no accounting.
        cd {Here}
        task=$(printf %04d "$SLURM_ARRAY_TASK_ID")
        if [ "$task" = 0001 ] && [ $# = 1 ]; then
            scontrol show job --oneliner "$1" >log/ended.txt 2>/dev/null || true
        fi
        {(folder.Description.Kind == SlurmJobKind.TrainingSet
            ? $"exec {Orcasong} check {Shell.Path(folder.Files[0].Output)}/*.h5 --log {LogFile}"
            : $"exec {Orcasong} check \"check/$task.txt\" --log {LogFile}")}

        """);

    private string What => folder.Description.Kind switch
    {
        SlurmJobKind.Merge => $"Merges the files that ../{JobFolder.InputsName} names.",
        SlurmJobKind.TrainingSet => $"Makes a training set of the files that ../{JobFolder.InputsName} names.",
        SlurmJobKind.Shuffle => "Task N shuffles the file that lists/N.txt names: input, tab, output.",
        _ => "Task N makes the files that lists/N.txt names: input, tab, output. It can be repeated at any time; what is complete is kept.",
    };

    private string Here => Shell.Path(folder.FolderOf(submission));

    private string Orcasong
    {
        get
        {
            var command = Shell.Path(_options.Command ?? (_options.Container is null ? NodeCommand.Find() : NodeCommand.Name));
            return _options.Container is { } image ? $"apptainer exec {Shell.Path(image)} {command}" : command;
        }
    }

    private string Command
    {
        get
        {
            var arguments = folder.Description.Arguments;
            var command = $"exec {Orcasong} {arguments[0]}";
            var options = string.Concat(arguments.Skip(1).Select(a => " " + Shell.Word(a)));
            var output = Shell.Path(folder.Files[0].Output);
            return folder.Description.Kind switch
            {
                SlurmJobKind.Merge => $"{command} ../{JobFolder.InputsName} --outfile {output}{options} --log {LogFile}",
                SlurmJobKind.TrainingSet => $"{command} ../{JobFolder.InputsName} --folder {output}{options} --log {LogFile}",
                SlurmJobKind.Shuffle => $"IFS=$'\\t' read -r input output <\"lists/$task.txt\"\n{command} \"$input\" --output_file \"$output\"{options} --log {LogFile}",
                _ => $"{command} \"lists/$task.txt\" ../{JobFolder.ConfigurationName} --resume{options} --log {LogFile}",
            };
        }
    }

    private string Script(string name, int tasks, string commands) => new JobScript
    {
        Resources = _options with { Cores = _options.Cores ?? 1 },
        Name = "orcasong-" + name,
        Log = LogName,
        Directives =
        [
            string.Create(CultureInfo.InvariantCulture, $"--array=1-{tasks}{(_options.TasksAtOnce is { } most ? $"%{most}" : string.Empty)}"),
            "--open-mode=append",
            "--requeue",
            .. _options.Directives,
        ],
        Setup = _options.Modules.Count == 0
            ? []
            : ["type module >/dev/null 2>&1 || source /etc/profile", .. _options.Modules.Select(m => $"module load {Shell.Word(m)} || exit 1")],
        Commands = commands,
    }.Compose();
}
