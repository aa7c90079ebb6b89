using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using OrcaSong.Hdf5.Filters;

namespace OrcaSong.Images;

/// <summary>Up to 56 bits, the first in the lowest place: one or several DEFLATE codes and their extra bits.</summary>
internal readonly struct BitString
{
    /// <summary>The most bits that one string holds.</summary>
    public const int Capacity = 56;

    // Bits above the length in the low byte: a table of such is half as large as one of two fields.
    private readonly ulong _packed;

    private BitString(ulong packed) => _packed = packed;

    public BitString(ulong bits, int length) => _packed = (bits << 8) | (uint)length;

    public ulong Bits => _packed >> 8;

    public int Length => (byte)_packed;

    /// <summary>This string, and behind it <paramref name="next"/>; at most <see cref="Capacity"/> bits in all.</summary>
    public BitString Then(BitString next)
    {
        // A shift counts modulo 64, so that its lowest six bits say how far; the lengths add up in the low byte.
        const ulong LengthMask = byte.MaxValue;
        return new(_packed + (next._packed & LengthMask) + ((next._packed & ~LengthMask) << (int)_packed));
    }
}

/// <summary>Packs bit strings into bytes, the first bit into the lowest place (RFC 1951, 3.1.1).</summary>
internal ref struct BitWriter
{
    private readonly Span<byte> _output;
    private int _position;
    private ulong _bits;
    private int _count;

    /// <summary>Writes to <paramref name="output"/>, which needs <see cref="Slack"/> spare bytes.</summary>
    public BitWriter(Span<byte> output, int position)
    {
        _output = output;
        _position = position;
    }

    /// <summary>Bytes beyond the last written one that a flush may touch.</summary>
    public const int Slack = sizeof(ulong);

    /// <summary>Appends <paramref name="bits"/>. At most 63 bits may wait for a flush, of which up to 7 stay after one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(BitString bits)
    {
        _bits |= bits.Bits << _count;
        _count += bits.Length;
    }

    /// <summary>Moves the whole bytes that wait to the output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Flush()
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_output[_position..], _bits);
        _position += _count >> 3;
        _bits >>= _count & ~7;
        _count &= 7;
    }

    /// <summary>A writer that goes on where this one is, with room for more.</summary>
    /// <param name="pooledOutput">The array of the shared pool that this one writes to; exchanged for a larger one if need be.</param>
    /// <param name="bytes">Bytes that will be written.</param>
    public readonly BitWriter Enlarge(scoped ref byte[] pooledOutput, int bytes)
    {
        PooledBuffer.EnsureLength(ref pooledOutput, checked(_position + bytes + Slack), _position);
        return new BitWriter(pooledOutput, _position) { _bits = _bits, _count = _count };
    }

    /// <summary>Flushes, fills the last byte with zeros, and returns the number of bytes written.</summary>
    public int Finish()
    {
        Flush();
        return _position + (_count > 0 ? 1 : 0);
    }
}
