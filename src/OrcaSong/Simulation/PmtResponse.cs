namespace OrcaSong.Simulation;

/// <summary>How a PMT turns photo-electrons into a hit.</summary>
internal static class PmtResponse
{
    /// <summary>Standard deviation in ns of the time a PMT adds.</summary>
    public const double TransitTimeSpread = 1.5;

    /// <summary>Most photo-electrons told apart; the time over threshold ends at 255 ns long before.</summary>
    public const int MostPhotoElectrons = 200;

    private static readonly byte[] OnePhotoElectronTable = OnePhotoElectron();
    private static readonly byte[] AddedByMoreTable = AddedByMore();
    private static readonly double[] SlewTable = Slew();

    /// <summary>Time over threshold in ns: peak at 27 for one photo-electron, growing to 255 for many.</summary>
    public static int TimeOverThreshold(int photoElectrons, EventRandom random)
    {
        int tot = OnePhotoElectronTable[random.Below(OnePhotoElectronTable.Length)];
        return photoElectrons == 1 ? tot : Math.Min(255, tot + AddedByMoreTable[photoElectrons]);
    }

    /// <summary>
    /// Delay in ns with which a signal of this time over threshold passes the threshold: small signals are late. Close to what
    /// km3pipe's time slewing takes off again (8.0 ns at 0, 0 at 26, -9.0 at 255).
    /// </summary>
    public static double SlewOf(int tot) => SlewTable[tot];

    /// <summary>
    /// The inverse of the distribution function in equal steps. The density is fitted by eye to the hits of ORCA6 files: a peak that
    /// falls faster upwards than downwards, and a bump of small signals.
    /// </summary>
    private static byte[] OnePhotoElectron()
    {
        var density = new double[64];
        for (int tot = 1; tot < density.Length; tot++)
        {
            double spread = tot < 27 ? 5.5 : 2.6;
            double peak = Math.Exp(-0.5 * Math.Pow((tot - 27) / spread, 2));
            double bump = 0.07 * Math.Exp(-0.5 * Math.Pow((tot - 5) / 2.0, 2));
            density[tot] = peak + bump + (0.04 * Math.Exp(-tot / 10.0));
        }

        double sum = density.Sum();
        var inverse = new byte[4096];
        double below = 0;
        int current = 0;
        for (int step = 0; step < inverse.Length; step++)
        {
            double target = (step + 0.5) / inverse.Length * sum;
            while (below + density[current] < target)
            {
                below += density[current++];
            }

            inverse[step] = (byte)current;
        }

        return inverse;
    }

    private static byte[] AddedByMore()
    {
        var added = new byte[MostPhotoElectrons + 1];
        for (int count = 2; count < added.Length; count++)
        {
            added[count] = (byte)Math.Min(228, 9 * Math.Pow(count - 1, 0.7));
        }

        return added;
    }

    private static double[] Slew()
    {
        var slew = new double[256];
        for (int tot = 0; tot < slew.Length; tot++)
        {
            slew[tot] = (8 * Math.Exp(-tot / 12.0)) - (0.036 * tot);
        }

        return slew;
    }
}
