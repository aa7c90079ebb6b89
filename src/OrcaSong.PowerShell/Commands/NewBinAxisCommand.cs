using System.Management.Automation;
using OrcaSong.Calibration;
using OrcaSong.Events;
using OrcaSong.Images;
using OrcaSong.PowerShell.Arguments;
using OrcaSong.PowerShell.Completion;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Makes an axis of an image: a hit field, and the edges of its bins.</summary>
[Cmdlet(VerbsCommon.New, "BinAxis", DefaultParameterSetName = Uniform)]
[OutputType(typeof(BinAxis))]
public sealed class NewBinAxisCommand : OrcaSongCommand
{
    private const string Uniform = "Uniform";
    private const string Edges = "Edge";

    /// <summary>
    /// The hit field that is binned, such as <c>pos_z</c>, <c>time</c> or <c>channel_id</c>: a column of the table hits of the event file,
    /// or one that calibration with a detector file adds (<c>pos_x</c>, <c>dir_x</c>, <c>du</c>, <c>floor</c>, <c>t0</c>, ...).
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(HitFieldCompleter))]
    public string Field { get; set; } = string.Empty;

    /// <summary>The lowest edge, in the unit of the field (m for positions, ns for times). Hits below it are cut off.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = Uniform, ValueFromPipelineByPropertyName = true)]
    public double Minimum { get; set; }

    /// <summary>
    /// The highest edge, in the unit of the field. Hits above it are cut off; one that lies exactly on it is in the last bin.
    /// </summary>
    [Parameter(Mandatory = true, Position = 2, ParameterSetName = Uniform, ValueFromPipelineByPropertyName = true)]
    public double Maximum { get; set; }

    /// <summary>The number of bins, all of the same width.</summary>
    [Parameter(Mandatory = true, Position = 3, ParameterSetName = Uniform, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; }

    /// <summary>
    /// All edges of the bins, in ascending order and in the unit of the field: one more than there are bins, which may differ in width. If
    /// all are whole numbers, so are the edges that the output keeps.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = Edges, ValueFromPipelineByPropertyName = true)]
    public object[] Edge { get; set; } = [];

    /// <summary>An event file. If its hits do not have the field, that is an error now rather than in the run.</summary>
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
