using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using OrcaSong.Detectors;
using OrcaSong.Events;
using OrcaSong.Labels;
using OrcaSong.Output;

namespace OrcaSong.Running;

/// <summary>
/// Runs files through an <see cref="EventProcessor"/>. One runner may run several files at once; they share its worker threads and
/// the detectors that it has read.
/// </summary>
public sealed class Runner
{
    private readonly Workers _workers;
    private readonly ConcurrentDictionary<string, Lazy<DetectorFile>> _detectors = new(StringComparer.Ordinal);
    private int _running;

    /// <summary>Sets up worker threads.</summary>
    /// <param name="threads">Threads that decode, calibrate, bin and encode; by default one for each core.</param>
    /// <param name="filesAtOnce">How many files are run at the same time, at most; they share the threads, and the memory for batches.</param>
    public Runner(int? threads = null, int filesAtOnce = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(filesAtOnce, 1);
        _workers = new Workers(threads);
        FilesAtOnce = filesAtOnce;
    }

    /// <summary>Number of worker threads.</summary>
    public int Threads => _workers.Count;

    /// <summary>How many files are run at the same time, at most.</summary>
    public int FilesAtOnce { get; }

    /// <summary>The version that outputs carry.</summary>
    public static string Version { get; } =
        typeof(Runner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>The output's name for an input, as the Python tool has it: <c>name_dl.h5</c> for <c>name.h5</c>.</summary>
    /// <param name="input">Path of the input.</param>
    /// <returns>The file name, without folder.</returns>
    public static string DefaultOutputName(string input) => Path.GetFileNameWithoutExtension(input) + "_dl.h5";

    /// <summary>Runs one file.</summary>
    /// <param name="processor">What is made of the events.</param>
    /// <param name="input">Path of a km3pipe HDF5 file.</param>
    /// <param name="output">Path of the file to make; its folder must exist.</param>
    /// <param name="overwrite">Whether an existing output is replaced.</param>
    /// <param name="progress">Told how far the run is.</param>
    /// <param name="cancellation">Stops the run; nothing is left behind.</param>
    /// <returns>What became of the file.</returns>
    /// <exception cref="InvalidOutputException">The output is the input, the detector file or a folder.</exception>
    /// <exception cref="IOException">The input cannot be read, or the output not written. Nothing is left under the output's name.</exception>
    public RunResult Run(
        EventProcessor processor, string input, string output, bool overwrite = false, RunProgress? progress = null, CancellationToken cancellation = default) =>
        Run(new RunJob(processor, input, output, overwrite), progress, null, cancellation);

    /// <summary>
    /// Runs one file, unless its output is there already: complete, readable, and made by this version from the same contents of input and detector file
    /// with the same configuration. An output that is not is replaced; <see cref="RunResult.ResumeReason"/> says why.
    /// </summary>
    /// <inheritdoc cref="Run(EventProcessor, string, string, bool, RunProgress?, CancellationToken)"/>
    public RunResult Resume(EventProcessor processor, string input, string output, RunProgress? progress = null, CancellationToken cancellation = default) =>
        Run(new RunJob(processor, input, output, Resume: true), progress, null, cancellation);

    // userThread calls users' code that must see events in order (see Labels.CustomExtractor.InOrder); without one, the calling thread does.
    internal RunResult Run(RunJob job, RunProgress? progress, SynchronizationContext? userThread, CancellationToken cancellation)
    {
        var (processor, input, output, overwrite, resume) = job;
        ArgumentNullException.ThrowIfNull(processor);
        if (string.IsNullOrWhiteSpace(input))
        {
            throw new ArgumentException("The name of the input is empty.", nameof(job));
        }

        var watch = Stopwatch.StartNew();
        using var claim = Targets.Claim(output, overwrite || resume, (input, "the input itself"), (processor.Options.DetectorFile, "the detector file"));
        var detector = processor.Options.DetectorFile is { } path ? Detector(path) : null;
        string? reason = null;
        if (resume)
        {
            (var kept, reason) = Resumption.Look(processor, input, output, detector?.File, cancellation);
            if (kept is not null)
            {
                progress?.AddFile(kept.EventsRead);
                progress?.AddDone(kept.EventsRead);
                return kept with { Warnings = [.. claim.Notes, .. kept.Warnings], Elapsed = watch.Elapsed };
            }
        }

        using var file = EventFile.Open(input);
        using var record = new JobRecord([input], cancellation);
        progress?.AddFile(file.EventCount);
        var reported = new RunProgress();

        // A file that runs alone may keep all threads busy; those that join it get a share.
        var share = Math.Max(1, Threads / Interlocked.Increment(ref _running));
        try
        {
            // Code that must see events in order must not see them twice, so it does not try first.
            return RunEvents(inOrder: processor.Options is not ({ EventSkipper.InOrder: true } or { Extractor: CustomExtractor { InOrder: true } }));
        }
        catch (TableOrderException)
        {
            // Rows that jump between events are rare: only now are all of them looked up before the run.
            progress?.AddDone(-reported.EventsDone);
            return RunEvents(inOrder: false);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }

        RunResult RunEvents(bool inOrder)
        {
            using var run = new FileRun(processor, file, detector, output, record, claim.Notes, _workers.Factory, share, userThread);
            run.Execute(inOrder, events =>
            {
                progress?.AddDone(events);
                reported.AddDone(events);
            }, cancellation);
            return run.Result(watch.Elapsed) with { ResumeReason = reason };
        }
    }

    private DetectorFile Detector(string path)
    {
        var full = Path.GetFullPath(path);
        try
        {
            return _detectors.GetOrAdd(full, p => new Lazy<DetectorFile>(() => new DetectorFile(Detectors.Detector.Load(p), FileIdentity.Read(p, CancellationToken.None)))).Value;
        }
        catch (FileNotFoundException e)
        {
            throw new FileNotFoundException($"The detector file '{path}' does not exist.", path, e);
        }
    }
}

/// <summary>A detector, and the file that it was read from.</summary>
internal sealed record DetectorFile(Detector Detector, FileIdentity File);
