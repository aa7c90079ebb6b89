using System.Numerics;
using System.Runtime.InteropServices;
using OrcaSong.Events;

namespace OrcaSong.Calibration;

/// <summary>
/// The times of the hits of a batch, in the type that the Python tool would hold them in: what is added and subtracted, and how it
/// is rounded, depends on it.
/// </summary>
internal abstract class TimeColumn
{
    /// <summary>Times as they stand in the file, with their own type.</summary>
    internal static TimeColumn Stored(NumberType type) => type switch
    {
        NumberType.Int8 => new StoredTimes<sbyte>(),
        NumberType.UInt8 => new StoredTimes<byte>(),
        NumberType.Int16 => new StoredTimes<short>(),
        NumberType.UInt16 => new StoredTimes<ushort>(),
        NumberType.Int32 => new StoredTimes<int>(),
        NumberType.UInt32 => new StoredTimes<uint>(),
        NumberType.Int64 => new StoredTimes<long>(),
        NumberType.UInt64 => new StoredTimes<ulong>(),
        NumberType.Float32 => new StoredTimes<float>(),
        _ => new StoredTimes<double>(),
    };

    /// <summary>Times to which a detector's t0 is added: float64 stays, every other type becomes float32.</summary>
    internal static TimeColumn Calibrated(NumberType type) => type switch
    {
        NumberType.Int8 => new CalibratedTimes<sbyte>(),
        NumberType.UInt8 => new CalibratedTimes<byte>(),
        NumberType.Int16 => new CalibratedTimes<short>(),
        NumberType.UInt16 => new CalibratedTimes<ushort>(),
        NumberType.Int32 => new CalibratedTimes<int>(),
        NumberType.UInt32 => new CalibratedTimes<uint>(),
        NumberType.Int64 => new CalibratedTimes<long>(),
        NumberType.UInt64 => new CalibratedTimes<ulong>(),
        NumberType.Float32 => new CalibratedTimes<float>(),
        _ => new CalibratedDoubles(),
    };

    /// <summary>The type of the values.</summary>
    internal abstract NumberType Type { get; }

    /// <summary>Whether the values are float32; limits are compared with them in float32 too.</summary>
    internal abstract bool IsFloat32 { get; }

    /// <summary>Takes the times of a batch; those that are to be calibrated get the t0 of their PMT rows.</summary>
    internal abstract void Load(Column time, ReadOnlySpan<int> pmtRows, ReadOnlySpan<double> t0);

    /// <summary>Takes off the time slewing; returns the first hit whose time over threshold is outside 0 to 255, or -1.</summary>
    internal abstract int CorrectSlewing(ReadOnlySpan<int> tot);

    /// <summary>Adds t0 hit by hit (the option add_t0).</summary>
    internal abstract void AddT0(ReadOnlySpan<double> t0);

    /// <summary>Puts the first triggered hit of an event at 0; false when none is triggered.</summary>
    internal abstract bool Centre(int eventInBatch, int first, int count, ReadOnlySpan<byte> triggered);

    /// <summary>Subtracts from the times of an event's MC hits what <see cref="Centre"/> subtracted from those of its hits.</summary>
    internal abstract void CentreMcHits<T>(int eventInBatch, Span<T> time)
        where T : unmanaged, INumber<T>;

    /// <summary>The times, widened to float64.</summary>
    internal abstract void CopyTo(Span<double> destination);

    /// <summary>The times, rounded to float32.</summary>
    internal abstract void CopyTo(Span<float> destination);

    /// <summary>The times as bytes of <see cref="Type"/>, little-endian.</summary>
    internal abstract void CopyTo(Span<byte> destination);

    /// <summary>Times held as <typeparamref name="T"/>.</summary>
    private abstract class Times<T> : TimeColumn
        where T : unmanaged, INumber<T>
    {
        private T[] _values = [];
        private T[] _starts = [];
        private int _count;

        internal override NumberType Type => NumberTypes.Of<T>();

        internal override bool IsFloat32 => typeof(T) == typeof(float);

        protected Span<T> Values => _values.AsSpan(0, _count);

        internal override int CorrectSlewing(ReadOnlySpan<int> tot) => (object)_values switch
        {
            double[] f8 => TimeSlewing.Correct(f8.AsSpan(0, _count), tot),
            float[] f4 => TimeSlewing.Correct(f4.AsSpan(0, _count), tot),
            _ => throw new InvalidOperationException("Times are calibrated before their slewing is corrected."),
        };

        internal override void AddT0(ReadOnlySpan<double> t0) => HitTimes.AddT0Column(Values, t0);

        internal override bool Centre(int eventInBatch, int first, int count, ReadOnlySpan<byte> triggered)
        {
            var time = Values.Slice(first, count);
            if (!TimeCentring.TryFindFirstTriggered<T, byte>(time, triggered.Slice(first, count), out var start))
            {
                return false;
            }

            TimeCentring.Subtract(time, start);
            if (_starts.Length <= eventInBatch)
            {
                Array.Resize(ref _starts, Math.Max(eventInBatch + 1, 2 * _starts.Length));
            }

            _starts[eventInBatch] = start;
            return true;
        }

        internal override void CentreMcHits<TTime>(int eventInBatch, Span<TTime> time) => TimeCentring.Subtract(time, _starts[eventInBatch]);

        internal override void CopyTo(Span<byte> destination) => MemoryMarshal.AsBytes(Values).CopyTo(destination);

        internal override void CopyTo(Span<double> destination)
        {
            if ((object)_values is double[] f8)
            {
                f8.AsSpan(0, _count).CopyTo(destination);
                return;
            }

            for (var i = 0; i < _count; i++)
            {
                destination[i] = double.CreateTruncating(_values[i]);
            }
        }

        internal override void CopyTo(Span<float> destination)
        {
            for (var i = 0; i < _count; i++)
            {
                destination[i] = float.CreateTruncating(_values[i]);
            }
        }

        protected void Resize(int count) => Buffers.Grow(ref _values, _count = count);
    }

    private sealed class StoredTimes<T> : Times<T>
        where T : unmanaged, INumber<T>
    {
        internal override void Load(Column time, ReadOnlySpan<int> pmtRows, ReadOnlySpan<double> t0)
        {
            Resize(time.Count);
            time.Copy(Values);
        }
    }

    private sealed class CalibratedDoubles : Times<double>
    {
        internal override void Load(Column time, ReadOnlySpan<int> pmtRows, ReadOnlySpan<double> t0)
        {
            Resize(time.Count);
            time.Copy(Values);
            HitTimes.AddT0(Values, pmtRows, t0);
        }
    }

    private sealed class CalibratedTimes<T> : Times<float>
        where T : unmanaged, INumber<T>
    {
        private T[] _stored = [];

        internal override void Load(Column time, ReadOnlySpan<int> pmtRows, ReadOnlySpan<double> t0)
        {
            Resize(time.Count);
            Buffers.Grow(ref _stored, time.Count);
            time.Copy(_stored.AsSpan());
            HitTimes.AddT0<T>(_stored.AsSpan(0, time.Count), pmtRows, t0, Values);
        }
    }
}
