using System.Collections;
using System.Globalization;
using System.Management.Automation;
using OrcaSong.Training.Splitting;

namespace OrcaSong.PowerShell.Arguments;

/// <summary>Hash tables that give each set a value: <c>@{ train = 0.8; validate = 0.2 }</c>.</summary>
internal static class SetTable
{
    internal static Dictionary<string, T> Read<T>(object? given, string example, Func<string, object?, T> value)
    {
        if (Argument.Value(given) is not IDictionary table)
        {
            throw new ArgumentTransformationMetadataException($"Expected a hash table of sets, such as {example}.");
        }

        var values = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in table)
        {
            var name = Convert.ToString(Argument.Value(entry.Key), CultureInfo.InvariantCulture)!;
            values[name] = value(name, Argument.Value(entry.Value));
        }

        return values;
    }

    /// <summary>A whole number.</summary>
    internal static long Whole(object? given, string what) => Argument.Number(given) is { } number && Math.Abs(number) < 1L << 53 && number == Math.Truncate(number)
        ? (long)number
        : throw new ArgumentTransformationMetadataException($"Expected whole numbers, {what}; found '{given}'.");
}

/// <summary>Makes fractions of a hash table: <c>@{ train = 0.8; validate = 0.2 }</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SetFractionsAttribute : ArgumentTransformationAttribute
{
    private const string Example = "@{ train = 0.8; validate = 0.1; test = 0.1 }";

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (Argument.Value(inputData) is SetFractions fractions)
        {
            return fractions;
        }

        try
        {
            return new SetFractions(SetTable.Read(inputData, Example, (name, value) => Argument.Number(value)
                ?? throw new ArgumentTransformationMetadataException($"The fraction of set '{name}' is '{value}'; expected a number, such as {Example}.")));
        }
        catch (ArgumentException e)
        {
            throw Argument.Refused(e);
        }
    }
}

/// <summary>Makes ranges of runs of a hash table: <c>@{ train = 100, 103; validate = 104, 105 }</c>, or several for a set: <c>(100, 103), (110, 120)</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RunRangesAttribute : ArgumentTransformationAttribute
{
    private const string Example = "@{ train = 100, 103; validate = 104, 105 }";

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (Argument.Value(inputData) is IReadOnlyDictionary<string, IReadOnlyList<RunRange>> ranges)
        {
            return ranges;
        }

        try
        {
            return SetTable.Read(inputData, Example, Ranges);
        }
        catch (ArgumentException e)
        {
            throw Argument.Refused(e);
        }
    }

    private static IReadOnlyList<RunRange> Ranges(string set, object? given)
    {
        var items = given is IList list ? list.Cast<object?>().Select(Argument.Value).ToArray() : [given];
        var isPairs = items.Length > 0 && items.All(i => i is IList or RunRange);
        return isPairs ? [.. items.Select(i => i as RunRange ?? Range(set, [.. ((IList)i!).Cast<object?>().Select(Argument.Value)]))] : [Range(set, items)];
    }

    private static RunRange Range(string set, object?[] limits)
    {
        const string What = $"the first and the last run, such as {Example}";
        return limits switch
        {
            [var only] => new RunRange(SetTable.Whole(only, What), SetTable.Whole(only, What)),
            [var first, var last] => new RunRange(SetTable.Whole(first, What), SetTable.Whole(last, What)),
            _ => throw new ArgumentTransformationMetadataException(
                $"The runs of set '{set}' are {limits.Length} numbers; expected the first and the last run, such as {Example}, or pairs of them: (100, 103), (110, 120)."),
        };
    }
}

/// <summary>Makes numbers of parts of a hash table: <c>@{ train = 4 }</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PartCountAttribute : ArgumentTransformationAttribute
{
    private const string Example = "@{ train = 4 }";

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        Argument.Value(inputData) is IReadOnlyDictionary<string, int> counts
            ? counts
            : SetTable.Read(inputData, Example, (name, value) => SetTable.Whole(value, $"the parts of set '{name}', such as {Example}") is >= 1 and <= int.MaxValue and var count
                ? (int)count
                : throw new ArgumentTransformationMetadataException($"Set '{name}' is to be split into {value} parts; expected 1 or more, such as {Example}."));
}

/// <summary>Makes the time of a job of what batch systems take: <c>12:00:00</c>, <c>36:00:00</c>, <c>1-12:00:00</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class JobTimeAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (Argument.Value(inputData) is TimeSpan time)
        {
            return time;
        }

        try
        {
            // PowerShell's own conversion takes 24:00:00 for 24 days.
            return JobOptions.ParseTime(Convert.ToString(Argument.Value(inputData), CultureInfo.InvariantCulture) ?? string.Empty);
        }
        catch (ArgumentException e)
        {
            throw Argument.Refused(e);
        }
    }
}

/// <summary>Makes an amount of memory of <c>4GB</c>, which PowerShell reads as bytes, or of the text <c>4G</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class JobMemoryAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        try
        {
            return Argument.Value(inputData) is string text ? JobOptions.ParseMemory(text) : SetTable.Whole(Argument.Value(inputData), "bytes, such as 4GB");
        }
        catch (ArgumentException e)
        {
            throw Argument.Refused(e);
        }
    }
}
