using System.Globalization;
using System.Text.RegularExpressions;
using OrcaSong.Calibration;
using OrcaSong.Events;

namespace OrcaSong.Labels;

/// <summary>What the labels of the four nu_chain extractors have in common.</summary>
internal abstract class NuChainMaker(LabelNeeds needs) : ILabelMaker
{
    private readonly List<(int Label, string Column)> _eventInfo = [];
    private readonly List<(int Label, string Column)> _firstTrack = [];
    private readonly List<(int Label, double Value)> _constants = [];
    private StandardReconstructions? _reconstructions;
    private int _hits;

    /// <summary>The labels in their order.</summary>
    internal LabelList Labels { get; } = new();

    protected LabelNeeds Needs => needs;

    public SkipReason Make(PreparedBatch batch, int eventInBatch, LabelRow labels)
    {
        var info = batch[PreparedFile.EventInfoPath];
        if (info.CountOf(eventInBatch) == 0)
        {
            return SkipReason.NoEventInfo;
        }

        if (_firstTrack.Count > 0 && batch[PreparedFile.McTracksPath].CountOf(eventInBatch) == 0)
        {
            return SkipReason.NoMcTrack;
        }

        foreach (var (label, value) in _constants)
        {
            labels.Set(label, value);
        }

        var hits = batch[PreparedFile.HitsPath];
        var (first, count) = (hits.First(eventInBatch), hits.CountOf(eventInBatch));
        labels.Set(_hits, (long)count);
        labels.Set(_hits + 1, (long)hits["triggered"].CountNonZero(first, count));
        MakeOwn(batch, eventInBatch, labels);
        return SkipReason.None;
    }

    /// <inheritdoc/>
    public void TakeColumns(PreparedBatch batch, LabelRows labels)
    {
        Take(_eventInfo, batch[PreparedFile.EventInfoPath], labels);
        if (_firstTrack.Count > 0)
        {
            Take(_firstTrack, batch[PreparedFile.McTracksPath], labels);
        }

        _reconstructions!.Take(batch, labels);
    }

    /// <summary>Makes the labels that are neither copies nor constants.</summary>
    protected virtual void MakeOwn(PreparedBatch batch, int eventInBatch, LabelRow labels)
    {
    }

    protected void AddEventInfo(string label, string? column = null) =>
        _eventInfo.Add((Labels.Add(label, needs.Column(PreparedFile.EventInfoPath, column ?? label)), column ?? label));

    protected void AddFirstTrack(string label, string? column = null) =>
        _firstTrack.Add((Labels.Add(label, needs.Column(PreparedFile.McTracksPath, column ?? label)), column ?? label));

    protected void AddInteractionTime() => _firstTrack.Add((Labels.Add("time_interaction", needs.McTrackTime()), "time"));

    protected void AddConstant(string label, double value, NumberType type = NumberType.Int64) => _constants.Add((Labels.Add(label, type), value));

    protected void AddHitCounts()
    {
        needs.Column(PreparedFile.HitsPath, "triggered");
        _hits = Labels.Add("n_hits", NumberType.Int64);
        Labels.Add("n_trig_hits", NumberType.Int64);
    }

    protected void AddPartNumber()
    {
        var number = FileNames.PartNumber(needs.File.Path);
        AddConstant("part_number", number, number <= long.MaxValue / 2 ? NumberType.Int64 : NumberType.Float64);
    }

    protected void AddReconstructions() => _reconstructions = new StandardReconstructions(needs, Labels);

    private static void Take(List<(int Label, string Column)> columns, PreparedTable table, LabelRows labels)
    {
        var rows = table.FirstRows();
        foreach (var (label, column) in columns)
        {
            labels.Take(label, table[column], rows);
        }
    }
}

/// <summary>What labels take from the names of files.</summary>
internal static partial class FileNames
{
    /// <summary>
    /// The number that tells the parts of a production apart: the last but one number in the file's name, of which the last is the 5 of
    /// <c>.h5</c>. 0 where there is none.
    /// </summary>
    internal static double PartNumber(string path)
    {
        var numbers = Digits().Matches(Path.GetFileName(path));
        return numbers.Count < 2 ? 0 : double.Parse(numbers[^2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The number of the MC run: the last part of the file's name between dots, before <c>.h5</c> and, where there is one, <c>.root</c>.
    /// </summary>
    internal static long? McIndex(string path)
    {
        var parts = Path.GetFileName(path).Split('.');
        var last = parts.Length - 2;
        if (last > 0 && parts[last] == "root")
        {
            last--;
        }

        return last >= 0 && long.TryParse(parts[last], NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
