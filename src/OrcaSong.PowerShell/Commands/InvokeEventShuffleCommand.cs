using System.Globalization;
using System.Management.Automation;
using OrcaSong.PowerShell.Completion;
using OrcaSong.Running;
using OrcaSong.Slurm;
using OrcaSong.Training;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Brings the events of a file into a random order, the same in all of its datasets.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "EventShuffle", DefaultParameterSetName = FromPath, SupportsShouldProcess = true)]
[OutputType(typeof(ShuffleResult), typeof(SlurmJob))]
public sealed class InvokeEventShuffleCommand : StoppableCommand
{
    private const string FromPath = "Path";
    private const string FromLiteralPath = "LiteralPath";
    private const string FromJob = "Job";
    private const string Suffix = "_shuffled";
    private readonly List<Batch.RunItem> _items = [];
    private readonly List<SlurmJob> _after = [];

    /// <summary>Files of images or graphs, merged or not, or event files. Wildcards are allowed.</summary>
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

    /// <summary>Jobs on a cluster whose outputs are the files, whether they are there yet or not: this job begins when they are completed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromJob, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public SlurmJob[] InputObject { get; set; } = [];

    /// <summary>The folder or the file for the output. A name that ends in .h5 or .hdf5 is a file.</summary>
    /// <value><c>NAME_shuffled.h5</c> beside the input</value>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? DestinationPath { get; set; }

    /// <summary>The seed of the order: the same seed gives the same order, that of NumPy's <c>RandomState(seed).shuffle</c>.</summary>
    [Parameter]
    public uint Seed { get; set; } = new ShuffleOptions().Seed;

    /// <summary>
    /// Bytes that events may take in memory, such as <c>4GB</c>. It changes how long it takes, never the order, <c>-Compatible</c> apart.
    /// </summary>
    /// <value>a quarter of what the machine, the cgroup or Slurm grants</value>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long? MemoryLimit { get; set; }

    /// <summary>
    /// Leave the events in the order of the Python tool's <c>h5shuffle2</c>, which depends on chunks and memory, and keep <c>x</c> and
    /// <c>y</c> only.
    /// </summary>
    [Parameter]
    public SwitchParameter Compatible { get; set; }

    /// <summary>How many passes the compatible order takes.</summary>
    /// <value>as many as are needed</value>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int? Iteration { get; set; }

    /// <summary>Names of the datasets to keep, such as <c>x, y</c>; those that index them are kept as well.</summary>
    /// <value>all; <c>x</c> and <c>y</c> with <c>-Compatible</c></value>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DatasetCompleter))]
    public string[]? Dataset { get; set; }

    /// <summary>Keep the checksums (filter fletcher32) of the datasets, which the Python tool drops.</summary>
    [Parameter]
    public SwitchParameter KeepChecksum { get; set; }

    /// <summary>How many worker threads there are.</summary>
    /// <value>one for each core</value>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = ResourceGrant.Cores;

    /// <summary>Replace existing outputs. Without it they are an error.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// Give the work to a cluster that runs Slurm, as the options say (<c>New-SlurmOption</c>): a task for each file. A job comes back at once; see <c>Get-SlurmJob</c>. For
    /// the outputs of another job, its options by default.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public SlurmOptions? Slurm { get; set; }

    private SlurmOptions? Cluster => Slurm ?? _after.FirstOrDefault()?.Options;

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
        _after.AddRange(InputObject);
        foreach (var input in ParameterSetName == FromJob ? [.. InputObject.SelectMany(job => job.Output)] : ParameterSetName == FromPath ? Inputs(Path, literal: false, "file") : Inputs(LiteralPath, literal: true, "file"))
        {
            try
            {
                Shuffle(input);
            }
            catch (PathException e)
            {
                WriteError(e.Record());
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                WriteError(Failures.Record(e, input));
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_items.Count > 0)
        {
            SlurmSubmission.Submit(this, new SlurmWork { Kind = SlurmJobKind.Shuffle, Files = _items, Arguments = Arguments(), After = _after }, Cluster!);
        }
    }

    private string[] Arguments() =>
    [
        Compatible ? "h5shuffle2" : "h5shuffle",
        "--seed", Seed.ToString(CultureInfo.InvariantCulture),
        .. MemoryLimit is { } bytes ? new[] { Compatible ? "--max_ram" : "--memory", bytes.ToString(CultureInfo.InvariantCulture) } : [],
        .. Compatible && Iteration is { } passes ? new[] { "--iterations", passes.ToString(CultureInfo.InvariantCulture) } : [],
        .. (Dataset ?? []).Select(name => "--datasets=" + name),
        .. KeepChecksum ? new[] { "--keep_checksum" } : [],
        .. Force ? new[] { "--overwrite" } : [],
        .. MyInvocation.BoundParameters.ContainsKey(nameof(ThrottleLimit)) ? new[] { "--threads", ThrottleLimit.ToString(CultureInfo.InvariantCulture) } : [],
    ];

    private void Shuffle(string input)
    {
        var destination = DestinationPath is { } written ? Destination.Of(written, FileSystemPath(written)) : Destination.Of("./", System.IO.Path.GetDirectoryName(input)!);
        var output = destination.OutputFor(input, Suffix);
        if (!ShouldProcess($"{input} -> {output}", "Shuffle"))
        {
            return;
        }

        destination.MakeFolder();
        if (Cluster is not null)
        {
            SlurmSubmission.CheckTarget(output, Force);
            _items.Add(new Batch.RunItem(input, output));
            return;
        }

        var options = new ShuffleOptions
        {
            Seed = Seed,
            MemoryLimit = MemoryLimit,
            Order = Compatible ? ShuffleOrder.Compatible : ShuffleOrder.Uniform,
            Iterations = Iteration,
            Datasets = Dataset,
            KeepChecksum = KeepChecksum,
        };
        var result = Await("Shuffling events", (progress, stop) => Shuffler.Shuffle(input, output, options, Force, ThrottleLimit, progress, stop));
        foreach (var warning in result.Warnings)
        {
            WriteWarning(warning);
        }

        WriteVerbose(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Output}: {result.Events} events in {result.Parts} parts within {result.MemoryLimit / 1e6:0} MB; {result.Elapsed.TotalSeconds:0.00} s, {result.Bytes / 1e6 / Math.Max(1e-3, result.Elapsed.TotalSeconds):0} MB/s"));
        WriteObject(result);
    }
}
