using System.Collections;
using System.Globalization;
using System.Management.Automation;
using OrcaSong.Graphs;

namespace OrcaSong.PowerShell.Arguments;

/// <summary>Makes a time window of <c>start, end</c> in ns.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TimeWindowAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (Argument.Value(inputData) is TimeWindow window)
        {
            return window;
        }

        var limits = Argument.Value(inputData) is IList list ? list.Cast<object?>().Select(v => Argument.Number(Argument.Value(v))).ToArray() : [];
        if (limits is not [{ } start, { } end])
        {
            throw new ArgumentTransformationMetadataException("The time window is its start and its end, in ns: -TimeWindow -250, 1000.");
        }

        try
        {
            return new TimeWindow(start, end);
        }
        catch (ArgumentException e)
        {
            throw Argument.Refused(e);
        }
    }
}
