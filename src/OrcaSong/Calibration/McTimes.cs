using System.Numerics;

namespace OrcaSong.Calibration;

/// <summary>Brings the times of MC hits and MC tracks to the clock of the hits.</summary>
public static class McTimes
{
    /// <summary>
    /// <c>(time - (timestamp * 1e9 + nanoseconds)) + mc_time</c> in float64 and in this order, written back in the column's type. With Unix
    /// timestamps the bracket is about 1.6e18 ns, where float64 steps by 256 ns: that loss is in the Python tool's results too.
    /// </summary>
    /// <param name="time">Times of the event's MC hits or MC tracks, ns; corrected in place.</param>
    /// <param name="timestamp">The event's <c>timestamp</c>, s. Columns of integers are to be widened to float64, as NumPy does.</param>
    /// <param name="nanoseconds">The event's <c>nanoseconds</c>, ns.</param>
    /// <param name="mcTime">The event's <c>mc_time</c>, ns.</param>
    /// <remarks>km3pipe's <c>MCTimeCorrector</c>.</remarks>
    public static void Correct<T>(Span<T> time, double timestamp, double nanoseconds, double mcTime)
        where T : unmanaged, INumber<T>
    {
        var timestampNs = (timestamp * 1e9) + nanoseconds;
        foreach (ref var t in time)
        {
            t = ColumnArithmetic.FromDouble<T>(double.CreateTruncating(t) - timestampNs + mcTime);
        }
    }
}
