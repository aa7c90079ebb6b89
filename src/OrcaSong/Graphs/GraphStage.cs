using System.Globalization;
using System.Runtime.InteropServices;
using OrcaSong.Calibration;
using OrcaSong.Hdf5;
using OrcaSong.Output;
using OrcaSong.Running;

namespace OrcaSong.Graphs;

/// <summary>
/// Makes graphs in a run. Workers select the hits and make their rows; what depends on the order of events, the random choice among too
/// many hits, happens when events are appended.
/// </summary>
internal sealed class GraphStage : SampleStage
{
    private readonly FileGraph _graph;
    private readonly NodeMaker _maker;
    private readonly HitChoice _choice;
    private RowWriter? _writer;

    /// <summary>Prepares for one file.</summary>
    /// <param name="graph">What is made.</param>
    /// <param name="fields">The hit fields that become columns.</param>
    /// <exception cref="ArgumentException">A chunk of such graphs is too large for HDF5.</exception>
    internal GraphStage(FileGraph graph, IReadOnlyList<string> fields)
    {
        _graph = graph;
        _maker = new NodeMaker(graph, fields);
        _choice = new HitChoice(graph.Options.Seed);
        Float32Fields = fields;
        var rows = (long)(graph.Options.ChunkSize ?? 1) * (graph.FixedLength ? graph.MaxHits!.Value : 1);
        if (rows * _maker.Width * sizeof(float) > int.MaxValue / 2)
        {
            throw new ArgumentException(
                $"A chunk of {rows} rows of {_maker.Width} columns is too large; use fewer hits, or a smaller chunk size.");
        }
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Fields => _maker.SelectingFields;

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Float32Fields { get; }

    /// <inheritdoc/>
    internal override void Bind(HitPreparation hits) => _maker.Bind(hits, Float32Fields.Count);

    /// <inheritdoc/>
    internal override void Open(OutputFile output)
    {
        int[] rowShape = _graph.FixedLength ? [_graph.MaxHits!.Value, _maker.Width] : [_maker.Width];
        _writer = output.AddArray("/x", "nodes", H5Type.Float32, rowShape, _graph.Options.ChunkSize);
        IEnumerable<string> columns = _graph.FixedLength ? Float32Fields.Append(FileGraph.IsValid) : Float32Fields;
        foreach (var (i, column) in columns.Index())
        {
            _writer.Attributes.WriteVariableString(string.Create(CultureInfo.InvariantCulture, $"hit_info_{i}"), column);
        }

        _writer.Attributes.WriteBoolean("indexed", !_graph.FixedLength);
    }

    /// <inheritdoc/>
    internal override object Make(HitBatch hits) => _maker.Make(hits);

    /// <inheritdoc/>
    internal override long? HitsInTime(object samples, int eventInBatch) => ((Nodes)samples).CountOf(eventInBatch);

    /// <inheritdoc/>
    internal override (long Index, long Items) Append(object samples, int eventInBatch)
    {
        var nodes = (Nodes)samples;
        var rows = MemoryMarshal.AsBytes(nodes.Values.AsSpan(nodes.Starts[eventInBatch] * _maker.Width, nodes.CountOf(eventInBatch) * _maker.Width));
        if (DrawIfCut(nodes, eventInBatch, out var kept))
        {
            rows = Keep(rows, kept);
        }

        var index = _writer!.RowCount;
        if (!_graph.FixedLength)
        {
            _writer.Append(rows);
            return (index, _writer.RowCount - index);
        }

        var sample = _writer.AppendRow();
        rows.CopyTo(sample);
        sample[rows.Length..].Clear();
        return (index, 1);
    }

    /// <inheritdoc/>
    internal override void PassOver(object samples, int eventInBatch) => DrawIfCut((Nodes)samples, eventInBatch, out _);

    /// <inheritdoc/>
    internal override void Return(object samples) => _maker.Return((Nodes)samples);

    /// <summary>Draws the hits that an event keeps if it has more than the maximum; only then are random numbers used up.</summary>
    private bool DrawIfCut(Nodes nodes, int eventInBatch, out ReadOnlySpan<int> kept)
    {
        var count = nodes.CountOf(eventInBatch);
        var cut = count > _graph.MaxHits;
        kept = cut ? _choice.Draw(count, _graph.MaxHits!.Value) : default;
        return cut;
    }

    /// <summary>Moves the rows that are kept to the front.</summary>
    private Span<byte> Keep(Span<byte> rows, ReadOnlySpan<int> kept)
    {
        var rowBytes = _maker.Width * sizeof(float);
        for (var i = 0; i < kept.Length; i++)
        {
            rows.Slice(kept[i] * rowBytes, rowBytes).CopyTo(rows[(i * rowBytes)..]);
        }

        return rows[..(kept.Length * rowBytes)];
    }
}
