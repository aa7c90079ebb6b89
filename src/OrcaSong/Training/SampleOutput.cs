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
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>What writes each dataset.</summary>
    internal IReadOnlyList<SampleWriter> Writers { get; }

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
