using OrcaSong.Detectors;
using OrcaSong.Events;
using OrcaSong.Running;
using OrcaSong.Simulation;
using Xunit;

namespace OrcaSong.Tests.Labels;

public sealed class EventViewTests : IDisposable
{
    private const string NeutrinoFile = "neutrino_file.h5";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TablesAndColumnsAreFoundByAllTheirNames()
    {
        dynamic e = EventViews.Read(Simulate(SimulatedEventKind.Neutrino).Path).First();
        Assert.Equal(0, (int)e.Index);
        Assert.IsType<double[]>((object)e.McTracks.energy);
        Assert.Equal((double[])e.McTracks["energy"], (double[])e["/mc_tracks"].ENERGY);
        Assert.Equal((double[])e.McTracks["energy"], (double[])e["mc_tracks"].energy);
        Assert.Equal((int[])e.McTracks.pdgid, (int[])e["McTracks"]["pdgid"]);
        Assert.Equal((long[])e.EventInfo.event_id, (long[])e.event_info.event_id);
        Assert.Equal(1, (int)e.EventInfo.Count);
        Assert.True(e.Hits.Count > 0);
        Assert.True(e.Header.genvol.numberOfEvents is float and > 0);
        Assert.Equal(200, ((long[])e.EventInfo.det_id)[0]);
        Assert.Contains("/hits", (IEnumerable<string>)e.Tables);
        Assert.Contains("channel_id", (IEnumerable<string>)e.Hits.Columns);
    }

    [Fact]
    public void WhatIsMissingIsSaidClearly()
    {
        var (path, _) = Simulate(SimulatedEventKind.Noise);
        var e = EventViews.Read(path).First();
        Assert.Contains("did you mean 'channel_id'?", Message(() => _ = e.Hits["chanel_id"]), StringComparison.Ordinal);
        Assert.Contains("has no table /reco/nothing", Message(() => _ = e["/reco/nothing"]["E"]), StringComparison.Ordinal);
        Assert.Contains("no row 3", Message(() => e.EventInfo.Value("run_id", 3)), StringComparison.Ordinal);
        Assert.Contains("no table 'Hitz'; did you mean 'Hits'?", Message(() => _ = ((dynamic)e).Hitz), StringComparison.Ordinal);
        Assert.Equal(0, e["/reco/nothing"].Count);
        Assert.False(e.Hits.Has("nothing"));
        Assert.True(e.Hits.Has("tot"));

        static string Message(Action action) => Assert.Throws<EventFileException>(action).Message;
    }

    [Fact]
    public void HitsAreCalibratedWithTheirOwnTypes()
    {
        var (path, detector) = Simulate(SimulatedEventKind.Muon);
        var pmts = Detector.Load(detector).Pmts;
        var events = EventViews.Read(path, new ProcessingOptions { DetectorFile = detector }).ToArray();
        Assert.Equal(20, events.Length);
        foreach (var hits in events.Select(e => e.Hits))
        {
            var dom = (int[])hits["dom_id"];
            var rows = Enumerable.Range(0, hits.Count).Select(i => pmts.FindDom(dom[i]) + (int)hits.Value("channel_id", i)).ToArray();
            Assert.Equal(rows.Select(r => pmts.PosX[r]), (double[])hits["pos_x"]);
            Assert.Equal(rows.Select(r => pmts.Floor[r]), (byte[])hits["floor"]);
            Assert.Equal(rows.Select(r => pmts.PmtId[r]), (int[])hits["pmt_id"]);
            var (time, triggered) = ((double[])hits["time"], hits.Doubles("triggered").ToArray());
            Assert.Equal(0, time.Where((_, i) => triggered[i] != 0).Min());
        }
    }

    [Fact]
    public void McHitsAreCalibratedAndOnTheClockOfTheHits()
    {
        var (path, detector) = Simulate(SimulatedEventKind.Muon);
        var pmts = Detector.Load(detector).Pmts;
        var raw = EventViews.Read(path, new ProcessingOptions { CenterTime = false, CorrectMcTime = false }).ToArray();
        var calibrated = EventViews.Read(path, new ProcessingOptions { DetectorFile = detector, CenterTime = false, CorrectMcTime = false }).ToArray();
        var events = EventViews.Read(path, new ProcessingOptions { DetectorFile = detector }).ToArray();
        Assert.Contains(events, e => e.McHits.Count > 0);
        for (var i = 0; i < events.Length; i++)
        {
            var (e, hits) = (events[i], events[i].McHits);
            var rows = ((int[])hits["pmt_id"]).Select(id => pmts.FindPmt(id)).ToArray();
            Assert.Equal(rows.Select(r => pmts.PosZ[r]), (double[])hits["pos_z"]);
            Assert.Equal(rows.Select(r => pmts.Du[r]), (byte[])hits["du"]);
            Assert.Equal(rows.Select(r => pmts.DomId[r]), (int[])hits["dom_id"]);

            // t0 is not added, but the time of the first triggered hit, with its t0, is subtracted.
            var triggered = calibrated[i].Hits.Doubles("triggered").ToArray();
            var start = ((double[])calibrated[i].Hits["time"]).Where((_, h) => triggered[h] != 0).Min();
            var info = e.EventInfo;
            var stamp = (info.Value("timestamp") * 1e9) + info.Value("nanoseconds");
            Assert.Equal(
                ((double[])raw[i].McHits["time"]).Select(t => t - stamp + info.Value("mc_time") - start), (double[])hits["time"]);
            Assert.Equal(
                ((double[])raw[i].McTracks["time"]).Select(t => t - stamp + info.Value("mc_time")), (double[])e.McTracks["time"]);
        }
    }

    [Fact]
    public void ReadsFromAnyEventOn()
    {
        var (path, _) = Simulate(SimulatedEventKind.Neutrino);
        var all = EventViews.Read(path).ToArray();
        var some = EventViews.Read(path, first: 17).ToArray();
        Assert.Equal([17, 18, 19], some.Select(e => e.Index));
        Assert.All(some, e => Assert.Equal(all[e.Index].McTracks["energy"], e.McTracks["energy"]));
        Assert.All(some, e => Assert.Equal(all[e.Index].Hits["tot"], e.Hits["tot"]));
        Assert.Empty(EventViews.Read(path, first: 20));
    }

    [Fact]
    public void ReadsTheHeaderOfARealFile()
    {
        var header = EventViews.Read(Shared.Path("data", "mupage.root.h5")).First().Header!;
        Assert.Equal(6660f, header["livetime"]["numberOfSeconds"]);
        Assert.Equal("HEMAS-DPM", header["physics"]["program"]);
        Assert.Equal(25000f, header["norma"]["numberOfPrimaries"]);
        Assert.Contains("did you mean 'livetime'?", Assert.Throws<KeyNotFoundException>(() => header["livetimes"]).Message, StringComparison.Ordinal);
        Assert.Contains("numberOfSeconds", Assert.Throws<KeyNotFoundException>(() => header["livetime"]["seconds"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ShowsTheTablesOfARealFile()
    {
        var events = EventViews.Read(Shared.Path("data", NeutrinoFile)).ToArray();
        Assert.Equal(18, events.Length);
        Assert.Equal(2281, events.Sum(e => e.Tracks.Count));
        Assert.Equal(5191, events.Sum(e => ((dynamic)e).RecStages.Count));
        Assert.Equal(91, events.Sum(e => e.McTracks.Count));
        Assert.IsType<float[]>(events[0].Tracks["JENERGY_ENERGY"]);
        Assert.IsType<ulong[]>(events[0].EventInfo["trigger_mask"]);
        Assert.Equal(0, events[0].BestJmuon.Count);
    }

    private (string Path, string Detector) Simulate(SimulatedEventKind kind)
    {
        var run = SimulatedRun.Write(new SimulationOptions { Events = 20, Kind = kind, HitsPerEvent = 60 }, _folder["in.h5"]);
        return (run.Path, run.DetectorFile);
    }
}
