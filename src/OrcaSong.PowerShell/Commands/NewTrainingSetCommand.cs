using System.Globalization;
using System.Management.Automation;
using OrcaSong.PowerShell.Arguments;
using OrcaSong.PowerShell.Completion;
using OrcaSong.Slurm;
using OrcaSong.Training;
using OrcaSong.Training.Splitting;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Merges, shuffles and splits files of images or graphs: sets for training, validation and test.</summary>
[Cmdlet(VerbsCommon.New, "TrainingSet", DefaultParameterSetName = FromPath, SupportsShouldProcess = true)]
[OutputType(typeof(TrainingFile), typeof(SlurmJob))]
public sealed class NewTrainingSetCommand : MergeFilesCommand
{
    /// <summary>The folder for the sets and their manifest. It is there when all of it is there.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string DestinationPath { get; set; } = string.Empty;

    /// <summary>The fraction of the events that each set gets: <c>@{ train = 0.9; validate = 0.1 }</c>. They sum to 1.</summary>
    /// <value>train 0.8, validate 0.1, test 0.1</value>
    [Parameter]
    [ValidateNotNull]
    [SetFractions]
    [ArgumentCompleter(typeof(SetTableCompleter))]
    public SetFractions Fraction { get; set; } = new(new Dictionary<string, double> { ["train"] = 0.8, ["validate"] = 0.1, ["test"] = 0.1 });

    /// <summary>What decides to which set an event goes.</summary>
    [Parameter]
    public SplitBy SplitBy { get; set; }

    /// <summary>The columns of <c>y</c> that identify an event, for <c>-SplitBy Event</c>.</summary>
    /// <value><c>run_id</c>, <c>event_id</c></value>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LabelCompleter))]
    public string[]? EventColumn { get; set; }

    /// <summary>The seed of the hash that events are split by. It stays when another shuffle is wanted.</summary>
    [Parameter]
    public ulong SplitSeed { get; set; }

    /// <summary>The most events in a file. Sets with more become several files of about the same size.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int ShardSize { get; set; } = 200_000;

    /// <summary>The seed of the order within each set.</summary>
    [Parameter]
    public uint Seed { get; set; } = 42;

    /// <summary>Bytes that events may take in memory, such as <c>4GB</c>. It changes how long it takes, never the result.</summary>
    /// <value>a quarter of what the machine, the cgroup or Slurm grants</value>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long? MemoryLimit { get; set; }

    private protected override void Run(IReadOnlyList<string> inputs)
    {
        var folder = FileSystemPath(DestinationPath);
        if (!ShouldProcess($"{inputs.Count} files -> {folder}", $"Make the sets {Fraction}"))
        {
            return;
        }

        if (TrySubmit(SlurmJobKind.TrainingSet, "training_set", inputs, folder, Arguments()))
        {
            return;
        }

        var options = new TrainingSetOptions
        {
            Fractions = Fraction,
            SplitBy = SplitBy,
            EventColumns = EventColumn,
            SplitSeed = SplitSeed,
            ShardSize = ShardSize,
            Seed = Seed,
            MemoryLimit = MemoryLimit,
            Merge = MergeOptions,
        };
        var result = Await("Making a training set", (progress, stop) => TrainingSet.Make(inputs, folder, options, Force, ThrottleLimit, progress, stop));
        Warn(result.Skipped, result.Warnings);
        WriteVerbose(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Manifest}: {result.Events} events in {result.Files.Count} files; in {result.Parts} parts within {result.MemoryLimit / 1e6:0} MB; {result.Elapsed.TotalSeconds:0.00} s"));
        WriteObject(result.Files, enumerateCollection: true);
    }

    private IEnumerable<string> Arguments() =>
    [
        .. Fraction.Names.Select((name, set) => string.Create(CultureInfo.InvariantCulture, $"--fraction={name}={Fraction[set]:R}")),
        "--split_by", SplitBy.ToString().ToLowerInvariant(),
        .. (EventColumn ?? []).Select(column => "--event_columns=" + column),
        "--split_seed", SplitSeed.ToString(CultureInfo.InvariantCulture),
        "--shard_size", ShardSize.ToString(CultureInfo.InvariantCulture),
        "--seed", Seed.ToString(CultureInfo.InvariantCulture),
        .. MemoryLimit is { } bytes ? new[] { "--memory", bytes.ToString(CultureInfo.InvariantCulture) } : [],
    ];
}
