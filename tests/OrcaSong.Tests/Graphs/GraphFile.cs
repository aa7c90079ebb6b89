using OrcaSong.Graphs;
using OrcaSong.Hdf5;
using OrcaSong.Running;

namespace OrcaSong.Tests.Graphs;

/// <summary>Makes graphs of small files and looks into them.</summary>
internal sealed class GraphFile : IDisposable
{
    private readonly TempFolder _folder = new();

    public GraphFile(TestFile input, FileGraph graph, int threads = 2)
    {
        var events = input.Write(_folder["events.h5"]);
        Path = _folder["out.h5"];
        try
        {
            Result = new Runner(threads).Run(graph, events, Path);
        }
        catch
        {
            Dispose();
            throw;
        }

        using var file = H5File.OpenRead(Path);
        using var x = file.Root.OpenDataset("x");
        (Shape, ChunkShape, Values) = ([.. x.Shape], [.. x.ChunkShape!], x.ReadAll<float>());
        Columns = [.. x.Attributes.Names.Where(n => n.StartsWith("hit_info_", StringComparison.Ordinal)).Select(n => x.Attributes.GetString(n)!)];
        IsIndexed = x.Attributes.GetBoolean("indexed");
    }

    public string Path { get; }

    public RunResult Result { get; }

    public long[] Shape { get; }

    public long[] ChunkShape { get; }

    public float[] Values { get; }

    public string[] Columns { get; }

    public bool? IsIndexed { get; }

    public long[] Items => Output.Integers(Path, "x_indices", "n_items");

    public long[] Indices => Output.Integers(Path, "x_indices", "index");

    /// <summary>A column of all rows.</summary>
    public float[] Column(string name)
    {
        var at = Array.IndexOf(Columns, name);
        return [.. Values.Where((_, i) => i % Columns.Length == at)];
    }

    public void Dispose() => _folder.Dispose();
}
