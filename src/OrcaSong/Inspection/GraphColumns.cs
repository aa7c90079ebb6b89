using OrcaSong.Hdf5;

namespace OrcaSong.Inspection;

/// <summary>What the attributes of <c>/x</c> say about graphs.</summary>
internal static class GraphColumns
{
    private const int Most = 1000;

    /// <summary>The columns of hits in order, from the attributes <c>hit_info_0</c>, <c>hit_info_1</c> …; empty where there are none.</summary>
    internal static string[] Names(H5Dataset nodes)
    {
        var columns = nodes.Shape.Count == 0 ? 0 : (int)Math.Min(nodes.Shape[^1], Most);
        return [.. Enumerable.Range(0, columns).Select(i => nodes.Attributes.GetString($"hit_info_{i}")).TakeWhile(name => name is not null)!];
    }

    /// <summary>Whether <c>/x_indices</c> tells which rows belong to an event, because events differ in length; unknown where the file does not say.</summary>
    internal static bool? IsIndexed(H5Dataset nodes) => nodes.Attributes.GetBoolean("indexed");
}
