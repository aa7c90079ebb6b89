using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Output;

namespace OrcaSong.Running;

/// <summary>
/// Copies <c>/raw_header</c>, which tells how events were simulated. (The Python tool means to keep it, and loses it.)
/// </summary>
internal static class RawHeader
{
    private const string Path = "/raw_header";

    internal static void Copy(EventFile file, OutputFile output, int? chunkRows)
    {
        if (file.Find(Path) is not { Layout: TableLayout.Singleton } table
            || table.Columns.Any(c => c.Number is null && c.Type.Class != H5Class.String))
        {
            return;
        }

        var writer = output.AddTable(Path, "RawHeader", [.. table.Columns.Select(c => (c.Name, c.Type))], chunkRows);
        using var source = new RowSource(file, Path);
        for (long row = 0; row < source.RowCount;)
        {
            using var block = source.Get(row / source.BlockRows);
            for (var i = 0; i < block.Count; i++, row++)
            {
                table.Pack(block.Rows.AsSpan(i * source.RowBytes, source.RowBytes), writer.AppendRow());
            }
        }
    }
}
