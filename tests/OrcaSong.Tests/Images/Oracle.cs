using System.Globalization;
using System.Text.Json;
using OrcaSong.Calibration;
using OrcaSong.Running;
using Xunit;

namespace OrcaSong.Tests.Images;

/// <summary>What runs should write, computed with NumPy and h5py by <c>oracle.py</c>.</summary>
internal static class Oracle
{
    /// <summary>Runs the script; skips the test where there is no Python for it.</summary>
    public static string Run(params string[] arguments)
    {
        Tool.RequirePython("numpy", "h5py", "tables", "tomllib");
        var (output, error, exitCode) = Tool.PythonFile(Tool.Beside("Images", "oracle.py"), arguments);
        Assert.True(exitCode == 0, error);
        return output;
    }

    /// <summary>Writes the time slewings, which the golden files have checked, for the script.</summary>
    public static string WriteSlewings(string path)
    {
        File.WriteAllLines(path, TimeSlewing.Table.ToArray().Select(t => t.ToString("R", CultureInfo.InvariantCulture)));
        return path;
    }

    /// <summary>Adds to a case what its run reported, for the script to compare.</summary>
    public static void Report(string caseFile, string input, string? detector, string configuration, RunResult result) =>
        File.WriteAllText(caseFile, JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["input"] = input,
            ["detx"] = detector,
            ["config"] = configuration,
            ["output"] = result.Output,
            ["overflows"] = result.Overflows,
            ["skipped"] = result.EventsSkipped,
            ["hits"] = result.Hits,
        }));

    /// <summary>What is wrong with the output of a run; empty when nothing is.</summary>
    public static string Difference(string input, string? detector, string configuration, RunResult result)
    {
        using var folder = new TempFolder();
        Report(folder["case.json"], input, detector, configuration, result);
        return Run("check", WriteSlewings(folder["slews"]), folder["case.json"]);
    }
}
