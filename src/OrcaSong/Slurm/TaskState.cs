using System.Globalization;
using System.Text.RegularExpressions;

namespace OrcaSong.Slurm;

/// <summary>What Slurm says about one task of an array.</summary>
/// <param name="State">Slurm's word for its state, such as RUNNING or TIMEOUT.</param>
/// <param name="Reason">Slurm's word for the reason.</param>
/// <param name="ExitCode">Exit code and signal, such as 1:0.</param>
/// <param name="Restarts">How often it was begun anew.</param>
internal sealed partial record TaskState(string State, string Reason, string ExitCode, int Restarts)
{
    private static readonly string[] Ends = ["COMPLETED", "FAILED", "TIMEOUT", "CANCELLED", "OUT_OF_MEMORY", "NODE_FAIL", "BOOT_FAIL", "DEADLINE", "PREEMPTED", "REVOKED"];

    /// <summary>Whether it has ended.</summary>
    internal bool HasEnded => Ends.Contains(State);

    internal bool IsRunning => State is "RUNNING" or "COMPLETING" or "SUSPENDED" or "CONFIGURING" or "STAGE_OUT" or "SIGNALING";

    /// <summary>
    /// The states of the tasks of an array: from the controller, which forgets tasks some minutes after their end; those that it has forgotten from accounting, if
    /// the cluster has it, and else from what the check has noted down.
    /// </summary>
    /// <param name="id">Number of the array.</param>
    /// <param name="tasks">How many tasks it has.</param>
    /// <param name="notes">The file with what the check has noted down.</param>
    /// <returns>The states by number of the task; those that nobody knows are missing, and have ended.</returns>
    /// <exception cref="SlurmException">The controller does not answer.</exception>
    internal static IReadOnlyDictionary<int, TaskState> Ask(string id, int tasks, string? notes)
    {
        var states = new Dictionary<int, TaskState>();
        var (output, error, exitCode) = SlurmClient.Call("scontrol", ["show", "job", "--oneliner", id]);
        if (exitCode == 0)
        {
            ReadController(output, id, states);
        }
        else if (!error.Contains("Invalid job id", StringComparison.Ordinal))
        {
            throw new SlurmException(SlurmProblem.NoAnswer, $"Slurm does not say what became of job {id}: {error.ReplaceLineEndings(" ")}");
        }

        if (states.Count < tasks)
        {
            AddAccounting(id, states);
        }

        if (states.Count < tasks && notes is not null)
        {
            foreach (var (task, state) in Noted(id, notes))
            {
                states.TryAdd(task, state);
            }
        }

        return states;
    }

    /// <summary>How the tasks of an array ended, as far as the check has noted it down.</summary>
    internal static IReadOnlyDictionary<int, TaskState> Noted(string? id, string notes)
    {
        var states = new Dictionary<int, TaskState>();
        if (id is not null && File.Exists(notes))
        {
            ReadController(File.ReadAllText(notes), id, states);
        }

        return states.Where(s => s.Value.HasEnded).ToDictionary();
    }

    /// <summary>Reads the output of <c>scontrol show job --oneliner</c>: a line for each task, one for all that have not begun.</summary>
    internal static void ReadController(string text, string id, Dictionary<int, TaskState> states)
    {
        foreach (var line in text.Split('\n'))
        {
            if (Field(line, "ArrayJobId") != id || Field(line, "ArrayTaskId") is not { } tasks)
            {
                continue;
            }

            var state = new TaskState(
                Field(line, "JobState") ?? string.Empty,
                Field(line, "Reason") ?? string.Empty,
                Field(line, "ExitCode") ?? string.Empty,
                int.TryParse(Field(line, "Restarts"), CultureInfo.InvariantCulture, out var restarts) ? restarts : 0);
            foreach (var task in Numbers(tasks))
            {
                states[task] = state;
            }
        }
    }

    /// <summary>The numbers of tasks as Slurm writes them: <c>7</c>, <c>3-12%2</c>, <c>1,4-6</c>.</summary>
    internal static IEnumerable<int> Numbers(string text)
    {
        foreach (var range in text.Split('%')[0].Split(','))
        {
            if (RangePattern().Match(range) is { Success: true } match)
            {
                var (first, step) = (Number(match.Groups[1]), match.Groups[3].Success ? Math.Max(1, Number(match.Groups[3])) : 1);
                var last = match.Groups[2].Success ? Number(match.Groups[2]) : first;
                for (var number = first; number <= last; number += step)
                {
                    yield return number;
                }
            }
        }
    }

    private static void AddAccounting(string id, Dictionary<int, TaskState> states)
    {
        string output;
        try
        {
            (output, _, var exitCode) = SlurmClient.Call("sacct", ["--allocations", "--parsable2", "--noheader", "--format=JobID,State,ExitCode", "--jobs=" + id]);
            if (exitCode != 0)
            {
                return; // no accounting
            }
        }
        catch (SlurmException)
        {
            return;
        }

        // 12_3|CANCELLED by 1000|0:15
        foreach (var fields in output.Split('\n').Select(l => l.Split('|')).Where(f => f.Length == 3 && f[0].StartsWith(id + "_", StringComparison.Ordinal)))
        {
            var state = new TaskState(fields[1].Split(' ')[0], string.Empty, fields[2], 0);
            if (int.TryParse(fields[0].AsSpan(id.Length + 1), CultureInfo.InvariantCulture, out var task) && state.HasEnded)
            {
                states.TryAdd(task, state);
            }
        }
    }

    private static string? Field(string line, string name)
    {
        // The first one: what follows may be the name of a file that looks like it.
        var start = line.IndexOf(name + "=", StringComparison.Ordinal);
        return start < 0 || (start > 0 && line[start - 1] != ' ') ? null : line[(start + name.Length + 1)..].Split(' ', 2)[0];
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A([0-9]{1,8})(?:-([0-9]{1,8})(?::([0-9]{1,8}))?)?\z")]
    private static partial Regex RangePattern();
}
