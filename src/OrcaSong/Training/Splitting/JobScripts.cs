using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OrcaSong.Training.Splitting;

/// <summary>The texts of job scripts (bash). They call the <c>orcasong</c> command, which has to be on the nodes' PATH.</summary>
internal sealed partial class JobScripts
{
    // Directives are read by the batch system, each with rules of its own for these.
    private const string NotInDirectives = "\"'\\`$%#";
    private readonly JobOptions _options;
    private readonly string _logs;

    /// <summary>Prepares scripts.</summary>
    /// <param name="options">What they are to hold.</param>
    /// <param name="logs">Folder for what jobs print.</param>
    /// <exception cref="ArgumentException">An option, or the name of the folder, cannot stand in a script.</exception>
    internal JobScripts(JobOptions options, string logs)
    {
        options.Check();
        if (options.Scheduler != Scheduler.None && logs.Any(c => char.IsControl(c) || NotInDirectives.Contains(c, StringComparison.Ordinal)))
        {
            throw new ArgumentException($"The folder '{Printable.Line(logs)}' cannot stand in directives of {options.Scheduler}: its name has a control character or one of {NotInDirectives}. Choose another output folder.");
        }

        (_options, _logs) = (options, logs);
    }

    /// <summary>A script that merges the files of a list.</summary>
    internal string Concatenate(string job, string list, string output) => Script(
        job,
        $"""
        # Concatenate the files in the list
        orcasong concatenate {Shell.Path(list)} --outfile {Shell.Path(output)}

        """);

    /// <summary>A script that shuffles a merged file. As scripts end at the first failure, the input is deleted after success only.</summary>
    internal string Shuffle(string job, string input) => Script(
        job,
        $"""
        # Shuffle the h5 file
        orcasong h5shuffle2 {Shell.Path(input)}
        {(_options.DeleteUnshuffled ? $"rm {Shell.Path(input)}\n" : string.Empty)}
        """);

    /// <summary>A script that submits pairs of scripts, the second one to run once the first one has succeeded.</summary>
    internal string Submit(IEnumerable<(string First, string Second)> pairs)
    {
        var text = new StringBuilder("#!/usr/bin/env bash\n# Submits all jobs; each file is shuffled once it is concatenated.\nset -euo pipefail\n\n");
        foreach (var (first, second) in pairs)
        {
            text.Append(_options.Scheduler == Scheduler.Slurm
                ? $"job=$(sbatch --parsable {Shell.Path(first)})\nsbatch --dependency=afterok:\"${{job%%;*}}\" {Shell.Path(second)}\n"
                : $"job=$(qsub {Shell.Path(first)})\nqsub -W depend=afterok:\"$job\" {Shell.Path(second)}\n");
        }

        return text.ToString();
    }

    private string Script(string job, string commands)
    {
        var text = new StringBuilder("#!/usr/bin/env bash\n");
        foreach (var directive in Directives(job))
        {
            text.Append(directive).Append('\n');
        }

        text.Append('\n');
        if (_options.VirtualEnvironment is { } environment)
        {
            // Before set -u: what activates older environments reads variables that are not set.
            text.Append(CultureInfo.InvariantCulture, $"source {Shell.Path(Activate(environment))} || exit 1\n");
        }

        text.Append("set -euo pipefail\n");
        if (_options.Scheduler == Scheduler.Torque)
        {
            // Torque starts jobs in the home folder, Slurm where they were submitted.
            text.Append("cd \"${PBS_O_WORKDIR:-.}\"\n");
        }

        return text.Append('\n').Append(commands).ToString();
    }

    private IEnumerable<string> Directives(string job)
    {
        var name = NotInNames().Replace(job, "_");
        var log = $"{_logs}/{name}";
        return _options.Scheduler switch
        {
            Scheduler.Slurm => Lines(
                "#SBATCH --",
                ("job-name=", name),
                ("output=", Quoted(log + "_%j.log")),
                ("time=", _options.Time is { } time ? $"{(time.Days > 0 ? $"{time.Days}-" : string.Empty)}{time:hh\\:mm\\:ss}" : null),
                ("mem=", Mebibytes is { } size ? $"{size}M" : null),
                ("cpus-per-task=", _options.Cores?.ToString(CultureInfo.InvariantCulture)),
                ("licenses=", _options.Licences),
                ("account=", _options.Account),
                ("partition=", _options.Queue)),
            Scheduler.Torque => Lines(
                "#PBS ",
                ("-N ", name),
                ("-j ", "oe"),
                ("-o ", Quoted(log + ".log")),
                ("-l walltime=", _options.Time is { } time ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours:00}:{time:mm\\:ss}") : null),
                ("-l mem=", Mebibytes is { } size ? $"{size}mb" : null),
                ("-l nodes=1:ppn=", _options.Cores?.ToString(CultureInfo.InvariantCulture)),
                ("-l software=", _options.Licences),
                ("-A ", _options.Account),
                ("-q ", _options.Queue)),
            _ => [],
        };
    }

    private long? Mebibytes => _options.Memory is { } bytes ? ((bytes - 1) >> 20) + 1 : null;

    private static IEnumerable<string> Lines(string prefix, params (string Key, string? Value)[] directives) =>
        directives.Where(d => d.Value is not null).Select(d => prefix + d.Key + d.Value);

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;

    private static string Activate(string environment)
    {
        var folder = environment.TrimEnd('/');
        return Path.GetFileName(folder) == "bin" ? folder + "/activate" : folder + "/bin/activate";
    }

    [GeneratedRegex("[^A-Za-z0-9._+-]")]
    private static partial Regex NotInNames();
}
