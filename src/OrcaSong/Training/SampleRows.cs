using System.Buffers;
using System.Runtime.InteropServices;
using OrcaSong.Events;
using OrcaSong.Hdf5.Filters;

namespace OrcaSong.Training;

/// <summary>
/// Some consecutive rows of a dataset, on their way from one file to another: fetched by one thread, decoded by any. What is passed on
/// of a row is its payload: its bytes, or, of an image, the places and the contents of the bins that are not zero.
/// </summary>
internal abstract class SampleRows(int count) : IDisposable
{
    /// <summary>Number of rows.</summary>
    internal int Count { get; } = count;

    /// <summary>Makes the payloads; on any thread.</summary>
    internal abstract void Decode();

    /// <summary>Bytes of the payloads of rows.</summary>
    internal abstract int PayloadBytes(int first, int count);

    /// <summary>Copies the payloads of rows, one after the other.</summary>
    internal abstract void CopyPayload(int first, int count, Span<byte> destination);

    public abstract void Dispose();
}

/// <summary>Rows that are passed on as they are, or with other columns.</summary>
internal sealed class PlainRows(int count, int skip, IReadOnlyList<RowBlock> blocks, int rowBytes, RowConversion? conversion, int payloadBytes) : SampleRows(count)
{
    /// <inheritdoc/>
    internal override void Decode()
    {
        foreach (var block in blocks)
        {
            _ = block.Rows;
        }
    }

    /// <inheritdoc/>
    internal override int PayloadBytes(int first, int count) => count * payloadBytes;

    /// <inheritdoc/>
    internal override void CopyPayload(int first, int count, Span<byte> destination)
    {
        // Events without hits have no rows, and perhaps no block; all blocks but the last have the same number of rows.
        if (count == 0)
        {
            return;
        }

        first += skip;
        for (int b = first / blocks[0].Count, row = first % blocks[0].Count; count > 0; b++, row = 0)
        {
            var rows = Math.Min(count, blocks[b].Count - row);
            if (conversion is null)
            {
                blocks[b].Rows.AsSpan(row * rowBytes, rows * rowBytes).CopyTo(destination);
            }
            else
            {
                conversion.Convert(blocks[b].Rows, row, rows, destination);
            }

            destination = destination[(rows * payloadBytes)..];
            count -= rows;
        }
    }

    public override void Dispose()
    {
        foreach (var block in blocks)
        {
            block.Dispose();
        }
    }
}

/// <summary>Images, of which nearly all bins are zero: a payload is the places (int32) of the others, then their contents.</summary>
internal sealed class ImageRows(int count, int skip, IReadOnlyList<RowBlock> blocks, int imageBins) : SampleRows(count)
{
    /// <summary>Bytes of a bin in a payload.</summary>
    internal const int BinBytes = sizeof(int) + 1;

    [ThreadStatic]
    private static int[]? _places;

    private readonly int[] _starts = ArrayPool<int>.Shared.Rent(count + 1);
    private byte[] _payloads = [];

    /// <inheritdoc/>
    internal override void Decode()
    {
        _starts[0] = 0;
        var end = 0;
        for (var i = 0; i < Count; i++)
        {
            var (block, row) = (blocks[(i + skip) / blocks[0].Count], (i + skip) % blocks[0].Count);
            var image = block.Rows.AsSpan(row * imageBins, imageBins);
            var places = FindNonZero(image);
            PooledBuffer.EnsureLength(ref _payloads, checked(end + (places.Length * BinBytes)), end);
            MemoryMarshal.AsBytes(places).CopyTo(_payloads.AsSpan(end));
            end += places.Length * sizeof(int);
            foreach (var place in places)
            {
                _payloads[end++] = image[place];
            }

            _starts[i + 1] = end;
        }

        foreach (var block in blocks)
        {
            block.Dispose();
        }

        blocks = [];
    }

    /// <inheritdoc/>
    internal override int PayloadBytes(int first, int count) => _starts[first + count] - _starts[first];

    /// <inheritdoc/>
    internal override void CopyPayload(int first, int count, Span<byte> destination) => Payload(first, count).CopyTo(destination);

    /// <summary>The payload of an image.</summary>
    internal ReadOnlySpan<byte> Payload(int row, int count = 1) => _payloads.AsSpan(_starts[row], PayloadBytes(row, count));

    public override void Dispose()
    {
        foreach (var block in blocks)
        {
            block.Dispose();
        }

        ArrayPool<int>.Shared.Return(_starts);
        if (_payloads.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_payloads);
        }
    }

    private static ReadOnlySpan<int> FindNonZero(ReadOnlySpan<byte> image)
    {
        _places ??= new int[4096];
        var count = 0;
        for (var next = image.IndexOfAnyExcept((byte)0); next >= 0;)
        {
            if (count == _places.Length)
            {
                Array.Resize(ref _places, 2 * count);
            }

            _places[count++] = next++;
            var gap = image[next..].IndexOfAnyExcept((byte)0);
            next = gap < 0 ? -1 : next + gap;
        }

        return _places.AsSpan(0, count);
    }
}
