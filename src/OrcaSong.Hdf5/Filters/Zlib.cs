using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace OrcaSong.Hdf5.Filters;

/// <summary>HDF5's deflate filter (id 1): zlib streams (RFC 1950) between spans, by the runtime's zlib-ng; libdeflate inflates where the system has it.</summary>
/// <remarks>
/// <see cref="ZLibStream"/> offers no reset, so every call makes one (a chunk of 512 bytes takes 2 us to inflate, and 4 us at
/// level 1 to 12 us at level 9 to deflate, nearly all of it for the stream); the streams at its other end are reused, one pair per thread.
/// </remarks>
public static class Zlib
{
    [ThreadStatic]
    private static SpanReader? _reader;

    [ThreadStatic]
    private static BufferWriter? _writer;

    // ZLibStream only reads the options, so one object per level serves all threads.
    private static readonly ZLibCompressionOptions[] Levels =
        [.. Enumerable.Range(0, 10).Select(level => new ZLibCompressionOptions { CompressionLevel = level })];

    /// <summary>Inflates a zlib stream that must fill <paramref name="destination"/> exactly.</summary>
    /// <param name="source">The stream; bytes after its end are ignored, as HDF5 does.</param>
    /// <param name="destination">Receives the data.</param>
    /// <returns>The number of bytes produced, which is the length of <paramref name="destination"/>.</returns>
    /// <exception cref="InvalidDataException">
    /// The stream is no zlib stream, is damaged or cut short, fails its Adler-32 checksum, or holds more or fewer bytes than
    /// <paramref name="destination"/>.
    /// </exception>
    public static int Inflate(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        // What libdeflate refuses is inflated again, as it does not say what is wrong: damaged, cut short, too long or too short.
        return !destination.IsEmpty && Libdeflate.TryInflate(source, destination) ? destination.Length : InflateByRuntime(source, destination);
    }

    /// <summary><see cref="Inflate"/> without libdeflate.</summary>
    internal static unsafe int InflateByRuntime(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        SpanReader reader = _reader ??= new SpanReader();
        int produced;
        bool more;
        fixed (byte* pointer = source)
        {
            reader.Open(pointer, source.Length);
            using ZLibStream inflater = new(reader, CompressionMode.Decompress, leaveOpen: true);
            try
            {
                produced = inflater.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);

                // Only the attempt to read on makes the inflater reach the end of the stream and verify the checksum there.
                Unsafe.SkipInit(out byte next);
                more = produced == destination.Length && inflater.Read(new Span<byte>(ref next)) > 0;
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException)
            {
                // An IOException of its own is what a stream gets that asks for a preset dictionary, which HDF5 does not have.
                throw new InvalidDataException(
                    $"Expected a zlib stream of {destination.Length} bytes when inflated; "
                    + $"the {source.Length} stored bytes are damaged ({exception.Message}).",
                    exception);
            }
        }

        if (more)
        {
            throw new InvalidDataException(
                $"Expected a zlib stream of {destination.Length} bytes when inflated; the {source.Length} stored bytes hold more.");
        }

        if (reader.Exhausted)
        {
            throw new InvalidDataException(
                $"Expected a zlib stream of {destination.Length} bytes when inflated; "
                + $"the {source.Length} stored bytes end before the stream does, after {produced} inflated bytes.");
        }

        return produced == destination.Length
            ? produced
            : throw new InvalidDataException(
                $"Expected a zlib stream of {destination.Length} bytes when inflated; the {source.Length} stored bytes hold {produced}.");
    }

    /// <summary>Deflates <paramref name="source"/> to a zlib stream. The same bytes and level give the same stream.</summary>
    /// <param name="source">The data; may be empty.</param>
    /// <param name="level">zlib's level, 0 (stored) to 9 (smallest), as in the client value of HDF5's filter.</param>
    /// <param name="pooledDestination">
    /// An array of the shared pool, or an empty array; exchanged for a larger one if the stream does not fit.
    /// </param>
    /// <returns>The length of the stream in <paramref name="pooledDestination"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not in 0 to 9.</exception>
    public static int Deflate(ReadOnlySpan<byte> source, int level, ref byte[] pooledDestination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, 9);
        BufferWriter writer = _writer ??= new BufferWriter();
        writer.Buffer = pooledDestination;
        writer.Written = 0;
        try
        {
            using (ZLibStream deflater = new(writer, Levels[level], leaveOpen: true))
            {
                deflater.Write(source);
            }

            // ZLibStream writes nothing at all where it was given nothing.
            if (writer.Written == 0)
            {
                writer.Write([0x78, 0x01, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]);
            }

            return writer.Written;
        }
        finally
        {
            pooledDestination = writer.Buffer;
            writer.Buffer = [];
        }
    }

    /// <summary>Reads pinned bytes, and remembers whether somebody wanted more of them.</summary>
    private sealed unsafe class SpanReader : Stream
    {
        private byte* _pointer;
        private int _left;

        public bool Exhausted { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void Open(byte* pointer, int length)
        {
            _pointer = pointer;
            _left = length;
            Exhausted = false;
        }

        public override int Read(Span<byte> buffer)
        {
            int length = Math.Min(buffer.Length, _left);
            new ReadOnlySpan<byte>(_pointer, length).CopyTo(buffer);
            _pointer += length;
            _left -= length;
            Exhausted |= length == 0 && !buffer.IsEmpty;
            return length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    /// <summary>Appends to a pooled array.</summary>
    private sealed class BufferWriter : Stream
    {
        private byte[] _buffer = [];

        public ref byte[] Buffer => ref _buffer;

        public int Written { get; set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            int needed = checked(Written + buffer.Length);
            if (needed > _buffer.Length)
            {
                PooledBuffer.EnsureLength(ref _buffer, (int)Math.Clamp(2L * _buffer.Length, needed, Array.MaxLength), Written);
            }

            buffer.CopyTo(_buffer.AsSpan(Written));
            Written = needed;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
