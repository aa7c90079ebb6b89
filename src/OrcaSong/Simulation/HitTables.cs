namespace OrcaSong.Simulation;

/// <summary>The tables hits and mc_hits.</summary>
internal sealed class HitTables
{
    private readonly SimulatedDetector _detector;
    private readonly (VectorColumns Direction, VectorColumns Position, SimulatedColumn<uint> Tdc)? _calibrated;
    private readonly SimulatedColumn<uint> _channelId;
    private readonly SimulatedColumn<int> _domId;
    private readonly SimulatedColumn<double> _time;
    private readonly SimulatedColumn<uint> _tot;
    private readonly SimulatedColumn<ulong> _triggered;
    private readonly SimulatedColumn<long> _groupId;

    private readonly SimulatedColumn<double> _mcA;
    private readonly SimulatedColumn<int> _mcOrigin;
    private readonly SimulatedColumn<int> _mcPmtId;
    private readonly SimulatedColumn<double> _mcTime;
    private readonly SimulatedColumn<long> _mcGroupId;

    private int _firstHit;
    private int _firstMcHit;

    /// <param name="detector">The detector that has the hits.</param>
    /// <param name="calibrated">
    /// True for time with t0, the raw time as tdc, positions and directions, as files written from calibrated events have.
    /// </param>
    public HitTables(SimulatedDetector detector, bool calibrated)
    {
        _detector = detector;
        Hits = new("hits", "Hits", splitColumns: true);
        _channelId = Hits.Column<uint>("channel_id");
        var direction = calibrated ? new VectorColumns(Hits, "dir") : null;
        _domId = Hits.Column<int>("dom_id");
        _groupId = Hits.Column<long>("group_id");
        if (direction is not null)
        {
            _calibrated = (direction, new(Hits, "pos"), Hits.Column<uint>("tdc"));
        }

        _time = Hits.Column<double>("time");
        _tot = Hits.Column<uint>("tot");
        _triggered = Hits.Column<ulong>("triggered");

        McHits = new("mc_hits", "McHits", splitColumns: true);
        _mcA = McHits.Column<double>("a");
        _mcGroupId = McHits.Column<long>("group_id");
        _mcOrigin = McHits.Column<int>("origin");
        _mcPmtId = McHits.Column<int>("pmt_id");
        _mcTime = McHits.Column<double>("time");
    }

    public SimulatedTable Hits { get; }

    public SimulatedTable McHits { get; }

    /// <summary>The hits of the current event so far.</summary>
    public int HitCount => _time.Count - _firstHit;

    public int McHitCount => _mcTime.Count - _firstMcHit;

    /// <summary>Time over threshold of the hits of the current event.</summary>
    public ReadOnlySpan<uint> Tot => _tot.From(_firstHit);

    /// <summary>
    /// Trigger bits of the hits of the current event, to be changed once all hits are known.
    /// </summary>
    public Span<ulong> Triggered => _triggered.From(_firstHit);

    public void BeginEvent()
    {
        _firstHit = _time.Count;
        _firstMcHit = _mcTime.Count;
    }

    public void EndEvent()
    {
        Hits.EndEvent(HitCount);
        McHits.EndEvent(McHitCount);
    }

    /// <summary>Adds the hits of one DOM, already sorted.</summary>
    public void AddDom(int dom, long groupId, ReadOnlySpan<PackedHit> hits)
    {
        var channels = _channelId.Append(hits.Length);
        var times = _time.Append(hits.Length);
        var tots = _tot.Append(hits.Length);
        var triggered = _triggered.Append(hits.Length);
        _domId.Append(hits.Length).Fill(_detector.DomIds[dom]);
        _groupId.Append(hits.Length).Fill(groupId);
        for (int hit = 0; hit < hits.Length; hit++)
        {
            channels[hit] = (uint)hits[hit].Channel;
            times[hit] = hits[hit].Time;
            tots[hit] = (uint)hits[hit].Tot;
            triggered[hit] = hits[hit].Grade;
        }

        if (_calibrated is not var (directions, positions, tdc))
        {
            return;
        }

        for (int hit = 0; hit < hits.Length; hit++)
        {
            int pmt = (dom * SimulatedDetector.PmtsPerDom) + hits[hit].Channel;
            times[hit] += _detector.PmtT0[pmt];
            directions.Add(_detector.PmtDirections[pmt]);
            positions.Add(_detector.PmtPositions[pmt]);
            tdc.Add((uint)hits[hit].Time);
        }
    }

    /// <summary>Adds the MC hits of one DOM, already sorted.</summary>
    public void AddDom(int dom, long groupId, ReadOnlySpan<McHit> hits)
    {
        var a = _mcA.Append(hits.Length);
        var origins = _mcOrigin.Append(hits.Length);
        var pmts = _mcPmtId.Append(hits.Length);
        var times = _mcTime.Append(hits.Length);
        _mcGroupId.Append(hits.Length).Fill(groupId);
        for (int hit = 0; hit < hits.Length; hit++)
        {
            a[hit] = hits[hit].PhotoElectrons;
            origins[hit] = hits[hit].Origin;
            pmts[hit] = (dom * SimulatedDetector.PmtsPerDom) + hits[hit].Channel + 1;
            times[hit] = hits[hit].Time;
        }
    }
}

/// <summary>
/// A hit in 64 bits that sort as real files do: by raw time, then by channel. From the top: time in ns, channel (5 bits), time over
/// threshold (8), grade (2).
/// </summary>
internal readonly record struct PackedHit(ulong Bits) : IComparable<PackedHit>
{
    public PackedHit(long time, int channel, int tot, HitGrade grade)
        : this(((ulong)time << 15) | ((ulong)channel << 10) | ((ulong)tot << 2) | (ulong)grade)
    {
    }

    /// <summary>Raw time in ns since the beginning of the frame.</summary>
    public long Time => (long)(Bits >> 15);

    public int Channel => (int)(Bits >> 10) & 31;

    public int Tot => (int)(Bits >> 2) & 255;

    public ulong Grade => Bits & 3;

    public int CompareTo(PackedHit other) => Bits.CompareTo(other.Bits);
}

/// <summary>What a hit is to the trigger.</summary>
internal enum HitGrade
{
    /// <summary>Noise, or scattered light that comes too late.</summary>
    None,

    /// <summary>Direct light, alone on its DOM.</summary>
    Single,

    /// <summary>Direct light on two or more PMTs of a DOM within some ns (an L1 coincidence).</summary>
    Coincident,
}

/// <summary>A hit of mc_hits on a DOM; time in ns in the time of the MC event.</summary>
internal readonly record struct McHit(int Channel, double Time, int Origin, int PhotoElectrons) : IComparable<McHit>
{
    public int CompareTo(McHit other) => Channel == other.Channel ? Time.CompareTo(other.Time) : Channel.CompareTo(other.Channel);
}
