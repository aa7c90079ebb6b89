using System.Management.Automation;
using OrcaSong.Labels;
using OrcaSong.PowerShell.Scripts;

namespace OrcaSong.PowerShell.Arguments;

/// <summary>Makes an event skipper of a script block.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EventSkipperAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        Argument.Value(inputData) is ScriptBlock script ? new EventSkipper(new EventScript(script).Skips, InOrder: true) { Text = script.ToString() } : inputData;
}
