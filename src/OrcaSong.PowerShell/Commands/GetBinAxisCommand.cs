using System.Management.Automation;
using OrcaSong.Images;
using OrcaSong.PowerShell.Completion;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Gets the axes that are in use at KM3NeT, by the names of their sets (presets).</summary>
[Cmdlet(VerbsCommon.Get, "BinAxis")]
[OutputType(typeof(BinAxis))]
public sealed class GetBinAxisCommand : PSCmdlet
{
    // The view of axes that belong to a preset goes by this name; see OrcaSong.Format.ps1xml.
    private const string PresetAxis = "OrcaSong.Images.BinAxis#Preset";

    /// <summary>Names of presets: <c>ztc_2017</c>, <c>four_line_low</c>, <c>four_line_high</c>. An unknown name is an error.</summary>
    /// <value>all of them</value>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(PresetCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
            var presets = BinAxisPresets.Names.Where(pattern.IsMatch).ToArray();
            if (presets.Length == 0)
            {
                WriteError(Failures.Record(
                    $"There are no axes called '{name}'; there are {string.Join(", ", BinAxisPresets.Names)}.", "PresetNotFound", ErrorCategory.ObjectNotFound, name));
            }

            foreach (var preset in presets)
            {
                foreach (var axis in BinAxisPresets.Get(preset))
                {
                    var shown = new PSObject(axis);
                    shown.TypeNames.Insert(0, PresetAxis);
                    shown.Properties.Add(new PSNoteProperty("Preset", preset));
                    WriteObject(shown);
                }
            }
        }
    }
}
