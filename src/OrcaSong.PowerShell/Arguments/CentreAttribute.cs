using System.Collections;
using System.Management.Automation;
using OrcaSong.Running;

namespace OrcaSong.PowerShell.Arguments;

/// <summary>Makes a target for the detector's centre of <c>x, y, z</c>, where <c>$null</c> leaves a coordinate alone.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CentreAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (Argument.Value(inputData) is CentreTarget target)
        {
            return target;
        }

        var given = Argument.Value(inputData) is IList list ? list.Cast<object?>().Select(Argument.Value).ToArray() : [];
        var numbers = given.Where(v => v is not null).Select(Argument.Number).ToArray();
        if (given.Length != 3 || numbers.Contains(null) || numbers.Length == 0)
        {
            throw new ArgumentTransformationMetadataException(
                "The centre is three coordinates in m, x, y, z, where $null leaves one alone: -CenterHitsTo 0, 0, $null.");
        }

        return new CentreTarget(Argument.Number(given[0]), Argument.Number(given[1]), Argument.Number(given[2]));
    }
}
