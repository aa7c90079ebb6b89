using Xunit;

namespace OrcaSong.Tests.Cli;

/// <summary>Runs the <c>orcasong</c> command as a process of its own.</summary>
internal static class Command
{
    public static string Program { get; } = Tool.Beside(OperatingSystem.IsWindows() ? "OrcaSong.Cli.exe" : "OrcaSong.Cli");

    public static (string Output, string Error, int ExitCode) Run(string? folder, params string[] arguments) => Tool.Run(Program, arguments, folder);

    /// <summary>Runs it, expects success and silence on stderr, and gives the line on stdout.</summary>
    public static string Succeed(string? folder, params string[] arguments)
    {
        var (output, error, exitCode) = Run(folder, arguments);
        Assert.Equal((string.Empty, 0), (error, exitCode));
        Assert.Single(output.TrimEnd().Split('\n'));
        return output.TrimEnd();
    }

    /// <summary>Runs it, expects exit code 1 and nothing on stdout, and gives the one line on stderr.</summary>
    public static string Fail(string? folder, params string[] arguments)
    {
        var (output, error, exitCode) = Run(folder, arguments);
        Assert.Equal((string.Empty, 1), (output, exitCode));
        Assert.StartsWith("orcasong: ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        return error.TrimEnd();
    }
}
