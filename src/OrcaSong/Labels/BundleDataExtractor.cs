using System.Collections.Concurrent;
using OrcaSong.Calibration;
using OrcaSong.Events;
using OrcaSong.Numerics;

namespace OrcaSong.Labels;

/// <summary>
/// Labels of real data for studies of muon bundles: all of event_info, the best track, and what its hits say about an event. The Python
/// tool's <c>BundleDataExtractor</c>.
/// </summary>
public sealed record BundleDataExtractor : ILabelExtractor
{
    internal const string ExtractorName = "bundle_data";

    /// <inheritdoc/>
    public string Name => ExtractorName;

    /// <summary>Take the best of the tracks that go down (off). Needs all tracks, the table <c>/reco/tracks</c>.</summary>
    public bool OnlyDowngoingTracks { get; init; }

    /// <inheritdoc/>
    public override string ToString() => ExtractorName;

    LabelStage ILabelExtractor.Prepare(LabelNeeds needs)
    {
        var maker = new BundleDataMaker(needs, OnlyDowngoingTracks);
        return new ComputedLabels(needs, maker.Labels, maker);
    }
}

/// <summary>Makes the labels of <see cref="BundleDataExtractor"/>.</summary>
internal sealed class BundleDataMaker : ILabelMaker
{
    private readonly List<(int Label, string Column)> _eventInfo = [];
    private readonly BestTrack _track;
    private readonly int[] _hits;
    private readonly int _hitsInTime;
    private readonly ConcurrentBag<FirstHits> _pool = [];

    internal BundleDataMaker(LabelNeeds needs, bool onlyDowngoing)
    {
        foreach (var column in needs.Table(PreparedFile.EventInfoPath).Columns.Where(c => c.Number is not null))
        {
            _eventInfo.Add((Labels.Add(column.Name, needs.Column(PreparedFile.EventInfoPath, column.Name)), column.Name));
        }

        if (needs.MakesGraphs)
        {
            Labels.Add("n_hits_intime", NumberType.Int64); // part of event_info by the time when labels are made
        }

        _track = new BestTrack(needs, Labels, onlyDowngoing);
        needs.Column(PreparedFile.HitsPath, "dom_id");
        needs.Column(PreparedFile.HitsPath, "channel_id");
        var sum = SumType(needs.Column(PreparedFile.HitsPath, "triggered"));
        var time = needs.HitTime();
        _hits =
        [
            Labels.Add("n_hits", NumberType.Int64),
            Labels.Add("n_triggered_hits", sum),
            Labels.Add("n_triggered_doms", NumberType.Int64),
            Labels.Add("t_last_triggered", time.IsInteger() ? NumberType.Float64 : time),
            Labels.Add("n_pmts", NumberType.Int64),
            Labels.Add("n_triggered_pmts", sum),
        ];
        _hitsInTime = Labels.Add("n_hits_intime", needs.MakesGraphs ? NumberType.Int64 : NumberType.Float64);
    }

    /// <summary>The labels in their order.</summary>
    internal LabelList Labels { get; } = new();

    public SkipReason Make(PreparedBatch batch, int eventInBatch, LabelRow labels)
    {
        var info = batch[PreparedFile.EventInfoPath];
        if (info.CountOf(eventInBatch) == 0)
        {
            return SkipReason.NoEventInfo;
        }

        foreach (var (label, column) in _eventInfo)
        {
            labels.Set(label, info[column], info.First(eventInBatch));
        }

        _track.Make(batch, eventInBatch, labels);
        MakeHits(batch, eventInBatch, labels);
        if (batch.HitsInTime(eventInBatch) is { } inTime)
        {
            labels.Set(_hitsInTime, inTime);
        }
        else
        {
            labels.Set(_hitsInTime, NumPy.NaN);
        }

        return SkipReason.None;
    }

    private void MakeHits(PreparedBatch batch, int eventInBatch, LabelRow labels)
    {
        var hits = batch[PreparedFile.HitsPath];
        var (first, count) = (hits.First(eventInBatch), hits.CountOf(eventInBatch));
        var triggered = hits["triggered"].Slice(first, count);
        var dom = hits["dom_id"].Slice(first, count);
        var channel = hits["channel_id"].Slice(first, count);
        var time = hits["time"].Slice(first, count);
        var firstHits = _pool.TryTake(out var pooled) ? pooled : new FirstHits();
        firstHits.Start(count);
        long mask = 0;
        var last = NumPy.NaN;
        for (var i = 0; i < count; i++)
        {
            var module = dom.ToInt64(i);
            var bits = triggered.ToInt64(i);
            firstHits.Add(i, module, channel.ToInt64(i), time[i]);
            if (bits != 0)
            {
                mask += bits;
                firstHits.AddTriggered(module);
                last = firstHits.TriggeredHits == 1 ? time[i] : Math.Max(last, time[i]);
            }
        }

        long firstMask = 0;
        foreach (var hit in firstHits.Hits)
        {
            firstMask += triggered.ToInt64(hit);
        }

        labels.Set(_hits[0], (long)count);
        labels.Set(_hits[1], mask);
        labels.Set(_hits[2], (long)firstHits.TriggeredModules);
        labels.Set(_hits[3], last);
        labels.Set(_hits[4], (long)firstHits.Hits.Length);
        labels.Set(_hits[5], firstMask);
        _pool.Add(firstHits);
    }

    /// <summary>The type of NumPy's sum over a column of that type.</summary>
    private static NumberType SumType(NumberType type) => type switch
    {
        NumberType.UInt8 or NumberType.UInt16 or NumberType.UInt32 or NumberType.UInt64 => NumberType.UInt64,
        NumberType.Float32 or NumberType.Float64 => type,
        _ => NumberType.Int64,
    };

    /// <summary>Finds the first hit of each PMT, and the modules with triggered hits, of one event after the other.</summary>
    private sealed class FirstHits
    {
        private readonly IdTable _pmts = new();
        private readonly IdTable _modules = new();
        private int[] _hits = [];
        private double[] _times = [];

        /// <summary>The first hit of each PMT by time; of hits at the same time, the one that comes first in the file.</summary>
        internal ReadOnlySpan<int> Hits => _hits.AsSpan(0, _pmts.Count);

        internal int TriggeredModules => _modules.Count;

        internal int TriggeredHits { get; private set; }

        internal void Start(int count)
        {
            _pmts.Reset(count);
            _modules.Reset(count);
            TriggeredHits = 0;
            Buffers.Grow(ref _hits, count);
            Buffers.Grow(ref _times, count);
        }

        internal void Add(int hit, long module, long channel, double time)
        {
            var before = _pmts.Count;
            var pmt = _pmts.Add((module << 16) + channel); // channels have 16 bits at the very most
            if (pmt == before || time < _times[pmt] || (double.IsNaN(_times[pmt]) && !double.IsNaN(time)))
            {
                _hits[pmt] = hit;
                _times[pmt] = time;
            }
        }

        internal void AddTriggered(long module)
        {
            TriggeredHits++;
            _modules.Add(module);
        }
    }
}

/// <summary>
/// The labels <c>jg_..._reco</c>: the best track, which is the first one of <c>/reco/tracks</c>, or else <c>/reco/best_jmuon</c>. NaN
/// where an event has none, and for what a table has no column for.
/// </summary>
internal sealed class BestTrack
{
    private const string TracksPath = "/reco/tracks";
    private const string BestPath = "/reco/best_jmuon";

    private static readonly string[] Names =
    [
        "E", "JCOPY_Z_M", "JENERGY_CHI2", "JENERGY_ENERGY", "JENERGY_MUON_RANGE_METRES", "JENERGY_NDF", "JENERGY_NOISE_LIKELIHOOD",
        "JENERGY_NUMBER_OF_HITS", "JGANDALF_BETA0_RAD", "JGANDALF_BETA1_RAD", "JGANDALF_CHI2", "JGANDALF_LAMBDA", "JGANDALF_NUMBER_OF_HITS",
        "JGANDALF_NUMBER_OF_ITERATIONS", "JSHOWERFIT_ENERGY", "JSTART_LENGTH_METRES", "JSTART_NPE_MIP", "JSTART_NPE_MIP_TOTAL", "JVETO_NPE",
        "JVETO_NUMBER_OF_HITS", "dir_x", "dir_y", "dir_z", "id", "length", "likelihood", "pos_x", "pos_y", "pos_z", "rec_type", "t", "group_id",
    ];

    private readonly bool _onlyDowngoing;
    private readonly string[] _tables;
    private readonly int[] _labels = new int[Names.Length];

    internal BestTrack(LabelNeeds needs, LabelList labels, bool onlyDowngoing)
    {
        _onlyDowngoing = onlyDowngoing;
        var present = new[] { TracksPath, BestPath }.Where(path => needs.File.Find(path) is { Layout: not TableLayout.Singleton }).ToArray();
        if (onlyDowngoing && present.Contains(BestPath) && !present.Contains(TracksPath))
        {
            throw new EventFileException(
                needs.File.Path, null, $"has no table {TracksPath}, which only_downgoing_tracks needs: {BestPath} is the best of all tracks, not of those that go down. Convert the original file again with all tracks, or switch only_downgoing_tracks off.")
            { Problem = EventFileProblem.MissingData };
        }

        _tables = onlyDowngoing ? [.. present.Where(path => path == TracksPath)] : present;
        if (onlyDowngoing && _tables.Length > 0)
        {
            needs.Column(TracksPath, "dir_z");
        }

        for (var i = 0; i < Names.Length; i++)
        {
            var types = _tables.Select(path => needs.Find(path, Names[i])).ToArray();
            var type = types is [{ } first, ..] && types.All(t => t == first) ? first : NumberType.Float64;

            // Only of all tracks is there a row for every event, as a rule; among those that go down there need not be any.
            _labels[i] = labels.Add($"jg_{Names[i]}_reco", needs.TypeOrNaN(onlyDowngoing ? null : _tables.FirstOrDefault(), type, type));
        }
    }

    internal void Make(PreparedBatch batch, int eventInBatch, LabelRow labels)
    {
        var (table, row) = Find(batch, eventInBatch);
        for (var i = 0; i < Names.Length; i++)
        {
            labels.Set(_labels[i], table is not null && table.TryGet(Names[i], out var column) ? column[row] : NumPy.NaN);
        }
    }

    private (PreparedTable? Table, int Row) Find(PreparedBatch batch, int eventInBatch)
    {
        foreach (var path in _tables)
        {
            var table = batch[path];
            var (first, after) = (table.First(eventInBatch), table.First(eventInBatch) + table.CountOf(eventInBatch));
            var direction = _onlyDowngoing ? table["dir_z"] : default;
            for (var row = first; row < after; row++)
            {
                if (!_onlyDowngoing || direction[row] < 0)
                {
                    return (table, row);
                }
            }
        }

        return (null, 0);
    }
}
