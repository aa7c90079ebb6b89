namespace OrcaSong.Simulation;

/// <summary>
/// Makes the events of a simulated run batch by batch, as columns of the tables of a km3pipe file. Memory grows with the batch, not with
/// the run. The same options give the same columns, whatever the batches: event k has its own random numbers, so simulators
/// of equal options may also share a run between threads. One simulator serves one thread.
/// </summary>
/// <remarks>
/// The physics is meant to look right, not to be right: Cherenkov geometry, absorption, scattering tails, the angular acceptance of PMTs,
/// time over threshold, dark noise and potassium 40, trigger bits, and reconstructions that smear the truth.
/// </remarks>
public sealed class EventSimulator
{
    // Fractions of events that JMuon and JShower give up on, as ORCA6 files have them.
    private const double MuonFitFails = 0.02;
    private const double ShowerFitFails = 0.02;

    private readonly double _signalPerEvent;
    private readonly EventRandom _random = new(0, 0, 0);
    private readonly EventTruth _truth = new();
    private readonly RecoFit _fit = new();
    private readonly HitSimulator _hits;

    private readonly EventInfoTable _eventInfo;
    private readonly GroupInfoTable _groupInfo = new();
    private readonly HitTables _hitTables;
    private readonly McTrackTable _mcTracks = new();
    private readonly RecoTable _bestMuon = RecoTable.Best("best_jmuon");
    private readonly RecoTable _bestShower = RecoTable.Best("best_jshower");
    private readonly RecoTable _recoTracks = RecoTable.AllTracks();
    private readonly SimulatedTable[] _filled;
    private readonly SimulatedBatch _batch;

    /// <summary>Prepares the run that <paramref name="options"/> describe, and builds its detector.</summary>
    public EventSimulator(SimulationOptions options)
    {
        Options = options;
        Detector = new(options);
        bool allNoise = options.Kind == SimulatedEventKind.Noise;
        double noise = options.HitsPerEvent * (allNoise ? 1 : options.NoiseFraction);
        _signalPerEvent = options.HitsPerEvent - noise;
        _eventInfo = new(options);
        _hitTables = new(Detector, options.Calibrated);
        _hits = new(Detector, _hitTables, noise, noiseTriggers: allNoise);
        _filled =
        [
            _eventInfo.Table, _groupInfo.Table, _hitTables.Hits, _hitTables.McHits, _mcTracks.Table, _bestMuon.Table, _bestShower.Table,
            _recoTracks.Table,
        ];
        Tables = allNoise ? [.. _filled.Except([_hitTables.McHits, _mcTracks.Table])] : _filled;
        Header = RawHeader.Create(options, Detector);
        _batch = new(Tables);
    }

    /// <summary>What is simulated.</summary>
    public SimulationOptions Options { get; }

    /// <summary>The detector that sees the events.</summary>
    public SimulatedDetector Detector { get; }

    /// <summary>
    /// The tables with a number of rows an event: event_info, group_info, hits, mc_hits and mc_tracks (not of noise), reco/best_jmuon,
    /// reco/best_jshower and reco/tracks. They hold the rows of the latest batch.
    /// </summary>
    public IReadOnlyList<SimulatedTable> Tables { get; }

    /// <summary>The table raw_header, which belongs to the run.</summary>
    public SimulatedTable Header { get; }

    /// <summary>All events of the run in consecutive batches. Every batch overwrites the one before.</summary>
    /// <param name="eventsPerBatch">Events a batch; the last one may have fewer.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="eventsPerBatch"/> is not positive.</exception>
    public IEnumerable<SimulatedBatch> Batches(int eventsPerBatch = 1000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(eventsPerBatch);
        return Enumerate();

        IEnumerable<SimulatedBatch> Enumerate()
        {
            for (long first = 0; first < Options.Events; first += eventsPerBatch)
            {
                yield return Simulate(first, (int)Math.Min(eventsPerBatch, Options.Events - first));
            }
        }
    }

    /// <summary>Simulates some consecutive events. The batch overwrites the one before.</summary>
    /// <param name="firstEvent">Number of the first event.</param>
    /// <param name="count">Number of events.</param>
    /// <exception cref="ArgumentOutOfRangeException">The run has no such events.</exception>
    public SimulatedBatch Simulate(long firstEvent, int count)
    {
        if (firstEvent < 0 || count < 0 || firstEvent > Options.Events - count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(firstEvent),
                firstEvent,
                $"The run has events 0 to {Options.Events - 1}; {count} events from {firstEvent} on were asked for.");
        }

        foreach (var table in _filled)
        {
            table.Clear();
        }

        for (long number = firstEvent; number < firstEvent + count; number++)
        {
            AddEvent(number);
        }

        _batch.FirstEvent = firstEvent;
        _batch.EventCount = count;
        return _batch;
    }

    private void AddEvent(long number)
    {
        _random.Restart(Options.Seed, Options.RunId, number);

        // Away from the ends of the frame, so that raw times stay positive and events stay in their frame.
        double zero = _random.Uniform(0.05, 0.95) * EventInfoTable.FrameLength;
        double signal = GenerateTruth();
        _hitTables.BeginEvent();
        _hits.Add(_truth, signal, zero, number, _random);
        var (mask, triggered) = Trigger.Apply(_hitTables.Triggered, _hitTables.Tot, _random);

        _eventInfo.Add(number, zero, _truth, mask, _random);
        int tables = 1 + (_hitTables.HitCount > 0 ? 1 : 0) + (_hitTables.McHitCount > 0 ? 1 : 0) + (_truth.Tracks.Count > 0 ? 1 : 0);
        tables += Reconstruct(number, zero, triggered);
        _groupInfo.Add(number, tables);
        _hitTables.EndEvent();
        _mcTracks.Add(number, _truth);
    }

    /// <summary>Fills the truth and returns the mean number of hits of signal that the event shall have.</summary>
    private double GenerateTruth()
    {
        _truth.Clear();
        if (Options.Kind == SimulatedEventKind.Noise)
        {
            return 0;
        }

        // A log-normal number with mean 1: faint events are common, bright ones rare.
        const double width = 0.6;
        double signal = _signalPerEvent * Math.Exp((width * _random.Gauss()) - (0.5 * width * width));
        if (Options.Kind == SimulatedEventKind.Muon)
        {
            MuonBundle.Generate(_truth, Detector, signal, _random);
        }
        else
        {
            NeutrinoInteraction.Generate(_truth, Detector, signal, _random);
        }

        return signal;
    }

    /// <summary>Adds the reconstructions and returns the number of tables that got rows.</summary>
    private int Reconstruct(long number, double zero, int triggeredHits)
    {
        int tables = 0;
        if (triggeredHits > 0)
        {
            var source = BrightestSource();
            if (!_random.Chance(MuonFitFails))
            {
                _fit.FitMuon(source, Detector.Centre, zero, triggeredHits, _random);
                _bestMuon.Add(number, _fit);
                _recoTracks.Add(number, _fit);
                tables++;
            }

            if (!_random.Chance(ShowerFitFails))
            {
                _fit.FitShower(source, Detector.Centre, zero, triggeredHits, _random);
                _bestShower.Add(number, _fit);
                _recoTracks.Add(number, _fit);
                tables++;
            }
        }

        _bestMuon.EndEvent();
        _bestShower.EndEvent();
        _recoTracks.EndEvent();
        return tables == 0 ? 0 : tables + 1;
    }

    /// <summary>What a fit finds: the source of the highest energy; in noise, something anywhere.</summary>
    private LightSource BrightestSource()
    {
        if (_truth.Sources.Count == 0)
        {
            return new(InstrumentedVolume.Draw(Detector, _random), _random.Direction(), 0, 0, _random.Exponential(5), 0);
        }

        var brightest = _truth.Sources[0];
        foreach (var source in _truth.Sources)
        {
            if (source.Energy > brightest.Energy)
            {
                brightest = source;
            }
        }

        return brightest;
    }
}
