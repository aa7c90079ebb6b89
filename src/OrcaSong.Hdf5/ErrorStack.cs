using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace OrcaSong.Hdf5;

/// <summary>What the library recorded about the last failed call on this thread.</summary>
internal static unsafe partial class ErrorStack
{
    // What a line of the library means to whoever has the file.
    private static readonly (string Text, string Meaning)[] Meanings =
    [
        ("Fletcher32 checksum", "the data are damaged (their Fletcher32 checksum is wrong)"),
        ("inflate() failed", "the data are damaged (they cannot be inflated)"),
        ("addr overflow", "the file is damaged or truncated (it refers to bytes beyond its end)"),
        ("unable to lock file", "it cannot be locked; set the environment variable HDF5_USE_FILE_LOCKING to FALSE if its file system has no locks"),
        ("already open", "the file is open already, in another way"),
        ("name already exists", "there is an object of that name"),
        ("too many links", "the link leads in a circle"),
        ("object header message is too large", "it is too large for an attribute (64 KiB)"),
    ];

    [ThreadStatic]
    private static List<string>? _lines;

    /// <summary>The descriptions, from the function that found the error outwards to the one that was called.</summary>
    internal static IReadOnlyList<string> Take()
    {
        List<string> lines = _lines = [];
        _ = Native.H5Ewalk2(Native.Default, 0, &Collect, null);
        _lines = null;
        return lines;
    }

    /// <summary>The most telling line, in words that say what is wrong with the file.</summary>
    internal static string Reason(IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
        {
            if (Truncated().Match(line) is { Success: true } sizes)
            {
                return $"the file is truncated (it has {sizes.Groups[1].Value} of its {sizes.Groups[2].Value} bytes)";
            }

            foreach (var (text, meaning) in Meanings)
            {
                if (line.Contains(text, StringComparison.OrdinalIgnoreCase))
                {
                    return meaning;
                }
            }

            if (SystemMessage().Match(line) is { Success: true } system)
            {
                return system.Groups[1].Value;
            }
        }

        return lines.Count == 0 ? "the HDF5 library gives no reason" : lines[0];
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Collect(uint index, Entry* entry, void* data)
    {
        try
        {
            if (Marshal.PtrToStringUTF8((nint)entry->Description) is { Length: > 0 } line)
            {
                _lines?.Add(line);
            }

            return 0;
        }
        catch
        {
            return -1; // no exception may cross into the library
        }
    }

    [GeneratedRegex(@"truncated file: eof = (\d+), .*stored_eo[af] = (\d+)")]
    private static partial Regex Truncated();

    [GeneratedRegex("error message = '([^']+)'")]
    private static partial Regex SystemMessage();

    /// <summary>H5E_error2_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Entry
    {
        internal long Class;
        internal long Major;
        internal long Minor;
        internal uint Line;
        internal byte* Function;
        internal byte* File;
        internal byte* Description;
    }
}
