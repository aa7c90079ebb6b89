using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OrcaSong.Hdf5;

/// <summary>
/// The HDF5 C library in this process. It is looked for at first use: where the environment variable <c>ORCASONG_HDF5</c>
/// says (a file or a folder), otherwise under the names and in the folders usual on this system.
/// </summary>
public static unsafe class HdfLibrary
{
    /// <summary>The environment variable that names the library: a file, or the folder that holds it.</summary>
    public const string EnvironmentVariable = "ORCASONG_HDF5";

    private static nint _library;
    private static string _loadedAs = string.Empty;
    private static Version _version = new();
    private static bool _resolverIsSet;
    private static delegate* unmanaged[Cdecl]<long, long, ulong*, uint*, void*, int> _readChunk;
    private static delegate* unmanaged[Cdecl]<long, long, ulong*, uint*, void*, nuint*, int> _readChunk2;
    private static delegate* unmanaged[Cdecl]<long, int, int, int> _setFileLocking;
    private static delegate* unmanaged[Cdecl]<long, long, long, void*, int> _reclaim;

    [ThreadStatic]
    private static bool _isQuiet;

    /// <summary>The oldest version that will do: 1.10.3 has the functions that read and write stored chunks.</summary>
    public static Version OldestVersion { get; } = new(1, 10, 3);

    /// <summary>
    /// The lock that every call into the library takes; it may be taken for several calls in a row, too. Not every build of
    /// the library is thread-safe, and those that are have one such lock inside.
    /// </summary>
    public static Lock Lock { get; } = new();

    /// <summary>The version of the library.</summary>
    /// <exception cref="HdfLibraryNotFoundException">There is none, or it is too old.</exception>
    public static Version Version
    {
        get
        {
            using var scope = Enter();
            return _version;
        }
    }

    /// <summary>The file that the library was loaded from; its bare name where the system does not tell.</summary>
    /// <exception cref="HdfLibraryNotFoundException">There is none, or it is too old.</exception>
    public static string Path
    {
        get
        {
            using var scope = Enter();
            if (!System.IO.Path.IsPathRooted(_loadedAs))
            {
                using var process = Process.GetCurrentProcess();
                _loadedAs = process.Modules.Cast<ProcessModule>()
                    .Select(m => m.FileName)
                    .FirstOrDefault(f => System.IO.Path.GetFileName(f).StartsWith(_loadedAs, StringComparison.OrdinalIgnoreCase), _loadedAs);
            }

            return _loadedAs;
        }
    }

    /// <summary>Takes the lock, with the library loaded and silent on this thread.</summary>
    internal static Lock.Scope Enter()
    {
        var scope = Lock.EnterScope();
        try
        {
            if (_library == 0)
            {
                Load();
            }

            // A thread-safe build has an error stack, and this setting, per thread.
            if (!_isQuiet)
            {
                _ = Native.H5Eset_auto2(Native.Default, null, null);
                _isQuiet = true;
            }

            return scope;
        }
        catch
        {
            scope.Dispose();
            throw;
        }
    }

    /// <summary>An identifier that the library exports as a variable, such as <c>H5T_STD_I64LE_g</c>.</summary>
    internal static long Predefined(string variable) => *(long*)NativeLibrary.GetExport(_library, variable);

    /// <summary>H5Dread_chunk2 of 2.0, or what was H5Dread_chunk before and is H5Dread_chunk1 since, which does not check the buffer's size.</summary>
    internal static int ReadChunk(long dataset, ulong* offset, uint* filterMask, void* buffer, nuint size) =>
        _readChunk2 is not null
            ? _readChunk2(dataset, Native.Default, offset, filterMask, buffer, &size)
            : _readChunk(dataset, Native.Default, offset, filterMask, buffer);

    /// <summary>Switches file locking off where it can be (1.10.7, 1.12.1 and later): network file systems often have none.</summary>
    internal static int DisableFileLocking(long access) => _setFileLocking is null ? 0 : _setFileLocking(access, 0, 1);

    /// <summary>Frees what the library allocated for the variable-length data in a buffer.</summary>
    internal static int Reclaim(long type, long space, void* buffer) => _reclaim(type, space, Native.Default, buffer);

    private static void Load()
    {
        if (!Environment.Is64BitProcess)
        {
            throw new HdfLibraryNotFoundException("HDF5 files can only be used in a 64-bit process; this one is 32-bit.");
        }

        if (!_resolverIsSet)
        {
            NativeLibrary.SetDllImportResolver(typeof(HdfLibrary).Assembly, static (name, _, _) => name == Native.Library ? _library : 0);
            _resolverIsSet = true;
        }

        var library = Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } named ? FindNamed(named) : Find();
        _readChunk2 = (delegate* unmanaged[Cdecl]<long, long, ulong*, uint*, void*, nuint*, int>)Export(library, "H5Dread_chunk2");
        _readChunk = (delegate* unmanaged[Cdecl]<long, long, ulong*, uint*, void*, int>)Export(library, "H5Dread_chunk1", "H5Dread_chunk");
        _setFileLocking = (delegate* unmanaged[Cdecl]<long, int, int, int>)Export(library, "H5Pset_file_locking");
        _reclaim = (delegate* unmanaged[Cdecl]<long, long, long, void*, int>)Export(library, "H5Treclaim", "H5Dvlen_reclaim");
        _library = library;
        if (Native.H5open() < 0)
        {
            _library = 0;
            throw new HdfLibraryNotFoundException($"The HDF5 library {_loadedAs} cannot be initialised. Install another one: {LibraryLocations.InstallCommand()}.");
        }

        // A file must not make us open others: its external links lead nowhere.
        const int externalLinks = 64; // H5L_TYPE_EXTERNAL
        _ = Native.H5Lunregister(externalLinks);
    }

    private static nint FindNamed(string value)
    {
        var problem = "there is no HDF5 library in that folder";
        foreach (var candidate in LibraryLocations.Named(value))
        {
            if (TryLoad(candidate, out var library, out problem))
            {
                return library;
            }
        }

        throw new HdfLibraryNotFoundException(
            $"The environment variable {EnvironmentVariable} names '{value}', but {(problem.Length == 0 ? "the system does not find it" : problem)}. " +
            $"Let it name the library's file or folder, or remove it; to install the library: {LibraryLocations.InstallCommand()}.");
    }

    private static nint Find()
    {
        string? tooOld = null;
        foreach (var candidate in LibraryLocations.Candidates())
        {
            if (TryLoad(candidate, out var library, out var problem))
            {
                return library;
            }

            tooOld ??= problem.Length == 0 ? null : problem;
        }

        throw new HdfLibraryNotFoundException(
            $"The HDF5 C library ({OldestVersion} or later) was not found{(tooOld is null ? string.Empty : $": {tooOld}")}. " +
            $"Install it: {LibraryLocations.InstallCommand()}. If it is elsewhere, set the environment variable {EnvironmentVariable} to its file or folder.");
    }

    private static bool TryLoad(string candidate, out nint library, out string problem)
    {
        problem = string.Empty;
        try
        {
            library = NativeLibrary.Load(candidate);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            library = 0;
            problem = File.Exists(candidate) ? $"it cannot be loaded ({e.Message.Trim()})" : string.Empty;
            if (problem.Length == 0 && System.IO.Path.IsPathRooted(candidate))
            {
                problem = "it does not exist";
            }

            return false;
        }

        // Otherwise the library closes itself in an exit handler, while background threads may still be inside it, and crashes when
        // a file could not be closed (a full disk). It has to be the first call: any other sets up the handler.
        if ((delegate* unmanaged[Cdecl]<int>)Export(library, "H5dont_atexit") is var noExitHandler && noExitHandler is not null)
        {
            _ = noExitHandler();
        }

        var getVersion = (delegate* unmanaged[Cdecl]<uint*, uint*, uint*, int>)Export(library, "H5get_libversion");
        uint major = 0, minor = 0, release = 0;
        if (getVersion is null || getVersion(&major, &minor, &release) < 0)
        {
            problem = $"{candidate} is not the HDF5 library";
        }
        else
        {
            _version = new Version((int)major, (int)minor, (int)release);
            if (_version >= OldestVersion)
            {
                _loadedAs = candidate;
                return true;
            }

            problem = $"{candidate} is version {_version}; {OldestVersion} or later is needed";
        }

        NativeLibrary.Free(library);
        library = 0;
        return false;
    }

    private static nint Export(nint library, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryGetExport(library, name, out var address))
            {
                return address;
            }
        }

        return 0;
    }
}
