namespace OrcaSong.Tests.Slurm;

/// <summary>Commands called as Slurm's, on the PATH: they note what they are called with, and answer what a test wants.</summary>
internal sealed class FakeSlurm : IDisposable
{
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");

    public FakeSlurm(string folder)
    {
        Folder = Directory.CreateDirectory(Path.Combine(folder, "slurm's bin")).FullName;
        foreach (var (name, script) in new[]
        {
            ("sbatch", "echo \"$PWD\" >> \"$here/folders\"; [ -e \"$here/refusal\" ] && { cat \"$here/refusal\" >&2; exit 1; }; echo x >> \"$here/count\"; echo \"$((100 + $(wc -l < \"$here/count\")));cluster\""),
            ("scontrol", "if [ \"$2\" = config ]; then echo 'MaxArraySize            = 1001'; elif [ -e \"$here/job-$4\" ]; then cat \"$here/job-$4\"; else echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1; fi"),
            ("sacct", "echo 'Slurm accounting storage is disabled' >&2; exit 1"),
            ("scancel", ":"),
        })
        {
            var file = Path.Combine(Folder, name);
            File.WriteAllText(file, $"#!/usr/bin/env bash\nhere=$(dirname \"$0\")\nprintf '{name} %s\\n' \"$*\" >> \"$here/calls\"\n{script}\n");
            MakeExecutable(file);
        }

        Environment.SetEnvironmentVariable("PATH", Folder + Path.PathSeparator + _path);
    }

    public string Folder { get; }

    public static void MakeExecutable(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>What was submitted: options, script and arguments.</summary>
    public string[] Submitted => [.. Calls.Where(c => c.StartsWith("sbatch ", StringComparison.Ordinal)).Select(c => c["sbatch --parsable ".Length..])];

    public string[] Calls => File.Exists(Path.Combine(Folder, "calls")) ? File.ReadAllLines(Path.Combine(Folder, "calls")) : [];

    /// <summary>Has the controller know the tasks of an array.</summary>
    public void Tell(string id, params (int Task, string State)[] tasks) => File.WriteAllLines(
        Path.Combine(Folder, "job-" + id),
        tasks.Select(t => $"JobId=1 ArrayJobId={id} ArrayTaskId={t.Task} JobName=orcasong-images JobState={t.State} Reason=None Restarts=0 ExitCode=0:0"));

    public void Refuse(string message) => File.WriteAllText(Path.Combine(Folder, "refusal"), message);

    public void Dispose() => Environment.SetEnvironmentVariable("PATH", _path);
}
