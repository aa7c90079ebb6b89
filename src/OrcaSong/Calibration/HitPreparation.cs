using System.Collections.Concurrent;
using System.Globalization;
using OrcaSong.Detectors;
using OrcaSong.Events;
using OrcaSong.Running;

namespace OrcaSong.Calibration;

/// <summary>Why an event is not written.</summary>
public enum SkipReason
{
    /// <summary>It is written.</summary>
    None,

    /// <summary>Times are to be centred, but it has no hits.</summary>
    NoHits,

    /// <summary>Times are to be centred, but none of its hits is triggered.</summary>
    NoTriggeredHit,

    /// <summary>A row of event_info is needed, but it has none.</summary>
    NoEventInfo,

    /// <summary>Its labels are made from an MC track, but it has none.</summary>
    NoMcTrack,

    /// <summary>The event skipper said so.</summary>
    Skipper,
}

/// <summary>The hits of a batch, calibrated: the values of the fields that a job wants, widened to float64 or as float32.</summary>
internal sealed class HitBatch
{
    internal int[] Offsets { get; set; } = [];

    /// <summary>Values of each field, in the order in which they were asked for; arrays may be longer than there are hits.</summary>
    internal double[][] Fields { get; set; } = [];

    /// <summary>
    /// Values of the fields that were asked for as float32, likewise. Each is rounded once, from the column's own type: an int64 beyond
    /// 2^53 would be rounded twice on the way through <see cref="Fields"/>.
    /// </summary>
    internal float[][] Float32Fields { get; init; } = [];

    /// <summary>Whether the values of a field are float32 numbers.</summary>
    internal bool[] IsFloat32 { get; set; } = [];

    /// <summary>For each event of the batch, whether it has to be left out.</summary>
    internal SkipReason[] Skip { get; set; } = [];

    internal TimeColumn? Time { get; init; }

    internal int[] Rows = [];
    internal int[] Scratch = [];
    internal double[] T0 = [];
    internal byte[] Triggered = [];

    internal int HitCount => Offsets[^1];
}

/// <summary>
/// Calibrates hits and prepares their times: the steps of the Python tool's DetApplier and TimePreproc, in their order. Made once
/// for a file; used by all workers.
/// </summary>
internal sealed class HitPreparation
{
    /// <summary>The warning about a file whose hits have positions, when they are calibrated.</summary>
    internal const string CalibratedTwice =
        "The hits have positions already; if they are calibrated, t0 is now added a second time. Leave the detector file out then.";

    private const string HitsPath = "/hits";

    /// <summary>The fields that calibrated hits have from the detector, whatever the file has for them.</summary>
    internal static readonly string[] DetectorFields =
        ["dir_x", "dir_y", "dir_z", "du", "floor", "pmt_id", "pos_x", "pos_y", "pos_z", "t0"];

    private readonly EventFile _file;
    private readonly EventTable _table;
    private readonly ProcessingOptions _options;
    private readonly Detector? _detector;
    private readonly PmtTable? _pmts;
    private readonly string[] _fields;
    private readonly string[] _float32Fields;
    private readonly bool[] _notPerHit;
    private readonly bool[] _float32NotPerHit;
    private readonly ConcurrentBag<HitBatch> _pool = [];
    private readonly ConcurrentDictionary<string, double[]> _pmtValues = new(StringComparer.Ordinal);

    /// <summary>Checks that the file has what is needed.</summary>
    /// <param name="file">The file.</param>
    /// <param name="detector">The detector to calibrate with, if any.</param>
    /// <param name="options">What is to be done.</param>
    /// <param name="fields">Hit fields whose values are wanted as float64.</param>
    /// <param name="float32Fields">Hit fields whose values are wanted as float32.</param>
    /// <exception cref="EventFileException">The file lacks hits or one of their columns.</exception>
    internal HitPreparation(EventFile file, Detector? detector, ProcessingOptions options, IEnumerable<string> fields, IEnumerable<string> float32Fields)
    {
        _file = file;
        _options = options;
        _fields = [.. fields];
        _float32Fields = [.. float32Fields];
        _notPerHit = new bool[_fields.Length];
        _float32NotPerHit = new bool[_float32Fields.Length];
        _table = file.Require(HitsPath);
        if (detector is not null && options.CalibrateHits)
        {
            _detector = detector;
            _pmts = options.CenterHitsTo is { } target ? detector.Pmts.Translate(Shift(detector, target)) : detector.Pmts;
        }

        var needed = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var field in _fields.Concat(_float32Fields))
        {
            if (!IsFromDetector(field))
            {
                needed.Add(Check(field, $"There is no hit field '{field}'"));
            }
        }

        NeedsTime = _fields.Contains("time") || _float32Fields.Contains("time");
        if (_detector is not null)
        {
            needed.Add(Check("dom_id", "Calibrating needs it"));
            needed.Add(Check("channel_id", "Calibrating needs it"));
            if (NeedsTime && options.CorrectTimeSlewing)
            {
                needed.Add(Check("tot", "Correcting the time slewing needs it"));
                if (_table.Find("tot")!.Number is NumberType.Float32 or NumberType.Float64)
                {
                    throw Bad("tot", "holds fractions; correcting the time slewing needs whole numbers from 0 to 255.");
                }
            }
        }

        if (options.CenterTime)
        {
            needed.Add(Check("triggered", "Centring the time on the first triggered hit needs it"));
        }

        if (options.AddT0 && NeedsTime && !IsFromDetector("t0"))
        {
            needed.Add(Check("t0", "Adding t0 needs it"));
        }

        Request = new TableRequest(HitsPath, needed);
    }

    /// <summary>The columns of hits that are read.</summary>
    internal TableRequest Request { get; }

    /// <summary>The PMTs that hits are calibrated with, where they are to be; <see langword="null"/> for hits as they stand.</summary>
    internal PmtTable? Pmts => _pmts;

    /// <summary>
    /// Fields that hits have in the end: sorted when they are calibrated, otherwise in the order of the table (that of a split table is
    /// sorted anyway).
    /// </summary>
    internal static IReadOnlyList<string> FieldsOf(EventTable hits, bool calibrated)
    {
        var stored = hits.Columns.Where(c => c.Number is not null).Select(c => c.Name);
        return calibrated ? [.. stored.Union(DetectorFields, StringComparer.Ordinal).Order(StringComparer.Ordinal)] : [.. stored];
    }

    /// <summary>
    /// The values of a field by PMT, for one that depends on nothing else: the caller then works by PMT (<see cref="HitBatch.Rows"/>), and
    /// the field is not filled hit by hit.
    /// </summary>
    /// <param name="field">Number of the field, in the order in which they were asked for.</param>
    /// <returns>A value for each row of the PMT table, or <see langword="null"/> where the field has to be taken hit by hit.</returns>
    internal double[]? UseByPmt(int field)
    {
        _notPerHit[field] = DependsOnPmt(_fields[field]);
        return _notPerHit[field] ? PmtValues(_fields[field]) : null;
    }

    /// <summary>The same for a field that was asked for as float32. Float64 holds each of the PMTs' types, so this is one rounding.</summary>
    /// <param name="field">Number of the field, in the order in which they were asked for.</param>
    /// <returns>A value for each row of the PMT table, or <see langword="null"/> where the field has to be taken hit by hit.</returns>
    internal float[]? UseFloat32ByPmt(int field)
    {
        _float32NotPerHit[field] = DependsOnPmt(_float32Fields[field]);
        return _float32NotPerHit[field] ? Array.ConvertAll(PmtValues(_float32Fields[field]), v => (float)v) : null;
    }

    /// <summary>Whether the PMT of a hit decides the value of a field: it is the detector's, or one of the identifiers.</summary>
    private bool DependsOnPmt(string field) =>
        IsFromDetector(field) || (_pmts is not null && field is "dom_id" or "channel_id" && _table.Find(field)!.Number is not NumberType.Float32);

    private bool NeedsTime { get; }

    /// <summary>Prepares the hits of a batch. Give the result back with <see cref="Return"/>.</summary>
    internal HitBatch Prepare(EventBatch batch)
    {
        var table = batch[HitsPath];
        if (!_pool.TryTake(out var hits))
        {
            hits = new HitBatch
            {
                Fields = [.. _fields.Select(_ => Array.Empty<double>())],
                Float32Fields = [.. _float32Fields.Select(_ => Array.Empty<float>())],
                IsFloat32 = new bool[_fields.Length],
                Time = !NeedsTime ? null
                    : _detector is null ? TimeColumn.Stored(_table.Find("time")!.Number!.Value)
                    : TimeColumn.Calibrated(_table.Find("time")!.Number!.Value),
            };
        }

        hits.Offsets = table.Offsets;
        hits.Skip = new SkipReason[batch.Count];
        FindPmts(batch, table, hits);
        PrepareTime(batch, table, hits);
        for (var f = 0; f < _fields.Length; f++)
        {
            if (_notPerHit[f])
            {
                continue;
            }

            Buffers.Grow(ref hits.Fields[f], hits.HitCount);
            Fill(_fields[f], table, hits, hits.Fields[f].AsSpan(0, hits.HitCount), out hits.IsFloat32[f]);
        }

        for (var f = 0; f < _float32Fields.Length; f++)
        {
            if (_float32NotPerHit[f])
            {
                continue;
            }

            Buffers.Grow(ref hits.Float32Fields[f], hits.HitCount);
            FillFloat32(_float32Fields[f], table, hits, hits.Float32Fields[f].AsSpan(0, hits.HitCount));
        }

        return hits;
    }

    internal void Return(HitBatch hits) => _pool.Add(hits);

    private static Position Shift(Detector detector, CentreTarget target)
    {
        var centre = detector.MeanDomCentre()
            ?? throw new InvalidDataException("The detector has no modules with PMTs, so its centre is not known.");
        return new Position((target.X - centre.X) ?? 0, (target.Y - centre.Y) ?? 0, (target.Z - centre.Z) ?? 0);
    }

    private bool IsFromDetector(string field) => _pmts is not null && DetectorFields.Contains(field);

    private string Check(string column, string why)
    {
        if (_table.Find(column) is { Number: not null })
        {
            return column;
        }

        var have = string.Join(", ", FieldsOf(_table, _pmts is not null));
        var hint = _pmts is null && DetectorFields.Contains(column) ? " Positions, directions and t0 come from a detector file: give one." : string.Empty;
        throw new EventFileException(_file.Path, HitsPath, $"has no column {column}. {why}; the hits have {have}.{hint}") { Problem = EventFileProblem.MissingData };
    }

    private void FindPmts(EventBatch batch, TableBatch table, HitBatch hits)
    {
        if (_pmts is null)
        {
            return;
        }

        var n = hits.HitCount;
        Buffers.Grow(ref hits.Rows, n);
        Buffers.Grow(ref hits.Scratch, n);
        var rows = hits.Rows.AsSpan(0, n);
        if (_pmts.FindDoms(table["dom_id"].AsInt32(hits.Scratch), rows) >= 0)
        {
            throw UnknownDoms();
        }

        if (PmtTable.AddChannels(table["channel_id"].AsInt32(hits.Scratch), rows) is var bad and >= 0)
        {
            throw Bad("channel_id", $"is {table["channel_id"].ToInt64(bad)} for a hit; a module has channels 0 to {PmtTable.ChannelsPerDom - 1}.", EventOf(batch, table, bad));
        }
    }

    private void PrepareTime(EventBatch batch, TableBatch table, HitBatch hits)
    {
        var n = hits.HitCount;
        if (hits.Time is { } time)
        {
            time.Load(table["time"], hits.Rows.AsSpan(0, _pmts is null ? 0 : n), _pmts is null ? [] : _pmts.T0);
            if (_pmts is not null && _options.CorrectTimeSlewing)
            {
                if (time.CorrectSlewing(table["tot"].AsInt32(hits.Scratch)) is var bad and >= 0)
                {
                    throw Bad(
                        "tot", $"is {table["tot"].ToInt64(bad)} ns for a hit; correcting the time slewing needs 0 to 255 (a byte in the detector). Repair the file, or switch the correction off.", EventOf(batch, table, bad));
                }
            }

            if (_options.AddT0)
            {
                Buffers.Grow(ref hits.T0, n);
                Fill("t0", table, hits, hits.T0.AsSpan(0, n), out _);
                time.AddT0(hits.T0.AsSpan(0, n));
            }
        }

        if (_options.CenterTime)
        {
            Centre(table, hits);
        }
    }

    private static void Centre(TableBatch table, HitBatch hits)
    {
        Buffers.Grow(ref hits.Triggered, hits.HitCount);
        var triggered = hits.Triggered.AsSpan(0, hits.HitCount);
        table["triggered"].CopyNonZeroTo(triggered);
        for (var e = 0; e < hits.Skip.Length; e++)
        {
            var (first, count) = (table.Offsets[e], table.CountOf(e));
            hits.Skip[e] = count == 0 ? SkipReason.NoHits
                : (hits.Time?.Centre(e, first, count, triggered) ?? triggered.Slice(first, count).Contains((byte)1)) ? SkipReason.None
                : SkipReason.NoTriggeredHit;
        }
    }

    private void Fill(string field, TableBatch table, HitBatch hits, Span<double> values, out bool isFloat32)
    {
        isFloat32 = false;
        if (field == "time")
        {
            isFloat32 = hits.Time!.IsFloat32;
            hits.Time.CopyTo(values);
        }
        else if (!IsFromDetector(field))
        {
            isFloat32 = table[field].Type == NumberType.Float32;
            table[field].CopyTo(values);
        }
        else
        {
            PmtTable.Gather(_pmtValues.GetOrAdd(field, PmtValues), hits.Rows.AsSpan(0, hits.HitCount), values);
        }
    }

    private static void FillFloat32(string field, TableBatch table, HitBatch hits, Span<float> values)
    {
        if (field == "time")
        {
            hits.Time!.CopyTo(values);
        }
        else
        {
            table[field].CopyTo(values);
        }
    }

    private double[] PmtValues(string field) => field switch
    {
        "pos_x" => [.. _pmts!.PosX],
        "pos_y" => [.. _pmts!.PosY],
        "pos_z" => [.. _pmts!.PosZ],
        "dir_x" => [.. _pmts!.DirX],
        "dir_y" => [.. _pmts!.DirY],
        "dir_z" => [.. _pmts!.DirZ],
        "t0" => [.. _pmts!.T0],
        "du" => Array.ConvertAll(_pmts!.Du.ToArray(), v => (double)v),
        "floor" => Array.ConvertAll(_pmts!.Floor.ToArray(), v => (double)v),
        "pmt_id" => Array.ConvertAll(_pmts!.PmtId.ToArray(), v => (double)v),

        // Not from their columns: those hold zeros where the module has fewer channels, and hits on such keep their identifiers.
        "dom_id" => [.. Enumerable.Range(0, _pmts!.RowCount).Select(row => (double)_pmts.DomId[row - (row % PmtTable.ChannelsPerDom)])],
        "channel_id" => [.. Enumerable.Range(0, _pmts!.RowCount).Select(row => (double)(row % PmtTable.ChannelsPerDom))],
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "The PMT table has no such column."),
    };

    private static long EventOf(EventBatch batch, TableBatch table, int hit)
    {
        var e = Array.BinarySearch(table.Offsets, hit);
        if (e < 0)
        {
            return batch.FirstEvent + ~e - 1;
        }

        while (table.Offsets[e + 1] == hit)
        {
            e++;
        }

        return batch.FirstEvent + e;
    }

    private EventFileException Bad(string column, string problem, long? eventIndex = null, EventFileProblem kind = EventFileProblem.InvalidData) =>
        new(_file.Path, _table.Layout == TableLayout.Split ? $"{HitsPath}/{column}" : $"{HitsPath}, column {column}", problem, eventIndex) { Problem = kind };

    /// <summary>Reads all module ids, to say how much of the file the detector does not cover.</summary>
    private EventFileException UnknownDoms()
    {
        var split = _table.Layout == TableLayout.Split;
        using var source = new RowSource(_file, split ? $"{HitsPath}/dom_id" : HitsPath);
        var column = _table.Find("dom_id")!;
        var unknown = new SortedSet<long>();
        long hits = 0;
        for (long row = 0; row < source.RowCount;)
        {
            using var block = source.Get(row / source.BlockRows);
            var ids = new Column(block.Rows, column.Offset, source.RowBytes, block.Count, column.Number!.Value);
            for (var i = 0; i < block.Count; i++, row++)
            {
                if (_pmts!.FindDom(ids.ToInt64(i)) < 0)
                {
                    unknown.Add(ids.ToInt64(i));
                    hits++;
                }
            }
        }

        var share = string.Create(CultureInfo.InvariantCulture, $"{hits} of {source.RowCount} hits ({100.0 * hits / source.RowCount:0.#} %)");
        var some = string.Join(", ", unknown.Take(3)) + (unknown.Count > 3 ? ", ..." : string.Empty);
        return Bad(
            "dom_id",
            $"{share} lie on {unknown.Count} modules that detector '{_options.DetectorFile}' (id {_detector!.Id}, {_detector.Doms.Length} modules) does not have: {some}. Give the detector file that belongs to this file.",
            kind: EventFileProblem.WrongDetector);
    }
}
