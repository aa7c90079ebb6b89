using System.Text;
using System.Text.RegularExpressions;

namespace OrcaSong.Batch;

/// <summary>A script (bash) that a batch system runs. It stops at the first command that fails.</summary>
internal sealed partial record JobScript
{
    /// <summary>What the job asks for.</summary>
    internal required JobResources Resources { get; init; }

    /// <summary>Name of the job; what cannot stand in one becomes <c>_</c>.</summary>
    internal required string Name { get; init; }

    /// <summary>Where what the job prints goes.</summary>
    internal required string Log { get; init; }

    /// <summary>More directives, as options of the command that submits.</summary>
    internal IReadOnlyList<string> Directives { get; init; } = [];

    /// <summary>
    /// Lines that set up the environment. They come before <c>set -u</c>: what sites write for it reads variables that are not set.
    /// </summary>
    internal IReadOnlyList<string> Setup { get; init; } = [];

    /// <summary>The commands.</summary>
    internal required string Commands { get; init; }

    /// <summary>The name as batch systems take it.</summary>
    internal static string PlainName(string name) => NotInNames().Replace(name, "_");

    /// <summary>The text of the script.</summary>
    internal string Compose()
    {
        var text = new StringBuilder("#!/usr/bin/env bash\n");
        foreach (var directive in Resources.DirectiveLines(PlainName(Name), Log).Concat(Directives.Select(d => "#SBATCH " + d)))
        {
            text.Append(directive).Append('\n');
        }

        text.Append('\n');
        foreach (var line in Setup)
        {
            text.Append(line).Append('\n');
        }

        text.Append("set -euo pipefail\n");
        if (Resources.Scheduler == Scheduler.Torque)
        {
            // Torque starts jobs in the home folder, Slurm where they were submitted.
            text.Append("cd \"${PBS_O_WORKDIR:-.}\"\n");
        }

        return text.Append('\n').Append(Commands).ToString();
    }

    [GeneratedRegex("[^A-Za-z0-9._+-]")]
    private static partial Regex NotInNames();
}
