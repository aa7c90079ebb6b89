namespace OrcaSong.Hdf5.Filters;

/// <summary>A stored chunk does not decode to what its dataset promises.</summary>
/// <remarks>The message says what was expected and what was found; who knows the file, dataset and chunk adds them.</remarks>
public sealed class ChunkDamagedException : IOException
{
    /// <summary>Says what is wrong with the chunk.</summary>
    public ChunkDamagedException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
