using OrcaSong.Detectors;
using OrcaSong.Events;
using OrcaSong.Running;

namespace OrcaSong.Labels;

/// <summary>The file that labels are to be made for, and a list of what has to be read for them.</summary>
/// <param name="file">The file.</param>
/// <param name="options">What is done to its events.</param>
/// <param name="detector">The detector to calibrate with, if any.</param>
/// <param name="makesGraphs">Whether samples are graphs, so that hits are selected.</param>
internal sealed class LabelNeeds(EventFile file, ProcessingOptions options, Detector? detector, bool makesGraphs)
{
    private readonly List<TableRequest> _requests = [];
    private readonly Dictionary<string, bool> _complete = new(StringComparer.Ordinal);

    internal EventFile File => file;

    internal ProcessingOptions Options => options;

    internal bool MakesGraphs => makesGraphs;

    /// <summary>What has to be read.</summary>
    internal IReadOnlyList<TableRequest> Requests => _requests;

    /// <summary>Whether the calibrated times of hits are needed.</summary>
    internal bool HitTimes { get; private set; }

    /// <summary>Whether times of MC hits or MC tracks are looked at.</summary>
    internal bool McTimes { get; private set; }

    private string For => options.Extractor!.Name;

    /// <summary>Asks for a table.</summary>
    /// <exception cref="EventFileException">The file does not have it.</exception>
    internal EventTable Table(string path) => file.Find(path) is { Layout: not TableLayout.Singleton } table
        ? table
        : throw new EventFileException(
            file.Path, null, $"has no table {path}, which extractor {For} needs; its tables are {string.Join(", ", file.Tables.Select(t => t.Path))}.")
        { Problem = EventFileProblem.MissingData };

    /// <summary>Asks for a column of numbers.</summary>
    /// <returns>Its type.</returns>
    /// <exception cref="EventFileException">The file does not have it.</exception>
    internal NumberType Column(string path, string column) => Find(path, column) ?? throw new EventFileException(
        file.Path, path, $"has no column {column}, which extractor {For} needs; it has {string.Join(", ", Table(path).Columns.Select(c => c.Name))}.")
    { Problem = EventFileProblem.MissingData };

    /// <summary>Asks for a column of numbers that need not be there.</summary>
    /// <returns>Its type, or <see langword="null"/> when the table does not have it.</returns>
    /// <exception cref="EventFileException">The file does not have the table.</exception>
    internal NumberType? Find(string path, string column)
    {
        if (Table(path).Find(column)?.Number is not { } type)
        {
            return null;
        }

        _requests.Add(new TableRequest(path, [column]));
        return type;
    }

    /// <summary>
    /// The type of labels that are taken from a row of a table, or NaN for an event without one. Whole numbers can stay what they are only
    /// where every event has a row; that is looked up if labels keep their types at all.
    /// </summary>
    /// <param name="path">The table, or <see langword="null"/> when there is none.</param>
    /// <param name="type">The type of the column, which has been asked for.</param>
    /// <param name="whole">The type of whole numbers.</param>
    internal NumberType TypeOrNaN(string? path, NumberType type, NumberType whole) =>
        !type.IsInteger() ? type
        : !options.LabelsToFloat64 && path is not null && HasRowForEveryEvent(path) ? whole
        : NumberType.Float64;

    /// <summary>Asks for the calibrated and centred times of hits.</summary>
    /// <returns>Their type.</returns>
    internal NumberType HitTime()
    {
        HitTimes = true;
        var type = Column(PreparedFile.HitsPath, "time");
        return detector is null || !options.CalibrateHits || type == NumberType.Float64 ? type : NumberType.Float32;
    }

    /// <summary>Asks for the times of MC tracks, on the clock of the hits where they are to be corrected.</summary>
    /// <returns>Their type.</returns>
    internal NumberType McTrackTime()
    {
        McTimes = true;
        McClock();
        return Column(PreparedFile.McTracksPath, "time");
    }

    /// <summary>Says that anything may be looked at: it is read when it is.</summary>
    internal void Anything()
    {
        McTimes = true;
        if (file.Find(PreparedFile.HitsPath)?.Find("time") is { Number: not null })
        {
            HitTime();
        }
    }

    /// <summary>Asks for the kinds of the simulated particles (PDG numbers): pdgid, which older files call type.</summary>
    /// <returns>Name of the column.</returns>
    internal string PdgColumn()
    {
        var name = Table(PreparedFile.McTracksPath).Find("pdgid") is null && Find(PreparedFile.McTracksPath, "type") is not null ? "type" : "pdgid";
        Column(PreparedFile.McTracksPath, name);
        return name;
    }

    /// <summary>Asks for the detection units of MC hits.</summary>
    /// <exception cref="EventFileException">They are not known: there is no detector.</exception>
    internal void McHitUnits()
    {
        if (detector is not null && options.CalibrateMcHits)
        {
            Column(PreparedFile.McHitsPath, "pmt_id");
        }
        else if (Find(PreparedFile.McHitsPath, "du") is null)
        {
            throw new EventFileException(
                file.Path, PreparedFile.McHitsPath, $"has no column du, which inactive_du of extractor {For} needs: the DU of an MC hit comes from a detector file. Give one (and let it calibrate MC hits), or leave inactive_du out.")
            { Problem = EventFileProblem.MissingData };
        }
    }

    private bool HasRowForEveryEvent(string path)
    {
        if (_complete.TryGetValue(path, out var complete))
        {
            return complete;
        }

        var sources = new List<RowSource>();
        try
        {
            using var index = TableIndex.Of(file, Table(path), inOrder: false, p =>
            {
                sources.Add(new RowSource(file, p));
                return sources[^1];
            });
            var every = true;
            for (var e = 0; e < file.EventCount && every; e++)
            {
                var rows = new RowRuns();
                index.Locate(e, rows);
                every = rows.RowCount > 0;
            }

            return _complete[path] = every;
        }
        finally
        {
            sources.ForEach(source => source.Dispose());
        }
    }

    private void McClock()
    {
        if (!PreparedFile.IsMcTimeCorrected(file, options))
        {
            return;
        }

        foreach (var column in (ReadOnlySpan<string>)["timestamp", "nanoseconds", "mc_time"])
        {
            if (Find(PreparedFile.EventInfoPath, column) is null)
            {
                throw new EventFileException(
                    file.Path, PreparedFile.EventInfoPath, $"has no column {column}, which correcting MC times needs. Switch the correction off (correct_mc_time), or convert the original file again.")
                { Problem = EventFileProblem.MissingData };
            }
        }
    }
}
