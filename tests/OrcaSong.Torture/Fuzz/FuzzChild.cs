using System.Diagnostics;
using System.Globalization;
using OrcaSong.Configuration.Toml;
using OrcaSong.Detectors;

namespace OrcaSong.Torture.Fuzz;

/// <summary>
/// The process in which damaged inputs are used, so that a crash ends nothing else. Numbers come in on stdin; a line goes out before each operation
/// (<c>&gt; number name</c>), after it (<c>= outcome text</c>), and after each input (<c>. MB</c>, the most memory that it took).
/// </summary>
internal static class FuzzChild
{
    internal static int Run(string kind, string seeds, string folder, int seed)
    {
        var target = FuzzTarget.Open(kind, seeds, seed);
        var path = Path.Combine(folder, target.FileName);
        Console.Out.WriteLine("ready");
        while (Console.In.ReadLine() is { } line)
        {
            var index = int.Parse(line, CultureInfo.InvariantCulture);
            File.WriteAllBytes(path, target.Make(index));
            ForgetPeak();
            foreach (var (name, run) in target.Operations(index, path, folder))
            {
                Console.Out.WriteLine($"> {index} {name}");
                Console.Out.WriteLine($"= {Outcome(run, path)}");
                if (Leftovers(folder) is { } left)
                {
                    Console.Out.WriteLine($"= {FuzzOutcome.Defect} it left {left}");
                }
            }

            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $". {PeakMegabytes()}"));
        }

        return 0;
    }

    private static string Outcome(Action run, string path)
    {
        try
        {
            run();
            return $"{FuzzOutcome.Success}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidDataException or TomlException or DetectorFormatException)
        {
            // Several files may have an error each: their kind is an error of many lines.
            var isClear = e.Message.Contains(path, StringComparison.Ordinal) && (!e.Message.Contains('\n', StringComparison.Ordinal) || e is Training.InvalidFilesException) && e.Message.Length < 5000;
            return $"{(isClear ? FuzzOutcome.Refused : FuzzOutcome.Unclear)} {e.GetType().Name}: {Line(isClear ? e.Message : e.ToString())}";
        }
        catch (Exception e)
        {
            return $"{FuzzOutcome.Defect} {Line(e.ToString())}";
        }
    }

    private static string Line(string text) => text.ReplaceLineEnding();

    private static string ReplaceLineEnding(this string text) => text.ReplaceLineEndings(" | ");

    private static string? Leftovers(string folder)
    {
        var found = Directory.EnumerateFileSystemEntries(folder, "*.partial").Select(p => Path.GetFileName(p)).FirstOrDefault();
        foreach (var path in found is null ? [] : Directory.GetFileSystemEntries(folder, "*.partial"))
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }

        return found;
    }

    // proc(5): writing 5 sets the highest use of memory to the present one.
    private static void ForgetPeak()
    {
        if (OperatingSystem.IsLinux())
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
    }

    private static long PeakMegabytes()
    {
        if (!OperatingSystem.IsLinux())
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64 >> 20;
        }

        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) >> 10;
    }
}
