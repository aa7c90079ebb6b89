using System.Collections;
using System.Globalization;
using System.Management.Automation;
using OrcaSong.Images;

namespace OrcaSong.PowerShell.Arguments;

/// <summary>Makes axes of what users write: axes, names of presets, or an ordered dictionary from fields to bin edges.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AxesAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        try
        {
            return Axes(inputData).ToArray();
        }
        catch (ArgumentException e)
        {
            throw Argument.Refused(e);
        }
    }

    private static IEnumerable<BinAxis> Axes(object? given) => Argument.Value(given) switch
    {
        BinAxis axis => [axis],
        string preset => BinAxisPresets.Get(preset),
        IDictionary fields => Ordered(fields).Select(field => Axis(field.Key, field.Value)),
        IEnumerable list => list.Cast<object?>().SelectMany(Axes),
        null => throw new ArgumentException("An axis is empty ($null)."),
        var other => throw new ArgumentException(
            $"'{other}' ({other.GetType().Name}) is no axis. Give axes (New-BinAxis), the name of a preset ({string.Join(", ", BinAxisPresets.Names)}), or [ordered]@{{ field = edges }}."),
    };

    private static IEnumerable<(object Key, object? Value)> Ordered(IDictionary fields)
    {
        if (fields is Hashtable { Count: > 1 })
        {
            throw new ArgumentException(
                "The order of the fields in @{ } is random, and so would be the order of the image's axes. Write [ordered]@{ } instead.");
        }

        foreach (DictionaryEntry field in fields)
        {
            yield return (field.Key, field.Value);
        }
    }

    private static BinAxis Axis(object key, object? edges)
    {
        var field = Convert.ToString(Argument.Value(key), CultureInfo.InvariantCulture)!;
        return BinEdges.Axis(field, Argument.Value(edges) is IEnumerable list and not string ? list : new[] { edges });
    }
}
