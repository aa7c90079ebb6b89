using OrcaSong.Events;
using OrcaSong.Numerics;

namespace OrcaSong.Labels;

/// <summary>
/// Labels of real data: event_id, run_id and trigger_mask of the event, the number of hits and of triggered hits (before any
/// selection), and the reconstructions that there are. The Python tool's <c>get_real_data_info_extr</c>.
/// </summary>
public sealed record NuChainDataExtractor : ILabelExtractor
{
    internal const string ExtractorName = "nu_chain_data";

    /// <inheritdoc/>
    public string Name => ExtractorName;

    /// <inheritdoc/>
    public override string ToString() => ExtractorName;

    LabelStage ILabelExtractor.Prepare(LabelNeeds needs)
    {
        var maker = new Maker(needs);
        return new ComputedLabels(needs, maker.Labels, maker);
    }

    private sealed class Maker : NuChainMaker
    {
        internal Maker(LabelNeeds needs)
            : base(needs)
        {
            AddEventInfo("event_id");
            AddEventInfo("run_id");
            AddEventInfo("trigger_mask");
            AddHitCounts();
            AddReconstructions();
        }
    }
}

/// <summary>
/// Labels of simulated random noise: those of real data without trigger_mask, and the constants that tell noise apart. The Python tool's
/// <c>get_random_noise_mc_info_extr</c>.
/// </summary>
public sealed record NuChainNoiseExtractor : ILabelExtractor
{
    internal const string ExtractorName = "nu_chain_noise";

    /// <inheritdoc/>
    public string Name => ExtractorName;

    /// <inheritdoc/>
    public override string ToString() => ExtractorName;

    LabelStage ILabelExtractor.Prepare(LabelNeeds needs)
    {
        var maker = new Maker(needs);
        return new ComputedLabels(needs, maker.Labels, maker);
    }

    private sealed class Maker : NuChainMaker
    {
        internal Maker(LabelNeeds needs)
            : base(needs)
        {
            AddEventInfo("event_id");
            AddEventInfo("run_id");
            AddConstant("particle_type", 0);
            AddPartNumber();
            AddHitCounts();
            AddConstant("tau_topology", 3);
            AddReconstructions();
        }
    }
}

/// <summary>
/// Labels of simulated neutrinos (gSeaGen): the interaction, the neutrino (the first MC track), weights, and the reconstructions that
/// there are. The Python tool's <c>get_neutrino_mc_info_extr</c>.
/// </summary>
public sealed record NuChainNeutrinoExtractor : ILabelExtractor
{
    internal const string ExtractorName = "nu_chain_neutrino";

    /// <inheritdoc/>
    public string Name => ExtractorName;

    /// <summary>A number of your choice that tells productions apart: the label prod_identifier (999).</summary>
    public int ProdIdentifier { get; init; } = 999;

    /// <inheritdoc/>
    public override string ToString() => ExtractorName;

    LabelStage ILabelExtractor.Prepare(LabelNeeds needs)
    {
        var maker = new Maker(needs, this);
        return new ComputedLabels(needs, maker.Labels, maker);
    }

    private sealed class Maker : NuChainMaker
    {
        private const int MuonNeutrino = 14;
        private const int TauNeutrino = 16;
        private const int Muon = 13;
        private const int NeutralCurrent = 3;
        private readonly string _pdgid;
        private readonly int _visibleEnergy;
        private readonly int _tauTopology;

        internal Maker(LabelNeeds needs, NuChainNeutrinoExtractor options)
            : base(needs)
        {
            _pdgid = needs.PdgColumn();
            AddEventInfo("event_id");
            AddFirstTrack("particle_type", _pdgid);
            AddFirstTrack("energy");
            _visibleEnergy = Labels.Add("visible_energy", NumberType.Float64);
            AddEventInfo("is_cc", "W2LIST_GSEAGEN_CC");
            AddEventInfo("bjorkeny", "W2LIST_GSEAGEN_BY");
            AddFirstTrack("dir_x");
            AddFirstTrack("dir_y");
            AddFirstTrack("dir_z");
            AddInteractionTime();
            AddEventInfo("run_id");
            AddFirstTrack("vertex_pos_x", "pos_x");
            AddFirstTrack("vertex_pos_y", "pos_y");
            AddFirstTrack("vertex_pos_z", "pos_z");
            AddHitCounts();
            AddEventInfo("weight_w1");
            AddEventInfo("weight_w2");
            AddEventInfo("weight_w3");
            AddGeneratedEvents();
            AddPartNumber();
            _tauTopology = Labels.Add("tau_topology", NumberType.Int64);
            AddConstant("prod_identifier", options.ProdIdentifier);
            AddReconstructions();
        }

        protected override void MakeOwn(PreparedBatch batch, int eventInBatch, LabelRow labels)
        {
            var info = batch[PreparedFile.EventInfoPath];
            var infoRow = info.First(eventInBatch);
            var tracks = batch[PreparedFile.McTracksPath];
            var (first, count) = (tracks.First(eventInBatch), tracks.CountOf(eventInBatch));
            var pdgid = tracks[_pdgid];
            var flavour = Math.Abs(pdgid[first]);
            var energy = tracks["energy"][first];

            // The neutrino that leaves a neutral current interaction takes its share of the energy away.
            var isMuonNc = flavour == MuonNeutrino && info["W2LIST_GSEAGEN_CC"][infoRow] == NeutralCurrent;
            labels.Set(_visibleEnergy, isMuonNc ? energy * info["W2LIST_GSEAGEN_BY"][infoRow] : energy);

            // 1: a tau that ends in a shower; 2: with a muon; 3: no tau neutrino.
            var topology = 3;
            if (flavour == TauNeutrino)
            {
                topology = 1;
                for (var row = first; row < first + count; row++)
                {
                    topology = Math.Abs(pdgid[row]) == Muon ? 2 : topology;
                }
            }

            labels.Set(_tauTopology, (long)topology);
        }

        private void AddGeneratedEvents()
        {
            var header = FileHeader.Read(Needs.File);
            var found = header?.GetValueOrDefault("genvol")?.GetValueOrDefault("numberOfEvents");
            if (found is not (float or double or long))
            {
                var lack = header is null ? $"has no table {FileHeader.Path}"
                    : found is null ? $"has no genvol.numberOfEvents in {FileHeader.Path}"
                    : $"says in {FileHeader.Path} that genvol.numberOfEvents is '{found}', which is no number";
                throw new EventFileException(
                    Needs.File.Path, null, $"{lack}, which extractor {ExtractorName} needs for n_gen, the number of generated events. Convert the original file again with its header.")
                {
                    Problem = EventFileProblem.MissingData,
                };
            }

            AddConstant(
                "n_gen",
                Convert.ToDouble(found, System.Globalization.CultureInfo.InvariantCulture),
                found switch { float => NumberType.Float32, double => NumberType.Float64, _ => NumberType.Int64 });
        }
    }
}

/// <summary>
/// Labels of simulated atmospheric muons: direction and time of the first muon of the bundle, the energy of all that are seen, and the
/// reconstructions that there are. The Python tool's <c>get_muon_mc_info_extr</c>.
/// </summary>
public sealed record NuChainMuonExtractor : ILabelExtractor
{
    internal const string ExtractorName = "nu_chain_muon";

    /// <inheritdoc/>
    public string Name => ExtractorName;

    /// <summary>
    /// A detection unit whose MC hits do not count, because it is in the detector file but not in operation (none). Needs a detector file.
    /// </summary>
    public int? InactiveDu { get; init; }

    /// <inheritdoc/>
    public override string ToString() => ExtractorName;

    LabelStage ILabelExtractor.Prepare(LabelNeeds needs)
    {
        var maker = new Maker(needs, this);
        return new ComputedLabels(needs, maker.Labels, maker);
    }

    private sealed class Maker : NuChainMaker
    {
        /// <summary>Muons with fewer MC hits are not seen.</summary>
        private const int LeastMcHits = 15;

        /// <summary>The energy, GeV, of a bundle none of whose muons is seen.</summary>
        private const double UnseenEnergy = 40;
        private readonly MuonHits _muonHits;
        private readonly int _energy;
        private readonly int _vertex;

        internal Maker(LabelNeeds needs, NuChainMuonExtractor options)
            : base(needs)
        {
            _muonHits = new MuonHits(needs, options.InactiveDu is 0 ? null : options.InactiveDu);
            AddEventInfo("event_id");
            AddConstant("particle_type", 13);
            _energy = Labels.Add("energy", needs.Column(PreparedFile.McTracksPath, "energy"));
            Labels.Add("visible_energy", NumberType.Float64);
            AddConstant("is_cc", 0);
            AddConstant("bjorkeny", 0);
            AddFirstTrack("dir_x");
            AddFirstTrack("dir_y");
            AddFirstTrack("dir_z");
            AddInteractionTime();
            AddEventInfo("run_id");
            foreach (var axis in (ReadOnlySpan<string>)["pos_x", "pos_y", "pos_z"])
            {
                needs.Column(PreparedFile.McTracksPath, axis);
                Labels.Add($"vertex_{axis}", NumberType.Float64);
            }

            _vertex = Labels["vertex_pos_x"];
            AddHitCounts();
            AddConstant("weight_w1", 10);
            AddConstant("weight_w2", 10);
            AddConstant("weight_w3", 10);
            AddConstant("n_gen", 1);
            AddPartNumber();
            AddConstant("tau_topology", 3);
            AddReconstructions();
        }

        protected override void MakeOwn(PreparedBatch batch, int eventInBatch, LabelRow labels)
        {
            using var muons = _muonHits.Count(batch, eventInBatch, firstTrack: 0);
            var tracks = batch[PreparedFile.McTracksPath];
            var energies = tracks["energy"];
            var energy = ColumnSum.Of(energies, muons.WithAtLeast(LeastMcHits));
            energy = energy == 0 ? UnseenEnergy : energy;
            labels.Set(_energy, energy);
            labels.Set(_energy + 1, energy);

            // The vertex is the mean of the muons' positions, weighted with their energies; NaN where these are all 0.
            var all = muons.WithAtLeast(0);
            var total = ColumnSum.Of(energies, all);
            labels.Set(_vertex, ColumnSum.OfProducts(tracks["pos_x"], energies, all) / total);
            labels.Set(_vertex + 1, ColumnSum.OfProducts(tracks["pos_y"], energies, all) / total);
            labels.Set(_vertex + 2, ColumnSum.OfProducts(tracks["pos_z"], energies, all) / total);
        }
    }
}

/// <summary>Sums over some rows of columns, in NumPy's order.</summary>
internal static class ColumnSum
{
    internal static double Of(Column column, ReadOnlySpan<int> rows)
    {
        var source = new Values(column, rows);
        return PairwiseSum.Of(ref source, rows.Length);
    }

    internal static double OfProducts(Column column, Column factors, ReadOnlySpan<int> rows)
    {
        var source = new Products(column, factors, rows);
        return PairwiseSum.Of(ref source, rows.Length);
    }

    private ref struct Values(Column column, ReadOnlySpan<int> rows) : INumberSource
    {
        private readonly ReadOnlySpan<int> _rows = rows;
        private int _next;

        public double Next() => column[_rows[_next++]];
    }

    private ref struct Products(Column column, Column factors, ReadOnlySpan<int> rows) : INumberSource
    {
        private readonly ReadOnlySpan<int> _rows = rows;
        private int _next;

        public double Next()
        {
            var row = _rows[_next++];
            return column[row] * factors[row];
        }
    }
}
