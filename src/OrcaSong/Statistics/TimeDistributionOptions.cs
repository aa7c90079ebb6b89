using OrcaSong.Images;
using OrcaSong.Running;

namespace OrcaSong.Statistics;

/// <summary>Which times of hits are looked at, and in which bins they are counted.</summary>
public sealed record TimeDistributionOptions
{
    /// <summary>The usual number of bins, as in the Python tool.</summary>
    public const int StandardBinCount = 50;

    /// <summary>The usual padding, as in the Python tool.</summary>
    public const double StandardPadding = 0.5;

    /// <summary>How hits are calibrated and their times prepared: detector file, centring, t0, time slewing, MC times. The rest does not matter.</summary>
    public ProcessingOptions Processing { get; init; } = ProcessingOptions.Default;

    /// <summary>Look at MC hits in place of hits (off).</summary>
    public bool McHits { get; init; }

    /// <summary>A detection unit whose hits are left out; none by default.</summary>
    public int? InactiveDu { get; init; }

    /// <summary>Bins of equal width from the earliest hit to the latest, where no <see cref="Axis"/> is given (50). The files are read twice then.</summary>
    public int BinCount { get; init; } = StandardBinCount;

    /// <summary>The bins, in ns; hits outside of them are counted as cut off.</summary>
    public BinAxis? Axis { get; init; }

    /// <summary>Bins that are attached on both sides of those given, to see what is cut off: a fraction of their number (0.5).</summary>
    public double Padding { get; init; } = StandardPadding;

    /// <summary>Refuses options that make no sense.</summary>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentException">One is out of range.</exception>
    internal TimeDistributionOptions Checked()
    {
        _ = Processing.Checked();
        if (BinCount is < 1 or > 10_000_000)
        {
            throw new ArgumentException($"The number of bins goes from 1 to 10,000,000; got {BinCount}.");
        }

        if (Axis is { Field: not AxisStatistics.TimeField })
        {
            throw new ArgumentException($"The axis is one of {Axis.Field}; a distribution of times needs one of {AxisStatistics.TimeField}.");
        }

        return Padding is >= 0 and <= 10 ? this : throw new ArgumentException($"The padding is a fraction of the number of bins, from 0 to 10; got {Padding}.");
    }
}
