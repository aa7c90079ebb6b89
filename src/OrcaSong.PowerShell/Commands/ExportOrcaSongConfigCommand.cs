using System.Management.Automation;
using OrcaSong.Configuration;
using OrcaSong.Running;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Writes a configuration file (TOML) that describes a binner or a graph.</summary>
[Cmdlet(VerbsData.Export, "OrcaSongConfig", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class ExportOrcaSongConfigCommand : OrcaSongCommand
{
    private bool _written;

    /// <summary>
    /// What is described: an object of <c>New-FileBinner</c>, <c>New-FileGraph</c> or <c>Import-OrcaSongConfig</c>. One with script blocks
    /// cannot be described.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public EventProcessor? InputObject { get; set; }

    /// <summary>The file to write; its name ends in .toml as a rule.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>Replace an existing file. Without it that is an error.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_written)
        {
            ThrowTerminatingError(Failures.Record(
                $"A configuration describes one object, and '{Path}' is written already. Export each object to a file of its own.", "SeveralInputsOneOutput", ErrorCategory.InvalidArgument, Path));
        }

        try
        {
            Write(FileSystemPath(Path));
        }
        catch (PathException e)
        {
            ThrowTerminatingError(e.Record());
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(Failures.Record(e, Path));
        }
    }

    private void Write(string path)
    {
        if (InputObject!.Options.EventSkipper is not null)
        {
            throw new ArgumentException("A configuration cannot describe an event skipper; write one of an object without.");
        }

        var text = new RunConfiguration(InputObject, Overwrite: true).ToToml();
        if (!Force && File.Exists(path))
        {
            ThrowTerminatingError(Failures.Record($"The file '{path}' exists already. Use -Force to replace it.", "OutputExists", ErrorCategory.ResourceExists, path));
        }

        if (ShouldProcess(path, "Write configuration"))
        {
            File.WriteAllText(path, text);
            _written = true;
            WriteVerbose($"{path}: {InputObject}");
        }
    }
}
