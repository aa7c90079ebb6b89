using OrcaSong.Graphs;
using OrcaSong.Hdf5;
using OrcaSong.Hdf5.Filters;

namespace OrcaSong.Output;

/// <summary>Chooses what makes the stored bytes of a dataset's chunks.</summary>
internal static class ChunkEncodings
{
    /// <summary>The fastest encoding for a dataset: rows of float32 have one of their own, at DEFLATE level 1.</summary>
    /// <param name="dataset">A dataset in chunks, whose filters <see cref="ChunkCodec"/> supports.</param>
    /// <param name="chunkBytes">Bytes of a chunk.</param>
    internal static ChunkEncoding For(H5Dataset dataset, int chunkBytes)
    {
        var filters = dataset.Filters;
        var checksum = filters.Count > 0 && filters[0].Id == H5Filter.Fletcher32Id;
        var isShuffledAndDeflated = filters.Count == (checksum ? 3 : 2)
            && filters[^2] is { Id: H5Filter.ShuffleId, Values: [sizeof(float)] }
            && filters[^1] is { Id: H5Filter.DeflateId, Values: [1] };
        return isShuffledAndDeflated && dataset.Type.Equals(H5Type.Float32) && dataset.ChunkShape is [_, .., <= RowEncoder.MostColumns and var columns]
            ? new RowEncoder((int)columns, checksum).Encode
            : new ChunkCodec(filters, chunkBytes).Encode;
    }
}
