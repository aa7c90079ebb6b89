namespace OrcaSong.Simulation;

/// <summary>The table event_info.</summary>
internal sealed class EventInfoTable
{
    /// <summary>Length of a frame (time slice) of the data acquisition in ns.</summary>
    public const long FrameLength = 100_000_000;

    private const long NanosecondsPerSecond = 1_000_000_000;

    // weight_w1 of a well contained event in ORCA6 files.
    private const double GenerationWeight = 7e4;

    private static readonly W2List[] W2Items = Enum.GetValues<W2List>();

    private readonly SimulatedColumn<double>[] _w2List;
    private readonly SimulatedColumn<long> _detId;
    private readonly SimulatedColumn<long> _eventId;
    private readonly SimulatedColumn<long> _frameIndex;
    private readonly SimulatedColumn<long> _mcRunId;
    private readonly SimulatedColumn<double> _mcTime;
    private readonly SimulatedColumn<long> _nanoseconds;
    private readonly SimulatedColumn<long> _overlays;
    private readonly SimulatedColumn<long> _runId;
    private readonly SimulatedColumn<long> _timestamp;
    private readonly SimulatedColumn<long> _triggerCounter;
    private readonly SimulatedColumn<long> _triggerMask;
    private readonly SimulatedColumn<double>[] _weights;
    private readonly SimulatedColumn<long> _groupId;
    private readonly SimulationOptions _options;

    public EventInfoTable(SimulationOptions options)
    {
        _options = options;
        Table = new("event_info", "EventInfo");
        _w2List = options.Kind == SimulatedEventKind.Neutrino
            ? [.. Enum.GetNames<W2List>().Select(name => Table.Column<double>("W2LIST_GSEAGEN_" + name))]
            : [];
        _detId = Table.Column<long>("det_id");
        _eventId = Table.Column<long>("event_id");
        _frameIndex = Table.Column<long>("frame_index");
        _mcRunId = Table.Column<long>("mc_run_id");
        _mcTime = Table.Column<double>("mc_time");
        _nanoseconds = Table.Column<long>("nanoseconds");
        _overlays = Table.Column<long>("overlays");
        _runId = Table.Column<long>("run_id");
        _timestamp = Table.Column<long>("timestamp");
        _triggerCounter = Table.Column<long>("trigger_counter");
        _triggerMask = Table.Column<long>("trigger_mask");
        _weights = [.. Enumerable.Range(1, 4).Select(weight => Table.Column<double>($"weight_w{weight}"))];
        _groupId = Table.Column<long>("group_id");
    }

    // The columns W2LIST_GSEAGEN_* in their order.
    private enum W2List
    {
        BX,
        BY,
        CC,
        COLUMN_DEPTH,
        DISTAMAX,
        DXSEC,
        EG,
        ICHAN,
        LEPINCAN,
        PS,
        P_EARTH,
        P_SCALE,
        TARGETA,
        TARGETZ,
        VERINCAN,
        WATERXSEC,
        WATER_INT_LEN,
        XSEC,
        XSEC_MEAN,
    }

    public SimulatedTable Table { get; }

    /// <param name="number">Number of the event.</param>
    /// <param name="zero">Time of the MC event's zero in its frame, in ns.</param>
    /// <param name="truth">What happened.</param>
    /// <param name="mask">Trigger mask.</param>
    /// <param name="random">The event's random numbers.</param>
    public void Add(long number, double zero, EventTruth truth, ulong mask, EventRandom random)
    {
        // Every other frame has an event, on average in its middle. As in files of simulated runs the clock starts with the run, so that
        // mc_time - (timestamp, nanoseconds), which the MC time correction adds, is the time in the frame and loses no digits.
        long frame = (2 * number) + random.Below(2);
        long frameStart = frame * FrameLength;
        _detId.Add(_options.DetectorId);
        _eventId.Add(number + 1);
        _frameIndex.Add(frame + 1);
        _mcRunId.Add(_options.RunId);
        _mcTime.Add(frameStart + zero);
        _nanoseconds.Add(frameStart % NanosecondsPerSecond);
        _overlays.Add(random.Below(10));
        _runId.Add(_options.RunId);
        _timestamp.Add(frameStart / NanosecondsPerSecond);
        _triggerCounter.Add(number);
        _triggerMask.Add((long)mask);
        _groupId.Add(number);
        AddWeights(truth, random);
        Table.EndEvent(1);
    }

    private void AddWeights(EventTruth truth, EventRandom random)
    {
        if (_w2List.Length == 0)
        {
            // MUPAGE and noise events weigh alike and their files have no weights.
            foreach (var weight in _weights)
            {
                weight.Add(double.NaN);
            }

            return;
        }

        var neutrino = truth.Tracks[0];
        double w1 = GenerationWeight * random.Uniform(0.6, 1);
        double flux = 1e-5 / (neutrino.Energy * neutrino.Energy);
        double w2 = w1 * 1e-6 * Math.Pow(neutrino.Energy, 2.4);
        _weights[0].Add(w1);
        _weights[1].Add(w2);
        _weights[2].Add(w2 * flux);
        _weights[3].Add(double.NaN);

        double crossSection = 1e-42 * neutrino.Energy;
        bool onOxygen = random.Chance(8.0 / 9);
        foreach (var item in W2Items)
        {
            _w2List[(int)item].Add(item switch
            {
                W2List.BX => random.Uniform(0.05, 0.6),
                W2List.BY => truth.BjorkenY,
                W2List.CC => truth.IsChargedCurrent ? 2 : 3,
                W2List.COLUMN_DEPTH => neutrino.Direction.Z > 0 ? 1.1e14 * neutrino.Direction.Z : 5e9,
                W2List.EG => Math.Pow(neutrino.Energy, 2.5),
                W2List.ICHAN => truth.IsChargedCurrent ? 2 : 3,
                W2List.LEPINCAN or W2List.P_SCALE or W2List.VERINCAN => 1,
                W2List.PS => 8.3768311,
                W2List.P_EARTH => Math.Exp(-1e-6 * neutrino.Energy),
                W2List.TARGETA => onOxygen ? 16 : 1,
                W2List.TARGETZ => onOxygen ? 8 : 1,
                W2List.WATER_INT_LEN => 1e13 / neutrino.Energy,
                W2List.XSEC or W2List.XSEC_MEAN or W2List.WATERXSEC => crossSection,
                W2List.DXSEC => crossSection * random.Uniform(0.5, 1.5),
                _ => 0,
            });
        }
    }
}

/// <summary>The table mc_tracks.</summary>
internal sealed class McTrackTable
{
    private readonly VectorColumns _direction;
    private readonly SimulatedColumn<double> _energy;
    private readonly SimulatedColumn<int> _id;
    private readonly SimulatedColumn<double> _length;
    private readonly SimulatedColumn<int> _pdgId;
    private readonly VectorColumns _position;
    private readonly SimulatedColumn<double> _time;
    private readonly SimulatedColumn<long> _groupId;

    public McTrackTable()
    {
        Table = new("mc_tracks", "McTracks");
        _direction = new(Table, "dir");
        _energy = Table.Column<double>("energy");
        _id = Table.Column<int>("id");
        _length = Table.Column<double>("length");
        _pdgId = Table.Column<int>("pdgid");
        _position = new(Table, "pos");
        _time = Table.Column<double>("time");
        _groupId = Table.Column<long>("group_id");
    }

    public SimulatedTable Table { get; }

    public void Add(long number, EventTruth truth)
    {
        foreach (var track in truth.Tracks)
        {
            _direction.Add(track.Direction);
            _energy.Add(track.Energy);
            _id.Add(track.Id);
            _length.Add(track.Length);
            _pdgId.Add(track.PdgId);
            _position.Add(track.Position);
            _time.Add(track.Time);
            _groupId.Add(number);
        }

        Table.EndEvent(truth.Tracks.Count);
    }
}

/// <summary>The table group_info.</summary>
internal sealed class GroupInfoTable
{
    private readonly SimulatedColumn<long> _blobLength;
    private readonly SimulatedColumn<long> _groupId;

    public GroupInfoTable()
    {
        Table = new("group_info", "Group Info");
        _blobLength = Table.Column<long>("blob_length");
        _groupId = Table.Column<long>("group_id");
    }

    public SimulatedTable Table { get; }

    /// <summary>The length of the blob is the number of tables that the event has rows in; the first one counts raw_header too.</summary>
    public void Add(long number, int tables)
    {
        _blobLength.Add(tables + (number == 0 ? 1 : 0));
        _groupId.Add(number);
        Table.EndEvent(1);
    }
}
