using System.Globalization;
using System.Management.Automation;
using OrcaSong.Running;

namespace OrcaSong.PowerShell.Arguments;

/// <summary>Takes the names of DEFLATE levels as well as the levels.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CompressionAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => Argument.Value(inputData) switch
    {
        string name when CompressionLevels.TryParse(name, out var level) => level,
        var given when LanguagePrimitives.TryConvertTo<int>(given, CultureInfo.InvariantCulture, out var level) => level,
        var other => throw new ArgumentTransformationMetadataException(
            $"The compression is {string.Join(", ", CompressionLevels.Names.Select(n => n.Name))}, or a level from 0 to 9; got '{other}'."),
    };
}
