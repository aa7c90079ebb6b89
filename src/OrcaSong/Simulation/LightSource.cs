namespace OrcaSong.Simulation;

/// <summary>Optical properties of deep-sea water, and of relativistic particles in it.</summary>
internal static class Water
{
    /// <summary>Speed of light in m/ns.</summary>
    public const double C = 0.299792458;

    /// <summary>Refractive index of the group velocity at the PMTs' best wavelengths.</summary>
    public const double GroupIndex = 1.38;

    /// <summary>Cosine of the Cherenkov angle: one over the phase index.</summary>
    public const double CosCherenkov = 1 / 1.35;

    /// <summary>Distance in m over which light falls by e, averaged over the spectrum that PMTs see.</summary>
    public const double AttenuationLength = 35;

    /// <summary>Energy in GeV that a minimum ionising muon loses in a metre.</summary>
    public const double MuonLoss = 0.24;

    public static readonly double TanCherenkov = Math.Sqrt(1 - (CosCherenkov * CosCherenkov)) / CosCherenkov;
}

/// <summary>Direct light of one source at one DOM.</summary>
/// <param name="Intensity">Amount of light, in units common to all sources.</param>
/// <param name="Time">Time of arrival of unscattered light in ns, in the time of the event.</param>
/// <param name="Distance">Length of the light's path in m.</param>
/// <param name="Direction">Direction of flight of the light.</param>
internal readonly record struct Illumination(double Intensity, double Time, double Distance, Vector Direction);

/// <summary>A particle that makes Cherenkov light: a track (muon), or a cascade, which is a point for this purpose.</summary>
/// <param name="Position">Where it starts, in m.</param>
/// <param name="Direction">Its direction.</param>
/// <param name="Time">When it starts, in ns in the time of the event.</param>
/// <param name="Length">Length of a track in m; 0 for a cascade.</param>
/// <param name="Energy">Energy in GeV.</param>
/// <param name="Origin">Its id in mc_tracks.</param>
internal readonly record struct LightSource(Vector Position, Vector Direction, double Time, double Length, double Energy, int Origin)
{
    // Shares of light that reach a DOM outside the Cherenkov cone, by scattering and by secondaries.
    private const double OutsideTrack = 0.02;
    private const double OutsideCone = 0.3;

    public bool IsTrack => Length > 0;

    public Illumination At(in Vector dom)
    {
        var toDom = dom - Position;
        double emitted = 0;
        bool onTrack = true;
        if (IsTrack)
        {
            double along = toDom.Dot(Direction);
            double aside = Math.Sqrt(Math.Max(0, toDom.Dot(toDom) - (along * along)));
            double ofCone = along - (aside / Water.TanCherenkov);
            emitted = Math.Clamp(ofCone, 0, Length);
            onTrack = emitted == ofCone;
        }

        var path = toDom - (Direction * emitted);
        double distance = Math.Max(0.3, path.Length);
        var direction = path * (1 / distance);
        double absorbed = Math.Exp(-distance / Water.AttenuationLength);

        // The light of a line falls with the distance, that of a point with its square; the additional metres stand for the DOM's size.
        double intensity = IsTrack
            ? Water.MuonLoss * Math.PI / (distance + 2) * (onTrack ? 1 : OutsideTrack)
            : Energy / ((distance * distance) + 4) * (OutsideCone + ConeOf(direction.Dot(Direction)));
        double time = Time + (emitted / Water.C) + (distance * Water.GroupIndex / Water.C);
        return new(intensity * absorbed, time, distance, direction);
    }

    /// <summary>Time and place at which the particle is nearest to a point.</summary>
    public (Vector Position, double Time) NearestTo(in Vector point)
    {
        double along = Math.Clamp((point - Position).Dot(Direction), 0, Length);
        return (Position + (Direction * along), Time + (along / Water.C));
    }

    private static double ConeOf(double cosine)
    {
        double off = (cosine - Water.CosCherenkov) / 0.2;
        return 2 * Math.Exp(-off * off);
    }
}
