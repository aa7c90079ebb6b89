using System.Management.Automation;
using OrcaSong.Calibration;
using OrcaSong.Events;
using OrcaSong.Images;
using OrcaSong.PowerShell.Arguments;
using OrcaSong.PowerShell.Completion;

namespace OrcaSong.PowerShell.Commands;

/// <summary><c>New-BinAxis</c>: one axis of an image.</summary>
[Cmdlet(VerbsCommon.New, "BinAxis", DefaultParameterSetName = Uniform)]
[OutputType(typeof(BinAxis))]
public sealed class NewBinAxisCommand : OrcaSongCommand
{
    private const string Uniform = "Uniform";
    private const string Edges = "Edge";

    /// <summary>Hit field that is binned.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(HitFieldCompleter))]
    public string Field { get; set; } = string.Empty;

    /// <summary>Lowest edge.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = Uniform, ValueFromPipelineByPropertyName = true)]
    public double Minimum { get; set; }

    /// <summary>Highest edge.</summary>
    [Parameter(Mandatory = true, Position = 2, ParameterSetName = Uniform, ValueFromPipelineByPropertyName = true)]
    public double Maximum { get; set; }

    /// <summary>Number of bins.</summary>
    [Parameter(Mandatory = true, Position = 3, ParameterSetName = Uniform, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; }

    /// <summary>All edges, one more than there are bins. Kept as objects, since whole numbers are told from others.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Edges, ValueFromPipelineByPropertyName = true)]
    public object[] Edge { get; set; } = [];

    /// <summary>An event file whose hits must have the field.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var file = string.Empty;
        try
        {
            var axis = ParameterSetName == Uniform ? BinAxis.Uniform(Field, Minimum, Maximum, Count) : BinEdges.Axis(Field, Edge);
            if (Path is not null)
            {
                file = FileSystemPath(Path);
                CheckField(file);
            }

            WriteObject(axis);
        }
        catch (PathException e)
        {
            ThrowTerminatingError(e.Record());
        }
        catch (Exception e) when (e is ArgumentException or IOException or DllNotFoundException)
        {
            ThrowTerminatingError(Failures.Record(e, file.Length > 0 ? file : Field));
        }
    }

    private void CheckField(string path)
    {
        using var file = EventFile.Open(path);
        var fields = HitFields.Of(file);
        if (!fields.Contains(Field))
        {
            throw new EventFileException(path, "/hits", $"has no column {Field}; with a detector file the hits have {string.Join(", ", fields)}.")
            {
                Problem = EventFileProblem.MissingData,
            };
        }
    }
}
