using System.Globalization;
using OrcaSong.Calibration;
using OrcaSong.Detectors;
using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Running;

namespace OrcaSong.Inspection;

/// <summary>A hit, to be looked at; what the file does not have is NaN.</summary>
/// <param name="X">Metres, to the east.</param>
/// <param name="Y">Metres, to the north.</param>
/// <param name="Z">Metres, upwards.</param>
/// <param name="Time">ns; see <see cref="EventHits.IsCentred"/>.</param>
/// <param name="Tot">Time over threshold, ns.</param>
/// <param name="IsTriggered">Whether it took part in the trigger; <see langword="null"/> where the file does not say.</param>
public sealed record EventHit(double X, double Y, double Z, double Time, double Tot, bool? IsTriggered);

/// <summary>The hits of one event: of a file of events, calibrated where a detector is given; or of a graph, as they are.</summary>
public sealed class EventHits
{
    private const string HitsPath = "/hits";
    private const string Nodes = "/x";
    private const string NodeIndex = "/x_indices";
    private const double MostHits = 10_000_000;
    private const string InfoTable = "/event_info";
    private static readonly string[] Positions = ["pos_x", "pos_y", "pos_z"];
    private static readonly string[] Wanted = [.. Positions, "time", "tot", "triggered"];

    private EventHits(string path, long index, EventName name, ValueList<EventHit> hits)
    {
        Path = path;
        Index = index;
        Name = name;
        Hits = hits;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The event's number, from 0 in file order.</summary>
    public long Index { get; }

    /// <summary>What the file says about the event.</summary>
    public EventName Name { get; }

    /// <summary>Number of hits.</summary>
    public int HitCount => Hits.Count;

    /// <summary>Number of triggered hits; <see langword="null"/> where the file does not say.</summary>
    public int? TriggeredCount => Hits.Any(h => h.IsTriggered is not null) ? Hits.Count(h => h.IsTriggered == true) : null;

    /// <summary>Whether times count from the first triggered hit.</summary>
    public bool IsCentred { get; private init; }

    /// <summary>The hits.</summary>
    public ValueList<EventHit> Hits { get; }

    /// <summary>Where the detector has modules; empty without a detector file.</summary>
    internal IReadOnlyList<Position> Modules { get; private init; } = [];

    /// <summary>Reads the hits of an event.</summary>
    /// <param name="path">A file of events or of graphs.</param>
    /// <param name="index">The event's number, from 0 in file order.</param>
    /// <param name="detectorFile">A .detx file with which the hits of a file of events are calibrated.</param>
    /// <returns>The hits.</returns>
    /// <exception cref="EventFileException">There is no such event, or its hits have no positions, or the detector is another one.</exception>
    /// <exception cref="DetectorFormatException">The detector file is none.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static EventHits Read(string path, long index, string? detectorFile = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        using (var file = H5File.OpenRead(path))
        {
            if (file.Root.KindOf(Nodes) == H5ObjectKind.Dataset && !file.Root.Contains(HitsPath))
            {
                return ReadGraph(file, index);
            }
        }

        return ReadEvent(path, index, detectorFile);
    }

    private static EventHits ReadEvent(string path, long index, string? detectorFile)
    {
        var detector = detectorFile is null ? null : Detector.Load(detectorFile);
        using var file = EventFile.Open(path);
        EventImage.RequireIndex(path, index, file.EventCount, "event");
        var table = file.Require(HitsPath);
        var available = HitPreparation.FieldsOf(table, detector is not null);
        var fields = Wanted.Where(available.Contains).ToArray();
        if (Positions.Except(fields).Any())
        {
            throw NoPositions(path);
        }

        var options = ProcessingOptions.Default with
        {
            DetectorFile = detectorFile,
            CenterTime = fields.Contains("triggered"),
            CorrectTimeSlewing = fields.Contains("tot"),
        };
        var preparation = new HitPreparation(file, detector, options, fields, []);
        using var reader = new BatchReader(file, [preparation.Request], inOrder: index == 0);
        using var events = reader.Read((int)index, 1).Decode();
        var batch = preparation.Prepare(events);
        var hits = new ValueList<EventHit>(Enumerable.Range(0, batch.HitCount).Select(hit => Hit(fields, f => batch.Fields[f][hit])));
        if (detector is null && hits.Count > 0 && hits.All(h => h is { X: 0, Y: 0, Z: 0 }))
        {
            throw NoPositions(path);
        }

        return new EventHits(path, index, EventName.Read(file.File, index, file.GroupIds[index], InfoTable), hits)
        {
            IsCentred = options.CenterTime && batch.Skip[0] == SkipReason.None,
            Modules = detector is null ? [] : [.. detector.Doms.Select(detector.DomCentre).OfType<Position>()],
        };
    }

    private static EventFileException NoPositions(string path) => new(
        path, HitsPath, "has no positions: the hits are not calibrated. Give the detector file that belongs to it.")
    { Problem = EventFileProblem.MissingData };

    private static EventHits ReadGraph(H5File file, long index)
    {
        using var nodes = file.Root.OpenDataset(Nodes);
        var columns = GraphColumns.Names(nodes);
        if (columns.Length == 0 || nodes.Shape.Count is < 2 or > 3 || new TableColumn(Nodes, nodes.Type.InMemory(), 0).Number is not { } type)
        {
            throw new EventFileException(
                file.Path, Nodes, "holds images, or does not say what its columns are (attributes hit_info_0, hit_info_1 ...).")
            { Problem = EventFileProblem.NotAnEventFile };
        }

        if (!columns.Contains("time") || !columns.Contains("pos_z"))
        {
            throw new EventFileException(
                file.Path, Nodes, $"has the columns {string.Join(", ", columns)}; an event is drawn from pos_z and time at least.")
            { Problem = EventFileProblem.MissingData };
        }

        var (first, count, perRow) = Rows(file, nodes, index);
        var width = columns.Length * type.Size();
        var bytes = new byte[checked((int)(count * perRow * width))];
        nodes.Read(bytes.AsSpan(), first, count);
        var values = columns.Select((_, c) => new Column(bytes, c * type.Size(), width, (int)(count * perRow), type)).ToArray();
        var isValid = Array.IndexOf(columns, "is_valid");
        var hits = Enumerable.Range(0, (int)(count * perRow)).Where(hit => isValid < 0 || values[isValid][hit] != 0)
            .Select(hit => Hit(columns, c => values[c][hit]));
        return new EventHits(file.Path, index, EventName.Read(file, index, null, "/y", InfoTable), new(hits));
    }

    /// <summary>The rows of <c>/x</c> that an event has, and how many hits one of them holds.</summary>
    private static (long First, long Count, long PerRow) Rows(H5File file, H5Dataset nodes, long index)
    {
        if (GraphColumns.IsIndexed(nodes) != true)
        {
            EventImage.RequireIndex(file.Path, index, nodes.Length, "event");
            return (index, 1, nodes.Shape.Count == 3 ? nodes.Shape[1] : 1);
        }

        using var table = new RowScan(file, NodeIndex);
        EventImage.RequireIndex(file.Path, index, table.Rows, "event");
        var (first, count) = (table.Value("index", index), table.Value("n_items", index));
        return first >= 0 && count >= 0 && first + count <= nodes.Length && count <= MostHits
            ? ((long)first, (long)count, 1)
            : throw new EventFileException(file.Path, NodeIndex, string.Create(
                CultureInfo.InvariantCulture, $"says that event {index} has {count} hits from row {first} on, but {Nodes} has {nodes.Length} rows. The file is incomplete; make it again."));
    }

    private static EventHit Hit(string[] fields, Func<int, double> value)
    {
        var triggered = Get("triggered");
        return new EventHit(Get("pos_x"), Get("pos_y"), Get("pos_z"), Get("time"), Get("tot"), double.IsNaN(triggered) ? null : triggered != 0);

        double Get(string field) => Array.IndexOf(fields, field) is var f and >= 0 ? value(f) : double.NaN;
    }
}
