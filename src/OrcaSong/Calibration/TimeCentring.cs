using System.Numerics;
using OrcaSong.Numerics;

namespace OrcaSong.Calibration;

/// <summary>Puts the first triggered hit of an event at time 0 (the option <c>center_time</c>, OrcaSong's <c>TimePreproc</c>).</summary>
public static class TimeCentring
{
    /// <summary>
    /// The time of the first triggered hit, in the time column's type: <c>min(time[triggered != 0])</c>. <c>triggered</c> is a bit mask
    /// in recent files, any bit counts. A NaN among the triggered times is the result, as with <c>numpy.min</c>.
    /// </summary>
    /// <param name="time">The event's hit times, ns.</param>
    /// <param name="triggered">The trigger mask of each hit.</param>
    /// <param name="first">The time of the first triggered hit.</param>
    /// <returns>False when the event has no triggered hit.</returns>
    public static bool TryFindFirstTriggered<TTime, TMask>(ReadOnlySpan<TTime> time, ReadOnlySpan<TMask> triggered, out TTime first)
        where TTime : unmanaged, INumber<TTime>
        where TMask : unmanaged, INumber<TMask>
    {
        ColumnLengths.RequireEqual(time.Length, triggered.Length, nameof(triggered));
        first = default;
        var found = false;

        // Triggered times are picked without a branch, which would be mispredicted for most of them.
        Span<TTime> picked = stackalloc TTime[256];
        while (!time.IsEmpty)
        {
            var block = Math.Min(time.Length, picked.Length);
            var count = 0;
            for (var i = 0; i < block; i++)
            {
                picked[count] = time[i];
                count += TMask.IsZero(triggered[i]) ? 0 : 1;
            }

            foreach (var t in picked[..count])
            {
                if (TTime.IsNaN(t))
                {
                    first = t;
                    return true;
                }

                if (!found || t < first)
                {
                    first = t;
                    found = true;
                }
            }

            time = time[block..];
            triggered = triggered[block..];
        }

        return found;
    }

    /// <summary>
    /// Subtracts a time from a column, which keeps its type. Fractions from fractions are taken in the column's own arithmetic (a float64
    /// reference is rounded to float32 for a float32 column), integers from integers wrap around (10 - 20 is 4294967286 in uint32); a
    /// mixture goes through float64 and is then rounded or truncated.
    /// </summary>
    /// <param name="time">Times of the event's hits or MC hits, ns; centred in place.</param>
    /// <param name="reference">The time of the first triggered hit, ns: the hits' also for MC hits.</param>
    public static void Subtract<TTime, TReference>(Span<TTime> time, TReference reference)
        where TTime : unmanaged, INumber<TTime>
        where TReference : unmanaged, INumber<TReference>
    {
        if (ColumnArithmetic.IsFloatingPoint<TTime>() == ColumnArithmetic.IsFloatingPoint<TReference>())
        {
            var own = TTime.CreateTruncating(reference);
            foreach (ref var t in time)
            {
                t -= own;
            }
        }
        else
        {
            var wide = double.CreateTruncating(reference);
            foreach (ref var t in time)
            {
                t = ColumnArithmetic.FromDouble<TTime>(double.CreateTruncating(t) - wide);
            }
        }
    }
}
