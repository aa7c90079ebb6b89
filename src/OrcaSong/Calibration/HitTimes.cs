using System.Numerics;
using OrcaSong.Numerics;

namespace OrcaSong.Calibration;

/// <summary>
/// Adds the PMTs' time offsets (t0) to hit times. <see cref="TimeSlewing"/> comes after it. MC hits have no offsets: their times stay.
/// </summary>
/// <remarks>As km3pipe's <c>Calibration.apply</c> and OrcaSong's <c>TimePreproc</c> do it, down to the types of the results.</remarks>
public static class HitTimes
{
    /// <summary>Adds a detector's t0 to float64 hit times.</summary>
    /// <param name="time">Hit times, ns; calibrated in place.</param>
    /// <param name="rows">The PMT row of each hit.</param>
    /// <param name="t0">t0 by PMT row, ns.</param>
    public static void AddT0(Span<double> time, ReadOnlySpan<int> rows, ReadOnlySpan<double> t0)
    {
        ColumnLengths.RequireEqual(time.Length, rows.Length, nameof(rows));
        for (var i = 0; i < time.Length; i++)
        {
            time[i] += t0[rows[i]];
        }
    }

    /// <summary>
    /// Adds a detector's t0 to hit times of any other type. The calibrated column is then float32, and so is the sum: times and
    /// t0 are both rounded to float32 first, so that times beyond 2^24 ns (17 ms) lose whole nanoseconds.
    /// </summary>
    /// <param name="time">Hit times, ns.</param>
    /// <param name="rows">The PMT row of each hit.</param>
    /// <param name="t0">t0 by PMT row, ns.</param>
    /// <param name="calibrated">Takes the calibrated times; may be <paramref name="time"/> itself when that is float32.</param>
    public static void AddT0<T>(ReadOnlySpan<T> time, ReadOnlySpan<int> rows, ReadOnlySpan<double> t0, Span<float> calibrated)
        where T : unmanaged, INumber<T>
    {
        ColumnLengths.RequireEqual(time.Length, rows.Length, nameof(rows));
        ColumnLengths.RequireEqual(time.Length, calibrated.Length, nameof(calibrated));
        for (var i = 0; i < time.Length; i++)
        {
            calibrated[i] = float.CreateTruncating(time[i]) + (float)t0[rows[i]];
        }
    }

    /// <summary>
    /// Adds the t0 column of hits to their time column (the option <c>add_t0</c>), which keeps its type: sums of integers wrap around,
    /// sums with a fraction are float64 and then rounded (float32) or truncated (integers). After a calibration with a detector file
    /// this adds t0 a second time, as the Python tool does.
    /// </summary>
    /// <param name="time">Hit times, ns; corrected in place.</param>
    /// <param name="t0">The t0 of each hit, ns.</param>
    public static void AddT0Column<TTime, TOffset>(Span<TTime> time, ReadOnlySpan<TOffset> t0)
        where TTime : unmanaged, INumber<TTime>
        where TOffset : unmanaged, INumber<TOffset>
    {
        ColumnLengths.RequireEqual(time.Length, t0.Length, nameof(t0));
        var integers = !ColumnArithmetic.IsFloatingPoint<TTime>() && !ColumnArithmetic.IsFloatingPoint<TOffset>();
        for (var i = 0; i < time.Length; i++)
        {
            // float64 also serves float32 + float32: rounding its sum once more gives the float32 sum, since 53 >= 2 * 24 + 2 bits.
            time[i] = integers
                ? time[i] + TTime.CreateTruncating(t0[i])
                : ColumnArithmetic.FromDouble<TTime>(double.CreateTruncating(time[i]) + double.CreateTruncating(t0[i]));
        }
    }
}
