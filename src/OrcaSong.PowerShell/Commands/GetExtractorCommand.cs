using System.Management.Automation;
using OrcaSong.Labels;
using OrcaSong.PowerShell.Completion;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Gets the extractors of labels that come with the module: what they are for, need and write.</summary>
[Cmdlet(VerbsCommon.Get, "Extractor")]
[OutputType(typeof(ExtractorDescription))]
public sealed class GetExtractorCommand : PSCmdlet
{
    /// <summary>Names of extractors. An unknown name is an error.</summary>
    /// <value>all of them</value>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ExtractorCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
            var found = LabelExtractors.All.Where(e => pattern.IsMatch(e.Name)).ToArray();
            if (found.Length == 0)
            {
                WriteError(Failures.Record(
                    $"There is no extractor '{name}'; there are {string.Join(", ", LabelExtractors.Names)}.", "ExtractorNotFound", ErrorCategory.ObjectNotFound, name));
            }

            WriteObject(found, enumerateCollection: true);
        }
    }
}
