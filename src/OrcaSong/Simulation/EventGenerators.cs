namespace OrcaSong.Simulation;

/// <summary>
/// Draws bundles of parallel atmospheric muons whose first one passes through the instrumented volume.
/// More hits of signal need more light, so they mean more energy.
/// </summary>
internal static class MuonBundle
{
    private const int MostMuons = 8;
    private const int MuonPdgId = 13;

    public static void Generate(EventTruth truth, SimulatedDetector detector, double signalHits, EventRandom random)
    {
        // Flux of down-going muons: density of cos(zenith) rising as its cube, cut at the horizon.
        double cosZenith = Math.Pow(random.Uniform(), 0.25);
        var direction = Vector.FromAngles(-Math.Max(0.02, cosZenith), random.Uniform(0, 2 * Math.PI));
        var (u, v) = direction.Perpendicular();

        double reach = Math.Sqrt((detector.Radius * detector.Radius) + (detector.Height * detector.Height / 4)) + 60;
        var start = InstrumentedVolume.Draw(detector, random) - (direction * reach);
        int muons = 1;
        while (muons < MostMuons && random.Chance(0.35))
        {
            muons++;
        }

        for (int id = 1; id <= muons; id++)
        {
            var offset = id == 1 ? default : (u * (4 * random.Gauss())) + (v * (4 * random.Gauss()));
            double energy = (2.5 * reach * Water.MuonLoss) + random.Exponential(5 * signalHits / muons);
            int sign = random.Chance(0.56) ? -1 : 1;
            truth.AddTrack(
                new(id, sign * MuonPdgId, energy, start + offset, direction, id == 1 ? 0 : 2 * random.Gauss(), 2.2 * reach),
                shines: true);
        }
    }
}

/// <summary>
/// Draws neutrino interactions with vertices in the instrumented volume, with the outgoing lepton and hadrons.
/// More hits of signal need more light, so they mean more energy.
/// </summary>
internal static class NeutrinoInteraction
{
    private const double HitsPerGeV = 8;
    private const double ChargedCurrentShare = 0.75;
    private const double TauToMuonShare = 0.174;
    private const int MostHadrons = 6;
    private const int LeptonId = 4;

    private static readonly int[] Hadrons = [211, -211, 111, 2212, 2112];

    public static void Generate(EventTruth truth, SimulatedDetector detector, double signalHits, EventRandom random)
    {
        var vertex = InstrumentedVolume.Draw(detector, random);
        var direction = random.Direction();
        int sign = random.Chance(0.5) ? 1 : -1;
        int flavour = 12 + (2 * random.Below(3));
        double energy = Math.Max(1, signalHits / HitsPerGeV) * Math.Exp(0.25 * random.Gauss());
        truth.IsChargedCurrent = random.Chance(ChargedCurrentShare);
        truth.BjorkenY = sign > 0 ? random.Uniform(0.01, 0.99) : 0.01 + (0.98 * (1 - Math.Cbrt(random.Uniform())));
        truth.AddTrack(new(0, sign * flavour, energy, vertex, direction, 0, 0), shines: false);

        double leptonEnergy = (1 - truth.BjorkenY) * energy;
        double hadronEnergy = energy - leptonEnergy;
        AddLepton(truth, flavour, sign, leptonEnergy, vertex, direction.Smeared(0.3 / Math.Sqrt(1 + leptonEnergy), random), random);
        AddHadrons(truth, hadronEnergy, vertex, direction.Smeared(0.5 / Math.Sqrt(1 + hadronEnergy), random), random);
    }

    private static void AddLepton(
        EventTruth truth, int flavour, int sign, double energy, Vector vertex, Vector direction, EventRandom random)
    {
        if (!truth.IsChargedCurrent)
        {
            truth.AddTrack(new(LeptonId, sign * flavour, energy, vertex, direction, 0, 0), shines: false);
            return;
        }

        bool tauToMuon = flavour == 16 && random.Chance(TauToMuonShare);
        double muonEnergy = flavour == 14 ? energy : energy / 3;
        double muonRange = muonEnergy / Water.MuonLoss;
        if (flavour == 14)
        {
            truth.AddTrack(new(LeptonId, sign * 13, energy, vertex, direction, 0, muonRange), shines: true);
            return;
        }

        truth.AddTrack(new(LeptonId, sign * (flavour - 1), energy, vertex, direction, 0, 0), shines: !tauToMuon);
        if (tauToMuon)
        {
            truth.AddTrack(new(LeptonId + 1, sign * 13, muonEnergy, vertex, direction, 0, muonRange), shines: true);
        }
    }

    private static void AddHadrons(EventTruth truth, double energy, Vector vertex, Vector direction, EventRandom random)
    {
        int hadrons = Math.Min(MostHadrons, 1 + random.Poisson(Math.Log(1 + energy)));
        double left = energy;
        for (int hadron = 1; hadron <= hadrons; hadron++)
        {
            double share = hadron == hadrons ? left : left * random.Uniform(0.2, 0.8);
            left -= share;
            int pdgId = Hadrons[random.Below(Hadrons.Length)];
            truth.AddTrack(new(LeptonId + 1 + hadron, pdgId, share, vertex, direction.Smeared(0.3, random), 0, 0), shines: true);
        }
    }
}

/// <summary>The cylinder around the detection units.</summary>
internal static class InstrumentedVolume
{
    /// <summary>A point uniform in the cylinder.</summary>
    public static Vector Draw(SimulatedDetector detector, EventRandom random)
    {
        double radius = detector.Radius * Math.Sqrt(random.Uniform());
        double azimuth = random.Uniform(0, 2 * Math.PI);
        return new(radius * Math.Cos(azimuth), radius * Math.Sin(azimuth), detector.Bottom + (detector.Height * random.Uniform()));
    }
}
