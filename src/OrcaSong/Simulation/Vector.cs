namespace OrcaSong.Simulation;

/// <summary>A position in m, or a direction, in detector coordinates (z upwards).</summary>
internal readonly record struct Vector(double X, double Y, double Z)
{
    public static Vector FromAngles(double cosZenith, double azimuth)
    {
        double sinZenith = Math.Sqrt(Math.Max(0, 1 - (cosZenith * cosZenith)));
        return new(sinZenith * Math.Cos(azimuth), sinZenith * Math.Sin(azimuth), cosZenith);
    }

    public static Vector operator +(Vector a, Vector b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static Vector operator -(Vector a, Vector b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    public static Vector operator *(Vector a, double factor) => new(a.X * factor, a.Y * factor, a.Z * factor);

    public double Length => Math.Sqrt(Dot(this));

    public double Dot(Vector other) => (X * other.X) + (Y * other.Y) + (Z * other.Z);

    /// <summary>Two unit vectors at right angles to this unit vector and to each other.</summary>
    public (Vector U, Vector V) Perpendicular()
    {
        var helper = Math.Abs(Z) < 0.9 ? new Vector(0, 0, 1) : new Vector(1, 0, 0);
        var u = Cross(helper);
        u *= 1 / u.Length;
        return (u, Cross(u));
    }

    /// <summary>This unit vector turned by about <paramref name="spread"/> rad (standard deviation in each of the two angles).</summary>
    public Vector Smeared(double spread, EventRandom random)
    {
        var (u, v) = Perpendicular();
        var turned = this + (u * (spread * random.Gauss())) + (v * (spread * random.Gauss()));
        return turned * (1 / turned.Length);
    }

    /// <summary>This position moved by a normal error of <paramref name="spread"/> m in each coordinate.</summary>
    public Vector Moved(double spread, EventRandom random) =>
        new(X + (spread * random.Gauss()), Y + (spread * random.Gauss()), Z + (spread * random.Gauss()));

    public Vector Rounded(int decimals) => new(Math.Round(X, decimals), Math.Round(Y, decimals), Math.Round(Z, decimals));

    private Vector Cross(Vector b) => new((Y * b.Z) - (Z * b.Y), (Z * b.X) - (X * b.Z), (X * b.Y) - (Y * b.X));
}
