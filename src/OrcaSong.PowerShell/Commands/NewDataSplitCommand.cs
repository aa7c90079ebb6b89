using System.Globalization;
using System.Management.Automation;
using OrcaSong.Batch;
using OrcaSong.Configuration.Toml;
using OrcaSong.PowerShell.Arguments;
using OrcaSong.PowerShell.Completion;
using OrcaSong.PowerShell.Views;
using OrcaSong.Running;
using OrcaSong.Training.Splitting;

namespace OrcaSong.PowerShell.Commands;

/// <summary>
/// Deals files out to sets for training, validation and test, as lists, and as job scripts that merge and shuffle them.
/// </summary>
[Cmdlet(VerbsCommon.New, "DataSplit", SupportsShouldProcess = true, DefaultParameterSetName = Configuration)]
[OutputType(typeof(DataSplitPart))]
public sealed class NewDataSplitCommand : StoppableCommand
{
    private const string Configuration = "Configuration";
    private const string FractionPath = "FractionPath";
    private const string FractionLiteralPath = "FractionLiteralPath";
    private const string RunRangePath = "RunRangePath";
    private const string RunRangeLiteralPath = "RunRangeLiteralPath";
    private readonly List<(string Path, string? Group)> _inputs = [];
    private bool _failed;

    /// <summary>
    /// A configuration (TOML) of the Python tool's <c>make_data_split</c>. Paths in it are relative to the current location.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = Configuration)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TomlFileCompleter))]
    public string ConfigFile { get; set; } = string.Empty;

    /// <summary>Files of images or graphs with labels. Wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FractionPath, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = RunRangePath, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The same, with wildcards taken as they stand. Files of <c>Get-ChildItem</c> bind to it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FractionLiteralPath, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = RunRangeLiteralPath, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>
    /// The fraction of the events that each set gets, of each group of files: <c>@{ train = 0.8; validate = 0.2 }</c>. They sum to 1.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = FractionPath)]
    [Parameter(Mandatory = true, ParameterSetName = FractionLiteralPath)]
    [ValidateNotNull]
    [SetFractions]
    [ArgumentCompleter(typeof(SetTableCompleter))]
    public SetFractions? Fraction { get; set; }

    /// <summary>
    /// The first and the last run of each set: <c>@{ train = 100, 103; validate = 104, 105 }</c>; or several such pairs: <c>@{ train =
    /// (100, 103), (110, 120) }</c>.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = RunRangePath)]
    [Parameter(Mandatory = true, ParameterSetName = RunRangeLiteralPath)]
    [ValidateNotNull]
    [RunRanges]
    [ArgumentCompleter(typeof(SetTableCompleter))]
    public IReadOnlyDictionary<string, IReadOnlyList<RunRange>>? RunRange { get; set; }

    /// <summary>The folder for lists and scripts. Without it nothing is written: the result says what would be.</summary>
    [Parameter(Position = 1, ParameterSetName = FractionPath)]
    [Parameter(Position = 1, ParameterSetName = FractionLiteralPath)]
    [Parameter(Position = 1, ParameterSetName = RunRangePath)]
    [Parameter(Position = 1, ParameterSetName = RunRangeLiteralPath)]
    [ValidateNotNullOrEmpty]
    public string? DestinationPath { get; set; }

    /// <summary>What the names of lists and scripts begin with.</summary>
    [Parameter(ParameterSetName = FractionPath)]
    [Parameter(ParameterSetName = FractionLiteralPath)]
    [Parameter(ParameterSetName = RunRangePath)]
    [Parameter(ParameterSetName = RunRangeLiteralPath)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "split";

    /// <summary>A name for the files' group. Each group is split by itself, so that every set has its share of it.</summary>
    /// <value>the folder of each file</value>
    [Parameter(ParameterSetName = FractionPath, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = FractionLiteralPath, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = RunRangePath, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = RunRangeLiteralPath, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Group { get; set; }

    /// <summary>
    /// How many lists a set becomes, to be merged to files of a handy size: <c>@{ train = 4 }</c>. Sets that are not named have one.
    /// </summary>
    [Parameter(ParameterSetName = FractionPath)]
    [Parameter(ParameterSetName = FractionLiteralPath)]
    [Parameter(ParameterSetName = RunRangePath)]
    [Parameter(ParameterSetName = RunRangeLiteralPath)]
    [ValidateNotNull]
    [PartCount]
    [ArgumentCompleter(typeof(SetTableCompleter))]
    public IReadOnlyDictionary<string, int> PartCount { get; set; } = new Dictionary<string, int>();

    /// <summary>The seed of the order in which files are dealt out.</summary>
    [Parameter(ParameterSetName = FractionPath)]
    [Parameter(ParameterSetName = FractionLiteralPath)]
    [Parameter(ParameterSetName = RunRangePath)]
    [Parameter(ParameterSetName = RunRangeLiteralPath)]
    public uint Seed { get; set; } = 42;

    /// <summary>The folder of a Python environment that job scripts activate.</summary>
    [Parameter(ParameterSetName = FractionPath)]
    [Parameter(ParameterSetName = FractionLiteralPath)]
    [Parameter(ParameterSetName = RunRangePath)]
    [Parameter(ParameterSetName = RunRangeLiteralPath)]
    [ValidateNotNullOrEmpty]
    public string? VirtualEnvironment { get; set; }

    /// <summary>Let jobs delete a merged file once they have shuffled it.</summary>
    [Parameter(ParameterSetName = FractionPath)]
    [Parameter(ParameterSetName = FractionLiteralPath)]
    [Parameter(ParameterSetName = RunRangePath)]
    [Parameter(ParameterSetName = RunRangeLiteralPath)]
    public SwitchParameter DeleteUnshuffled { get; set; }

    /// <summary>Write job scripts for this batch system.</summary>
    /// <value>no scripts</value>
    [Parameter]
    public Scheduler? Scheduler { get; set; }

    /// <summary>How long a job may take: <c>12:00:00</c>, or with days <c>1-12:00:00</c>.</summary>
    [Parameter]
    [JobTime]
    public TimeSpan? Time { get; set; }

    /// <summary>The memory of a job: <c>4GB</c>.</summary>
    [Parameter]
    [JobMemory]
    public long? Memory { get; set; }

    /// <summary>The number of cores of a job.</summary>
    [Parameter]
    [Alias("Cores")]
    [ValidateRange(1, 100_000)]
    public int? CoreCount { get; set; }

    /// <summary>The licences of a job, as the batch system writes them: <c>sps</c>.</summary>
    [Parameter]
    [Alias("License", "Licences", "Licenses")]
    [ValidateNotNullOrEmpty]
    public string? Licence { get; set; }

    /// <summary>The account that jobs are booked on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Account { get; set; }

    /// <summary>The queue for jobs; Slurm calls it partition.</summary>
    [Parameter]
    [Alias("Partition")]
    [ValidateNotNullOrEmpty]
    public string? Queue { get; set; }

    /// <summary>How many files are read at once.</summary>
    /// <value>one for each core</value>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = ResourceGrant.Cores;

    /// <summary>Replace the lists and scripts of an earlier split of the same name. Without it they are an error.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private JobOptions Jobs => new()
    {
        Scheduler = Scheduler ?? default,
        Time = Time,
        Memory = Memory,
        Cores = CoreCount,
        Licences = Licence,
        Account = Account,
        Queue = Queue,
        VirtualEnvironment = VirtualEnvironment is null ? null : FileSystemPath(VirtualEnvironment),
        DeleteUnshuffled = DeleteUnshuffled,
    };

    /// <inheritdoc/>
    protected override void BeginProcessing() => RequireHdf5();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var literal = ParameterSetName is FractionLiteralPath or RunRangeLiteralPath;
        foreach (var path in literal ? LiteralPath : Path)
        {
            var files = Inputs([path], literal, "file");
            _failed |= files.Count == 0;
            _inputs.AddRange(files.Select(file => (file, Group)));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // Without a file that was meant, it would be another split.
        if (_failed)
        {
            return;
        }

        try
        {
            if (ParameterSetName == Configuration)
            {
                SplitByConfiguration();
            }
            else
            {
                SplitFiles();
            }
        }
        catch (DataSplitException e)
        {
            foreach (var problem in e.Problems)
            {
                WriteError(Record(problem));
            }
        }
        catch (PathException e)
        {
            WriteError(e.Record());
        }
        catch (FileNotFoundException e) when (ParameterSetName == Configuration)
        {
            WriteError(Failures.Record(e.Message, "ConfigurationNotFound", ErrorCategory.ObjectNotFound, ConfigFile));
        }
        catch (Exception e) when (e is TomlException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            WriteError(Failures.Record(e, ConfigFile.Length > 0 ? ConfigFile : DestinationPath));
        }
    }

    private void SplitByConfiguration()
    {
        var configuration = DataSplitConfiguration.Load(FileSystemPath(ConfigFile));
        var location = FileSystemPath(".");
        var writer = configuration.Writer(Jobs, Scheduler) with { BaseFolder = location, Overwrite = Force };
        Finish(
            configuration.PrintOnly ? null : writer, DataSplitConfiguration.SetNames, configuration.FindFiles(location), needRuns: true, configuration.Split);
    }

    private void SplitFiles()
    {
        var writer = DestinationPath is null
            ? null
            : new DataSplitWriter { Folder = FileSystemPath(DestinationPath), Name = Name, Jobs = Scheduler is null ? null : Jobs, Overwrite = Force };
        if (Scheduler is null)
        {
            Jobs.RequireScheduler();
        }
        else if (writer is null)
        {
            throw new ArgumentException("-Scheduler writes job scripts: say where, with -DestinationPath.");
        }

        var named = _inputs.Where(i => i.Group is not null).DistinctBy(i => i.Path).Select(i => new SplitSource(i.Path, i.Group!, i.Path));
        var sources = named.Concat(SplitSource.ByFolder(_inputs.Where(i => i.Group is null).Select(i => i.Path))).DistinctBy(s => s.Path).ToArray();
        if (RunRange is { } ranges)
        {
            var split = new RunSplit { Sets = [.. ranges.Keys.Order(StringComparer.Ordinal)], RangesOf = _ => ranges, PartCounts = PartCount, Seed = Seed };
            Finish(writer, split.Sets, sources, needRuns: true, split.Split);
        }
        else
        {
            var split = new FractionSplit(Fraction!) { PartCounts = PartCount, Seed = Seed };
            Finish(writer, Fraction!.Names, sources, needRuns: false, split.Split);
        }
    }

    private void Finish(DataSplitWriter? writer, IReadOnlyList<string> sets, IReadOnlyList<SplitSource> sources, bool needRuns, Func<IReadOnlyList<SplitFile>, DataSplit> divide)
    {
        writer?.Check(sets);
        var files = Await("Reading labels", (progress, stopped) => LabelScan.Read(sources, needRuns, ThrottleLimit, progress, stopped), sources.Count);
        var split = divide(files);
        foreach (var warning in split.Warnings)
        {
            WriteWarning(warning);
        }

        if (writer is not null)
        {
            var what = string.Create(CultureInfo.InvariantCulture, $"Write {split.Parts.Count} {(split.Parts.Count == 1 ? "list" : "lists")} of {split.Parts.Sum(p => p.Files.Count)} files{(writer.Jobs is null ? string.Empty : ", and job scripts")}");
            if (!ShouldProcess(writer.FullPath, what))
            {
                return;
            }

            split = writer.Write(split);
            foreach (var part in split.Parts)
            {
                WriteVerbose($"{part.ListFile}: {Shown.Number(part.Files.Count)} files, {Shown.Number(part.Events)} events");
            }
        }

        WriteObject(split.Parts, enumerateCollection: true);
    }

    private static ErrorRecord Record(SplitProblem problem)
    {
        var category = problem.Kind switch
        {
            SplitProblemKind.InputFolderNotFound or SplitProblemKind.NoInput or SplitProblemKind.InputNotFound => ErrorCategory.ObjectNotFound,
            SplitProblemKind.CannotReadInput => ErrorCategory.ReadError,
            SplitProblemKind.MissingData or SplitProblemKind.MixedRuns => ErrorCategory.InvalidData,
            SplitProblemKind.OutputExists => ErrorCategory.ResourceExists,
            _ => ErrorCategory.InvalidArgument,
        };
        var message = problem.Kind == SplitProblemKind.OutputExists
            ? problem.Message.Replace("allow overwriting", "use -Force to replace them", StringComparison.Ordinal)
            : problem.Message;
        return Failures.Record(message, problem.Kind.ToString(), category, problem.Path);
    }
}
