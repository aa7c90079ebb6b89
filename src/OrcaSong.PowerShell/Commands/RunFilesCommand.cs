using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using OrcaSong.Graphs;
using OrcaSong.Running;
using OrcaSong.Slurm;

namespace OrcaSong.PowerShell.Commands;

/// <summary>
/// What commands have in common that run event files through processors: several files at once, each started as soon as the pipeline
/// delivers it, and results are emitted as they come, in the order of the inputs. One bad file is one error; the rest go on.
/// </summary>
public abstract class RunFilesCommand : StoppableCommand
{
    private const string StandardSuffix = "_dl";
    private readonly SlurmFiles _cluster = new();
    private RunQueue? _queue;
    private ProgressBar? _bar;
    private CancellationTokenRegistration _stopping;
    private int _jobs;

    /// <summary>
    /// The folder or the file for the outputs. A name that ends in .h5 or .hdf5 is a file, for one input; any other one is a folder, which
    /// is made if it is not there.
    /// </summary>
    /// <value>the current location</value>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? DestinationPath { get; set; }

    /// <summary>
    /// What follows the input's name in the output's: <c>run1.h5</c> becomes <c>run1_dl.h5</c>. Give one for all, or one for each binner.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Suffix { get; set; } = [StandardSuffix];

    /// <summary>How many files are worked on at once, and how many worker threads there are.</summary>
    /// <value>one for each core</value>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = ResourceGrant.Cores;

    /// <summary>Replace existing outputs. Without it they are an error.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// Keep outputs that are complete, readable, and made by this version from the same input with the same configuration and detector
    /// file; make the others again. <c>IsKept</c> and <c>ResumeReason</c> of the result say which and why.
    /// </summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>Give the work to a cluster that runs Slurm, as the options say (<c>New-SlurmOption</c>). A job comes back at once; see <c>Get-SlurmJob</c>.</summary>
    [Parameter]
    [ValidateNotNull]
    public SlurmOptions? Slurm { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Slurm is not null)
        {
            return;
        }

        RequireHdf5();
        _queue = new RunQueue(new Runner(ThrottleLimit, ResourceGrant.FilesAtOnce(ThrottleLimit)));
        _bar = new ProgressBar(this, "Processing events", _queue.Progress);
        _stopping = Stopped.Register(_queue.Cancel);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Slurm is not null)
        {
            foreach (var work in _cluster.Works(MyInvocation.BoundParameters.ContainsKey(nameof(ThrottleLimit)) ? ThrottleLimit : null))
            {
                SlurmSubmission.Submit(this, work, Slurm);
            }

            return;
        }

        while (_queue!.Pending > 0)
        {
            EmitNext(ProgressBar.Period);
        }

        _bar!.Complete();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // Waits for a stop that is just being passed on, so that it finds the queue there.
        _stopping.Dispose();
        _queue?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Starts files, and emits what is done by now.</summary>
    /// <param name="processor">What is made of them.</param>
    /// <param name="number">Number of the processor among those of this call, from 0.</param>
    /// <param name="inputs">Full paths of the files.</param>
    private protected void Start(EventProcessor processor, int number, IReadOnlyList<string> inputs)
    {
        var destination = FindDestination();
        if (destination.IsFile && inputs.Count > 1)
        {
            ThrowTerminatingError(Failures.Record(
                $"{inputs.Count} files cannot all be written to the file '{destination.Path}'. Give a folder as -DestinationPath.",
                "SeveralInputsOneOutput",
                ErrorCategory.InvalidArgument,
                DestinationPath));
        }

        foreach (var input in inputs)
        {
            var output = destination.OutputFor(input, SuffixOf(processor, number));
            if (ShouldProcess($"{input} -> {output}", processor is FileGraph ? "Make graphs" : "Make images") && TryMakeFolder(destination, input))
            {
                Add(new RunJob(processor, input, output, Force, Resume));
            }

            while (Slurm is null && EmitNext(TimeSpan.Zero))
            {
            }
        }
    }

    private void Add(RunJob job)
    {
        if (Slurm is null)
        {
            _queue!.Add(job);
            _jobs++;
            return;
        }

        try
        {
            _cluster.Add(job);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            WriteError(Failures.Record(e, job.Input));
        }
    }

    private Destination FindDestination()
    {
        try
        {
            return Destination.Of(DestinationPath ?? "./", FileSystemPath(DestinationPath ?? "."));
        }
        catch (PathException e)
        {
            ThrowTerminatingError(e.Record());
            throw new UnreachableException();
        }
    }

    private string SuffixOf(EventProcessor processor, int number)
    {
        if (number >= Suffix.Length && Suffix.Length > 1)
        {
            ThrowTerminatingError(Failures.Record(
                $"{processor} is number {number + 1}, but there are {Suffix.Length} suffixes; give one suffix for all, or one for each.", "SuffixMissing", ErrorCategory.InvalidArgument, Suffix));
        }

        return Suffix[Math.Min(number, Suffix.Length - 1)];
    }

    private bool TryMakeFolder(Destination destination, string input)
    {
        try
        {
            destination.MakeFolder();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            WriteError(Failures.Record($"The folder '{destination.Path}' cannot be made: {e.Message}", "CannotWriteOutput", ErrorCategory.WriteError, input));
            return false;
        }
    }

    /// <summary>Emits the next outcome and shows how far all is.</summary>
    /// <returns>Whether there was one.</returns>
    private bool EmitNext(TimeSpan patience)
    {
        if (_queue!.TryTake(out var outcome, patience))
        {
            Emit(outcome!);
        }

        if (Stopping)
        {
            throw new PipelineStoppedException();
        }

        _bar!.Show(_jobs - _queue.Pending, _jobs);
        return outcome is not null;
    }

    private void Emit(RunOutcome outcome)
    {
        switch (outcome)
        {
            case { Result: { } result }:
                foreach (var warning in result.Warnings)
                {
                    WriteWarning($"{result.Input}: {warning}");
                }

                if (result.ResumeReason is { } reason)
                {
                    WriteInformation($"{result.Output}: {(result.IsKept ? "kept" : "made again")}: it {reason}", ["OrcaSong", "Resume"]);
                }

                WriteVerbose(Summary(result));
                WriteObject(result);
                break;
            case { Error: OperationCanceledException }:
                break;
            default:
                WriteError(Failures.Record(outcome.Error!, outcome.Job.Input));
                break;
        }
    }

    private static string Summary(RunResult result)
    {
        var skipped = string.Concat(result.SkippedBy.Select(s => $", {s.Value} skipped {SkipReasons.Describe(s.Key)}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Output}: {result.EventsWritten} events{skipped}, {result.Hits} hits, {result.Elapsed.TotalSeconds:0.00} s, {result.EventsPerSecond:0} events/s");
    }
}
