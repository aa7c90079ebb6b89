using System.Buffers.Binary;

namespace OrcaSong.Hdf5;

/// <summary>
/// An open HDF5 file. Usable from several threads; calls follow one another (<see cref="HdfLibrary.Lock"/>). Disposing it ends
/// the use of all of its groups and datasets.
/// </summary>
public sealed class H5File : IDisposable
{
    private const uint ReadOnlyFlag = 0; // H5F_ACC_*
    private const uint ReadWriteFlag = 1;
    private const uint TruncateFlag = 2;
    private const uint ExclusiveFlag = 4;
    private const int CloseStrong = 3; // H5F_CLOSE_STRONG

    // "\x89HDF\r\n\x1a\n" (file format specification III.A)
    private const ulong Signature = 0x0A1A0A0D46444889;

    private readonly HdfHandle _handle;

    private H5File(string path, long id, bool isWritable)
    {
        Path = path;
        IsWritable = isWritable;
        _handle = new HdfHandle(id);
        Root = new H5Group(this, "/");
    }

    /// <summary>The path that it was opened by.</summary>
    public string Path { get; }

    /// <summary>Whether it may be changed.</summary>
    public bool IsWritable { get; }

    /// <summary>The root group.</summary>
    public H5Group Root { get; }

    /// <summary>Whether the file stays open in the library for good: see <see cref="Abandon"/>.</summary>
    internal bool IsLost { get; private set; }

    /// <summary>The identifier. Read it under the lock.</summary>
    internal long Id
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
            return _handle.Id;
        }
    }

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="H5Exception">It does not exist, is a folder, may not be read, is no HDF5 file, or is truncated.</exception>
    public static H5File OpenRead(string path) => Open(path, isWritable: false);

    /// <summary>Opens a file for reading and changing. New objects get the earliest format, as by <see cref="Create"/>.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="H5Exception">It does not exist, is a folder, may not be changed, is no HDF5 file, is truncated, or is open already.</exception>
    public static H5File OpenReadWrite(string path) => Open(path, isWritable: true);

    /// <summary>
    /// Makes a file, in the earliest format (superblock version 0, as h5py's and PyTables' defaults are), without times: the
    /// same calls make the same bytes.
    /// </summary>
    /// <param name="path">Its path.</param>
    /// <param name="overwrite">Whether a file that is there is replaced.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="H5Exception">It exists, its folder does not, or it may not be written.</exception>
    public static H5File Create(string path, bool overwrite = false)
    {
        var call = new Call("create", path);
        if (Directory.Exists(path))
        {
            throw call.Error("it is a folder", H5Problem.IsFolder);
        }

        if (!overwrite && System.IO.File.Exists(path))
        {
            throw call.Error("it exists already");
        }

        var full = FullPath(path, call);
        if (!Directory.Exists(System.IO.Path.GetDirectoryName(full)))
        {
            throw call.Error("its folder does not exist");
        }

        using var scope = HdfLibrary.Enter();
        using var access = Access(call, isWritable: true);
        return new H5File(path, call.Id(Native.H5Fcreate(full, overwrite ? TruncateFlag : ExclusiveFlag, Native.Default, access.Value)), isWritable: true);
    }

    /// <summary>Hands everything that was written to the operating system.</summary>
    /// <exception cref="H5Exception">It cannot be written, for example because the disk is full.</exception>
    public void Flush()
    {
        using var scope = HdfLibrary.Enter();
        var call = new Call("write", Path);
        call.Ok(Native.H5Fflush(Id, 0));
    }

    /// <summary>Closes the file, and what is open in it.</summary>
    /// <exception cref="H5Exception">What was written does not reach the disk; the file is closed all the same.</exception>
    public void Dispose()
    {
        using var scope = HdfLibrary.Enter();
        if (_handle.IsClosed)
        {
            return;
        }

        try
        {
            if (IsWritable)
            {
                Flush();
            }
        }
        finally
        {
            _handle.Dispose();
        }

        new Call("close", Path).Ok(_handle.CloseStatus);
    }

    /// <summary>
    /// Closes a file that was being written and whose contents do not matter any more, for instance because the disk is full. Emptied
    /// first, it leaves room for what the library still writes when it closes it: a file of HDF5 1.10 that fails to close leaves
    /// identifiers that refer to freed memory, and crashes or damages what is written later. One that cannot be closed even so is kept
    /// open, empty, until the process ends.
    /// </summary>
    public void Abandon()
    {
        using var scope = HdfLibrary.Enter();
        if (_handle.IsClosed)
        {
            return;
        }

        try
        {
            using (var file = System.IO.File.OpenHandle(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
            {
                RandomAccess.SetLength(file, 0);
            }

            Flush();
            _handle.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            IsLost = true;
            _handle.SetHandleAsInvalid();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Path;

    /// <summary>
    /// Refuses to change a file that is open for reading. The library does too, but H5Dwrite_chunk and H5Dset_extent of 1.10.8
    /// change its caches first, and then the file can no longer be closed.
    /// </summary>
    internal void RequireWritable(Call call)
    {
        _ = Id;
        if (!IsWritable)
        {
            throw call.Error("the file is open for reading only");
        }
    }

    private static H5File Open(string path, bool isWritable)
    {
        var call = new Call("open", path);
        var full = FullPath(path, call);
        CheckSignature(full, isWritable, call);
        using var scope = HdfLibrary.Enter();
        using var access = Access(call, isWritable);
        return new H5File(path, call.Id(Native.H5Fopen(full, isWritable ? ReadWriteFlag : ReadOnlyFlag, access.Value)), isWritable);
    }

    private static string FullPath(string path, Call call)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            throw call.Error("that is not a path");
        }

        return System.IO.Path.GetFullPath(path);
    }

    // The library's own words for these cases say little, or differ from version to version.
    private static void CheckSignature(string path, bool isWritable, Call call)
    {
        if (Directory.Exists(path))
        {
            throw call.Error("it is a folder", H5Problem.IsFolder);
        }

        if (!System.IO.File.Exists(path))
        {
            throw call.Error("it does not exist", H5Problem.NotFound);
        }

        try
        {
            using var file = System.IO.File.OpenHandle(path, FileMode.Open, isWritable ? FileAccess.ReadWrite : FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(file);
            Span<byte> bytes = stackalloc byte[sizeof(ulong)];

            // A user block of 512 bytes or a larger power of 2 may come first.
            for (var offset = 0L; offset <= length - bytes.Length; offset = offset == 0 ? 512 : offset * 2)
            {
                if (RandomAccess.Read(file, bytes, offset) == bytes.Length && BinaryPrimitives.ReadUInt64LittleEndian(bytes) == Signature)
                {
                    return;
                }
            }

            throw call.Error(length == 0 ? "not an HDF5 file (it is empty)" : "not an HDF5 file", H5Problem.NotHdf5);
        }
        catch (UnauthorizedAccessException)
        {
            throw call.Error($"no permission to {(isWritable ? "change" : "read")} it", H5Problem.NoPermission);
        }
        catch (IOException e) when (e is not H5Exception)
        {
            throw call.Error(e.Message);
        }
    }

    private static NativeId Access(Call call, bool isWritable)
    {
        var access = call.Own(Native.H5Pcreate(HdfLibrary.Predefined("H5P_CLS_FILE_ACCESS_ID_g")));
        call.Ok(Native.H5Pset_fclose_degree(access.Value, CloseStrong));
        call.Ok(HdfLibrary.DisableFileLocking(access.Value));
        MetadataCache.Limit(access.Value);
        if (isWritable)
        {
            // From H5F_LIBVER_EARLIEST, which 2.0 no longer has as its default, to that version's H5F_LIBVER_LATEST.
            var version = HdfLibrary.Version;
            var latest = version.Major > 1 ? 5 : version.Minor >= 14 ? 4 : version.Minor >= 12 ? 3 : 2;
            call.Ok(Native.H5Pset_libver_bounds(access.Value, 0, latest));
        }

        return access;
    }
}
