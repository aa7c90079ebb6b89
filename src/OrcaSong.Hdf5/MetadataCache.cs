using System.Runtime.InteropServices;

namespace OrcaSong.Hdf5;

/// <summary>
/// Keeps the library's cache of metadata small. By default it may hold 32 MB of what stands in the file, and an index of chunks takes nine
/// times that in memory: reading and writing 300,000 events in chunks of 32 took 40 MB more than 30,000 events. Chunks are used in their
/// order here, so that a small cache is as good.
/// </summary>
internal static unsafe class MetadataCache
{
    private const long Kilobyte = 1024;

    // H5AC_cache_config_t (H5ACpublic.h) up to the members that are changed; there are some 200 bytes more.
    private const int ConfigBytes = 4096;
    private const int SetsInitialSize = 1033;
    private const int InitialSize = 1040;
    private const int MaximumSize = 1056;
    private const int MinimumSize = 1064;

    /// <summary>Limits the cache of files that are opened with these properties. Where the library's settings are not as known, they stay.</summary>
    /// <param name="fileAccess">A property list for opening files.</param>
    internal static void Limit(long fileAccess)
    {
        var config = stackalloc byte[ConfigBytes];
        new Span<byte>(config, ConfigBytes).Clear();
        *(int*)config = 1; // its version, the only one there is
        if (Native.H5Pget_mdc_config(fileAccess, config) < 0
            || (Size(config, InitialSize), Size(config, MaximumSize), Size(config, MinimumSize)) != (2048 * Kilobyte, 32 * 1024 * Kilobyte, 1024 * Kilobyte))
        {
            return;
        }

        config[SetsInitialSize] = 1;
        Size(config, InitialSize) = 256 * Kilobyte;
        Size(config, MaximumSize) = 512 * Kilobyte;
        Size(config, MinimumSize) = 256 * Kilobyte;
        _ = Native.H5Pset_mdc_config(fileAccess, config);
    }

    private static ref long Size(byte* config, int offset) => ref MemoryMarshal.GetReference(new Span<long>(config + offset, 1));
}
