using System.Dynamic;
using System.Linq.Expressions;
using OrcaSong.Labels;

namespace OrcaSong.Events;

/// <summary>
/// One event, as extractors and event skippers get it: its tables as properties, <c>$e.McTracks.energy[0]</c>. Tables without a
/// property of their own are found by path or by name, <c>$e['/reco/tracks']</c>, <c>$e.RecStages</c>. Hits are calibrated, and times
/// are those of the samples. Good only during the call that it is passed to.
/// </summary>
public sealed class EventView : IDynamicMetaObjectProvider, INamedMembers
{
    private readonly PreparedBatch _batch;
    private Dictionary<string, TableView>? _tables;

    internal EventView(PreparedBatch batch, int indexInBatch)
    {
        _batch = batch;
        IndexInBatch = indexInBatch;
    }

    /// <summary>Path of the file.</summary>
    public string File => _batch.File.File.Path;

    /// <summary>The event's number, counted from 0 in file order.</summary>
    public int Index => _batch.Events.FirstEvent + IndexInBatch;

    /// <summary>The event's group_id in the file.</summary>
    public long GroupId => _batch.File.File.GroupIds[Index];

    /// <summary>Hits that are left after triggered hits and time window are chosen; <see langword="null"/> for images.</summary>
    public long? HitsInTime => _batch.HitsInTime(IndexInBatch);

    /// <summary>Hits: calibrated, times centred (ns).</summary>
    public TableView Hits => this[PreparedFile.HitsPath];

    /// <summary>MC hits: with position, direction, DU and floor from the detector; times corrected and centred (ns).</summary>
    public TableView McHits => this[PreparedFile.McHitsPath];

    /// <summary>Simulated particles: times corrected, but not centred (ns).</summary>
    public TableView McTracks => this[PreparedFile.McTracksPath];

    /// <summary>What the data acquisition and the simulation say about the event: normally one row.</summary>
    public TableView EventInfo => this[PreparedFile.EventInfoPath];

    /// <summary>All reconstructed tracks and showers.</summary>
    public TableView Tracks => this["/reco/tracks"];

    /// <summary>The best muon track: one row, or none.</summary>
    public TableView BestJmuon => this["/reco/best_jmuon"];

    /// <summary>The best shower of jshower: one row, or none.</summary>
    public TableView BestJshower => this["/reco/best_jshower"];

    /// <summary>The best shower of dusjshower: one row, or none.</summary>
    public TableView BestDusjshower => this["/reco/best_dusjshower"];

    /// <summary>The best shower of aashower: one row, or none.</summary>
    public TableView BestAashower => this["/reco/best_aashower"];

    /// <summary>What the generators say about the run; <see langword="null"/> when the file has no raw_header.</summary>
    public FileHeader? Header => _batch.File.Header;

    /// <summary>Paths of the tables that belong to events.</summary>
    public IReadOnlyList<string> Tables => [.. _batch.File.File.Tables.Where(t => t.Layout != TableLayout.Singleton).Select(t => t.Path)];

    // Those that are no properties anyway.
    IEnumerable<string> INamedMembers.MemberNames => Tables.Select(NameOf).Where(name => typeof(EventView).GetProperty(name) is null);

    internal int IndexInBatch { get; }

    /// <summary>
    /// A table by path (<c>/reco/tracks</c>), last part of the path (<c>tracks</c>) or the name that km3pipe gives it (<c>Tracks</c>). One
    /// that the file does not have has no rows; only asking for its columns is an error.
    /// </summary>
    /// <param name="name">Path or name.</param>
    public TableView this[string name]
    {
        get
        {
            RefuseGone();
            _tables ??= new Dictionary<string, TableView>(StringComparer.Ordinal);
            if (!_tables.TryGetValue(name, out var view))
            {
                var path = PathOf(name) ?? name;
                _tables[name] = view = new TableView(this, path, _batch.Find(path));
            }

            return view;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"event {Index} of {File}";

    object INamedMembers.Member(string name) => PathOf(name) is { } path
        ? this[path]
        : throw new EventFileException(File, null, $"has no table '{name}'; {Spelling.Hint(name, Tables.Select(NameOf))}");

    DynamicMetaObject IDynamicMetaObjectProvider.GetMetaObject(Expression parameter) => new NamedMemberBinding(parameter, this);

    internal void RefuseGone() => _batch.RefuseGone();

    private string? PathOf(string name)
    {
        if (_batch.File.File.Find(name) is not null)
        {
            return name;
        }

        return name.StartsWith('/')
            ? null
            : Tables.LastOrDefault(path => NameOf(path).Equals(name.Replace("_", string.Empty, StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>km3pipe's name of a table: the last part of its path in CamelCase.</summary>
    private static string NameOf(string path) => string.Concat(
        path[(path.LastIndexOf('/') + 1)..].Split('_', StringSplitOptions.RemoveEmptyEntries).Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
}
