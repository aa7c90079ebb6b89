using System.Collections.Concurrent;
using OrcaSong.Calibration;
using OrcaSong.Detectors;
using OrcaSong.Events;
using OrcaSong.Running;

namespace OrcaSong.Labels;

/// <summary>How the tables of a file are prepared for those who look at single events: label extractors and event skippers.</summary>
internal sealed class PreparedFile : IDisposable
{
    internal const string HitsPath = "/hits";
    internal const string McHitsPath = "/mc_hits";
    internal const string McTracksPath = "/mc_tracks";
    internal const string EventInfoPath = "/event_info";

    private readonly Lazy<FileHeader?> _header;

    /// <param name="file">The file.</param>
    /// <param name="options">What is done to its events.</param>
    /// <param name="detector">The detector to calibrate with, if any.</param>
    /// <param name="hits">Prepares its hits; has "time" among its fields where MC hits are looked at.</param>
    internal PreparedFile(EventFile file, ProcessingOptions options, Detector? detector, HitPreparation hits)
    {
        File = file;
        Options = options;
        Hits = hits;
        McPmts = detector is not null && options.CalibrateMcHits && file.Find(McHitsPath)?.Find("pmt_id") is { Number: not null }
            ? hits.Pmts ?? detector.Pmts
            : null;
        CorrectsMcTime = IsMcTimeCorrected(file, options);
        OnDemand = new OnDemandTables(file);
        _header = new Lazy<FileHeader?>(() => FileHeader.Read(file));
    }

    internal EventFile File { get; }

    internal ProcessingOptions Options { get; }

    internal HitPreparation Hits { get; }

    /// <summary>The PMTs that MC hits are calibrated with, where they are to be.</summary>
    internal PmtTable? McPmts { get; }

    /// <summary>Whether times of MC hits and MC tracks are brought to the clock of the hits.</summary>
    internal bool CorrectsMcTime { get; }

    internal OnDemandTables OnDemand { get; }

    internal FileHeader? Header => _header.Value;

    internal ConcurrentBag<int[]> PmtRows { get; } = [];

    /// <summary>As in the Python tool, either both MC tables are there and corrected, or none is.</summary>
    internal static bool IsMcTimeCorrected(EventFile file, ProcessingOptions options) =>
        options.CorrectMcTime && file.Find(McHitsPath) is not null && file.Find(McTracksPath) is not null;

    public void Dispose() => OnDemand.Dispose();
}
