using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace OrcaSong.Plots;

/// <summary>gnuplot is missing, or did not draw a picture.</summary>
public sealed class GnuplotException : IOException
{
    internal GnuplotException(string message, bool isMissing = false, Exception? inner = null)
        : base(message, inner) => IsMissing = isMissing;

    /// <summary>Whether gnuplot is not there or cannot be started.</summary>
    public bool IsMissing { get; }
}

/// <summary>The program that draws pictures: gnuplot 5.2 or later, with the cairo terminals.</summary>
internal static class Gnuplot
{
    /// <summary>The environment variable that names the program, where it is not on the PATH.</summary>
    internal const string Variable = "ORCASONG_GNUPLOT";

    private const string Installation =
        $"Install it (Debian, Ubuntu: apt-get install gnuplot-nox; macOS: brew install gnuplot; Windows: winget install gnuplot), or let {Variable} name the program. "
        + "A picture saved as .gp needs no gnuplot.";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Full path of the program.</summary>
    /// <exception cref="GnuplotException">It is not there; the message says how to install it.</exception>
    internal static string Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : throw new GnuplotException($"Pictures are drawn by gnuplot, which {Variable} says is '{named}', but there is no such file. {Installation}", isMissing: true);
        }

        var name = OperatingSystem.IsWindows() ? "gnuplot.exe" : "gnuplot";
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            // A relative entry would run whatever lies in the current folder.
            if (Path.IsPathFullyQualified(folder) && File.Exists(Path.Combine(folder, name)))
            {
                return Path.Combine(folder, name);
            }
        }

        throw new GnuplotException($"Pictures are drawn by gnuplot, which is not on the PATH. {Installation}", isMissing: true);
    }

    /// <summary>Runs a script.</summary>
    /// <param name="script">The script.</param>
    /// <param name="folder">The folder that names of files in the script are relative to.</param>
    /// <param name="cancellation">Kills gnuplot.</param>
    /// <exception cref="GnuplotException">It is missing, or it did not like the script.</exception>
    internal static void Run(string script, string folder, CancellationToken cancellation)
    {
        // -d leaves the user's settings out, so that the same picture is the same everywhere.
        var start = new ProcessStartInfo(Find(), ["-d", "-"])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Utf8,
            StandardErrorEncoding = Utf8,
        };
        using var process = Start(start);
        using var kill = cancellation.Register(() => Kill(process));
        var output = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        Feed(process, script);
        process.WaitForExit();
        output.GetAwaiter().GetResult();
        var said = errors.GetAwaiter().GetResult();
        cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
        {
            throw new GnuplotException($"gnuplot could not draw the picture (it ended with {process.ExitCode}): {Line(said)}");
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new GnuplotException($"gnuplot, '{start.FileName}', cannot be started: {e.Message}. {Installation}", isMissing: true, e);
        }
    }

    private static void Feed(Process process, string script)
    {
        try
        {
            process.StandardInput.Write(script);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read everything; what it wrote to stderr says why.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    private static string Line(string said)
    {
        var lines = said.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 ? "it does not say why." : string.Join(" | ", lines.Take(6));
    }
}
