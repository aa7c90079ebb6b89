namespace OrcaSong.Labels;

/// <summary>A built-in extractor: what it is for, what a file must have for it, and what it writes.</summary>
/// <param name="Name">Name in configurations.</param>
/// <param name="Purpose">Which events it is for.</param>
/// <param name="Needs">Tables and columns that a file must have.</param>
/// <param name="Writes">Labels that it writes.</param>
/// <param name="Options">Its options in configurations, each with what it says if left out.</param>
/// <param name="Standard">The extractor with all options left out.</param>
public sealed record ExtractorDescription(
    string Name, string Purpose, IReadOnlyList<string> Needs, IReadOnlyList<string> Writes, IReadOnlyList<string> Options, ILabelExtractor Standard);

/// <summary>The extractors that come with OrcaSong.</summary>
public static class LabelExtractors
{
    private const string HitCounts = "n_hits, n_trig_hits";
    private const string Reconstructions = "jmuon_*, jshower_*, dusjshower_*, aashower_*: every column of the tables /reco/best_* that the file has";
    private const string TrackLabels =
        "dir_x, dir_y, dir_z, time_interaction, vertex_pos_x, vertex_pos_y, vertex_pos_z";

    private const string BundleLabels =
        "n_hits, n_triggered_hits, n_triggered_doms, t_last_triggered, n_pmts, n_triggered_pmts, n_hits_intime";

    private const string BestTrackLabels = "jg_*_reco: the best track, 32 columns";
    private const string DowngoingOption = "only_downgoing_tracks = false";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ExtractorDescription> All { get; } =
    [
        new(
            NuChainNeutrinoExtractor.ExtractorName,
            "Simulated neutrinos (gSeaGen)",
            ["/hits triggered", "/event_info event_id, run_id, weight_w1, weight_w2, weight_w3, W2LIST_GSEAGEN_CC, W2LIST_GSEAGEN_BY", "/mc_tracks pdgid (or type), energy, dir_*, pos_*, time", "/raw_header genvol.numberOfEvents"],
            ["event_id, run_id, particle_type, energy, visible_energy, is_cc, bjorkeny", TrackLabels, HitCounts, "weight_w1, weight_w2, weight_w3, n_gen, part_number, tau_topology, prod_identifier", Reconstructions],
            ["prod_identifier = 999"],
            new NuChainNeutrinoExtractor()),
        new(
            NuChainMuonExtractor.ExtractorName,
            "Simulated atmospheric muons",
            ["/hits triggered", "/event_info event_id, run_id", "/mc_tracks id, energy, dir_*, pos_*, time", "/mc_hits origin (and a detector file, for inactive_du)"],
            ["event_id, run_id, particle_type, energy, visible_energy, is_cc, bjorkeny", TrackLabels, HitCounts, "weight_w1, weight_w2, weight_w3, n_gen, part_number, tau_topology", Reconstructions],
            ["inactive_du = (none)"],
            new NuChainMuonExtractor()),
        new(
            NuChainNoiseExtractor.ExtractorName,
            "Simulated random noise",
            ["/hits triggered", "/event_info event_id, run_id"],
            ["event_id, run_id, particle_type, part_number, tau_topology", HitCounts, Reconstructions],
            [],
            new NuChainNoiseExtractor()),
        new(
            NuChainDataExtractor.ExtractorName,
            "Real data",
            ["/hits triggered", "/event_info event_id, run_id, trigger_mask"],
            ["event_id, run_id, trigger_mask", HitCounts, Reconstructions],
            [],
            new NuChainDataExtractor()),
        new(
            BundleMcExtractor.ExtractorName,
            "Simulated muon bundles (MUPAGE, CORSIKA)",
            ["/hits dom_id, channel_id, time, triggered", "/event_info", "/mc_tracks id, energy, dir_*, pos_* (and pdgid or type, time for CORSIKA)", "/mc_hits origin (and a detector file, for inactive_du)", "the number of the MC run in the file's name, for with_mc_index"],
            ["every column of /event_info", BestTrackLabels, BundleLabels, "dir_x, dir_y, dir_z", "primary_pos_x, primary_pos_y, primary_pos_z, primary_pdgid, primary_energy, primary_time (CORSIKA)", "n_mc_hits_*, n_muons_*, energy_*, max_pair_dist_*, mean_pair_dist_* for each of min_n_mchits_list", "mc_index"],
            ["inactive_du = (none)", "min_n_mchits_list = [0, 1, 10]", "plane_point = [17, 17, 111]", "with_mc_index = true", "is_corsika = false", DowngoingOption, "missing_value = nan"],
            new BundleMcExtractor()),
        new(
            BundleDataExtractor.ExtractorName,
            "Real data, for studies of muon bundles",
            ["/hits dom_id, channel_id, time, triggered", "/event_info"],
            ["every column of /event_info", BestTrackLabels, BundleLabels],
            [DowngoingOption],
            new BundleDataExtractor()),
    ];

    /// <summary>Their names.</summary>
    public static IReadOnlyCollection<string> Names { get; } = [.. All.Select(e => e.Name)];

    /// <summary>The extractor of that name, with all options left out.</summary>
    /// <param name="name">Its name in configurations.</param>
    /// <returns>The extractor.</returns>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static ILabelExtractor Get(string name) => All.FirstOrDefault(e => e.Name == name)?.Standard
        ?? throw new ArgumentException($"There is no extractor '{name}'; {Spelling.Hint(name, Names)}", nameof(name));
}
