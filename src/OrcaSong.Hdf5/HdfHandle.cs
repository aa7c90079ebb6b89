using System.Runtime.InteropServices;

namespace OrcaSong.Hdf5;

/// <summary>
/// An identifier that outlives one call: a file or a dataset. Released under the library's lock, so that none is closed while
/// another thread uses it.
/// </summary>
internal sealed class HdfHandle : SafeHandle
{
    private readonly H5File? _file;

    /// <summary>Takes an identifier.</summary>
    /// <param name="id">The identifier.</param>
    /// <param name="file">The file that a dataset is in; <see langword="null"/> for that of a file.</param>
    internal HdfHandle(long id, H5File? file = null)
        : base(-1, ownsHandle: true)
    {
        _file = file;
        SetHandle((nint)id);
    }

    public override bool IsInvalid => handle <= 0;

    internal long Id => handle;

    /// <summary>What the library said to closing it; negative is failure.</summary>
    internal int CloseStatus { get; private set; }

    protected override bool ReleaseHandle()
    {
        using var scope = HdfLibrary.Enter();

        // Closing a file closes its datasets; the library does not give identifiers out twice.
        if (Native.H5Iis_valid(handle) > 0 && _file?.IsLost != true)
        {
            CloseStatus = _file is null ? Native.H5Fclose(handle) : Native.H5Idec_ref(handle);
        }

        return CloseStatus >= 0;
    }
}
