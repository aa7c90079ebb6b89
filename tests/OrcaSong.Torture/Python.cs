using System.Diagnostics;

namespace OrcaSong.Torture;

/// <summary>What the machine may have beside us.</summary>
internal static class Python
{
    private const string Interpreter = "/usr/bin/python3";

    /// <summary>Runs a script, if there is an interpreter with the module.</summary>
    internal static bool TryRun(string module, string script, params string[] arguments) =>
        File.Exists(Interpreter) && Run(["-c", $"import {module}"]) == 0 && Run(["-c", script, .. arguments]) == 0;

    /// <summary>The folder of real files beside the checkout, if it is there.</summary>
    internal static string? Shared()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OrcaSong.slnx")))
            {
                var shared = Path.Combine(folder.Parent?.FullName ?? string.Empty, "shared");
                return Directory.Exists(shared) ? shared : null;
            }
        }

        return null;
    }

    private static int Run(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Interpreter, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        _ = error.Result;
        return process.ExitCode;
    }
}
