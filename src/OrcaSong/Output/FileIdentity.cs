using System.Buffers;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace OrcaSong.Output;

/// <summary>What a file is known by.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Modified">When it was last changed (UTC).</param>
/// <param name="Hash">The hash of all of its bytes: <see cref="XxHash64"/>, in hexadecimal.</param>
internal sealed record FileIdentity(string Path, long Bytes, DateTime Modified, string Hash)
{
    private const int BlockBytes = 256 << 10;

    /// <summary>Reads a file from end to end.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="IOException">It cannot be read, or changed meanwhile.</exception>
    internal static FileIdentity Read(string path, CancellationToken cancellation)
    {
        var full = System.IO.Path.GetFullPath(path);
        var before = new FileInfo(full);
        var identity = new FileIdentity(full, before.Length, before.LastWriteTimeUtc, HashOf(full, cancellation));
        identity.RequireUnchanged();
        return identity;
    }

    /// <summary>Makes sure that the file is still the one that was read.</summary>
    /// <exception cref="IOException">It has another size or time.</exception>
    internal void RequireUnchanged()
    {
        var now = new FileInfo(Path);
        if (!now.Exists || now.Length != Bytes || now.LastWriteTimeUtc != Modified)
        {
            throw new IOException($"'{Path}' was changed while it was read, so what was made of it may be neither the old nor the new one. Wait until it is written, and run it again.");
        }
    }

    private static string HashOf(string path, CancellationToken cancellation)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            var hash = new XxHash64();
            for (long offset = 0; ; offset += BlockBytes)
            {
                cancellation.ThrowIfCancellationRequested();
                var count = Fill(file, block.AsSpan(0, BlockBytes), offset);
                if (count < BlockBytes)
                {
                    return hash.Finish(block.AsSpan(0, count)).ToString("x16", CultureInfo.InvariantCulture);
                }

                hash.Add(block.AsSpan(0, BlockBytes));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private static int Fill(SafeFileHandle file, Span<byte> block, long offset)
    {
        var filled = 0;
        while (filled < block.Length && RandomAccess.Read(file, block[filled..], offset + filled) is > 0 and var count)
        {
            filled += count;
        }

        return filled;
    }
}
