using System.Management.Automation;
using OrcaSong.Training;

namespace OrcaSong.PowerShell.Commands;

/// <summary>What commands have in common that make one thing of many files for training: the files are collected, then used together.</summary>
public abstract class MergeFilesCommand : FilesCommand
{
    private protected const string FromList = "ListFile";
    private readonly List<string> _inputs = [];
    private bool _failed;

    /// <summary>Text files that list files for training, one path a line, relative to the session's current location.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromList, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] ListFile { get; set; } = [];

    /// <summary>What becomes of columns that not all files have.</summary>
    [Parameter]
    public ColumnChoice Column { get; set; }

    /// <summary>Leave out files that cannot be used, with a warning, instead of writing nothing.</summary>
    [Parameter]
    public SwitchParameter SkipInvalid { get; set; }

    /// <summary>Allow the same file several times.</summary>
    [Parameter]
    public SwitchParameter AllowDuplicate { get; set; }

    /// <summary>Keep the checksums of the first file's datasets.</summary>
    [Parameter]
    public SwitchParameter KeepChecksum { get; set; }

    /// <summary>Worker threads.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = Environment.ProcessorCount;

    /// <summary>Replace what is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected MergeOptions MergeOptions => new()
    {
        Columns = Column,
        SkipInvalid = SkipInvalid,
        AllowDuplicates = AllowDuplicate,
        KeepChecksum = KeepChecksum,
    };

    /// <inheritdoc/>
    protected override void BeginProcessing() => RequireHdf5();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var path in ParameterSetName == FromList ? [.. Listed()] : ParameterSetName == FromPath ? Path : LiteralPath)
        {
            var files = Inputs([path], literal: ParameterSetName != FromPath, "file");
            _failed |= files.Count == 0;
            _inputs.AddRange(files);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // Without a file that was meant, it would be another result; whether it may be missing is for the engine to say.
        if (_inputs.Count == 0 || (_failed && !SkipInvalid))
        {
            return;
        }

        try
        {
            Run(_inputs);
        }
        catch (InvalidFilesException e)
        {
            foreach (var problem in e.Problems)
            {
                WriteError(Failures.Record(new InvalidDataException(problem.ToString()), "InvalidFile", ErrorCategory.InvalidData, problem.Path));
            }
        }
        catch (PathException e)
        {
            WriteError(e.Record());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            WriteError(Failures.Record(e, null));
        }
    }

    /// <summary>Does the work with all files.</summary>
    /// <param name="inputs">Full paths of the files.</param>
    private protected abstract void Run(IReadOnlyList<string> inputs);

    private protected void Warn(IEnumerable<FileProblem> skipped, IEnumerable<string> warnings)
    {
        foreach (var problem in skipped)
        {
            WriteWarning($"Left out: {problem}");
        }

        foreach (var warning in warnings)
        {
            WriteWarning(warning);
        }
    }

    private List<string> Listed()
    {
        var paths = new List<string>();
        foreach (var list in Inputs(ListFile, literal: true, "list"))
        {
            try
            {
                paths.AddRange(FileList.Read(list));
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                _failed = true;
                WriteError(Failures.Record(e, list));
            }
        }

        return paths;
    }
}
