using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace OrcaSong.Tests;

/// <summary>Other programs that read and write HDF5; tests are skipped where they are missing.</summary>
internal static class Tool
{
    private const string Interpreter = "/usr/bin/python3";
    private static readonly ConcurrentDictionary<string, bool> Found = new();
    private static readonly ConcurrentBag<PythonServer> Idle = [];

    public static string H5py(string script, params string[] arguments) => Python("h5py", script, arguments);

    public static string PyTables(string script, params string[] arguments) => Python("tables", script, arguments);

    public static string H5Dump(params string[] arguments)
    {
        const string program = "/usr/bin/h5dump";
        if (!File.Exists(program))
        {
            Assert.Skip("h5dump is absent");
        }

        var (output, error, exitCode) = Run(program, arguments);
        Assert.True(exitCode == 0, error);
        return output;
    }

    public static bool HasPython(string module) =>
        Found.GetOrAdd(module, static m => File.Exists(Interpreter) && Run(Interpreter, ["-c", $"import {m}"]).ExitCode == 0);

    /// <summary>Skips the test where Python lacks one of the modules.</summary>
    public static void RequirePython(params string[] modules)
    {
        foreach (var module in modules)
        {
            if (!HasPython(module))
            {
                Assert.Skip($"{Interpreter} has no {module}");
            }
        }
    }

    /// <summary>Runs a Python script of a file; the caller has asked for its modules.</summary>
    public static (string Output, string Error, int ExitCode) PythonFile(string path, params string[] arguments)
    {
        var server = Idle.TryTake(out var idle) ? idle : new PythonServer();
        var answer = server.Run([path, .. arguments]);
        Idle.Add(server);
        return answer;
    }

    /// <summary>A file that stands beside the tests' sources and is copied to their folder.</summary>
    public static string Beside(params string[] parts) => Path.Combine([AppContext.BaseDirectory, .. parts]);

    public static (string Output, string Error, int ExitCode) Run(string program, string[] arguments, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output, error.Result, process.ExitCode);
    }

    private static string Python(string module, string script, string[] arguments)
    {
        RequirePython("numpy", "h5py", module);
        var (output, error, exitCode) = PythonFile("-c", [$"import sys, numpy as np, {module}\n{script}", .. arguments]);
        Assert.True(exitCode == 0, error);
        return output.Trim();
    }

    /// <summary>A process that runs one script after the other, see python_server.py. It ends with ours.</summary>
    private sealed class PythonServer
    {
        private readonly Process _process = Process.Start(
            new ProcessStartInfo(Interpreter, [Beside("python_server.py")]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

        public (string Output, string Error, int ExitCode) Run(string[] arguments)
        {
            _process.StandardInput.WriteLine(JsonSerializer.Serialize(arguments));
            _process.StandardInput.Flush();
            using var answer = JsonDocument.Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The Python process has ended."));
            return (answer.RootElement[1].GetString()!, answer.RootElement[2].GetString()!, answer.RootElement[0].GetInt32());
        }
    }
}
