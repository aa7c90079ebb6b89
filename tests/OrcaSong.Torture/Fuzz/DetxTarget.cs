using System.Text;
using OrcaSong.Detectors;
using OrcaSong.Images;
using OrcaSong.Inspection;
using OrcaSong.Running;
using OrcaSong.Simulation;

namespace OrcaSong.Torture.Fuzz;

/// <summary>Detector files of all versions, loaded, described, and calibrated with.</summary>
internal sealed class DetxTarget : FuzzTarget
{
    private readonly int _seed;
    private readonly string _events;
    private readonly byte[][] _files;

    internal DetxTarget(string folder, int seed)
    {
        _seed = seed;
        _events = Path.Combine(folder, "events.h5");
        var detector = Path.Combine(folder, "events.detx");
        if (!Directory.Exists(folder))
        {
            var making = $"{folder}.{Environment.ProcessId}";
            Directory.CreateDirectory(making);
            SimulatedRun.Write(new SimulationOptions { Events = 3, HitsPerEvent = 12, DetectionUnits = 1, FloorsPerUnit = 2 }, Path.Combine(making, "events.h5"), threads: 1);
            Directory.Move(making, folder);
        }

        var first = File.ReadAllBytes(detector);
        _files = [first, .. Versions(Encoding.ASCII.GetString(first)).Select(Encoding.ASCII.GetBytes)];
    }

    internal override string FileName => "in.detx";

    internal override byte[] Make(int index) => TextDamage.Of(_files[index % _files.Length], new Random(unchecked((_seed * 1_000_003) + (index * 7919))));

    internal override IEnumerable<(string Name, Action Run)> Operations(int index, string path, string folder)
    {
        yield return ("load", () => Detector.Load(path));
        yield return ("summary", () => DetectorSummary.ReadDetails(path));
        yield return ("images", () => new Runner(2).Run(
            new FileBinner([BinAxis.Uniform("pos_z", 0, 220, 6), BinAxis.Uniform("time", -200, 800, 12)], new ProcessingOptions { DetectorFile = path, ChunkSize = 4, CenterHitsTo = new CentreTarget(0, 0, null) }),
            _events,
            Path.Combine(folder, "images.h5"),
            overwrite: true));
    }

    /// <summary>The same detector in the other versions of the format.</summary>
    private static IEnumerable<string> Versions(string text)
    {
        var lines = text.TrimEnd('\n').Split('\n');
        string[] body = [.. lines.SkipWhile(l => l.Split(' ').Length > 1).Skip(1).Where(l => l.Length > 0)];
        var doms = body.Count(l => !l.StartsWith(' '));
        yield return $"7 {doms}\n{string.Join('\n', body.Select(l => Row(l, "v1")))}\n";
        foreach (var version in new[] { "v2", "v3", "v4", "v5" })
        {
            string[] rows = [.. body.Select(l => Row(l, version))];
            yield return $"# a comment\n7 {version}\n0.0 1e10\nUTM WGS84 32N 256500.0 4743000.0 -2440.0\n{doms}\n{string.Join('\n', rows)}\n";
        }
    }

    // Channels have a status from version 3 on; modules a position, a rotation and a t0 from version 4 on, and a status in version 5.
    private static string Row(string line, string version)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var isModule = !line.StartsWith(' ');
        return (isModule, version) switch
        {
            (true, "v4") => $"{string.Join(' ', words.Take(3))} 1.0 2.0 3.0 1 0 0 0 0 {words[^1]}",
            (true, "v5") => $"{string.Join(' ', words.Take(3))} 1.0 2.0 3.0 1 0 0 0 0 0 {words[^1]}",
            (true, _) => $"{string.Join(' ', words.Take(3))} {words[^1]}",
            _ => " " + string.Join(' ', words.Take(version is "v1" or "v2" ? 8 : 9)),
        };
    }
}
