using System.Numerics;
using System.Runtime.InteropServices;

namespace OrcaSong.Simulation;

/// <summary>
/// Draws the hits of an event. Instead of following photons, the light of every source at every DOM is worked out once, the number of
/// hits of a DOM is a Poisson number of that mean, and only hits that exist get a PMT, a time and a time over threshold.
/// The hits come out DOM by DOM in the order of the detector file, as real files have them, so only those of a DOM need sorting.
/// </summary>
internal sealed class HitSimulator
{
    /// <summary>Hits of signal on a DOM saturate at two a PMT; more light makes larger hits.</summary>
    private const double DomCapacity = 2 * SimulatedDetector.PmtsPerDom;

    /// <summary>Scattering length in m: light from this far has a tail in time with the probability 1 - 1/e.</summary>
    private const double ScatteringLength = 50;

    /// <summary>Mean delay in ns of scattered light.</summary>
    private const double ScatteringDelay = 25;

    /// <summary>Mean delay in ns and metre by the spread of the group velocity over colours.</summary>
    private const double Dispersion = 0.03;

    /// <summary>Latest delay in ns at which a hit counts as direct light for the trigger.</summary>
    private const double LatestDirect = 15;

    /// <summary>Time in ns that an event's record reaches beyond its light on both sides.</summary>
    private const double RecordMargin = 550;

    /// <summary>Probability that a noise hit comes with the one before it on the DOM: both from one decay of potassium 40.</summary>
    private const double PotassiumShare = 0.08;

    private readonly SimulatedDetector _detector;
    private readonly HitTables _tables;
    private readonly double _noisePerDom;
    private readonly double _expOfNoisePerDom;
    private readonly double _halfWindow;
    private readonly bool _noiseTriggers;

    private readonly double[] _signal;
    private Illumination[] _light = [];
    private PackedHit[] _domHits = new PackedHit[256];
    private McHit[] _domMcHits = new McHit[256];

    public HitSimulator(SimulatedDetector detector, HitTables tables, double noisePerEvent, bool noiseTriggers)
    {
        _detector = detector;
        _tables = tables;
        _noisePerDom = noisePerEvent / detector.DomCount;
        _expOfNoisePerDom = Math.Exp(-_noisePerDom);
        double diagonal = Math.Sqrt((4 * detector.Radius * detector.Radius) + (detector.Height * detector.Height));
        _halfWindow = RecordMargin + (diagonal / 2 * Water.GroupIndex / Water.C);
        _noiseTriggers = noiseTriggers;
        _signal = new double[detector.DomCount];
    }

    /// <summary>
    /// Adds the hits and MC hits of an event to the tables, each hit with its <see cref="HitGrade"/> in place of trigger bits.
    /// </summary>
    /// <param name="truth">The sources of light.</param>
    /// <param name="signalHits">Mean number of hits of signal.</param>
    /// <param name="zero">Time of the MC event's zero in the frame, in ns.</param>
    /// <param name="groupId">Number of the event.</param>
    /// <param name="random">The event's random numbers.</param>
    public void Add(EventTruth truth, double signalHits, double zero, long groupId, EventRandom random)
    {
        var sources = CollectionsMarshal.AsSpan(truth.Sources);
        double scale = Illuminate(sources, signalHits);
        double middle = zero;
        if (sources.Length > 0)
        {
            middle += sources[0].NearestTo(_detector.Centre).Time;
        }

        for (int dom = 0; dom < _detector.DomCount; dom++)
        {
            int signal = scale > 0 ? random.Poisson(_signal[dom]) : 0;
            int noise = _expOfNoisePerDom > 1e-9 ? random.PoissonOfExp(_expOfNoisePerDom) : random.Poisson(_noisePerDom);
            if (signal + noise == 0)
            {
                continue;
            }

            if (_domHits.Length < signal + noise)
            {
                _domHits = new PackedHit[2 * (signal + noise)];
                _domMcHits = new McHit[2 * (signal + noise)];
            }

            if (signal > 0)
            {
                DrawSignal(dom, signal, sources, scale, zero, random);
                var mcHits = _domMcHits.AsSpan(0, signal);
                mcHits.Sort();
                _tables.AddDom(dom, groupId, mcHits);
            }

            DrawNoise(dom, signal, noise, middle, random);
            var hits = _domHits.AsSpan(0, signal + noise);
            hits.Sort();
            _tables.AddDom(dom, groupId, hits);
        }
    }

    /// <summary>Fills <see cref="_light"/> and the mean number of hits of each DOM, whose sum is <paramref name="signalHits"/>.</summary>
    /// <returns>Photo-electrons for one unit of intensity; 0 if there is no light.</returns>
    private double Illuminate(ReadOnlySpan<LightSource> sources, double signalHits)
    {
        int doms = _signal.Length;
        if (_light.Length < doms * sources.Length)
        {
            _light = new Illumination[doms * sources.Length];
        }

        double total = 0;
        for (int dom = 0; dom < doms; dom++)
        {
            double intensity = 0;
            for (int source = 0; source < sources.Length; source++)
            {
                ref var light = ref _light[(dom * sources.Length) + source];
                light = sources[source].At(_detector.DomPositions[dom]);
                intensity += light.Intensity;
            }

            _signal[dom] = intensity;
            total += intensity;
        }

        if (!(total > 0))
        {
            return 0;
        }

        // The scale at which the saturated numbers add up to what was asked for, nearly after three rounds; the last factor makes it exact.
        double scale = signalHits / total;
        double hits = signalHits;
        for (int round = 0; round < 3; round++)
        {
            scale *= signalHits / hits;
            hits = 0;
            foreach (double intensity in _signal)
            {
                hits += Saturated(scale * intensity);
            }
        }

        for (int dom = 0; dom < doms; dom++)
        {
            _signal[dom] = Saturated(scale * _signal[dom]) * (signalHits / hits);
        }

        return scale;
    }

    private static double Saturated(double photoElectrons) => photoElectrons / (1 + (photoElectrons / DomCapacity));

    private void DrawSignal(int dom, int count, ReadOnlySpan<LightSource> sources, double scale, double zero, EventRandom random)
    {
        var lights = _light.AsSpan(dom * sources.Length, sources.Length);
        double total = 0;
        foreach (ref readonly var light in lights)
        {
            total += light.Intensity;
        }

        double morePhotoElectrons = scale * total / DomCapacity;
        uint lit = 0;
        uint litDirectly = 0;
        for (int hit = 0; hit < count; hit++)
        {
            int source = Choose(lights, total, random);
            ref readonly var light = ref lights[source];
            int channel = ChoosePmt(dom, light.Direction, lit, random);
            double delay = random.Exponential(Dispersion * light.Distance);
            if (random.Chance(1 - Math.Exp(-light.Distance / ScatteringLength)))
            {
                delay += random.Exponential(ScatteringDelay);
            }

            if ((lit & (1u << channel)) != 0)
            {
                // The PMT is still busy with its first hit, or this one is an after-pulse.
                delay += 40 + random.Exponential(60);
            }

            lit |= 1u << channel;
            if (delay < LatestDirect)
            {
                litDirectly |= 1u << channel;
            }

            int photoElectrons = Math.Min(PmtResponse.MostPhotoElectrons, 1 + random.Poisson(morePhotoElectrons));
            int tot = PmtResponse.TimeOverThreshold(photoElectrons, random);
            double time = light.Time + delay;
            double seen = zero + time + (PmtResponse.TransitTimeSpread * random.Gauss()) + PmtResponse.SlewOf(tot);
            _domHits[hit] = new(RawTime(dom, channel, seen), channel, tot, delay < LatestDirect ? HitGrade.Single : HitGrade.None);
            _domMcHits[hit] = new(channel, time, sources[source].Origin, photoElectrons);
        }

        if (BitOperations.PopCount(litDirectly) < 2)
        {
            return;
        }

        foreach (ref var hit in _domHits.AsSpan(0, count))
        {
            if (hit.Grade == (ulong)HitGrade.Single)
            {
                hit = new(hit.Time, hit.Channel, hit.Tot, HitGrade.Coincident);
            }
        }
    }

    private void DrawNoise(int dom, int first, int count, double middle, EventRandom random)
    {
        double time = 0;
        for (int hit = first; hit < first + count; hit++)
        {
            bool fromSameDecay = hit > first && random.Chance(PotassiumShare);
            time = fromSameDecay ? time + (4 * random.Gauss()) : middle + random.Uniform(-_halfWindow, _halfWindow);
            int channel = random.Below(SimulatedDetector.PmtsPerDom);
            var grade = HitGrade.None;
            if (fromSameDecay && _noiseTriggers)
            {
                grade = HitGrade.Coincident;
                var before = _domHits[hit - 1];
                _domHits[hit - 1] = new(before.Time, before.Channel, before.Tot, grade);
            }

            _domHits[hit] = new(RawTime(dom, channel, time), channel, PmtResponse.TimeOverThreshold(1, random), grade);
        }
    }

    private long RawTime(int dom, int channel, double time) =>
        (long)Math.Round(time - _detector.PmtT0[(dom * SimulatedDetector.PmtsPerDom) + channel]);

    private static int Choose(ReadOnlySpan<Illumination> lights, double total, EventRandom random)
    {
        if (lights.Length == 1)
        {
            return 0;
        }

        double left = total * random.Uniform();
        int source = 0;
        while (source < lights.Length - 1 && (left -= lights[source].Intensity) >= 0)
        {
            source++;
        }

        return source;
    }

    /// <summary>A PMT that faces the light, and if possible one that has none yet.</summary>
    private int ChoosePmt(int dom, in Vector lightDirection, uint lit, EventRandom random)
    {
        const int tries = 4;
        var directions = _detector.PmtDirections.AsSpan(dom * SimulatedDetector.PmtsPerDom, SimulatedDetector.PmtsPerDom);
        int channel = 0;
        for (int attempt = 0; attempt < tries; attempt++)
        {
            double acceptance;
            do
            {
                channel = random.Below(SimulatedDetector.PmtsPerDom);
                double facing = (1 - lightDirection.Dot(directions[channel])) / 2;
                acceptance = 0.02 + (facing * facing * facing);
            }
            while (!random.Chance(acceptance));

            if ((lit & (1u << channel)) == 0)
            {
                break;
            }
        }

        return channel;
    }
}
