using System.Text;

namespace OrcaSong.Hdf5;

/// <summary>Strings as HDF5 stores them.</summary>
internal static class Text
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes a fixed-length string.</summary>
    internal static string Decode(ReadOnlySpan<byte> bytes, H5Padding padding)
    {
        var end = padding switch
        {
            H5Padding.NullTerminated => bytes.IndexOf((byte)0),
            H5Padding.NullPadded => bytes.LastIndexOfAnyExcept((byte)0) + 1,
            _ => bytes.LastIndexOfAnyExcept((byte)' ') + 1,
        };
        return Decode(end < 0 ? bytes : bytes[..end]);
    }

    /// <summary>Decodes UTF-8; what is not, is Latin-1 (files say ASCII and hold either).</summary>
    internal static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    internal static unsafe string Decode(byte* zeroTerminated) =>
        zeroTerminated is null ? string.Empty : Decode(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(zeroTerminated));

    /// <summary>Encodes a string.</summary>
    /// <exception cref="ArgumentException">It has characters that the character set has not.</exception>
    internal static byte[] Encode(string text, H5Charset charset) =>
        charset == H5Charset.Ascii && !Ascii.IsValid(text)
            ? throw new ArgumentException($"'{text}' is not ASCII; store it with character set {nameof(H5Charset.Utf8)}.", nameof(text))
            : Strict.GetBytes(text);

    /// <summary>Checks names that a file has for links or attributes.</summary>
    /// <exception cref="H5Exception">One is empty, or leads elsewhere.</exception>
    internal static void RequireName(IReadOnlyList<string> names, Call call)
    {
        if (names.FirstOrDefault(n => n.Length == 0 || n.Contains('\0', StringComparison.Ordinal)) is { } name)
        {
            throw call.Error($"'{name.Replace("\0", "\\0", StringComparison.Ordinal)}' is no name; the file is damaged");
        }
    }

    /// <summary>Checks a name of a link, member or attribute.</summary>
    /// <exception cref="ArgumentException">It is empty or contains a NUL character, which would cut it off.</exception>
    internal static void CheckName(string name)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{name.Replace("\0", "\\0", StringComparison.Ordinal)}' is no name: it is empty or contains a NUL character.", nameof(name));
        }
    }
}
