using System.Runtime.InteropServices;
using OrcaSong.Simulation;
using Xunit;

namespace OrcaSong.Tests.Simulation;

public class EventSimulatorTests
{
    private static readonly SimulationOptions Neutrinos = new() { Events = 200, HitsPerEvent = 200 };
    private static readonly SimulationOptions Muons = Neutrinos with { Kind = SimulatedEventKind.Muon };
    private static readonly SimulationOptions Noise = Neutrinos with { Kind = SimulatedEventKind.Noise };

    public static TheoryData<SimulatedEventKind> Kinds => [.. Enum.GetValues<SimulatedEventKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void SameOptionsGiveSameColumns(SimulatedEventKind kind)
    {
        var options = Neutrinos with { Kind = kind };
        Assert.Equal(Bytes(All(options)), Bytes(All(options)));
    }

    [Fact]
    public void AnotherSeedOrRunGivesOtherEvents()
    {
        var hits = Values<double>(All(Neutrinos), "hits", "time");
        Assert.NotEqual(hits, Values<double>(All(Neutrinos with { Seed = 2 }), "hits", "time"));
        Assert.NotEqual(hits, Values<double>(All(Neutrinos with { RunId = 2 }), "hits", "time"));
        Assert.NotEqual(
            Values<double>(All(Neutrinos with { Seed = 1, RunId = 2 }), "hits", "time"),
            Values<double>(All(Neutrinos with { Seed = 2, RunId = 1 }), "hits", "time"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void BatchSizeDoesNotMatter(int eventsPerBatch)
    {
        var whole = Bytes(All(Neutrinos));
        var joined = whole.Keys.ToDictionary(key => key, _ => new List<byte>());
        long next = 0;
        foreach (var batch in new EventSimulator(Neutrinos).Batches(eventsPerBatch))
        {
            Assert.Equal(next, batch.FirstEvent);
            next += batch.EventCount;
            foreach (var (key, bytes) in Bytes(batch))
            {
                joined[key].AddRange(bytes);
            }
        }

        Assert.Equal(200, next);
        Assert.All(whole, column => Assert.Equal(column.Value, joined[column.Key]));
    }

    [Fact]
    public void AnEventDoesNotDependOnTheNumberOfEvents()
    {
        var longRun = new EventSimulator(Neutrinos with { Events = 1_000_000 }).Simulate(150, 1);
        var shortRun = new EventSimulator(Neutrinos).Simulate(150, 1);
        Assert.Equal(Bytes(shortRun), Bytes(longRun));
    }

    [Fact]
    public void TablesAndTypesAreThoseOfRealFiles()
    {
        // What h5py shows of ORCA6 simulations (km3pipe 9): uncalibrated hits of a gSeaGen file of km3pipe 9.13, reco/tracks of one of 9.4.
        const string fit = "E:8d JCOPY_Z_M:4f JENERGY_CHI2:4f JENERGY_ENERGY:4f JENERGY_MUON_RANGE_METRES:4f JENERGY_NDF:4f "
            + "JENERGY_NOISE_LIKELIHOOD:4f JENERGY_NUMBER_OF_HITS:4f JGANDALF_BETA0_RAD:4f JGANDALF_BETA1_RAD:4f JGANDALF_CHI2:4f "
            + "JGANDALF_LAMBDA:4f JGANDALF_NUMBER_OF_HITS:4f JGANDALF_NUMBER_OF_ITERATIONS:4f JSHOWERFIT_ENERGY:4f "
            + "JSTART_LENGTH_METRES:4f JSTART_NPE_MIP:4f JSTART_NPE_MIP_TOTAL:4f JVETO_NPE:4f JVETO_NUMBER_OF_HITS:4f "
            + "dir_x:8d dir_y:8d dir_z:8d ";
        const string fitEnd = "length:8d likelihood:8d pos_x:8d pos_y:8d pos_z:8d ";
        string w2List = string.Concat(
            ("BX BY CC COLUMN_DEPTH DISTAMAX DXSEC EG ICHAN LEPINCAN PS P_EARTH P_SCALE TARGETA TARGETZ VERINCAN WATERXSEC "
                + "WATER_INT_LEN XSEC XSEC_MEAN").Split(' ').Select(name => $"W2LIST_GSEAGEN_{name}:8d "));
        const string eventInfo = "det_id:8i event_id:8i frame_index:8i mc_run_id:8i mc_time:8d nanoseconds:8i overlays:8i run_id:8i "
            + "timestamp:8i trigger_counter:8i trigger_mask:8i weight_w1:8d weight_w2:8d weight_w3:8d weight_w4:8d group_id:8i";
        var expected = new Dictionary<string, string>
        {
            ["event_info EventInfo"] = w2List + eventInfo,
            ["group_info Group Info"] = "blob_length:8i group_id:8i",
            ["hits Hits split"] = "channel_id:4u dom_id:4i group_id:8i time:8d tot:4u triggered:8u",
            ["mc_hits McHits split"] = "a:8d group_id:8i origin:4i pmt_id:4i time:8d",
            ["mc_tracks McTracks"] =
                "dir_x:8d dir_y:8d dir_z:8d energy:8d id:4i length:8d pdgid:4i pos_x:8d pos_y:8d pos_z:8d time:8d group_id:8i",
            ["reco/best_jmuon Reco best_jmuon"] = fit + fitEnd + "rec_type:8i t:8d group_id:8i",
            ["reco/best_jshower Reco best_jshower"] = fit + fitEnd + "rec_type:8i t:8d group_id:8i",
            ["reco/tracks Reco tracks"] = fit + "id:4i idx:8i " + fitEnd + "rec_type:4i t:8d group_id:8i",
        };
        Assert.Equal(expected, Schema(new EventSimulator(Neutrinos).Tables));

        expected["event_info EventInfo"] = eventInfo;
        Assert.Equal(expected, Schema(new EventSimulator(Muons).Tables));

        expected.Remove("mc_hits McHits split");
        expected.Remove("mc_tracks McTracks");
        Assert.Equal(expected, Schema(new EventSimulator(Noise).Tables));

        expected["hits Hits split"] = "channel_id:4u dir_x:8d dir_y:8d dir_z:8d dom_id:4i group_id:8i "
            + "pos_x:8d pos_y:8d pos_z:8d tdc:4u time:8d tot:4u triggered:8u";
        Assert.Equal(expected, Schema(new EventSimulator(Noise with { Calibrated = true }).Tables));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void RowsOfEventsAddUpToTheTables(SimulatedEventKind kind)
    {
        var simulator = new EventSimulator(Neutrinos with { Kind = kind });
        var batch = simulator.Simulate(30, 100);
        foreach (var table in batch.Tables)
        {
            Assert.Equal(100, table.RowsPerEvent.Length);
            Assert.All(table.Columns, column => Assert.Equal(table.RowCount, column.Count));
            Assert.All(table.Columns, column => Assert.Equal(column.Count * column.ElementSize, column.Bytes.Length));
            var groups = new List<long>();
            for (int item = 0; item < 100; item++)
            {
                groups.AddRange(Enumerable.Repeat(30L + item, table.RowsPerEvent[item]));
            }

            Assert.Equal(groups, Values<long>(batch, table.Path, "group_id"));
        }
    }

    [Fact]
    public void BlobLengthCountsTheTablesOfAnEvent()
    {
        var batch = All(Neutrinos);
        var lengths = Values<long>(batch, "group_info", "blob_length");
        for (int item = 0; item < batch.EventCount; item++)
        {
            int tables = batch.Tables.Count(table => table.Path != "group_info" && table.RowsPerEvent[item] > 0);
            Assert.Equal(tables + (item == 0 ? 1 : 0), lengths[item]);
        }
    }

    [Theory]
    [InlineData(SimulatedEventKind.Neutrino, 30, 0.5)]
    [InlineData(SimulatedEventKind.Neutrino, 300, 0.2)]
    [InlineData(SimulatedEventKind.Muon, 300, 0.5)]
    [InlineData(SimulatedEventKind.Noise, 300, 0.5)]
    [InlineData(SimulatedEventKind.Neutrino, 3000, 0.5)]
    public void MeanNumberOfHitsAndShareOfNoiseAreAsAsked(SimulatedEventKind kind, double hits, double noise)
    {
        const int events = 600;
        var batch = All(new() { Events = events, Kind = kind, HitsPerEvent = hits, NoiseFraction = noise });

        // The brightness of events spreads by 0.66 of the mean: 0.66 / sqrt(600) = 2.7 %, of which four are allowed.
        Assert.Equal(hits, (double)Table(batch, "hits").RowCount / events, 0.11 * hits);
        if (kind != SimulatedEventKind.Noise)
        {
            Assert.Equal(hits * (1 - noise), (double)Table(batch, "mc_hits").RowCount / events, 0.11 * hits);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryEventIsTriggered(SimulatedEventKind kind)
    {
        var batch = All(Neutrinos with { Kind = kind });
        var triggered = Values<ulong>(batch, "hits", "triggered");
        var masks = Values<long>(batch, "event_info", "trigger_mask");
        int events = 0;
        foreach (var (item, rows) in Events(batch, "hits"))
        {
            ulong bits = 0;
            foreach (ulong hit in triggered[rows])
            {
                bits |= hit;
            }

            Assert.NotEqual(0u, bits);
            Assert.Equal((long)bits, masks[item]);
            events++;
        }

        Assert.Equal(200, events);
        Assert.Subset(new HashSet<ulong> { 0, 2, 4, 6, 16, 20, 22 }, triggered.ToHashSet());
        Assert.InRange(triggered.Count(hit => hit != 0) / (double)triggered.Length, 0.05, 0.5);
    }

    [Fact]
    public void TriggeredHitsAreSignal()
    {
        // Light crosses the detector in some hundred ns; noise would spread over the record of some 1,800 ns.
        var batch = All(Neutrinos);
        var times = CalibratedTimes(Neutrinos, batch);
        var triggered = Values<ulong>(batch, "hits", "triggered");
        var spans = new List<double>();
        foreach (var (_, rows) in Events(batch, "hits"))
        {
            var direct = times[rows].Where((_, hit) => triggered[rows.Start.Value + hit] != 0).ToList();
            spans.Add(direct.Max() - direct.Min());
        }

        Assert.InRange(spans.Order().ElementAt(100), 50, 500);
        Assert.True(spans.Max() < 1200);
    }

    [Fact]
    public void HitsAreSortedByDomOfTheDetectorFileThenTimeThenChannel()
    {
        var simulator = new EventSimulator(Neutrinos);
        var batch = simulator.Simulate(0, 200);
        var order = simulator.Detector.DomIds.Select((id, index) => (id, index)).ToDictionary(pair => pair.id, pair => pair.index);
        var doms = Values<int>(batch, "hits", "dom_id");
        var times = Values<double>(batch, "hits", "time");
        var channels = Values<uint>(batch, "hits", "channel_id");
        foreach (var (_, rows) in Events(batch, "hits"))
        {
            for (int hit = rows.Start.Value + 1; hit < rows.End.Value; hit++)
            {
                var before = (order[doms[hit - 1]], times[hit - 1], channels[hit - 1]);
                Assert.True(before.CompareTo((order[doms[hit]], times[hit], channels[hit])) <= 0);
            }
        }

        var pmts = Values<int>(batch, "mc_hits", "pmt_id");
        var mcTimes = Values<double>(batch, "mc_hits", "time");
        foreach (var (_, rows) in Events(batch, "mc_hits"))
        {
            for (int hit = rows.Start.Value + 1; hit < rows.End.Value; hit++)
            {
                Assert.True((pmts[hit - 1], mcTimes[hit - 1]).CompareTo((pmts[hit], mcTimes[hit])) <= 0);
            }
        }
    }

    [Fact]
    public void RawTimesAreWholePositiveNanosecondsOfOneFrame()
    {
        Assert.All(Values<double>(All(Neutrinos), "hits", "time"), time =>
        {
            Assert.Equal(Math.Floor(time), time);
            Assert.InRange(time, 0, 1e8);
        });
    }

    [Fact]
    public void CalibratedHitsAreRawHitsPlusT0WithPositionsAndDirections()
    {
        var raw = All(Neutrinos);
        var calibrated = All(Neutrinos with { Calibrated = true });
        Assert.Equal(Values<int>(raw, "hits", "dom_id"), Values<int>(calibrated, "hits", "dom_id"));
        Assert.Equal(Values<double>(raw, "hits", "time"), Values<uint>(calibrated, "hits", "tdc").Select(tdc => (double)tdc));
        Assert.Equal(CalibratedTimes(Neutrinos, raw), Values<double>(calibrated, "hits", "time"));

        var detector = new SimulatedDetector(Neutrinos);
        var pmts = Pmts(detector, raw);
        Assert.Equal(pmts.Select(pmt => detector.PmtPositions[pmt]), Vectors(calibrated, "hits", "pos"));
        Assert.Equal(pmts.Select(pmt => detector.PmtDirections[pmt]), Vectors(calibrated, "hits", "dir"));
        Assert.Equal(Values<double>(raw, "reco/best_jmuon", "t"), Values<double>(calibrated, "reco/best_jmuon", "t"));
    }

    [Theory]
    [InlineData(SimulatedEventKind.Muon)]
    [InlineData(SimulatedEventKind.Neutrino)]
    public void LightArrivesAfterItsTrackAndMostlyDirectly(SimulatedEventKind kind)
    {
        const double c = 0.299792458;
        const double n = 1.38;
        var simulator = new EventSimulator(Neutrinos with { Kind = kind });
        var batch = simulator.Simulate(0, 200);
        var delays = new List<double>();
        var tracks = Tracks(batch);
        var origins = Values<int>(batch, "mc_hits", "origin");
        var pmts = Values<int>(batch, "mc_hits", "pmt_id");
        var times = Values<double>(batch, "mc_hits", "time");
        var groups = Values<long>(batch, "mc_hits", "group_id");
        for (int hit = 0; hit < times.Length; hit++)
        {
            // No light is faster than that which leaves the track where cos = 1/n.
            var track = tracks[(groups[hit], origins[hit])];
            var toDom = simulator.Detector.DomPositions[(pmts[hit] - 1) / 31] - track.Position;
            double along = toDom.Dot(track.Direction);
            double aside = Math.Sqrt(Math.Max(0, toDom.Dot(toDom) - (along * along)));
            double leaves = Math.Clamp(along - (aside / Math.Sqrt((n * n) - 1)), 0, track.Length);
            double earliest = track.Time + (leaves / c) + ((toDom - (track.Direction * leaves)).Length * n / c);
            delays.Add(times[hit] - earliest);
        }

        delays.Sort();
        Assert.True(delays[0] > -0.1, $"A hit is {-delays[0]} ns too early.");
        Assert.InRange(delays[delays.Count / 2], 0, 15);
    }

    [Theory]
    [InlineData(SimulatedEventKind.Muon)]
    [InlineData(SimulatedEventKind.Neutrino)]
    public void McTimeCorrectionBringsMcHitsToTheHits(SimulatedEventKind kind)
    {
        var options = Neutrinos with { Kind = kind };
        var batch = All(options);
        var times = CalibratedTimes(options, batch);
        var pmtsOfHits = Pmts(new(options), batch);
        var mcTime = Values<double>(batch, "event_info", "mc_time");
        var timestamp = Values<long>(batch, "event_info", "timestamp");
        var nanoseconds = Values<long>(batch, "event_info", "nanoseconds");
        var pmts = Values<int>(batch, "mc_hits", "pmt_id");
        var mcTimes = Values<double>(batch, "mc_hits", "time");
        var hitRows = Events(batch, "hits").ToDictionary(pair => pair.Event, pair => pair.Rows);
        foreach (var (item, rows) in Events(batch, "mc_hits"))
        {
            var hits = Enumerable.Range(hitRows[item].Start.Value, hitRows[item].End.Value - hitRows[item].Start.Value)
                .ToLookup(hit => pmtsOfHits[hit] + 1, hit => times[hit]);
            for (int hit = rows.Start.Value; hit < rows.End.Value; hit++)
            {
                double corrected = mcTimes[hit] - ((timestamp[item] * 1e9) + nanoseconds[item]) + mcTime[item];
                Assert.True(hits[pmts[hit]].Any(time => Math.Abs(time - corrected) < 18), $"Event {item} has no hit near MC hit {hit}.");
            }
        }
    }

    [Fact]
    public void EventInfoNamesRunDetectorAndFrame()
    {
        var batch = All(Neutrinos with { RunId = 8349, DetectorId = 49 });
        Assert.All(Values<long>(batch, "event_info", "det_id"), id => Assert.Equal(49, id));
        Assert.All(Values<long>(batch, "event_info", "run_id"), id => Assert.Equal(8349, id));
        Assert.Equal(Enumerable.Range(1, 200).Select(id => (long)id), Values<long>(batch, "event_info", "event_id"));
        var frames = Values<long>(batch, "event_info", "frame_index");
        Assert.Equal(frames.Distinct().Order(), frames);
        var starts = Values<long>(batch, "event_info", "timestamp")
            .Zip(Values<long>(batch, "event_info", "nanoseconds"), (s, ns) => (s * 1_000_000_000) + ns);
        Assert.Equal(frames.Select(frame => (frame - 1) * 100_000_000), starts);
    }

    [Fact]
    public void NeutrinoEventsBeginWithTheNeutrinoAndConserveEnergy()
    {
        var batch = All(Neutrinos);
        var ids = Values<int>(batch, "mc_tracks", "id");
        var pdgIds = Values<int>(batch, "mc_tracks", "pdgid");
        var energies = Values<double>(batch, "mc_tracks", "energy");
        var bjorken = Values<double>(batch, "event_info", "W2LIST_GSEAGEN_BY");
        var chargedCurrent = Values<double>(batch, "event_info", "W2LIST_GSEAGEN_CC");
        foreach (var (item, rows) in Events(batch, "mc_tracks"))
        {
            int first = rows.Start.Value;
            Assert.Equal(0, ids[first]);
            Assert.Contains(Math.Abs(pdgIds[first]), new[] { 12, 14, 16 });
            Assert.Equal(rows.End.Value - first, ids[rows].Distinct().Count());

            int sign = Math.Sign(pdgIds[first]);
            int lepton = chargedCurrent[item] == 2 ? pdgIds[first] - sign : pdgIds[first];
            Assert.Equal(lepton, pdgIds[first + 1]);
            Assert.Equal((1 - bjorken[item]) * energies[first], energies[first + 1], 1e-9);
            double hadrons = energies[rows].Where((_, row) => Math.Abs(pdgIds[first + row]) > 20).Sum();
            Assert.Equal(bjorken[item] * energies[first], hadrons, 1e-9);
        }

        Assert.Equal([2.0, 3.0], chargedCurrent.Distinct().Order());
    }

    [Fact]
    public void MuonsOfABundleAreParallelAndComeFromAbove()
    {
        var batch = All(Muons);
        var directions = Vectors(batch, "mc_tracks", "dir").ToArray();
        foreach (var (_, rows) in Events(batch, "mc_tracks"))
        {
            Assert.Single(directions[rows].Distinct());
            Assert.True(directions[rows.Start].Z < 0);
        }

        Assert.Contains(Table(batch, "mc_tracks").RowsPerEvent.ToArray(), muons => muons > 1);
        Assert.All(Values<int>(batch, "mc_tracks", "pdgid"), id => Assert.Equal(13, Math.Abs(id)));
    }

    [Fact]
    public void ReconstructionsSmearTheTruthAndAreMissingForSomeEvents()
    {
        var batch = All(Muons with { Events = 1000 });
        Assert.InRange(Table(batch, "reco/best_jmuon").RowCount, 950, 995);
        Assert.InRange(Table(batch, "reco/best_jshower").RowCount, 950, 995);
        Assert.Equal(
            Table(batch, "reco/best_jmuon").RowCount + Table(batch, "reco/best_jshower").RowCount, Table(batch, "reco/tracks").RowCount);

        var truth = Tracks(batch);
        var angles = Vectors(batch, "reco/best_jmuon", "dir")
            .Zip(
                Values<long>(batch, "reco/best_jmuon", "group_id"),
                (fit, item) => Math.Acos(Math.Min(1, fit.Dot(truth[(item, 1)].Direction))))
            .Order().ToList();
        Assert.InRange(angles[angles.Count / 2], 0.001, 0.1);
        Assert.All(Vectors(batch, "reco/best_jmuon", "dir"), direction => Assert.Equal(1, direction.Length, 1e-9));
        Assert.All(Values<float>(batch, "reco/best_jshower", "JGANDALF_LAMBDA"), value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void TimeOverThresholdPeaksAtOnePhotoElectronAndGrowsWithLight()
    {
        var noise = Values<uint>(All(Noise), "hits", "tot");
        Assert.InRange(noise.Order().ElementAt(noise.Length / 2), 23u, 28u);
        Assert.True(noise.Max() < 64);
        var bright = Values<uint>(All(Neutrinos with { HitsPerEvent = 3000, Events = 20 }), "hits", "tot");
        Assert.InRange(bright.Max(), 100u, 255u);
    }

    [Fact]
    public void NoiseFillsTheRecordEvenly()
    {
        var times = CalibratedTimes(Noise, All(Noise));
        var batch = All(Noise);
        var halves = new int[2];
        foreach (var (_, rows) in Events(batch, "hits"))
        {
            var record = times[rows];
            double middle = (record.Min() + record.Max()) / 2;
            Assert.InRange(record.Max() - record.Min(), 1000, 2500);
            halves[0] += record.Count(time => time < middle);
            halves[1] += record.Count(time => time >= middle);
        }

        Assert.InRange(halves[0] / (double)halves.Sum(), 0.48, 0.52);
    }

    [Fact]
    public void HeaderHasTheRowsThatLabelsNeed()
    {
        var header = new EventSimulator(Neutrinos).Header;
        Assert.Equal(["dtype", "field_names", "field_values", "parameter"], header.Columns.Select(column => column.Name));
        Assert.Equal("raw_header", header.Path);
        var texts = header.Columns.Select(column => Assert.IsType<SimulatedTextColumn>(column)).ToList();
        int genvol = texts[3].Values.ToList().IndexOf("genvol");
        Assert.Equal("f4 f4 f4 f4 f4", texts[0].Values[genvol]);
        Assert.Equal("zmin zmax r volume numberOfEvents", texts[1].Values[genvol]);
        Assert.Equal("20000", texts[2].Values[genvol].Split(' ')[4]);
        Assert.Equal("a10 a4 f4", texts[0].Values[texts[3].Values.ToList().IndexOf("seed")]);
        Assert.All(texts, text => Assert.Equal(header.RowCount * text.ElementSize, text.Bytes.Length));
        Assert.All(texts, text => Assert.Equal(text.Values.Max(value => value.Length), text.ElementSize));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void LaterBatchesAllocateNextToNothing(SimulatedEventKind kind)
    {
        var simulator = new EventSimulator(Neutrinos with { Events = 100_000, Kind = kind });
        for (int batch = 0; batch < 20; batch++)
        {
            simulator.Simulate(batch * 100, 100);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int batch = 20; batch < 40; batch++)
        {
            simulator.Simulate(batch * 100, 100);
        }

        // 400,000 hits make some 20 MB of columns.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Fact]
    public void AnEmptyRunHasNoBatches() => Assert.Empty(new EventSimulator(Neutrinos with { Events = 0 }).Batches());

    [Fact]
    public void EventsBeyondTheRunAreRefused()
    {
        var simulator = new EventSimulator(Neutrinos);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => simulator.Simulate(150, 51));
        Assert.Contains("0 to 199", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => simulator.Simulate(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => simulator.Simulate(long.MaxValue, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => simulator.Batches(0));
    }

    [Fact]
    public void TinyEventsAndDetectorsWork()
    {
        var options = new SimulationOptions { Events = 500, HitsPerEvent = 1, DetectionUnits = 1, FloorsPerUnit = 1 };
        var batch = All(options);
        Assert.Contains(0, Table(batch, "hits").RowsPerEvent.ToArray());
        Assert.Equal(500, Table(batch, "event_info").RowCount);
    }

    private static SimulatedBatch All(SimulationOptions options) => new EventSimulator(options).Simulate(0, (int)options.Events);

    private static SimulatedTable Table(SimulatedBatch batch, string path) => batch.Tables.Single(table => table.Path == path);

    private static T[] Values<T>(SimulatedBatch batch, string path, string column)
        where T : unmanaged =>
        Assert.IsType<SimulatedColumn<T>>(Table(batch, path).Columns.Single(candidate => candidate.Name == column)).Values.ToArray();

    private static IEnumerable<Vector> Vectors(SimulatedBatch batch, string path, string prefix)
    {
        var x = Values<double>(batch, path, prefix + "_x");
        var y = Values<double>(batch, path, prefix + "_y");
        var z = Values<double>(batch, path, prefix + "_z");
        return Enumerable.Range(0, x.Length).Select(row => new Vector(x[row], y[row], z[row]));
    }

    private static IEnumerable<(int Event, Range Rows)> Events(SimulatedBatch batch, string path)
    {
        int row = 0;
        int[] counts = Table(batch, path).RowsPerEvent.ToArray();
        for (int item = 0; item < counts.Length; item++)
        {
            yield return (item, row..(row + counts[item]));
            row += counts[item];
        }
    }

    private static Dictionary<string, byte[]> Bytes(SimulatedBatch batch) =>
        batch.Tables.SelectMany(table => table.Columns.Select(column => ($"{table.Path}/{column.Name}", column.Bytes.ToArray())))
            .Concat(batch.Tables.Select(table => ($"{table.Path} rows", MemoryMarshal.AsBytes(table.RowsPerEvent).ToArray())))
            .ToDictionary();

    private static Dictionary<string, string> Schema(IEnumerable<SimulatedTable> tables) => tables.ToDictionary(
        table => $"{table.Path} {table.Title}{(table.SplitColumns ? " split" : "")}",
        table => string.Join(' ', table.Columns.Select(column => $"{column.Name}:{column.ElementSize}{Kind(column.ElementType)}")));

    private static char Kind(Type type) =>
        type == typeof(double) ? 'd' : type == typeof(float) ? 'f' : type == typeof(uint) || type == typeof(ulong) ? 'u' : 'i';

    private static int[] Pmts(SimulatedDetector detector, SimulatedBatch batch)
    {
        var order = detector.DomIds.Select((id, index) => (id, index)).ToDictionary(pair => pair.id, pair => pair.index);
        var channels = Values<uint>(batch, "hits", "channel_id");
        return [.. Values<int>(batch, "hits", "dom_id").Zip(channels, (dom, channel) => (order[dom] * 31) + (int)channel)];
    }

    private static double[] CalibratedTimes(SimulationOptions options, SimulatedBatch batch)
    {
        var detector = new SimulatedDetector(options);
        return [.. Values<double>(batch, "hits", "time").Zip(Pmts(detector, batch), (time, pmt) => time + detector.PmtT0[pmt])];
    }

    private static Dictionary<(long Event, int Id), McTrack> Tracks(SimulatedBatch batch)
    {
        var ids = Values<int>(batch, "mc_tracks", "id");
        var pdgIds = Values<int>(batch, "mc_tracks", "pdgid");
        var energies = Values<double>(batch, "mc_tracks", "energy");
        var positions = Vectors(batch, "mc_tracks", "pos").ToArray();
        var directions = Vectors(batch, "mc_tracks", "dir").ToArray();
        var times = Values<double>(batch, "mc_tracks", "time");
        var lengths = Values<double>(batch, "mc_tracks", "length");
        var groups = Values<long>(batch, "mc_tracks", "group_id");
        return Enumerable.Range(0, ids.Length).ToDictionary(
            row => (groups[row], ids[row]),
            row => new McTrack(ids[row], pdgIds[row], energies[row], positions[row], directions[row], times[row], lengths[row]));
    }
}
