using System.Globalization;
using System.Management.Automation;
using OrcaSong.PowerShell.Completion;
using OrcaSong.Training;

namespace OrcaSong.PowerShell.Commands;

/// <summary><c>Invoke-EventShuffle</c>: brings the events of files into a random order.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "EventShuffle", DefaultParameterSetName = FromPath, SupportsShouldProcess = true)]
[OutputType(typeof(ShuffleResult))]
public sealed class InvokeEventShuffleCommand : FilesCommand
{
    private const string Suffix = "_shuffled";

    /// <summary>Folder or file for the output; beside the input by default.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? DestinationPath { get; set; }

    /// <summary>Seed of the random order.</summary>
    [Parameter]
    public uint Seed { get; set; } = new ShuffleOptions().Seed;

    /// <summary>Bytes that events may take in memory, such as 4GB.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long? MemoryLimit { get; set; }

    /// <summary>The order of the Python tool's h5shuffle2, which depends on chunks and memory.</summary>
    [Parameter]
    public SwitchParameter Compatible { get; set; }

    /// <summary>Passes of the compatible order.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int? Iteration { get; set; }

    /// <summary>The datasets to keep.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DatasetCompleter))]
    public string[]? Dataset { get; set; }

    /// <summary>Keep the checksums of the datasets.</summary>
    [Parameter]
    public SwitchParameter KeepChecksum { get; set; }

    /// <summary>Worker threads.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = Environment.ProcessorCount;

    /// <summary>Replace existing outputs.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => RequireHdf5();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var input in Files("file"))
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

    private void Shuffle(string input)
    {
        var destination = DestinationPath is { } written ? Destination.Of(written, FileSystemPath(written)) : Destination.Of("./", System.IO.Path.GetDirectoryName(input)!);
        var output = destination.OutputFor(input, Suffix);
        if (!ShouldProcess($"{input} -> {output}", "Shuffle"))
        {
            return;
        }

        destination.MakeFolder();
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
