using System.Runtime.InteropServices;
using OrcaSong.Hdf5;
using OrcaSong.Training.Splitting;

namespace OrcaSong.Tests.Training;

/// <summary>Files with labels, and what stands for them where no file is needed.</summary>
internal static class SplitInput
{
    /// <summary>Writes a file whose labels are run_id and event_id (float64), an event for each run that is given.</summary>
    public static string Write(string path, params int[] runs)
    {
        using var file = H5File.Create(path, overwrite: true);
        var type = H5Type.Compound([("event_id", H5Type.Float64), ("run_id", H5Type.Float64)]);
        using var y = file.Root.CreateDataset("y", new H5DatasetSpec { Type = type, Shape = [runs.Length] });
        if (runs.Length > 0)
        {
            y.Write<byte>(MemoryMarshal.AsBytes<double>([.. runs.SelectMany((run, i) => new double[] { i, run })]));
        }

        return path;
    }

    public static int[] Events(int count, int run) => [.. Enumerable.Repeat(run, count)];

    public static SplitFile File(string name, string group, long events, params long[] runs) =>
        new(new SplitSource(name, group, "/" + group + "/" + name), events, [.. runs.Select(r => new RunEvents(r, events / runs.Length))]);

    public static IEnumerable<string> Paths(DataSplit split, string set) => split.Parts.Where(p => p.Set == set).SelectMany(p => p.Files).Select(f => f.Path);
}
