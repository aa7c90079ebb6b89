using System.Management.Automation;
using OrcaSong.Labels;

namespace OrcaSong.PowerShell.Arguments;

/// <summary>Makes an extractor of its name.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ExtractorAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        try
        {
            return Argument.Value(inputData) is string name ? LabelExtractors.Get(name) : inputData;
        }
        catch (ArgumentException e)
        {
            throw Argument.Refused(e);
        }
    }
}
