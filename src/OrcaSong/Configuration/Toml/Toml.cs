using System.Buffers;
using System.Text.Unicode;

namespace OrcaSong.Configuration.Toml;

/// <summary>
/// Reads and writes TOML 1.0.0 (https://toml.io/en/v1.0.0). Departures, all of them refusals: year 0 and leap seconds, which
/// .NET's dates cannot hold; a float too large for binary64 (<c>1e999</c>), which would silently become infinite; and the
/// limits below.
/// </summary>
public static class Toml
{
    /// <summary>The longest text that is read: 4 Mi bytes of a file, or UTF-16 units of a string. Configurations are far smaller.</summary>
    public const int MaxLength = 4 << 20;

    /// <summary>How deep tables and arrays may be nested; what reads or walks a document recursively can count on it.</summary>
    public const int MaxDepth = 128;

    /// <summary>Reads a document.</summary>
    /// <param name="text">The document; may begin with a byte order mark.</param>
    /// <param name="source">A name for messages, usually the file's.</param>
    /// <returns>The document's root table.</returns>
    /// <exception cref="TomlException">The text is not TOML 1.0, or exceeds a limit.</exception>
    public static TomlTable Parse(string text, string? source = null)
    {
        RefuseTooLong(text.Length, source);
        return new TomlParser(new TomlCursor(text, source)).ReadDocument();
    }

    /// <summary>Reads a document from its UTF-8 bytes.</summary>
    /// <param name="utf8">The document; may begin with a byte order mark.</param>
    /// <param name="source">A name for messages, usually the file's.</param>
    /// <returns>The document's root table.</returns>
    /// <exception cref="TomlException">The text is not UTF-8 or not TOML 1.0, or exceeds a limit.</exception>
    public static TomlTable Parse(ReadOnlySpan<byte> utf8, string? source = null)
    {
        RefuseTooLong(utf8.Length, source);
        if (utf8.StartsWith<byte>([0xFF, 0xFE]) || utf8.StartsWith<byte>([0xFE, 0xFF]))
        {
            throw new TomlException("expected UTF-8, found UTF-16; save the file as UTF-8", source, new TomlPosition(1, 1));
        }

        var buffer = new char[utf8.Length];
        if (Utf8.ToUtf16(utf8, buffer, out var read, out var written, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            var valid = new TomlCursor(new string(buffer, 0, written), source);
            valid.AdvanceToEnd();
            throw valid.Error($"expected UTF-8, found the byte 0x{utf8[read]:X2} at offset {read}, which does not fit there; "
                + "save the file as UTF-8");
        }

        return Parse(new string(buffer, 0, written), source);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, in UTF-8; also its name in messages.</param>
    /// <returns>The document's root table.</returns>
    /// <exception cref="TomlException">The file is not UTF-8 or not TOML 1.0, or exceeds a limit.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static TomlTable Load(string path)
    {
        using var file = File.OpenRead(path);
        using var bytes = new MemoryStream();
        var block = new byte[64 << 10];

        // One byte more than the limit is enough to know, even of a pipe that never ends.
        while (bytes.Length <= MaxLength && file.Read(block) is > 0 and var count)
        {
            bytes.Write(block, 0, count);
        }

        return Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), path);
    }

    /// <summary>
    /// Writes a document. Reading it gives an equal table again; in every table the plain values come before the tables, as TOML
    /// asks for.
    /// </summary>
    /// <param name="table">The root table.</param>
    /// <returns>The text, with line feeds.</returns>
    /// <exception cref="ArgumentException">
    /// A string holds half a surrogate pair, or tables and arrays are nested deeper than <see cref="MaxDepth"/>.
    /// </exception>
    public static string Write(TomlTable table) => TomlWriter.Document(table);

    private static void RefuseTooLong(int length, string? source)
    {
        if (length > MaxLength)
        {
            throw new TomlException(
                $"expected a configuration of at most {MaxLength >> 20} MiB, found more; is it the right file?",
                source,
                new TomlPosition(1, 1));
        }
    }
}
