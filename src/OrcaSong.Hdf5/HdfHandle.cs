using System.Runtime.InteropServices;

namespace OrcaSong.Hdf5;

/// <summary>
/// An identifier that outlives one call: a file or a dataset. Released under the library's lock, so that none is closed while
/// another thread uses it.
/// </summary>
internal sealed class HdfHandle : SafeHandle
{
    private readonly bool _isFile;

    internal HdfHandle(long id, bool isFile)
        : base(-1, ownsHandle: true)
    {
        _isFile = isFile;
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
        if (Native.H5Iis_valid(handle) > 0)
        {
            CloseStatus = _isFile ? Native.H5Fclose(handle) : Native.H5Idec_ref(handle);
        }

        return CloseStatus >= 0;
    }
}
