using System.Management.Automation;
using OrcaSong.Labels;
using OrcaSong.PowerShell.Completion;

namespace OrcaSong.PowerShell.Commands;

/// <summary><c>Get-Extractor</c>: the extractors that come with OrcaSong.</summary>
[Cmdlet(VerbsCommon.Get, "Extractor")]
[OutputType(typeof(ExtractorDescription))]
public sealed class GetExtractorCommand : PSCmdlet
{
    /// <summary>Names; wildcards are allowed.</summary>
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
