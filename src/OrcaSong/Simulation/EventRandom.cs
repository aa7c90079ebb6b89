using System.Numerics;

namespace OrcaSong.Simulation;

/// <summary>
/// Random numbers of one event: xoshiro256** (Blackman and Vigna, ACM TOMS 47, 2021), its state filled by SplitMix64.
/// Starting anew costs nanoseconds, so every event has its own sequence and none depends on the events before it.
/// </summary>
internal sealed class EventRandom
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;
    private double _spareGauss;
    private bool _hasSpareGauss;

    public EventRandom(long seed, long run, long item) => Restart(seed, run, item);

    public void Restart(long seed, long run, long item)
    {
        // Each number is mixed on its own before the next is added, lest (seed, run) and (seed + 1, run - 1) meet.
        ulong state = Mix((ulong)seed);
        state = Mix(state + (ulong)run);
        state = Mix(state + (ulong)item);
        _s0 = Mix(state += Golden);
        _s1 = Mix(state += Golden);
        _s2 = Mix(state += Golden);
        _s3 = Mix(state + Golden);
        _hasSpareGauss = false;
    }

    private const ulong Golden = 0x9E3779B97F4A7C15;

    private static ulong Mix(ulong x)
    {
        x += Golden;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double Uniform(double low, double high) => low + ((high - low) * Uniform());

    /// <summary>Uniform among 0 .. count - 1; the bias of the plain product, below count / 2^32, does not matter here.</summary>
    public int Below(int count) => (int)(((NextBits() >> 32) * (ulong)count) >> 32);

    public bool Chance(double probability) => Uniform() < probability;

    public double Exponential(double mean) => -mean * Math.Log(1 - Uniform());

    /// <summary>Normal with mean 0 and standard deviation 1, by Marsaglia's polar method.</summary>
    public double Gauss()
    {
        if (_hasSpareGauss)
        {
            _hasSpareGauss = false;
            return _spareGauss;
        }

        double u, v, square;
        do
        {
            u = (2 * Uniform()) - 1;
            v = (2 * Uniform()) - 1;
            square = (u * u) + (v * v);
        }
        while (square is >= 1 or 0);

        double scale = Math.Sqrt(-2 * Math.Log(square) / square);
        _spareGauss = v * scale;
        _hasSpareGauss = true;
        return u * scale;
    }

    public int Poisson(double mean)
    {
        // A sum of Poisson numbers is one of the summed mean; parts keep exp(-mean) away from underflow.
        const double part = 32;
        int count = 0;
        for (; mean > part; mean -= part)
        {
            count += PoissonOfExp(Math.Exp(-part));
        }

        return count + PoissonOfExp(Math.Exp(-mean));
    }

    /// <summary>A Poisson number (Knuth's product) from exp(-mean), for a mean that is used many times.</summary>
    public int PoissonOfExp(double expOfMinusMean)
    {
        int count = 0;
        for (double product = Uniform(); product > expOfMinusMean; product *= Uniform())
        {
            count++;
        }

        return count;
    }

    /// <summary>A direction uniform on the sphere.</summary>
    public Vector Direction() => Vector.FromAngles(Uniform(-1, 1), Uniform(0, 2 * Math.PI));
}
