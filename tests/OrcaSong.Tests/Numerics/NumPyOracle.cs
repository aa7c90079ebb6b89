using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace OrcaSong.Tests.Numerics;

/// <summary>Asks the NumPy of the machine. Numbers go in and come out as raw little-endian bytes.</summary>
internal static class NumPyOracle
{
    private const string Interpreter = "/usr/bin/python3";

    private const string Prelude = """
        import sys, io
        import numpy as np
        np.seterr(all="ignore")
        source = sys.stdin.buffer
        def take(dtype, n=-1):
            return np.frombuffer(source.read() if n < 0 else source.read(n * np.dtype(dtype).itemsize), dtype).copy()
        def give(array):
            sys.stdout.buffer.write(np.ascontiguousarray(array).tobytes())

        """;

    private static readonly Lazy<bool> Present = new(
        () => File.Exists(Interpreter) && Start("import numpy, h5py", [], []).ExitCode == 0);

    /// <summary>Runs a script and gives what it wrote as numbers; skips the test where there is no NumPy.</summary>
    public static T[] Run<T>(string script, byte[]? input = null, params string[] arguments)
        where T : unmanaged
    {
        if (!Present.Value)
        {
            Assert.Skip($"{Interpreter} with numpy and h5py is absent");
        }

        var (exitCode, output, errors) = Start(Prelude + script, input ?? [], arguments);
        Assert.True(exitCode == 0, errors);
        return MemoryMarshal.Cast<byte, T>(output).ToArray();
    }

    public static byte[] Bytes<T>(params ReadOnlySpan<T> values)
        where T : unmanaged => MemoryMarshal.AsBytes(values).ToArray();

    private static (int ExitCode, byte[] Output, string Errors) Start(string script, byte[] input, string[] arguments)
    {
        var start = new ProcessStartInfo(Interpreter, ["-c", script, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var writing = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        });
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        writing.Wait();
        return (process.ExitCode, output.ToArray(), errors.Result);
    }
}
