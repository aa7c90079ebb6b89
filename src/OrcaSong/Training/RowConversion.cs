using System.Runtime.InteropServices;
using OrcaSong.Events;
using OrcaSong.Hdf5;

namespace OrcaSong.Training;

/// <summary>
/// Turns rows of a file's table into rows of the table that they are merged into: columns go by name; numbers become float64 where
/// files disagree about their type; a column that the file does not have is NaN, and empty where it is text. Immutable.
/// </summary>
internal sealed class RowConversion
{
    private readonly int _fromBytes;
    private readonly int _toBytes;
    private readonly byte[] _template;
    private readonly (int From, int To, int Bytes)[] _moves;
    private readonly (int From, int To, NumberType Type)[] _toDouble;

    private RowConversion(H5Type from, H5Type to)
    {
        (_fromBytes, _toBytes) = (from.Size, to.Size);
        _template = new byte[to.Size];
        var columns = from.Members.ToDictionary(m => m.Name, StringComparer.Ordinal);
        var moves = new List<(int, int, int)>();
        var toDouble = new List<(int, int, NumberType)>();
        foreach (var member in to.Members)
        {
            if (!columns.TryGetValue(member.Name, out var source))
            {
                if (NumberTypes.Of(member.Type) is { } type && !type.IsInteger())
                {
                    type.Write(_template.AsSpan(member.Offset), double.NaN);
                }
            }
            else if (source.Type.Equals(member.Type))
            {
                moves.Add((source.Offset, member.Offset, member.Type.Size));
            }
            else
            {
                toDouble.Add((source.Offset, member.Offset, NumberTypes.Of(source.Type)!.Value));
            }
        }

        _moves = [.. moves];
        _toDouble = [.. toDouble];
    }

    /// <summary>The conversion between two table types; <see langword="null"/> if rows can be copied as they are.</summary>
    /// <param name="from">The file's.</param>
    /// <param name="to">The merged one's.</param>
    internal static RowConversion? Between(H5Type from, H5Type to) => from.Equals(to) ? null : new RowConversion(from, to);

    /// <summary>Converts rows.</summary>
    /// <param name="rows">Rows of the file.</param>
    /// <param name="first">The first one to convert.</param>
    /// <param name="count">How many.</param>
    /// <param name="destination">Room for as many rows of the merged table.</param>
    internal void Convert(byte[] rows, int first, int count, Span<byte> destination)
    {
        for (var row = first; row < first + count; row++, destination = destination[_toBytes..])
        {
            _template.CopyTo(destination);
            foreach (var (from, to, bytes) in _moves)
            {
                rows.AsSpan((row * _fromBytes) + from, bytes).CopyTo(destination[to..]);
            }

            foreach (var (from, to, type) in _toDouble)
            {
                var number = new Column(rows, from, _fromBytes, first + count, type)[row];
                MemoryMarshal.Write(destination[to..], in number);
            }
        }
    }
}
