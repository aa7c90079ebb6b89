using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Output;
using OrcaSong.Running;

namespace OrcaSong.Training;

/// <summary>A file that is made of others: its datasets, with the attributes of those of the first file.</summary>
internal sealed class SampleOutput : IDisposable
{
    private readonly OutputFile _file;

    /// <summary>Starts a file.</summary>
    /// <param name="target">Path of the finished file; its folder exists.</param>
    /// <param name="template">The file whose attributes it gets.</param>
    /// <param name="datasets">Its datasets, with their final lengths.</param>
    /// <param name="workers">Encode chunks.</param>
    /// <param name="renumber">Whether columns group_id become the number of the row.</param>
    internal SampleOutput(string target, string template, IReadOnlyList<SampleDataset> datasets, Workers workers, bool renumber)
    {
        using var first = H5File.OpenRead(template);
        _file = new OutputFile(target, workers.Factory, workers.Count, first.Root.Attributes);
        try
        {
            Writers =
            [
                .. datasets.Select(layout =>
                {
                    using var dataset = first.Root.OpenDataset(layout.Name);
                    return SampleWriter.Create(_file, layout, dataset, renumber);
                }),
            ];
            foreach (var group in datasets.Where(d => d.Name.Contains('/', StringComparison.Ordinal)).Select(d => d.Name[..d.Name.LastIndexOf('/')]).Distinct())
            {
                var attributes = first.Root.OpenGroup(group).Attributes;
                foreach (var name in attributes.Names)
                {
                    attributes.CopyTo(name, _file.Group(group).Attributes);
                }
            }
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>What writes each dataset.</summary>
    internal IReadOnlyList<SampleWriter> Writers { get; }

    /// <summary>Copies tables that belong to the file as a whole, such as <c>raw_header</c>.</summary>
    internal void CopyHeaders(SampleFile from)
    {
        using var file = H5File.OpenRead(from.Path);
        foreach (var name in from.Headers)
        {
            // While chunks are under way, the place of a new dataset in the file would depend on the threads.
            _file.WriteChunks();
            using var dataset = file.Root.OpenDataset(name);
            var chunk = from.Datasets.FirstOrDefault(d => d.IsTable)?.ChunkShape ?? [PyTablesChunk.TableRows(dataset.Type.Size)];
            var layout = new SampleDataset(name, SampleRole.PerEvent, dataset.Type, [.. dataset.Shape], chunk, dataset.Filters, null, new Dictionary<string, string>()) { CanGrow = true };
            var writer = SampleWriter.Create(_file, layout, dataset, renumber: false);
            using var source = new RowSource(file, name);
            for (long row = 0; row < source.RowCount; row += source.BlockRows)
            {
                using var block = source.Get(row / source.BlockRows);
                writer.Append(block.Rows.AsSpan(0, block.Count * source.RowBytes));
            }
        }
    }

    /// <summary>Writes what is left, and what the file says about itself; it keeps its temporary name.</summary>
    /// <param name="writeNotes">Writes the latter below the root.</param>
    internal void Close(Action<H5Group> writeNotes)
    {
        _file.WriteChunks();
        writeNotes(_file.File.Root);
        _file.Close();
    }

    /// <summary>Gives the closed file its name.</summary>
    internal void Publish() => _file.Publish();

    /// <inheritdoc cref="OutputFile.Failure"/>
    internal IOException Failure(H5Exception error) => _file.Failure(error);

    public void Dispose() => _file.Dispose();
}
