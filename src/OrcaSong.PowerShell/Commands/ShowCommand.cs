using System.Management.Automation;
using OrcaSong.Plots;

namespace OrcaSong.PowerShell.Commands;

/// <summary>
/// What commands have in common that show something: objects with a view for the terminal, or a picture (<c>-SaveAs</c>, <c>-Open</c>),
/// or both (<c>-PassThru</c>). The target is checked before the work begins.
/// </summary>
public abstract class ShowCommand : StoppableCommand
{
    private string? _target;

    /// <summary>
    /// The picture to make, in place of a table: its name ends in .pdf, .png or .svg, or in .gp for the gnuplot script that draws it.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SaveAs { get; set; }

    /// <summary>Open the picture with the system's viewer. Without <c>-SaveAs</c> it is a temporary file.</summary>
    [Parameter]
    public SwitchParameter Open { get; set; }

    /// <summary>Emit the objects too, where a picture is made.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Replace an existing picture. Without it that is an error.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Whether a picture is made.</summary>
    private protected bool MakesPicture => SaveAs is not null || Open;

    /// <summary>Whether objects are emitted.</summary>
    private protected bool EmitsObjects => !MakesPicture || PassThru;

    /// <summary>The kind of a picture that is only looked at.</summary>
    private protected virtual string TemporaryExtension => ".png";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        RequireHdf5();
        if (!MakesPicture)
        {
            return;
        }

        try
        {
            _target = SaveAs is null ? PictureViewer.TemporaryName(TemporaryExtension) : FileSystemPath(SaveAs);
            PlotFile.Check(_target, Force);
        }
        catch (PathException e)
        {
            ThrowTerminatingError(e.Record());
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(Failures.Record(e, _target));
        }
    }

    /// <summary>Draws the picture, if one was asked for, and opens it.</summary>
    /// <param name="picture">Makes the picture.</param>
    private protected void Draw(Func<PlotScript> picture)
    {
        if (_target is null || !ShouldProcess(_target, "Draw picture"))
        {
            return;
        }

        try
        {
            var files = Await("Drawing", (_, stopped) => PlotFile.Save(picture(), _target, Force, stopped));
            foreach (var file in files)
            {
                WriteVerbose($"Drawn: {file}");
                if (Open)
                {
                    PictureViewer.Open(file);
                }
            }
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(Failures.Record(e, _target));
        }
    }
}
