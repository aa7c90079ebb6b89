using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OrcaSong.Hdf5.Filters;

/// <summary>
/// The C library libdeflate, where the system has it: it inflates whole chunks faster than the runtime's zlib-ng does (chunks of float32 columns at
/// 470 MB/s against 344). Nothing depends on it but the speed.
/// </summary>
/// <remarks>
/// It is looked for once, at first use: where the environment variable <c>ORCASONG_LIBDEFLATE</c> says (the library's file; <c>off</c> to do without
/// the library), otherwise under the names and in the folders usual on this system.
/// </remarks>
internal static unsafe class Libdeflate
{
    /// <summary>The environment variable that names the library's file, or says <c>off</c>. What cannot be loaded is not used.</summary>
    internal const string EnvironmentVariable = "ORCASONG_LIBDEFLATE";

    // Of enum libdeflate_result.
    private const int Success = 0;

    [ThreadStatic]
    private static Decompressor? _decompressor;

    private static readonly Functions? Loaded = Load();

    /// <summary>Whether the library is there.</summary>
    internal static bool IsAvailable => Loaded is not null;

    /// <summary>Inflates a zlib stream if it is sound and fills <paramref name="destination"/> exactly.</summary>
    /// <param name="source">The stream; bytes after its end are ignored.</param>
    /// <param name="destination">Receives the data; its contents are undefined if that fails. Not empty.</param>
    /// <returns>Whether that was so; false also where the library is absent.</returns>
    internal static bool TryInflate(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (Loaded is null)
        {
            return false;
        }

        var decompressor = _decompressor ??= new Decompressor(Loaded);
        if (decompressor.IsInvalid)
        {
            return false;
        }

        nuint consumed, produced;
        fixed (byte* input = source, output = destination)
        {
            return Loaded.Inflate(decompressor.Pointer, input, (nuint)source.Length, output, (nuint)destination.Length, &consumed, &produced) == Success
                && produced == (nuint)destination.Length;
        }
    }

    /// <summary>The files and names to try for a value of the environment variable.</summary>
    internal static IEnumerable<string> Candidates(string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            return value.Equals("off", StringComparison.OrdinalIgnoreCase) ? [] : [value];
        }

        // 0 is the version of the binary interface; it has not changed since 2016.
        string[] names = OperatingSystem.IsWindows() ? ["libdeflate.dll", "deflate.dll"]
            : OperatingSystem.IsMacOS() ? ["libdeflate.0.dylib", "libdeflate.dylib"]
            : ["libdeflate.so.0", "libdeflate.so"];
        return [.. names, .. LibraryLocations.Files(names)];
    }

    private static Functions? Load()
    {
        foreach (var candidate in Candidates(Environment.GetEnvironmentVariable(EnvironmentVariable)))
        {
            // The system's own folders only: a bare name must not find what lies in the folder that data are in.
            if (!NativeLibrary.TryLoad(candidate, typeof(Libdeflate).Assembly, DllImportSearchPath.SafeDirectories, out var library))
            {
                continue;
            }

            if (NativeLibrary.TryGetExport(library, "libdeflate_alloc_decompressor", out var allocate)
                && NativeLibrary.TryGetExport(library, "libdeflate_free_decompressor", out var free)
                && NativeLibrary.TryGetExport(library, "libdeflate_zlib_decompress_ex", out var inflate))
            {
                return new Functions(allocate, free, inflate);
            }

            NativeLibrary.Free(library);
        }

        return null;
    }

    private sealed class Functions(nint allocate, nint free, nint inflate)
    {
        internal readonly delegate* unmanaged[Cdecl]<nint> Allocate = (delegate* unmanaged[Cdecl]<nint>)allocate;
        internal readonly delegate* unmanaged[Cdecl]<nint, void> Free = (delegate* unmanaged[Cdecl]<nint, void>)free;
        internal readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint*, nuint*, int> Inflate =
            (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint*, nuint*, int>)inflate;
    }

    /// <summary>The library's state of one thread (12 kB); freed some time after the thread has ended.</summary>
    private sealed class Decompressor : SafeHandleZeroOrMinusOneIsInvalid
    {
        private readonly Functions _functions;

        internal Decompressor(Functions functions)
            : base(ownsHandle: true)
        {
            _functions = functions;
            SetHandle(functions.Allocate());
        }

        /// <summary>Valid as long as this object is reachable, as it is from its thread.</summary>
        internal nint Pointer => handle;

        protected override bool ReleaseHandle()
        {
            _functions.Free(handle);
            return true;
        }
    }
}
