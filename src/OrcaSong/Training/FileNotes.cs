using System.Text;
using OrcaSong.Hdf5;
using OrcaSong.Output;
using OrcaSong.Statistics;

namespace OrcaSong.Training;

/// <summary>What a file says about itself that is made of others: the files that went into it, and what was done.</summary>
internal static class FileNotes
{
    /// <summary>What was done.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Events">Events in the output.</param>
    /// <param name="Seed">The seed of what is random in it.</param>
    internal readonly record struct Job(string Name, long Events, uint? Seed);

    /// <summary>Writes <c>/used_files</c>, the statistics of images and <c>/provenance_header</c>.</summary>
    /// <param name="root">The root of the output.</param>
    /// <param name="plan">What it is made of.</param>
    /// <param name="usedFiles">The files to list; none leaves the list out.</param>
    /// <param name="statistics">The statistics of images, if it has any.</param>
    /// <param name="record">The job; waits until its inputs are hashed.</param>
    /// <param name="job">What was done.</param>
    /// <param name="options">Its options, as numbers, texts or truth values.</param>
    internal static void Write(H5Group root, MergePlan plan, IReadOnlyList<string> usedFiles, BinStatistics? statistics, JobRecord record, Job job, params IReadOnlyList<(string Name, object? Value)> options)
    {
        WriteUsedFiles(root, usedFiles);
        if (statistics is not null)
        {
            BinStatisticsFile.Write(root, statistics);
        }

        new Provenance
        {
            Job = job.Name,
            Clock = record.Clock,
            Options = options,
            Seed = job.Seed,
            Inputs = [.. plan.Files.Zip(record.Inputs(), (file, identity) => new ProvenanceInput(identity, file.EventCount, file.Provenance, file.RawHeader))],
            EventsWritten = job.Events,
            Warnings = [.. plan.Warnings, .. plan.Skipped.Select(problem => $"Left out: {problem}")],
        }.Write(root);
    }

    private static void WriteUsedFiles(H5Group root, IReadOnlyList<string> files)
    {
        if (files.Count == 0)
        {
            return;
        }

        var charset = files.All(f => Ascii.IsValid(f)) ? H5Charset.Ascii : H5Charset.Utf8;
        using var dataset = root.CreateDataset(SampleFile.UsedFilesName, new H5DatasetSpec { Type = H5Type.VariableString(charset), Shape = [files.Count] });
        dataset.WriteStrings([.. files]);
    }
}
