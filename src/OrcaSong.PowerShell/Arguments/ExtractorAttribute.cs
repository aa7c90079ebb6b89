using System.Management.Automation;
using OrcaSong.Labels;
using OrcaSong.PowerShell.Scripts;

namespace OrcaSong.PowerShell.Arguments;

/// <summary>Makes an extractor of its name, of what <c>Get-Extractor</c> gives, of a script block, or of an object of a user's class.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ExtractorAttribute : ArgumentTransformationAttribute
{
    private const string ScriptName = "script block";

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        try
        {
            return Argument.Value(inputData) switch
            {
                string name => LabelExtractors.Get(name),
                ExtractorDescription built => built.Standard,
                ScriptBlock script => new CustomExtractor(ScriptName, new EventScript(script).Extract, inOrder: true) { Text = script.ToString() },
                IEventExtractor own => Custom(own),
                _ => inputData,
            };
        }
        catch (ArgumentException e)
        {
            throw Argument.Refused(e);
        }
    }

    // The methods of a class that is written in PowerShell run in its runspace, which only the pipeline's thread can enter.
    private static CustomExtractor Custom(IEventExtractor own) => own.GetType().Assembly.IsDynamic
        ? new CustomExtractor(own.GetType().Name, own.Extract, inOrder: true)
        : new CustomExtractor(own);
}
