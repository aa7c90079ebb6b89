using OrcaSong.Graphs;
using OrcaSong.Hdf5;
using OrcaSong.Hdf5.Filters;

namespace OrcaSong.Output;

/// <summary>Chooses what makes the stored bytes of a dataset's chunks.</summary>
internal static class ChunkEncodings
{
    /// <summary>The fastest encoding for a dataset: rows have one of their own, at DEFLATE level 1.</summary>
    /// <param name="dataset">A dataset in chunks, whose filters <see cref="ChunkCodec"/> supports.</param>
    /// <param name="chunkBytes">Bytes of a chunk.</param>
    internal static ChunkEncoding For(H5Dataset dataset, int chunkBytes)
    {
        var filters = dataset.Filters;
        var checksum = filters.Count > 0 && filters[0].Id == H5Filter.Fletcher32Id;
        if (filters.Count == (checksum ? 3 : 2)
            && filters[^2] is { Id: H5Filter.ShuffleId, Values: [var elementBytes] }
            && elementBytes == dataset.Type.Size
            && filters[^1] is { Id: H5Filter.DeflateId, Values: [1] })
        {
            var columns = chunkBytes / dataset.ChunkShape![0] / elementBytes;
            if (columns <= RowEncoder.MostColumns)
            {
                return new RowEncoder((int)elementBytes, (int)columns, checksum).Encode;
            }
        }

        return new ChunkCodec(filters, chunkBytes).Encode;
    }
}
