using System.Buffers.Binary;
using System.Runtime.InteropServices;
using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Images;
using OrcaSong.Output;

namespace OrcaSong.Training;

/// <summary>
/// Writes one dataset of a file that is made of others, in the order in which rows are appended. Columns <c>group_id</c> become the number
/// of the event, indices are counted anew.
/// </summary>
internal sealed class SampleWriter
{
    /// <summary>The column that ties the tables of an event together.</summary>
    internal const string GroupIdColumn = "group_id";

    private readonly RowWriter? _rows;
    private readonly ImageWriter? _images;
    private readonly (int Offset, NumberType Type)? _groupId;
    private readonly bool _isIndex;
    private long _nextIndex;
    private long _events;

    private SampleWriter(OutputFile file, H5Dataset dataset, SampleDataset layout, bool renumber)
    {
        Name = layout.Name;
        if (layout.IsImage)
        {
            _images = file.Add(new ImageWriter(file, dataset));
        }
        else
        {
            _rows = file.Add(new RowWriter(file, dataset, dataset.Attributes.Contains("NROWS")));
        }

        _isIndex = layout.Role == SampleRole.Index;
        if (renumber && layout.Name.EndsWith("/" + GroupIdColumn, StringComparison.Ordinal) && NumberTypes.Of(dataset.Type) is { } number)
        {
            _groupId = (0, number);
        }
        else if (renumber && dataset.Type.Members.FirstOrDefault(m => m.Name == GroupIdColumn) is { } column && NumberTypes.Of(column.Type) is { } type)
        {
            _groupId = (column.Offset, type);
        }
    }

    internal string Name { get; }

    /// <summary>Bytes of a row; of an image, of all its bins.</summary>
    internal int RowBytes => _rows?.RowBytes ?? _images!.ImageBins;

    /// <summary>Whether the rows are the same in the files that they come from: nothing in them is numbered anew.</summary>
    internal bool KeepsRows => !_isIndex && _groupId is null;

    /// <summary>Makes a dataset.</summary>
    /// <param name="file">The file.</param>
    /// <param name="layout">What it is to be like. Its rows say how many there will be.</param>
    /// <param name="template">A dataset whose attributes it gets.</param>
    /// <param name="renumber">Whether columns group_id become the number of the event.</param>
    /// <exception cref="EventFileException">The template's layout is such that no dataset can be made of it.</exception>
    internal static SampleWriter Create(OutputFile file, SampleDataset layout, H5Dataset template, bool renumber)
    {
        try
        {
            return Make(file, layout, template, renumber);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or H5Exception { IsOfSystem: false } && (e as H5Exception)?.FilePath != template.File.Path)
        {
            // Where the disk is not to blame, the layout is.
            throw new EventFileException(template.File.Path, template.Path, $"cannot be written again as it is stored: {(e as H5Exception)?.Reason ?? e.Message}. Is the file damaged?", inner: e);
        }
    }

    private static SampleWriter Make(OutputFile file, SampleDataset layout, H5Dataset template, bool renumber)
    {
        long[] shape = [.. layout.Shape];
        var rows = shape[0];
        shape[0] = 0;
        var dataset = RowWriter.Create(file, "/" + layout.Name, new H5DatasetSpec
        {
            Type = layout.Type,
            Shape = shape,
            MaxShape = [rows == 0 || layout.CanGrow ? -1 : rows, .. layout.RowShape],
            ChunkShape = [.. layout.ChunkShape!],
            Filters = layout.Filters,
        });
        CopyAttributes(template, dataset);
        if (layout.Title is { } title)
        {
            dataset.Attributes.WriteFixedString("TITLE", title, H5Charset.Utf8);
            dataset.Attributes.WriteFixedString("datatype", title, H5Charset.Utf8);
        }

        return new SampleWriter(file, dataset, layout, renumber);
    }

    /// <summary>Appends rows of another file; each is that of one event, or does not say of which.</summary>
    internal void Append(SampleRows rows, int first, int count)
    {
        if (rows is ImageRows images && _images is not null)
        {
            for (var row = first; row < first + count; row++)
            {
                AppendImage(images.Payload(row));
            }

            return;
        }

        while (count > 0)
        {
            var room = _rows!.AppendRows(count);
            var fit = room.Length / _rows.RowBytes;
            rows.CopyPayload(first, fit, room);
            CountIndex(room);
            SetGroupIds(room, _rows.RowCount - fit, step: 1);
            first += fit;
            count -= fit;
        }
    }

    /// <summary>Appends the rows of one event as their payloads, see <see cref="SampleRows"/>.</summary>
    internal void Append(ReadOnlySpan<byte> payload)
    {
        if (_images is not null)
        {
            AppendImage(payload);
            return;
        }

        while (payload.Length > 0)
        {
            var room = _rows!.AppendRows(payload.Length / _rows.RowBytes);
            payload[..room.Length].CopyTo(room);
            CountIndex(room);
            SetGroupIds(room, _events, step: 0);
            payload = payload[room.Length..];
        }

        _events++;
    }

    /// <summary>
    /// Appends a chunk as it is stored in another dataset of the same type, chunks and filters. The rows line up: a chunk begins here, and they fill it.
    /// </summary>
    internal void AppendStored(StoredChunk stored, int rows)
    {
        if (_rows is not null)
        {
            _rows.AppendStored(stored, rows);
        }
        else
        {
            _images!.AppendStored(stored, rows);
        }
    }

    private void AppendImage(ReadOnlySpan<byte> payload)
    {
        var bins = payload.Length / ImageRows.BinBytes;
        _images!.Append(MemoryMarshal.Cast<byte, int>(payload[..(bins * sizeof(int))]), payload[(bins * sizeof(int))..]);
    }

    private void SetGroupIds(Span<byte> rows, long number, int step)
    {
        if (_groupId is var (offset, type))
        {
            for (var at = offset; at < rows.Length; at += _rows!.RowBytes, number += step)
            {
                type.Write(rows[at..], number);
            }
        }
    }

    private void CountIndex(Span<byte> rows)
    {
        for (var at = 0; _isIndex && at < rows.Length; at += _rows!.RowBytes)
        {
            BinaryPrimitives.WriteInt64LittleEndian(rows[at..], _nextIndex);
            _nextIndex += BinaryPrimitives.ReadInt64LittleEndian(rows[(at + sizeof(long))..]);
        }
    }

    private static void CopyAttributes(H5Dataset template, H5Dataset dataset)
    {
        var describesColumns = template.Attributes.Contains("FIELD_0_NAME") && !template.Type.Equals(dataset.Type);
        foreach (var name in template.Attributes.Names)
        {
            // References, such as h5py's scales of dimensions, mean nothing in another file.
            var refers = template.Attributes.TypeOf(name) is { Class: H5Class.Reference or H5Class.VariableLength or H5Class.Compound, IsSelfContained: false };
            if (!refers && !(describesColumns && name.StartsWith("FIELD_", StringComparison.Ordinal)))
            {
                template.Attributes.CopyTo(name, dataset.Attributes);
            }
        }

        if (describesColumns)
        {
            RowWriter.DescribeColumns(dataset);
        }
    }
}
