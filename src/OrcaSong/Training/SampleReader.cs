using OrcaSong.Events;
using OrcaSong.Hdf5;

namespace OrcaSong.Training;

/// <summary>Reads the datasets of one file as rows of the file that they become part of. Used by one thread; the rows are decoded by any.</summary>
internal sealed class SampleReader : IDisposable
{
    private readonly H5File _file;
    private readonly List<Part> _parts = [];

    /// <summary>Opens a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="datasets">The datasets that are read, as they become.</param>
    internal SampleReader(SampleFile file, IReadOnlyList<SampleDataset> datasets)
    {
        _file = H5File.OpenRead(file.Path);
        try
        {
            foreach (var dataset in datasets)
            {
                var its = file.Find(dataset.Name)!;
                _parts.Add(new Part(new RowSource(_file, dataset.Name), RowConversion.Between(its.Type, dataset.Type), dataset.Type.Size, dataset.IsImage));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Rows of a dataset.</summary>
    internal long RowCount(int dataset) => _parts[dataset].Source.RowCount;

    /// <summary>Bytes of a row as it is stored, before compression.</summary>
    internal int RowBytes(int dataset) => _parts[dataset].Source.RowBytes;

    /// <summary>Rows that are stored, and decoded, together.</summary>
    internal int BlockRows(int dataset) => _parts[dataset].Source.BlockRows;

    /// <summary>One block, as it is stored.</summary>
    internal RowBlock Block(int dataset, long index) => _parts[dataset].Source.Get(index);

    /// <summary>Fetches rows.</summary>
    /// <param name="dataset">The dataset, by its place in the list.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    /// <returns>The rows, still encoded; the caller disposes them.</returns>
    internal SampleRows Read(int dataset, long first, int count)
    {
        var (source, conversion, elementBytes, isImage) = _parts[dataset];
        var blocks = new List<RowBlock>();
        try
        {
            for (var block = first / source.BlockRows; count > 0 && block * source.BlockRows < first + count; block++)
            {
                blocks.Add(source.Get(block));
            }
        }
        catch
        {
            blocks.ForEach(b => b.Dispose());
            throw;
        }

        var skip = (int)(first % source.BlockRows);
        return isImage
            ? new ImageRows(count, skip, blocks, source.RowBytes)
            : new PlainRows(count, skip, blocks, source.RowBytes, conversion, conversion is null ? source.RowBytes : elementBytes);
    }

    public void Dispose()
    {
        foreach (var part in _parts)
        {
            part.Source.Dispose();
        }

        _file.Dispose();
    }

    private readonly record struct Part(RowSource Source, RowConversion? Conversion, int ElementBytes, bool IsImage);
}
