using System.Numerics;
using System.Runtime.InteropServices;
using OrcaSong.Calibration;
using OrcaSong.Detectors;
using OrcaSong.Events;

namespace OrcaSong.Labels;

/// <summary>A table of a batch, ready to be looked at: event e has the rows from <see cref="First"/>, <see cref="CountOf"/> of them.</summary>
internal class PreparedTable
{
    private readonly Dictionary<string, Column> _columns = new(StringComparer.Ordinal);
    private TableBatch? _stored;

    internal PreparedTable(PreparedBatch batch, EventTable table)
    {
        Batch = batch;
        Table = table;
        _stored = batch.Events.Find(table.Path);
    }

    internal PreparedBatch Batch { get; }

    internal EventTable Table { get; }

    /// <summary>Names of the columns that hold numbers.</summary>
    internal virtual IEnumerable<string> Columns => Table.Columns.Where(c => c.Number is not null).Select(c => c.Name);

    internal int RowCount => Rows.RowCount;

    /// <summary>Where the rows of each event begin; one entry more than there are events.</summary>
    internal ReadOnlySpan<int> Offsets => Rows.Offsets;

    private TableBatch Rows => _stored ??= Batch.Load(Table, Table.Columns.First(c => c.Number is not null).Name);

    /// <summary>The values of a column that there is.</summary>
    internal Column this[string name] => TryGet(name, out var column) ? column : throw new KeyNotFoundException($"{Table.Path} has no column {name}.");

    internal int First(int eventInBatch) => Rows.Offsets[eventInBatch];

    internal int CountOf(int eventInBatch) => Rows.CountOf(eventInBatch);

    /// <summary>The first row of each event; -1 for an event without rows.</summary>
    internal int[] FirstRows()
    {
        var rows = new int[Batch.Events.Count];
        for (var e = 0; e < rows.Length; e++)
        {
            rows[e] = CountOf(e) == 0 ? -1 : First(e);
        }

        return rows;
    }

    /// <summary>The values of a column for all rows of the batch.</summary>
    internal bool TryGet(string name, out Column column)
    {
        if (_columns.TryGetValue(name, out column))
        {
            return true;
        }

        if (!TryMake(name, out column))
        {
            return false;
        }

        _columns.Add(name, column);
        return true;
    }

    /// <summary>Takes back what a table holds on to beyond the batch's own memory.</summary>
    internal virtual void Release()
    {
    }

    protected virtual bool TryMake(string name, out Column column)
    {
        column = default;
        if (Table.Find(name) is not { Number: not null })
        {
            return false;
        }

        if (_stored is null || !_stored.TryGet(name, out column))
        {
            var loaded = Batch.Load(Table, name);
            _stored ??= loaded;
            column = loaded[name];
        }

        return true;
    }

    /// <summary>A field that the detector gives to hits.</summary>
    protected Column Gather(PmtTable pmts, string field, ReadOnlySpan<int> pmtRows)
    {
        var column = New(PmtFields.TypeOf(field), out var bytes);
        PmtFields.Gather(pmts, field, pmtRows, bytes);
        return column;
    }

    /// <summary>The times of simulated particles or hits, on the clock of the hits where they are to be corrected.</summary>
    /// <param name="stored">The times as they stand in the file.</param>
    /// <param name="centring">The hits whose first triggered one is put at 0, or <see langword="null"/>.</param>
    protected Column McTimes(Column stored, HitBatch? centring)
    {
        if (!Batch.File.CorrectsMcTime && centring is null)
        {
            return stored;
        }

        return stored.Type switch
        {
            NumberType.Int8 => McTimes<sbyte>(stored, centring),
            NumberType.UInt8 => McTimes<byte>(stored, centring),
            NumberType.Int16 => McTimes<short>(stored, centring),
            NumberType.UInt16 => McTimes<ushort>(stored, centring),
            NumberType.Int32 => McTimes<int>(stored, centring),
            NumberType.UInt32 => McTimes<uint>(stored, centring),
            NumberType.Int64 => McTimes<long>(stored, centring),
            NumberType.UInt64 => McTimes<ulong>(stored, centring),
            NumberType.Float32 => McTimes<float>(stored, centring),
            _ => McTimes<double>(stored, centring),
        };
    }

    private protected Column New(NumberType type, out Span<byte> bytes)
    {
        var size = type.Size();
        var buffer = Batch.Rent(RowCount * size);
        bytes = buffer.AsSpan(0, RowCount * size);
        return new Column(buffer, 0, size, RowCount, type);
    }

    private Column McTimes<T>(Column stored, HitBatch? centring)
        where T : unmanaged, INumber<T>
    {
        var column = New(stored.Type, out var bytes);
        var times = MemoryMarshal.Cast<byte, T>(bytes);
        stored.Copy(times);
        var clock = Batch.File.CorrectsMcTime ? McClock() : default;
        for (var e = 0; e < Batch.Events.Count; e++)
        {
            var time = times.Slice(First(e), CountOf(e));
            if (clock.Info is { } info)
            {
                if (info.CountOf(e) == 0)
                {
                    time.Fill(T.CreateTruncating(double.NaN)); // nobody knows
                    continue;
                }

                var row = info.First(e);
                Calibration.McTimes.Correct(time, clock.Seconds[row], clock.Nanoseconds[row], clock.McTime[row]);
            }

            if (centring?.Skip[e] == SkipReason.None)
            {
                centring.Time!.CentreMcHits(e, time);
            }
        }

        return column;
    }

    private (PreparedTable? Info, Column Seconds, Column Nanoseconds, Column McTime) McClock()
    {
        var info = Batch[PreparedFile.EventInfoPath];
        return (info, info["timestamp"], info["nanoseconds"], info["mc_time"]);
    }
}

/// <summary>Hits: calibrated, times centred.</summary>
internal sealed class PreparedHits(PreparedBatch batch, EventTable table) : PreparedTable(batch, table)
{
    internal override IEnumerable<string> Columns => HitPreparation.FieldsOf(Table, Batch.File.Hits.Pmts is not null);

    protected override bool TryMake(string name, out Column column)
    {
        var hits = Batch.Hits;
        if (name == "time" && hits.Time is { } time)
        {
            column = New(time.Type, out var bytes);
            time.CopyTo(bytes);
            return true;
        }

        if (Batch.File.Hits.Pmts is { } pmts && HitPreparation.DetectorFields.Contains(name))
        {
            column = Gather(pmts, name, hits.Rows.AsSpan(0, hits.HitCount));
            return true;
        }

        return base.TryMake(name, out column);
    }
}

/// <summary>MC hits: calibrated by their pmt_id (t0 is not added to their times), times corrected and centred.</summary>
internal sealed class PreparedMcHits(PreparedBatch batch, EventTable table) : PreparedTable(batch, table)
{
    private int[]? _pmtRows;

    internal override IEnumerable<string> Columns => Batch.File.McPmts is null
        ? base.Columns
        : base.Columns.Union(PmtFields.OfMcHits, StringComparer.Ordinal).Order(StringComparer.Ordinal);

    internal override void Release()
    {
        if (_pmtRows is not null)
        {
            Batch.File.PmtRows.Add(_pmtRows);
            _pmtRows = null;
        }
    }

    protected override bool TryMake(string name, out Column column)
    {
        if (Batch.File.McPmts is { } pmts && PmtFields.OfMcHits.Contains(name))
        {
            column = Gather(pmts, name, FindPmts(pmts));
            return true;
        }

        if (!base.TryMake(name, out column))
        {
            return false;
        }

        if (name == "time")
        {
            column = McTimes(column, Batch.File.Options.CenterTime ? Batch.Hits : null);
        }

        return true;
    }

    private ReadOnlySpan<int> FindPmts(PmtTable pmts)
    {
        if (_pmtRows is null)
        {
            var ids = this["pmt_id"];
            var found = Batch.File.PmtRows.TryTake(out var array) ? array : [];
            Buffers.Grow(ref found, ids.Count);
            var rows = found.AsSpan(0, ids.Count);
            ids.CopyTo(rows);
            if (pmts.FindPmts<int>(rows, rows) is var bad and >= 0)
            {
                throw Unknown(ids.ToInt64(bad), bad);
            }

            _pmtRows = found;
        }

        return _pmtRows.AsSpan(0, RowCount);
    }

    private EventFileException Unknown(long pmt, int row)
    {
        var e = 0;
        while (Offsets[e + 1] <= row)
        {
            e++;
        }

        var file = Batch.File;
        return new EventFileException(
            file.File.Path,
            Table.Layout == TableLayout.Split ? $"{Table.Path}/pmt_id" : $"{Table.Path}, column pmt_id",
            $"an MC hit lies on PMT {pmt}, which detector '{file.Options.DetectorFile}' does not have (it has {file.McPmts!.RowCount} PMTs). Give the detector file that belongs to this file, or switch the calibration of MC hits off (calib_mchits).",
            Batch.Events.FirstEvent + e)
        {
            Problem = EventFileProblem.WrongDetector,
        };
    }
}

/// <summary>MC tracks: times corrected, but not centred.</summary>
internal sealed class PreparedMcTracks(PreparedBatch batch, EventTable table) : PreparedTable(batch, table)
{
    protected override bool TryMake(string name, out Column column)
    {
        if (!base.TryMake(name, out column))
        {
            return false;
        }

        if (name == "time")
        {
            column = McTimes(column, null);
        }

        return true;
    }
}
