using System.ComponentModel;
using System.Diagnostics;

namespace OrcaSong.Slurm;

/// <summary>Calls Slurm's own commands: there is no other way in that all clusters have.</summary>
internal static class SlurmClient
{
    // The commands try again for a while by themselves when the controller is busy.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Whether a job can be submitted from here.</summary>
    internal static bool IsThere => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
        .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, "sbatch")));

    /// <summary>Runs a command.</summary>
    /// <param name="command">Its name.</param>
    /// <param name="arguments">Its arguments; none goes through a shell.</param>
    /// <param name="folder">The folder to run it in.</param>
    /// <returns>What it printed, what it complained of, and its exit code.</returns>
    /// <exception cref="SlurmException">It is not there, or does not answer.</exception>
    internal static (string Output, string Error, int ExitCode) Call(string command, IEnumerable<string> arguments, string? folder = null)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? string.Empty,
        };

        // Inside a job its variables describe that job; the new one would inherit those that Slurm does not set for it.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("SLURM_", StringComparison.Ordinal) && k is not ("SLURM_CONF" or "SLURM_CLUSTERS")).ToArray())
        {
            start.Environment.Remove(name);
        }

        // The text is read by programs: in English, with times that do not depend on the user's taste.
        start.Environment["LC_ALL"] = "C";
        start.Environment.Remove("SLURM_TIME_FORMAT");
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (!process.WaitForExit(Patience))
            {
                process.Kill();
                throw new SlurmException(SlurmProblem.NoAnswer, $"{command} did not answer within {Patience.TotalMinutes:0} minutes. Is the controller of the cluster up ('scontrol ping')?");
            }

            return (output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult().Trim(), process.ExitCode);
        }
        catch (Win32Exception e)
        {
            throw new SlurmException(SlurmProblem.Missing, $"There is no Slurm here: the command {command} was not found on the PATH. Submit from a machine of the cluster (a login node).", e);
        }
    }

    /// <summary>Submits a script.</summary>
    /// <param name="folder">The folder to run it in.</param>
    /// <param name="arguments">Options, the script, and its arguments.</param>
    /// <returns>The number of the job.</returns>
    /// <exception cref="SlurmException">Slurm is not there, or refuses.</exception>
    internal static string Submit(string folder, IEnumerable<string> arguments)
    {
        var (output, error, exitCode) = Call("sbatch", ["--parsable", .. arguments], folder);

        // NUMBER or NUMBER;CLUSTER
        return exitCode == 0 && output.Trim().Split(';')[0] is { Length: > 0 } id && id.All(char.IsAsciiDigit)
            ? id
            : throw new SlurmException(SlurmProblem.Refused, $"Slurm refused the job: {(error.Length > 0 ? error : output.Trim()).ReplaceLineEndings(" ")}");
    }

    /// <summary>Ends jobs.</summary>
    /// <param name="ids">Their numbers.</param>
    /// <exception cref="SlurmException">Slurm is not there, or refuses.</exception>
    internal static void Cancel(IReadOnlyList<string> ids)
    {
        var (_, error, exitCode) = Call("scancel", ids);
        if (exitCode != 0 && !error.Contains("Invalid job id", StringComparison.Ordinal))
        {
            throw new SlurmException(SlurmProblem.Refused, $"Slurm did not end the job: {error.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>The largest number that a task of an array may have.</summary>
    internal static int LargestTask()
    {
        // MaxArraySize            = 1001
        var line = Call("scontrol", ["show", "config"]).Output.Split('\n').FirstOrDefault(l => l.StartsWith("MaxArraySize", StringComparison.Ordinal));
        return int.TryParse(line?.Split('=')[^1], out var size) && size > 1 ? size - 1 : 1000;
    }
}
