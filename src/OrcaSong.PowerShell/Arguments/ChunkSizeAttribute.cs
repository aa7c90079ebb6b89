using System.Globalization;
using System.Management.Automation;

namespace OrcaSong.PowerShell.Arguments;

/// <summary>Takes the word Auto as well as a number of events.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ChunkSizeAttribute : ArgumentTransformationAttribute
{
    internal const string Auto = "Auto";

    /// <inheritdoc/>
    public override bool TransformNullOptionalParameters => true;

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => Argument.Value(inputData) switch
    {
        null => null,
        string text when text.Equals(Auto, StringComparison.OrdinalIgnoreCase) => null,
        var given when LanguagePrimitives.TryConvertTo<int>(given, CultureInfo.InvariantCulture, out var events) => events,
        var other => throw new ArgumentTransformationMetadataException($"The chunk size is a number of events, or {Auto}; got '{other}'."),
    };
}
