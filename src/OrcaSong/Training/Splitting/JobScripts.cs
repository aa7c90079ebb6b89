using System.Text;
using OrcaSong.Batch;

namespace OrcaSong.Training.Splitting;

/// <summary>The texts of job scripts (bash). They call the <c>orcasong</c> command, which has to be on the nodes' PATH.</summary>
internal sealed class JobScripts
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

    private string Script(string job, string commands) => new JobScript
    {
        Resources = _options,
        Name = job,
        Log = $"{_logs}/{JobScript.PlainName(job)}{(_options.Scheduler == Scheduler.Slurm ? "_%j" : string.Empty)}.log",
        Setup = _options.VirtualEnvironment is { } environment ? [$"source {Shell.Path(Activate(environment))} || exit 1"] : [],
        Commands = commands,
    }.Compose();

    private static string Activate(string environment)
    {
        var folder = environment.TrimEnd('/');
        return Path.GetFileName(folder) == "bin" ? folder + "/activate" : folder + "/bin/activate";
    }
}
