using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using OrcaSong.Calibration;
using OrcaSong.Events;
using OrcaSong.Numerics;

namespace OrcaSong.Labels;

/// <summary>A point in the detector's coordinates, m.</summary>
/// <param name="X">The x coordinate.</param>
/// <param name="Y">The y coordinate.</param>
/// <param name="Z">The z coordinate.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PlanePoint(double X, double Y, double Z);

/// <summary>
/// Labels of simulated muon bundles (MUPAGE, or CORSIKA with <see cref="IsCorsika"/>): those of <see cref="BundleDataExtractor"/>, and
/// number, energy and distances of the muons that leave enough MC hits. The Python tool's <c>BundleMCExtractor</c>.
/// </summary>
public sealed record BundleMcExtractor : ILabelExtractor
{
    internal const string ExtractorName = "bundle_mc";
    private readonly int[] _leastMcHits = [0, 1, 10];

    /// <inheritdoc/>
    public string Name => ExtractorName;

    /// <summary>
    /// A detection unit whose MC hits do not count, because it is in the detector file but not in operation (none). Needs a detector file.
    /// </summary>
    public int? InactiveDu { get; init; }

    /// <summary>
    /// How many MC hits a muon must leave to be counted; there is a set of labels for each of the numbers (0, 1, 10). The Python tool's
    /// <c>min_n_mchits_list</c>.
    /// </summary>
    /// <exception cref="ArgumentException">A number is negative, or comes twice.</exception>
    public IReadOnlyList<int> LeastMcHits
    {
        get => _leastMcHits;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Any(n => n < 0) || value.Distinct().Count() != value.Count)
            {
                throw new ArgumentException($"The least numbers of MC hits are different whole numbers from 0; got {string.Join(", ", value)}.", nameof(value));
            }

            _leastMcHits = [.. value];
        }
    }

    /// <summary>
    /// Where the plane lies in which distances between muons are measured: give the detector's centre ((17, 17, 111) m, that of ORCA4).
    /// </summary>
    public PlanePoint PlanePoint { get; init; } = new(17, 17, 111);

    /// <summary>Add mc_index, the number of the MC run in the file's name (on).</summary>
    public bool WithMcIndex { get; init; } = true;

    /// <summary>The first MC track is the primary particle, as CORSIKA has it, and not a muon (off).</summary>
    public bool IsCorsika { get; init; }

    /// <summary>Take the best of the tracks that go down (off). Needs all tracks, the table <c>/reco/tracks</c>.</summary>
    public bool OnlyDowngoingTracks { get; init; }

    /// <summary>What stands for the distances in a bundle of fewer than two muons (NaN).</summary>
    public double MissingValue
    {
        get;
        init => field = double.IsNaN(value) ? NumPy.NaN : value;
    } = NumPy.NaN;

    /// <inheritdoc/>
    public bool Equals(BundleMcExtractor? other) =>
        other is not null
        && InactiveDu == other.InactiveDu
        && LeastMcHits.SequenceEqual(other.LeastMcHits)
        && PlanePoint == other.PlanePoint
        && WithMcIndex == other.WithMcIndex
        && IsCorsika == other.IsCorsika
        && OnlyDowngoingTracks == other.OnlyDowngoingTracks
        && MissingValue.Equals(other.MissingValue);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(InactiveDu, LeastMcHits.Count, PlanePoint, WithMcIndex, IsCorsika, OnlyDowngoingTracks, MissingValue);

    /// <inheritdoc/>
    public override string ToString() => ExtractorName;

    LabelStage ILabelExtractor.Prepare(LabelNeeds needs)
    {
        var data = new BundleDataMaker(needs, OnlyDowngoingTracks);
        return new ComputedLabels(needs, data.Labels, new Maker(needs, this, data));
    }

    private sealed class Maker : ILabelMaker
    {
        private static readonly string[] Direction = ["dir_x", "dir_y", "dir_z"];
        private static readonly string[] Position = ["pos_x", "pos_y", "pos_z"];
        private readonly BundleMcExtractor _options;
        private readonly BundleDataMaker _data;
        private readonly MuonHits _muonHits;
        private readonly List<(int Label, string Column)> _firstTrack = [];
        private readonly int[][] _sets;
        private readonly (int Label, long Value)? _mcIndex;
        private readonly ConcurrentBag<BundlePlane> _planes = [];

        internal Maker(LabelNeeds needs, BundleMcExtractor options, BundleDataMaker data)
        {
            _options = options;
            _data = data;
            _muonHits = new MuonHits(needs, options.InactiveDu is 0 ? null : options.InactiveDu);
            var labels = data.Labels;
            foreach (var column in Direction)
            {
                AddFirstTrack(column, column);
            }

            foreach (var column in Position)
            {
                needs.Column(PreparedFile.McTracksPath, column);
            }

            needs.Column(PreparedFile.McTracksPath, "energy");
            if (options.IsCorsika)
            {
                foreach (var column in Position)
                {
                    AddFirstTrack($"primary_{column}", column);
                }

                AddFirstTrack("primary_pdgid", needs.PdgColumn());
                AddFirstTrack("primary_energy", "energy");
                _firstTrack.Add((labels.Add("primary_time", needs.McTrackTime()), "time"));
            }

            _sets = [.. options.LeastMcHits.Select(least => AddSet(labels, least))];
            if (options.WithMcIndex)
            {
                var index = FileNames.McIndex(needs.File.Path) ?? throw new EventFileException(
                    needs.File.Path, null, "has no number of an MC run in its name, as in 'mupage.jterbr00005782.365.h5', which the label mc_index of extractor bundle_mc needs. Rename the file, or switch with_mc_index off.")
                { Problem = EventFileProblem.MissingData };
                _mcIndex = (labels.Add("mc_index", NumberType.Int64), index);
            }

            void AddFirstTrack(string label, string column) => _firstTrack.Add((labels.Add(label, needs.Column(PreparedFile.McTracksPath, column)), column));
        }

        public SkipReason Make(PreparedBatch batch, int eventInBatch, LabelRow labels)
        {
            var tracks = batch[PreparedFile.McTracksPath];
            if (tracks.CountOf(eventInBatch) == 0)
            {
                return SkipReason.NoMcTrack;
            }

            if (_data.Make(batch, eventInBatch, labels) is not SkipReason.None and var reason)
            {
                return reason;
            }

            var first = tracks.First(eventInBatch);
            if (_options.IsCorsika && tracks["id"][first] != 0)
            {
                throw Bad(batch, eventInBatch, $"has a first track with id {tracks["id"][first]}, but the primary particle of CORSIKA has id 0. Leave is_corsika out for other simulations.");
            }

            foreach (var (label, column) in _firstTrack)
            {
                labels.Set(label, tracks[column], first);
            }

            using var muons = _muonHits.Count(batch, eventInBatch, firstTrack: _options.IsCorsika ? 1 : 0);
            for (var s = 0; s < _sets.Length; s++)
            {
                var least = _options.LeastMcHits[s];
                var rows = muons.WithAtLeast(least);
                var set = _sets[s];
                labels.Set(set[0], muons.HitsOfThoseWith(least));
                labels.Set(set[1], (long)rows.Length);
                labels.Set(set[2], ColumnSum.Of(tracks["energy"], rows));
                var (most, mean) = Distances(batch, eventInBatch, tracks, rows);
                labels.Set(set[3], most);
                labels.Set(set[4], mean);
            }

            if (_mcIndex is { } index)
            {
                labels.Set(index.Label, index.Value);
            }

            return SkipReason.None;
        }

        private static int[] AddSet(LabelList labels, int least)
        {
            var suffix = least == 0 ? "sim" : string.Create(CultureInfo.InvariantCulture, $"{least}_mchits");
            return
            [
                labels.Add($"n_mc_hits_{suffix}", NumberType.Int64),
                labels.Add($"n_muons_{suffix}", NumberType.Int64),
                labels.Add($"energy_{suffix}", NumberType.Float64),
                labels.Add($"max_pair_dist_{suffix}", NumberType.Float64),
                labels.Add($"mean_pair_dist_{suffix}", NumberType.Float64),
            ];
        }

        /// <summary>The largest and the mean distance between two muons.</summary>
        private (double Largest, double Mean) Distances(PreparedBatch batch, int eventInBatch, PreparedTable tracks, ReadOnlySpan<int> rows)
        {
            if (rows.Length < 2)
            {
                return (_options.MissingValue, _options.MissingValue);
            }

            var (dirX, dirY, dirZ) = (tracks["dir_x"], tracks["dir_y"], tracks["dir_z"]);
            var normal = _options.IsCorsika ? tracks.First(eventInBatch) : rows[0];
            if (!_options.IsCorsika)
            {
                foreach (var row in rows)
                {
                    if (dirX[row] != dirX[normal] || dirY[row] != dirY[normal] || dirZ[row] != dirZ[normal])
                    {
                        throw Bad(batch, eventInBatch, "has tracks that are not parallel, so they are no muon bundle of MUPAGE. Set is_corsika for CORSIKA, or use another extractor (nu_chain_neutrino for neutrinos).");
                    }
                }
            }

            var plane = _planes.TryTake(out var pooled) ? pooled : new BundlePlane();
            plane.Place(tracks, rows, normal, _options.PlanePoint);
            var result = plane.Distances();
            _planes.Add(plane);
            return result;
        }

        private static EventFileException Bad(PreparedBatch batch, int eventInBatch, string problem) =>
            new(batch.File.File.Path, PreparedFile.McTracksPath, problem, batch.Events.FirstEvent + eventInBatch);
    }
}

/// <summary>Where the muons of a bundle cross a plane through a point, at right angles to their direction.</summary>
/// <remarks>
/// Positions in the plane are those of the Python tool: along the plane's projections of the x and the y axis. These are at right angles
/// only where the direction has no x or no y component, so distances are a little off (10 m may become 10.004 m).
/// </remarks>
internal sealed class BundlePlane
{
    private double[] _x = [];
    private double[] _y = [];
    private int _count;

    /// <summary>Finds the positions in the plane. A muon that runs along the plane has none: NaN.</summary>
    /// <param name="tracks">The tracks.</param>
    /// <param name="rows">Rows of the muons.</param>
    /// <param name="normal">Row of the track whose direction the plane's normal has.</param>
    /// <param name="point">A point of the plane.</param>
    internal void Place(PreparedTable tracks, ReadOnlySpan<int> rows, int normal, PlanePoint point)
    {
        const double Parallel = 1e-6;
        var (posX, posY, posZ) = (tracks["pos_x"], tracks["pos_y"], tracks["pos_z"]);
        var (dirX, dirY, dirZ) = (tracks["dir_x"], tracks["dir_y"], tracks["dir_z"]);
        var (nx, ny, nz) = (dirX[normal], dirY[normal], dirZ[normal]);
        var u = 1 / Math.Sqrt(1 + (-nx / nz * (-nx / nz)));
        var v = 1 / Math.Sqrt(1 + (-ny / nz * (-ny / nz)));
        _count = rows.Length;
        Buffers.Grow(ref _x, _count);
        Buffers.Grow(ref _y, _count);
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            var (dx, dy, dz) = (dirX[row], dirY[row], dirZ[row]);
            var along = (nx * dx) + (ny * dy) + (nz * dz);
            var (wx, wy, wz) = (posX[row] - point.X, posY[row] - point.Y, posZ[row] - point.Z);
            var way = Math.Abs(along) < Parallel ? double.NaN : -((nx * wx) + (ny * wy) + (nz * wz)) / along;
            _x[i] = (wx + (way * dx) + point.X - point.X) / u;
            _y[i] = (wy + (way * dy) + point.Y - point.Y) / v;
        }
    }

    /// <summary>The largest and the mean distance of all pairs.</summary>
    internal (double Largest, double Mean) Distances()
    {
        var pairs = new Pairs(_x.AsSpan(0, _count), _y.AsSpan(0, _count));
        var count = (long)_count * (_count - 1) / 2;
        var mean = PairwiseSum.Of(ref pairs, count) / count;
        return (pairs.Largest, mean);
    }

    /// <summary>The distances of all pairs, row by row of their matrix's upper triangle.</summary>
    private ref struct Pairs(ReadOnlySpan<double> x, ReadOnlySpan<double> y) : INumberSource
    {
        private readonly ReadOnlySpan<double> _x = x;
        private readonly ReadOnlySpan<double> _y = y;
        private int _first;
        private int _second;

        internal double Largest { get; private set; } = double.NegativeInfinity;

        public double Next()
        {
            if (++_second == _x.Length)
            {
                _second = ++_first + 1;
            }

            var (dx, dy) = (_x[_second] - _x[_first], _y[_second] - _y[_first]);
            var distance = Math.Sqrt((dx * dx) + (dy * dy));
            Largest = Math.Max(Largest, distance);
            return distance;
        }
    }
}
