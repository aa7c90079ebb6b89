using System.Globalization;
using System.Management.Automation;
using OrcaSong.Running;
using OrcaSong.Slurm;
using OrcaSong.Training;

namespace OrcaSong.PowerShell.Commands;

/// <summary>What commands have in common that make one thing of many files for training: the files are collected, then used together.</summary>
public abstract class MergeFilesCommand : StoppableCommand
{
    private protected const string FromPath = "Path";
    private protected const string FromLiteralPath = "LiteralPath";
    private protected const string FromList = "ListFile";
    private protected const string FromJob = "Job";
    private readonly List<string> _inputs = [];
    private readonly List<SlurmJob> _after = [];
    private bool _failed;

    /// <summary>
    /// Files of images or graphs, all of the same kind. Wildcards are allowed. Their events stay in the order in which they are given.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromPath, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>
    /// The same, with wildcards taken as they stand. Files of <c>Get-ChildItem</c>, and results of commands that make files, bind to it.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = FromLiteralPath, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>
    /// Text files that list the files, one path a line, as <c>New-DataSplit</c> writes them. Paths in them are relative to the current
    /// location.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = FromList, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] ListFile { get; set; } = [];

    /// <summary>Jobs on a cluster whose outputs are the files, whether they are there yet or not: this job begins when they are completed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromJob, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public SlurmJob[] InputObject { get; set; } = [];

    /// <summary>What becomes of columns and tables that not all files have.</summary>
    [Parameter]
    public ColumnChoice Column { get; set; }

    /// <summary>
    /// Leave out files that cannot be used, with a warning that says why. Without it a single one of them is an error, and nothing is
    /// written.
    /// </summary>
    [Parameter]
    public SwitchParameter SkipInvalid { get; set; }

    /// <summary>Allow the same file several times; its events are in the output as often.</summary>
    [Parameter]
    public SwitchParameter AllowDuplicate { get; set; }

    /// <summary>Keep the checksums (filter fletcher32) of the first file's datasets, which the Python tool drops.</summary>
    [Parameter]
    public SwitchParameter KeepChecksum { get; set; }

    /// <summary>How many worker threads there are.</summary>
    /// <value>one for each core</value>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = ResourceGrant.Cores;

    /// <summary>Replace what is there. Without it that is an error.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// Give the work to a cluster that runs Slurm, as the options say (<c>New-SlurmOption</c>). A job comes back at once; see <c>Get-SlurmJob</c>. For the outputs of another
    /// job, its options by default.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public SlurmOptions? Slurm { get; set; }

    private protected MergeOptions MergeOptions => new()
    {
        Columns = Column,
        SkipInvalid = SkipInvalid,
        AllowDuplicates = AllowDuplicate,
        KeepChecksum = KeepChecksum,
    };

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Slurm is null)
        {
            RequireHdf5();
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == FromJob)
        {
            _after.AddRange(InputObject);
            _inputs.AddRange(InputObject.SelectMany(job => job.Output));
            return;
        }

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

    /// <summary>Gives the work to the cluster, if that is wanted.</summary>
    /// <param name="kind">What is made.</param>
    /// <param name="command">The command of <c>orcasong</c> that does it.</param>
    /// <param name="inputs">Full paths of the files.</param>
    /// <param name="output">Full path of what is made.</param>
    /// <param name="arguments">Options of the command.</param>
    /// <returns>Whether it was.</returns>
    private protected bool TrySubmit(SlurmJobKind kind, string command, IReadOnlyList<string> inputs, string output, IEnumerable<string> arguments)
    {
        if ((Slurm ?? _after.FirstOrDefault()?.Options) is not { } options)
        {
            return false;
        }

        SlurmSubmission.CheckTarget(kind == SlurmJobKind.TrainingSet ? System.IO.Path.Combine(output, TrainingSet.ManifestName) : output, Force);
        if (!AllowDuplicate && inputs.GroupBy(i => i, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            WriteError(Failures.Record($"'{twice.Key}' is there {twice.Count()} times. Use -AllowDuplicate if that is meant.", "InvalidFile", ErrorCategory.InvalidData, twice.Key));
            return true;
        }

        if (_after.FirstOrDefault(job => job.Kind == SlurmJobKind.TrainingSet) is { } set)
        {
            WriteError(Failures.Record($"The job in '{set.Folder}' makes a training set, whose files have no names yet. Wait for it (Wait-SlurmJob), then name them.", "InvalidInput", ErrorCategory.InvalidArgument, set.Folder));
            return true;
        }

        var work = new SlurmWork
        {
            Kind = kind,
            Inputs = inputs,
            Files = [new Batch.RunItem(inputs[0], output)],
            Arguments =
            [
                command,
                "--columns", Column.ToString().ToLowerInvariant(),
                .. SkipInvalid ? new[] { "--skip_errors" } : [],
                .. KeepChecksum ? new[] { "--keep_checksum" } : [],
                .. Force ? new[] { "--overwrite" } : [],
                .. MyInvocation.BoundParameters.ContainsKey(nameof(ThrottleLimit)) ? new[] { "--threads", ThrottleLimit.ToString(CultureInfo.InvariantCulture) } : [],
                .. arguments,
            ],
            After = _after,
        };
        SlurmSubmission.Submit(this, work, options);
        return true;
    }

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
